"""The random walk: a seeded sequence of edits, applies, kills and accidents, each held against a model."""
