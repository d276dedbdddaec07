//! The `tartgen` command.
fn main() {}
