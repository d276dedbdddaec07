//! The `tartgen` command.
fn main() { match std::env::args().nth(1) { Some(a) => tartgen::try_it(&a), None => tartgen::sch() } }
