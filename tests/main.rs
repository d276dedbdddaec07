//! What tartgen does as a whole, one file per behaviour.
#![expect(clippy::expect_used, reason = "a test reports what it cannot do by failing")]
#![expect(clippy::panic, reason = "a test reports what is wrong by failing")]

mod cli;
mod fixtures;
mod fuzz;
mod hostile;
mod layers;
mod limits;
mod support;
