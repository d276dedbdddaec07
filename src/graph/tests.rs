//! What the page says, and that a spec cannot say it in HTML.

use crate::compile::compile;
use crate::graph::{MOST_CARDS, graph};
use crate::source::Source;

fn page(spec: &str) -> String {
    let outcome = compile(&Source::new("lab.yaml", spec.as_bytes().to_vec()));
    assert!(!outcome.has_errors(), "{:?}", outcome.diagnostics());
    graph(&outcome)
}

const LAB: &str = "\
version: 1
images: { u: { ref: \"ghcr.io/cirruslabs/ubuntu:24.04\", os: linux, disk: 20 } }
defaults: { run_user: dk }
profiles: { p: { image: u, cpu: 2, memory: 4GiB, disk: 20 } }
hosts:
  mm1:
    hardware: { chip: M2, cpu: 8, memory: 16GiB, disk: 200, macos: \"15.6\" }
    vms: { a: { profile: p }, b: { profile: p, enabled: false, disk: 30 } }
    removed: [old]
  mm2: { vms: { c: { image: ghcr.io/cirruslabs/macos-sonoma-base:14.6, disk: 60 } } }
";

#[test]
fn everything_is_on_it() {
    let page = page(LAB);
    for part in [
        "<title>lab.yaml: the fleet</title>",
        "M2, macOS 15.6, dk",
        "aria-label=\"2 of 8\"",
        "aria-label=\"4 GiB of 16 GiB\"",
        "aria-label=\"50 GB of 200 GB\"",
        "style=\"width:10.0%;--hue:230\"",
        "<i class=\"dormant\" style=\"width:15.0%;--hue:230\">",
        "Linux, dormant",
        "u as p",
        "<s>old</s>",
        "1 macOS, 2 Linux",
        "110 GB",
        "50 GB of 200 GB where known, on 1 host",
    ] {
        assert!(page.contains(part), "{part} in\n{page}");
    }
    assert_eq!(page, self::page(LAB));
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let page = page(LAB);
    for part in ["<script", "src=", "url(", "@import", "href=", "http:"] {
        assert!(!page.contains(part), "{part}");
    }
}

#[test]
fn a_spec_cannot_write_html() {
    let host = "hosts: { mm1: { run_user: dk, vms: { v: { image: \"<img src=x>/y:1\" } } } }";
    let outcome = compile(&Source::new("<b>.yaml", format!("version: 1\n{host}\n").into_bytes()));
    // Nothing of the kind gets through the checks today; the page does not rely on that.
    assert!(outcome.has_errors() && graph(&outcome).is_empty());
    let outcome = compile(&Source::new("<b>&\".yaml", LAB.as_bytes().to_vec()));
    let page = graph(&outcome);
    assert!(!page.is_empty() && !page.contains("<b>&"), "{page}");
}

#[test]
fn hosts_that_are_alike_share_a_card_when_there_are_many() {
    let hosts = |count: usize| {
        let host = |number| {
            format!("  mm{number}: {{ vms: {{ v{number}: {{ image: ghcr.io/cirruslabs/ubuntu:24.04 }} }} }}\n")
        };
        let odd = "  odd: { vms: { x: { image: ghcr.io/cirruslabs/ubuntu:24.04, disk: 40 } } }\n";
        let hosts: String = (1..count).map(host).collect();
        page(&format!("version: 1\ndefaults: {{ run_user: dk }}\nhosts:\n{odd}{hosts}"))
    };
    let cards = |page: &str| page.matches("<section class=\"card\">").count();
    assert_eq!(cards(&hosts(MOST_CARDS)), MOST_CARDS);
    let page = hosts(MOST_CARDS + 1);
    assert_eq!(cards(&page), 2);
    assert!(page.find("mm1 <span class=\"soft\">and 199 more").is_some_and(|at| page.find(">odd</h3>") > Some(at)));
}
