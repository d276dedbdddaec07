//! Facts about tart, macOS, Homebrew and Salt as data, each with its source.

mod bounds;
mod images;
mod limits;
mod logs;
mod names;
mod paths;
mod reference;
mod run;

pub(crate) use bounds::*;
pub(crate) use images::{Guest, KnownImage, known};
pub(crate) use limits::*;
pub(crate) use logs::{Misplaced, NO_LOG, misplaced_log};
pub(crate) use names::{Rule, SLOT_PREFIX, account, image_or_profile, is_system_account, minion_id, vm, vm_form};
pub(crate) use paths::{is_in_tart, reaches_tart, spelled};
pub(crate) use reference::{advice as reference_advice, parse as parse_reference, repository};
pub(crate) use run::{DISPLAY_UNIT_SINCE, Form, OLDEST_MACOS_FOR_BLOCK_DEVICES, PRUNE_LIMIT_SINCE, RUN_FLAGS, RunFlag};
