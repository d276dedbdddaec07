//! Facts about tart, macOS, Homebrew and Salt as data, each with its source.

mod bounds;
mod images;
mod limits;
mod names;
mod reference;

pub(crate) use bounds::*;
pub(crate) use images::{Guest, KnownImage, known};
pub(crate) use limits::*;
pub(crate) use names::{Rule, SLOT_PREFIX, account, image_or_profile, is_system_account, minion_id, vm};
pub(crate) use reference::{advice as reference_advice, parse as parse_reference, repository};
