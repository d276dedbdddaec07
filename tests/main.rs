//! What tartgen does as a whole, one file per behaviour.
#![expect(clippy::expect_used, reason = "a test reports what it cannot do by failing")]
#![expect(clippy::panic, reason = "a test reports what is wrong by failing")]

mod agreement;
mod catalogue;
mod cli;
mod commands;
mod diagnostics;
mod fixtures;
mod formats;
mod fuzz;
mod hostile;
mod layers;
mod limits;
mod lints;
mod readme;
mod sarif;
mod support;
mod terminal;
