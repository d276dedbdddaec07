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
mod groups;
mod hostile;
mod includes;
mod layers;
mod limits;
mod lints;
mod plan;
mod readme;
mod sarif;
mod scale;
mod support;
mod terminal;
mod yaml;
