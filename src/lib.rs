//! tartgen compiles a typed fleet spec into a `SaltStack` tree.
//!
//! The flow is one way: [`read`] or [`read_stdin`] gives a [`Source`], [`compile`] an [`Outcome`] with everything that
//! was found and, if nothing of it is an error, the proven tree; [`drift`] tells how the disk differs from it.
//! [`compile_unproven`] leaves the proof to [`write_tree`], which puts the tree on disk. [`forecast`] tells what the next apply will do to Macs that have another tree, which
//! [`read_tree`] reads. Nothing here prints or exits.

mod catalog;
mod check;
mod compile;
mod counting;
mod diag;
mod emit;
mod forecast;
mod graph;
mod import;
mod include;
mod lower;
mod map;
mod parallel;
mod parse;
mod pillar_in;
mod plan;
mod read;
mod render;
mod resolve;
mod schema;
mod show;
mod source;
mod spec;
mod tree;
mod verify;
mod write;

pub use compile::{Outcome, Unproven, compile, compile_unproven, compile_with};
pub use diag::{
    Code, Diagnostic, Format, Label, Level, Levels, Look, Severity, annotate, diagnostics_page, explain, list_codes,
    render as render_diagnostics,
};
pub use emit::{Drift, OutError, Written, create_file, drift, overwrite_tree, write_file, write_page, write_tree};
pub use forecast::{Forecast, ForecastError, ForecastFormat, Kind, forecast};
pub use graph::graph;
pub use import::{ImportError, Naming, import};
pub use read::{Against, FoundTree, ReadError, read, read_pillar, read_stdin, read_top, read_tree};
pub use schema::Draft;
pub use show::{MacState, ShowError, ShowFormat, States, show};
pub use source::{Position, SIZE_LIMIT, Source, Span, printable};

/// A commented spec to begin with; it builds as it is.
pub const STARTER: &str = include_str!("starter.yaml");

/// The JSON Schema of the spec, with a final newline.
#[must_use]
pub fn schema_json(draft: Draft) -> String {
    schema::text(draft)
}
