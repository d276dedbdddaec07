//! The `tartgen` command.

mod cli;

/// A spec is many small values, which are made on several threads and thrown away together.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
