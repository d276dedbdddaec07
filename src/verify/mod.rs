//! Proves the tree.
