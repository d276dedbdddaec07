//! A forecast for people at a terminal.

use std::fmt::Write as _;

use super::blocks::{Said, blocks};
use super::words::{losses, plain, preface, tally};
use super::{Forecast, Kind};
use crate::diag::plural;

const RESET: &str = "\u{1b}[0m";
const RED: &str = "\u{1b}[1;31m";
const YELLOW: &str = "\u{1b}[33m";
const GREEN: &str = "\u{1b}[32m";
const CYAN: &str = "\u{1b}[36m";
const BOLD: &str = "\u{1b}[1m";

/// Longest name for which the other lines of a host make room.
const WIDEST: usize = 32;

/// The text; VMs that stay as they are have lines only if `all` are wanted.
pub(super) fn render(forecast: &Forecast, colour: bool, all: bool) -> String {
    let paint = |code: &str, text: &str| if colour { format!("{code}{text}{RESET}") } else { text.to_owned() };
    let mut out = format!("{} against {}\n", plain(&forecast.spec), plain(&forecast.against));
    for sentence in preface(forecast) {
        out.extend([sentence.as_str(), "\n"]);
    }
    for block in blocks(forecast, all) {
        let hosts = if block.count > 1 { format!("  {}", plural(block.count, "host")) } else { String::new() };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n{}{hosts}", paint(BOLD, &plain(&block.name)));
        let Said { sentences, rows } = block.said;
        for sentence in sentences {
            let _ = writeln!(out, "  {sentence}");
        }
        let width = rows.iter().map(|row| row.vm.len()).max().unwrap_or_default().min(WIDEST);
        for row in &rows {
            let word = paint(colour_of(row.kind), &format!("{:<8}", row.word));
            let line = format!("  {word} {:<width$}  {}", row.vm, row.text);
            let _ = writeln!(out, "{}", line.trim_end());
        }
    }
    let (lost, text) = losses(forecast);
    let text = if lost > 0 { paint(RED, &text) } else { text };
    let _ = write!(out, "\n{}\n{text}\n", tally(forecast));
    out
}

const fn colour_of(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::Destroy) => RED,
        Some(Kind::Impossible | Kind::Orphan) => YELLOW,
        Some(Kind::Create | Kind::Start) => GREEN,
        Some(Kind::Restart | Kind::Grow | Kind::Stop) => CYAN,
        None => RESET,
    }
}
