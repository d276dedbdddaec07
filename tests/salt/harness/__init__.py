"""Runs real Salt on a simulated Mac."""
