//! A forecast as a comment on a pull request.

use std::fmt::Write as _;

use super::blocks::{Block, Said, blocks};
use super::count::kinds;
use super::words::{losses, preface, quoted, tally};
use super::{Forecast, Host, Kind};
use crate::diag::plural;

/// Above this many lines each host is folded away.
const MANY: usize = 20;

/// GitHub takes 65,536 characters; the end needs some as well.
const LONGEST: usize = 60_000;

/// So long may all of it be, the end included.
const FULL: usize = 65_000;

/// Room for the words around the names of the hosts that do not fit.
const REST: usize = 200;

/// The text. What destroys comes first and stands open, hosts are folded when there is much to say.
pub(super) fn render(forecast: &Forecast) -> String {
    let mut out = format!(
        "### tartgen plan: {}\n\n",
        escape(&format!("{} against {}", quoted(&forecast.spec), quoted(&forecast.against)))
    );
    let (lost, text) = losses(forecast);
    if lost > 0 {
        // Writing to a string cannot fail.
        let _ = write!(out, "> [!CAUTION]\n> {}\n\n", escape(&text));
    }
    for sentence in preface(forecast) {
        let _ = write!(out, "{}\n\n", escape(&sentence));
    }
    let blocks = blocks(forecast, false);
    let is_long = blocks.iter().map(|block| block.said.rows.len()).sum::<usize>() > MANY;
    let sections: Vec<_> = blocks.iter().map(|block| (block, section(block, is_long))).collect();
    let end = format!("{}. **{}**\n", escape(&tally(forecast)), escape(&text));
    let cut = fill(&mut out, sections);
    if !cut.is_empty() {
        let room = FULL.saturating_sub(out.len() + end.len());
        out.push_str(&names(&cut, room));
        let _ = write!(out, "{} more: too much for a comment.\n\n", plural(hosts(&cut), "host"));
    }
    out.push_str(&end);
    out
}

/// Adds the sections that fit, and gives the blocks of the others. Only if some do not fit, the gravest come first.
fn fill<'a>(out: &mut String, mut sections: Vec<(&'a Block<'a>, String)>) -> Vec<&'a Block<'a>> {
    let length: usize = sections.iter().map(|(_, text)| text.len()).sum();
    if out.len() + length > LONGEST {
        sections.sort_by_key(|(block, _)| rank(block.first));
    }
    let mut cut = Vec::new();
    for (block, text) in sections {
        // One that is too long by itself must not keep the others out.
        if out.len() + text.len() > LONGEST {
            cut.push(block);
        } else {
            out.push_str(&text);
        }
    }
    cut
}

/// How grave what happens on a host is, the gravest first: a disk is lost, something is refused or forgotten, the rest.
fn rank(host: &Host) -> u8 {
    let has = |grave: &[Kind]| host.vms.iter().flat_map(kinds).any(|kind| grave.contains(&kind));
    match () {
        () if has(&[Kind::Destroy]) => 0,
        () if has(&[Kind::Impossible, Kind::Orphan]) => 1,
        () => 2,
    }
}

/// A sentence that counts the hosts among these that lose disks, and names as many of them as there is room for.
fn names(cut: &[&Block<'_>], room: usize) -> String {
    let doomed: Vec<_> = cut.iter().filter(|block| rank(block.first) == 0).copied().collect();
    if doomed.is_empty() {
        return String::new();
    }
    let mut length = REST;
    let names = doomed.iter().map(|block| escape(&quoted(&block.name)));
    let shown: Vec<String> = names
        .take_while(|name| {
            length += name.len() + 2;
            length <= room
        })
        .collect();
    let list = match (shown.is_empty(), doomed.iter().skip(shown.len()).map(|block| block.count).sum::<usize>()) {
        (true, _) => String::new(),
        (false, 0) => format!(": {}", shown.join(", ")),
        (false, more) => format!(": {} and {more} more", shown.join(", ")),
    };
    format!("**Disks are destroyed on {} not shown here**{list}.\n\n", plural(hosts(&doomed), "host"))
}

/// How many hosts there are in blocks.
fn hosts(blocks: &[&Block<'_>]) -> usize {
    blocks.iter().map(|block| block.count).sum()
}

fn section(block: &Block<'_>, is_folded: bool) -> String {
    let Said { sentences, rows } = &block.said;
    let several = block.count > 1;
    let hosts = if several { format!(" ({})", plural(block.count, "host")) } else { String::new() };
    let name = format!("{}{hosts}", escape(&quoted(&block.name)));
    let mut out = if is_folded {
        let is_open = rows.iter().any(|row| row.kind == Some(Kind::Destroy));
        let open = if is_open { " open" } else { "" };
        let each = if several { "on each " } else { "" };
        format!("<details{open}><summary>{name}: {each}{}</summary>\n\n", summary(block.first))
    } else {
        format!("#### {name}\n\n")
    };
    for sentence in sentences {
        let _ = write!(out, "{}\n\n", escape(sentence));
    }
    if !rows.is_empty() {
        out.push_str("| | VM | |\n| --- | --- | --- |\n");
        for row in rows {
            let word = if row.kind == Some(Kind::Destroy) { format!("**{}**", row.word) } else { row.word.to_owned() };
            let _ = writeln!(out, "| {word} | {} | {} |", escape(&quoted(&row.vm)), escape(&row.text));
        }
        out.push('\n');
    }
    if is_folded {
        out.push_str("</details>\n\n");
    }
    out
}

/// The kinds of what happens on a host, each with its number of VMs.
fn summary(host: &Host) -> String {
    let count = |kind: Kind| host.vms.iter().filter(|vm| kinds(vm).any(|found| found == kind)).count();
    let parts: Vec<String> = Kind::ALL
        .into_iter()
        .map(|kind| (kind, count(kind)))
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{count} {}", if kind == Kind::Destroy { "DELETE" } else { kind.name() }))
        .collect();
    if parts.is_empty() { "no VM changes".to_owned() } else { parts.join(", ") }
}

/// Text with quotations between backticks as Markdown that says nothing else. Quotations become `<code>`, where GitHub
/// looks for neither names nor links; a backtick span would let `|` end the cell of a table.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, part) in text.split('`').enumerate() {
        let is_quotation = number % 2 == 1;
        if is_quotation {
            out.push_str("<code>");
        }
        for character in part.chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '*' | '_' | '[' | ']' | '\\' | '|' | '~' | '#' | '!' | '@' | '$' => {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "&#{};", u32::from(character));
                }
                _ => out.push(character),
            }
        }
        if is_quotation {
            out.push_str("</code>");
        }
    }
    out
}
