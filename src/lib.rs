//! tartgen compiles a typed fleet spec into a `SaltStack` tree.
//!
//! The flow is one way: [`read`] or [`read_stdin`] gives a [`Source`], [`compile`] an [`Outcome`] with everything that
//! was found and, if nothing of it is an error, the tree; [`write_tree`] puts the tree on disk, [`drift`] tells how the
//! disk differs from it. Nothing here prints or exits.

mod catalog;
mod check;
mod compile;
mod diag;
mod emit;
mod lower;
mod parallel;
mod parse;
mod plan;
mod read;
mod render;
mod resolve;
mod schema;
mod source;
mod spec;
mod tree;
mod verify;
mod write;

pub use compile::{Outcome, compile, compile_with};
pub use diag::{
    Code, Diagnostic, Format, Label, Level, Levels, Look, Severity, diagnostics_page, explain, list_codes,
    render as render_diagnostics,
};
pub use emit::{Drift, OutError, drift, write_tree};
pub use read::{ReadError, read, read_stdin};
pub use schema::Draft;
pub use source::{Position, SIZE_LIMIT, Source, Span, printable};

/// The JSON Schema of the spec, with a final newline.
#[must_use]
pub fn schema_json(draft: Draft) -> String {
    schema::text(draft)
}
