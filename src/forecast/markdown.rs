//! A forecast as a comment on a pull request.

use std::fmt::Write as _;

use super::count::kinds;
use super::words::{Row, about, losses, preface, quoted, rows, tally};
use super::{Forecast, Host, Kind};
use crate::diag::plural;

/// Above this many lines each host is folded away.
const MANY: usize = 20;

/// GitHub takes 65,536 characters; the end needs some as well.
const LONGEST: usize = 60_000;

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
    let hosts: Vec<_> = forecast
        .hosts
        .iter()
        .map(|host| (host, host.vms.iter().flat_map(|vm| rows(host, vm, false)).collect::<Vec<_>>()))
        .filter(|(host, rows)| !rows.is_empty() || !about(host).is_empty())
        .collect();
    let is_long = hosts.iter().map(|(_, rows)| rows.len()).sum::<usize>() > MANY;
    let mut shown = 0;
    for (host, rows) in &hosts {
        let text = section(host, rows, is_long);
        if out.len() + text.len() > LONGEST {
            break;
        }
        out.push_str(&text);
        shown += 1;
    }
    if shown < hosts.len() {
        let _ = write!(out, "{} more: too much for a comment.\n\n", plural(hosts.len() - shown, "host"));
    }
    let _ = writeln!(out, "{}. **{}**", escape(&tally(forecast)), escape(&text));
    out
}

fn section(host: &Host, rows: &[Row<'_>], is_folded: bool) -> String {
    let name = escape(&quoted(&host.minion_id));
    let mut out = if is_folded {
        let is_open = rows.iter().any(|row| row.kind == Some(Kind::Destroy));
        let open = if is_open { " open" } else { "" };
        format!("<details{open}><summary>{name}: {}</summary>\n\n", summary(host))
    } else {
        format!("#### {name}\n\n")
    };
    for sentence in about(host) {
        let _ = write!(out, "{}\n\n", escape(&sentence));
    }
    if !rows.is_empty() {
        out.push_str("| | VM | |\n| --- | --- | --- |\n");
        for row in rows {
            let word = if row.kind == Some(Kind::Destroy) { format!("**{}**", row.word) } else { row.word.to_owned() };
            let _ = writeln!(out, "| {word} | {} | {} |", escape(&quoted(row.vm)), escape(&row.text));
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
