//! What is said about each kind of change. That it is true is tested with Salt: `tests/salt/test_plan.py`.

use super::*;
use crate::compile::compile;
use crate::source::Source;
use crate::tree::Tree;

const UBUNTU: &str = "ghcr.io/cirruslabs/ubuntu:1.0";

/// A spec of the host `h` with these settings.
fn outcome(top: &str, host: &str) -> Outcome {
    let images = format!("images: {{ i: {{ ref: '{UBUNTU}', os: linux }}, j: {{ ref: a.b/j:1.0, os: linux }} }}");
    let lints = "lints: { unused-image: allow }";
    let text = format!("{{ version: 1, {images}, {lints}, {top} hosts: {{ {host} }} }}");
    let outcome = compile(&Source::new("a.yaml", text.into_bytes()));
    assert!(!outcome.has_errors(), "{host}: {:?}", outcome.diagnostics());
    outcome
}

fn tree(outcome: &Outcome) -> Tree {
    let mut tree = Tree::default();
    for (path, bytes) in outcome.files() {
        tree.insert(path.to_owned(), bytes.to_vec());
    }
    tree
}

fn between(old: Tree, new: &Outcome) -> Forecast {
    forecast(new, "a.yaml", &FoundTree::new("out".to_owned(), old)).unwrap().unwrap()
}

/// What is said, without the first line and the blank ones.
fn told(forecast: &Forecast) -> String {
    let text = forecast.render(ForecastFormat::Human { colour: false, all: false });
    let lines: Vec<_> = text.lines().skip(1).map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// The lines about the host `h` when the settings of its one VM change.
fn vm(old: &str, new: &str) -> String {
    let host = |vm: &str| format!("h: {{ run_user: dk, vms: {{ v: {{ image: i, disk: 40, {vm} }} }} }}");
    let lines = told(&between(tree(&outcome("", &host(old))), &outcome("", &host(new))));
    lines.lines().filter(|line| line.contains(" v ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn settings_of_a_vm() {
    for (old, new, expected) in [
        ("", "", ""),
        ("cpu: 2", "cpu: 4, memory: 8192", "restart  v  cpu 2 -> 4, memory 4096 MiB -> 8192 MiB"),
        ("display: 800x600", "display: 801x600pt", "restart  v  display 800x600 -> 801x600pt"),
        ("display: 800x600", "", "nothing  v  the screen stays `800x600` although the spec no longer says so"),
        ("", "clone: { timeout: 99 }", "nothing  v  `clone` matters only to VMs that do not exist yet"),
        (
            "",
            "run: { no_audio: true, vnc: true, no_graphics: false }",
            "restart  v  run --no-graphics -> --vnc --no-audio",
        ),
        (
            "run: { net_softnet: true, net_softnet_expose: ['1:2'] }",
            "run: { net_softnet: true, net_softnet_expose: ['1:3'] }",
            "restart  v  run --net-softnet-expose as it was -> --net-softnet-expose as it is now",
        ),
        (
            "daemon: { environment: { A: a, B: b } }",
            "daemon: { environment: { B: c } }",
            "restart  v  daemon.environment A B -> B",
        ),
        (
            "",
            "daemon: { keep_alive: false, throttle_interval: 30 }",
            "restart  v  daemon.keep_alive true -> false, daemon.throttle_interval 10 s -> 30 s",
        ),
        ("", "daemon: { standard_out_path: /var/log/tart/v.out.log }", ""),
        ("", "daemon: { standard_out_path: /tmp/v }", "restart  v  daemon.standard_out_path the usual one -> `/tmp/v`"),
        (
            "",
            "enabled: false, cpu: 9",
            "stop     v  taken out of launchd; its disk stays\n\
            note     v  changed while it is dormant: cpu; this takes effect when it is enabled",
        ),
        (
            "enabled: false",
            "enabled: false, cpu: 9",
            "nothing  v  changed while it is dormant: cpu; this takes effect when it is enabled",
        ),
        (
            "enabled: false",
            "",
            "start    v  with the settings of the spec; made first from \
            `ghcr.io/cirruslabs/ubuntu:1.0` with a disk of 40 GB, if it never was",
        ),
    ] {
        assert_eq!(vm(old, new), expected, "{old} -> {new}");
    }
}

#[test]
fn disks_and_images() {
    for (old, new, expected) in [
        ("", "disk: 50", "grow     v  disk 40 GB -> 50 GB\nrestart  v  disk 40 GB -> 50 GB"),
        (
            "",
            "disk: 30, cpu: 4",
            "cannot   v  disk 40 GB -> 30 GB: a disk only ever grows. The apply fails for this VM, leaves \
            its sizes as they are and keeps it running; set `disk` to 40",
        ),
        (
            "enabled: false",
            "disk: 30",
            "start    v  with the settings of the spec; made first from \
            `ghcr.io/cirruslabs/ubuntu:1.0` with a disk of 30 GB, if it never was\n\
            cannot   v  disk 40 GB -> 30 GB, should it have 40 already: a disk only ever grows; set `disk` to 40",
        ),
        (
            "",
            "disk: 30, cpu: 4, enabled: false",
            "stop     v  taken out of launchd; its disk stays\n\
            cannot   v  disk 40 GB -> 30 GB: a disk only ever grows. The apply that enables this VM will fail; set `disk` to 40\n\
            note     v  changed while it is dormant: cpu; this takes effect when it is enabled",
        ),
        (
            "enabled: false",
            "disk: 30, enabled: false",
            "cannot   v  disk 40 GB -> 30 GB, should it have 40 already: a disk only ever grows; set `disk` to 40",
        ),
        (
            "enabled: false",
            "image: j, enabled: false",
            "cannot   v  image `ghcr.io/cirruslabs/ubuntu:1.0` -> `a.b/j:1.0`: a VM that exists keeps its disk, and \
            this one may exist. To make it anew, move it to `removed` for one apply",
        ),
        (
            "",
            "image: j",
            "cannot   v  image `ghcr.io/cirruslabs/ubuntu:1.0` -> `a.b/j:1.0`: a VM that exists keeps its disk. To \
            make it anew, move it to `removed` for one apply",
        ),
    ] {
        let old = format!("h: {{ run_user: dk, vms: {{ v: {{ {} }} }} }}", settings(old));
        let new = format!("h: {{ run_user: dk, vms: {{ v: {{ {} }} }} }}", settings(new));
        let lines = told(&between(tree(&outcome("", &old)), &outcome("", &new)));
        let lines: Vec<_> = lines.lines().filter(|line| line.contains(" v ")).collect();
        assert_eq!(lines.join("\n"), expected, "{old} -> {new}");
    }
}

/// The settings with an image and a disk, unless they have their own.
fn settings(text: &str) -> String {
    let usual = [("image", "image: i"), ("disk", "disk: 40")];
    let missing = usual.iter().filter(|(key, _)| !text.contains(&format!("{key}:"))).map(|(_, setting)| *setting);
    missing.chain([text]).collect::<Vec<_>>().join(", ")
}

#[test]
fn advice_for_orphans_can_be_followed() {
    let told_of = |old: &str, new: &str| {
        let lines = told(&between(tree(&outcome("", old)), &outcome("", new)));
        lines.lines().find(|line| line.contains("orphan")).unwrap_or_default().to_owned()
    };
    let number = told_of("h: { run_user: dk, vms: { \"08\": { image: i } } }", "h: { run_user: dk, vms: {} }");
    assert!(number.ends_with("list it under `removed: [\"08\"]` to delete it"), "{number}");
    let counted = |count: u8| {
        let top = format!(
            "defaults: {{ run_user: dk }}, groups: {{ g: {{ hosts: ['mm[1-9]'], \
             vms: {{ 'ci-{{host}}-{{n}}': {{ image: i, count: {count} }} }} }} }}, "
        );
        outcome(&top, "")
    };
    let any = told(&between(tree(&counted(2)), &counted(1)));
    assert!(any.contains("list it under `removed: [\"ci-{host}-2\"]` to delete it"), "{any}");
    let moved = told_of("h: { run_user: dk, vms: { a: { image: i } } }", "h: { run_user: ci, vms: {} }");
    assert!(moved.ends_with("it belongs to `dk`, which alone can delete it, with `tart delete a`"), "{moved}");
}

#[test]
fn vms_come_and_go() {
    let old = "h: { run_user: dk, vms: { a: { image: i }, b: { image: i, enabled: false }, c: { image: i }, d: { image: i }, \
               e: { image: i, enabled: false } }, removed: [f, g] }";
    let new = "h: { run_user: dk, vms: { new: { image: i, disk: 60 }, own: { image: j, disk: 60 }, f: { image: i }, \
               later: { image: i, enabled: false } }, removed: [a, b, g, never] }";
    let lines = told(&between(tree(&outcome("", old)), &outcome("", new)));
    insta::assert_snapshot!(lines, @r"
    h
    create   new    from `ghcr.io/cirruslabs/ubuntu:1.0` with a disk of 60 GB, grown from the 20 of the image
    create   own    from `a.b/j:1.0` with a disk of 60 GB
    create   f      from `ghcr.io/cirruslabs/ubuntu:1.0` with a disk of 20 GB
    nothing  later  dormant; it is made when it is enabled
    DELETE   a      with its disk, for good
    DELETE   b      with its disk, for good, if it is there
    DELETE   never  with its disk, for good, if it is there
    orphan   c      left the spec and goes on running on the Mac; list it under `removed: [c]` to delete it
    orphan   d      left the spec and goes on running on the Mac; list it under `removed: [d]` to delete it
    orphan   e      left the spec and stays on the Mac, if it was ever made; list it under `removed: [e]` to delete it
    3 to create, 3 orphans, 1 VM unchanged
    1 disk is DESTROYED FOR GOOD: `a` on `h`; 2 more, if there: `b` on `h`, `never` on `h`.
    ");
}

#[test]
fn hosts_come_and_go() {
    let old = "z: { run_user: dk, vms: { a: { image: i }, b: { image: i, enabled: false } } }, y: { run_user: dk }, k: { run_user: dk }";
    let new = "n: { run_user: dk, vms: { a: { image: i } } }, k: { run_user: dk }";
    let forecast = between(tree(&outcome("", old)), &outcome("", new));
    insta::assert_snapshot!(told(&forecast), @r"
    n
    a new host: tart is installed first, if it is missing
    create   a  from `ghcr.io/cirruslabs/ubuntu:1.0` with a disk of 20 GB
    y
    left the spec: its minion gets no pillar, and applies fail on it
    z
    left the spec: its minion gets no pillar, and applies fail on it
    orphan   a  goes on running on the Mac when its host leaves the spec; take the host down first with `salt z state.apply tart.remove`
    orphan   b  stays on the Mac, if it was ever made, when its host leaves the spec; take the host down first with `salt z state.apply tart.remove`
    1 to create, 2 orphans, 2 hosts gone, 0 VMs unchanged
    No disk is destroyed.
    ");
    assert_eq!((forecast.count(Kind::Create), forecast.count(Kind::Orphan), forecast.is_empty()), (1, 2, false));
    let json: serde_json::Value = serde_json::from_str(&forecast.render(ForecastFormat::Json)).unwrap();
    assert_eq!(json.pointer("/summary/gone_hosts"), Some(&2.into()));
}

#[test]
fn another_account() {
    let host = |user: &str, vms: &str| format!("h: {{ run_user: {user}, {vms} }}");
    let old = host("dk", "vms: { a: { image: i }, b: { image: i }, c: { image: i, enabled: false }, d: { image: i } }");
    let new = host("ci", "vms: { a: { image: i }, b: { image: i, enabled: false }, c: { image: i } }, removed: [d]");
    let lines = told(&between(tree(&outcome("", &old)), &outcome("", &new)));
    insta::assert_snapshot!(lines, @r"
    h
    run_user `dk` -> `ci`: VMs that exist stay with the account that has them
    cannot   a  it belongs to `dk` and stays there as it is: the apply fails for this VM
    stop     b  taken out of launchd; its disk stays
    create   c  from `ghcr.io/cirruslabs/ubuntu:1.0` with a disk of 20 GB
    cannot   c  if `dk` has it already, it stays there as it is, and the apply fails for this VM
    stop     d  taken out of launchd; its disk stays
    cannot   d  it belongs to `dk` and stays there as it is: the apply fails for this VM
    1 to create, 2 to stop, 3 impossible, 0 VMs unchanged
    No disk is destroyed.
    ");
}

#[test]
fn another_tart() {
    let host = "h: { run_user: dk, vms: { a: { image: i } } }";
    let old = tree(&outcome("", host));
    let new = outcome("tart: { minimum_version: 2.20.0, outdated: refuse, binary: /opt/tart },", host);
    insta::assert_snapshot!(told(&between(old, &new)), @r"
    The states change as well: `files/tart-vm.sh`, `init.sls`, `remove.sls`.
    h
    tart must be 2.20.0 or newer instead of 2.13.0: an older one makes the apply fail
    tart.binary `/opt/homebrew/bin/tart` -> `/opt/tart`: every job is loaded anew
    restart  a  tart.binary `/opt/homebrew/bin/tart` -> `/opt/tart`
    1 to restart, 0 VMs unchanged
    No disk is destroyed.
    ");
    // A lower minimum and another name of the spec change nothing on a Mac.
    let old = tree(&outcome("tart: { minimum_version: 2.20.0 },", host));
    assert!(between(old, &outcome("", host)).is_empty());
}

#[test]
fn another_template() {
    let new = outcome("", "h: { run_user: dk, vms: { a: { image: i }, b: { image: i, enabled: false } } }");
    let old = |change: fn(&str) -> String| {
        let mut tree = Tree::default();
        for (path, bytes) in new.files() {
            let text = String::from_utf8_lossy(bytes);
            let text = if path.contains(".plist.") { change(&text) } else { text.into_owned() };
            tree.insert(path.to_owned(), text.into_bytes());
        }
        told(&between(tree, &new)).lines().find(|line| line.contains(" a ")).unwrap_or_default().to_owned()
    };
    assert_eq!(old(str::to_owned), "");
    // The header and comments are not part of a plist.
    assert_eq!(old(|text| text.replace("a.yaml", "b.yaml").replace("The launchd daemon", "A daemon")), "");
    let interactive = old(|text| text.replace("Interactive", "Background"));
    assert_eq!(interactive, "restart  a  the launchd job that these states write (ProcessType)");
    assert_eq!(
        old(|text| text.replace("  <dict>", "   <dict>")),
        "restart  a  the launchd job that these states write"
    );
    assert_eq!(old(|text| text.replace("run_user", "account")), "restart  a  a launchd job that other states wrote");
}

#[test]
fn hand_written_pillar() {
    let new = outcome("", "h: { run_user: dk, vms: { a: { image: i, cpu: 12 } } }");
    let text = format!("tart:\n  run_user: dk\n  vms: {{a: {{image: \"{UBUNTU}\", cpu: 012}}, b: {{image: x}}}}\n");
    let mut tree = Tree::default();
    tree.insert("pillar.sls".to_owned(), text.into_bytes());
    let told = told(&between(tree, &new));
    assert!(told.starts_with("There are no states beside that pillar"), "{told}");
    assert!(told.ends_with("1 orphan, 1 VM unchanged\nNo disk is destroyed."), "{told}");
}

#[test]
fn what_cannot_be_compared() {
    let new = outcome("", "h: { run_user: dk }");
    for (name, text, expected) in [
        ("out", "a: 1", "no file there has a pillar `tart`; name the output directory"),
        ("a/h.sls", "version: 1\nhosts: {}", "it is a fleet spec, not a tree; build it into"),
        ("h.sls", "version: 1\ntart: {}\ngroups:\n  a:", "it is a fleet spec, not a tree"),
        // Of a directory, that would not be true.
        ("out", "version: 1\nhosts: {}", "no file there has a pillar `tart`"),
        ("out", "tart: {run_user: root}", "h.sls:1: `run_user` must name"),
        ("out", "tart: {{ x }}", "h.sls:1: this file uses Jinja, which only a Salt master can render"),
    ] {
        let mut tree = Tree::default();
        tree.insert("h.sls".to_owned(), text.as_bytes().to_vec());
        let error = forecast(&new, "a.yaml", &FoundTree::new(name.to_owned(), tree)).unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot compare with `{name}`: {expected}")), "{error}");
    }
}

#[test]
fn top_files_that_mean_nobody_are_named() {
    let new = outcome("", "h: { run_user: dk }");
    let mut tree = Tree::default();
    tree.insert("top.sls".to_owned(), b"base: {'mm*': [tart]}".to_vec());
    tree.insert("tart.sls".to_owned(), b"tart: {run_user: dk}".to_vec());
    let error = forecast(&new, "a.yaml", &FoundTree::new("d".to_owned(), tree)).unwrap_err().to_string();
    let expected = "cannot compare with `d`: `top.sls` gives no host of the spec a pillar `tart`; correct its targets";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn nothing_hostile_gets_through() {
    let new = outcome("", "h: { run_user: dk, vms: { a: { image: i } } }");
    let hostile = "<b>|`x`@me\u{1b}[31m\n# *x*";
    let found = FoundTree::new(hostile.to_owned(), tree(&new));
    let forecast = forecast(&new, hostile, &found).unwrap().unwrap();
    let markdown = forecast.render(ForecastFormat::Markdown);
    let first = markdown.lines().next().unwrap_or_default();
    let name = "<code>&lt;b&gt;&#124;'x'&#64;me&#92;u{1b}&#91;31m&#92;n&#35; &#42;x&#42;</code>";
    assert_eq!(first, format!("### tartgen plan: {name} against {name}"));
    let human = forecast.render(ForecastFormat::Human { colour: false, all: true });
    assert!(!human.contains('\u{1b}'), "{human}");
}

/// A forecast of so many hosts with so many VMs that restart, each host for something else than the next.
fn restarts(hosts: usize, vms: usize) -> Forecast {
    let reason =
        |key: &str, to: usize| Reason { key: key.to_owned(), from: Some("2".to_owned()), to: Some(to.to_string()) };
    let vm = |host: usize, name: usize| Vm {
        name: format!("v{name}"),
        actions: vec![Action::Restart { reasons: vec![reason("cpu", 3 + host % 2), reason("memory", 3)] }],
        problems: Vec::new(),
        notes: Vec::new(),
    };
    let host = |id: usize| Host {
        minion_id: format!("h{id}"),
        presence: Presence::Kept,
        changes: Vec::new(),
        vms: (0..vms).map(|name| vm(id, name)).collect(),
    };
    Forecast {
        spec: "a.yaml".to_owned(),
        against: "out".to_owned(),
        states: States::Differ(Vec::new()),
        hosts: (0..hosts).map(host).collect(),
    }
}

#[test]
fn hosts_of_which_the_same_is_said_are_told_of_once() {
    let group = |hosts: &str, cpu: u8, rest: &str| {
        let top = format!(
            "defaults: {{ run_user: dk }}, groups: {{ g: {{ hosts: ['{hosts}.x'], removed: ['old-{{host}}'], \
             vms: {{ 'ci-{{host}}': {{ image: i, cpu: {cpu} }} }} }} }}, "
        );
        outcome(
            &top,
            &format!(
                "mm3.x: {{ vms: {{ ci-mm3: {{ image: i, cpu: {cpu} }} }} }}, h: {{ vms: {{ v: {{ image: i, {rest} }} }} }}"
            ),
        )
    };
    let forecast = between(tree(&group("mm[1-2,4-9]", 2, "")), &group("mm[1-2,4-9]", 4, "cpu: 4"));
    let expected = "\
        mm3.x\nrestart  ci-mm3  cpu 2 -> 4\n\
        h\nrestart  v  cpu 2 -> 4\n\
        mm1.x\nrestart  ci-mm1  cpu 2 -> 4\n\
        mm2.x\nrestart  ci-mm2  cpu 2 -> 4\n\
        mm[4-9].x  6 hosts\nrestart  ci-{host}  cpu 2 -> 4\n\
        10 to restart, 0 VMs unchanged\nNo disk is destroyed.";
    assert_eq!(told(&forecast), expected);
    let markdown = forecast.render(ForecastFormat::Markdown);
    assert!(markdown.contains("#### <code>mm&#91;4-9&#93;.x</code> (6 hosts)\n"), "{markdown}");
    assert!(markdown.contains("| restart | <code>ci-{host}</code> | cpu 2 -&gt; 4 |\n"), "{markdown}");
}

#[test]
fn long_comments_are_folded_and_cut() {
    let comment = |hosts: usize, vms: usize| restarts(hosts, vms).render(ForecastFormat::Markdown);
    let short = comment(2, 10);
    assert!(short.contains("#### <code>h0</code>\n") && !short.contains("<details>"), "{short}");
    let long = comment(11, 2);
    assert_eq!(long.matches("<details><summary><code>h").count(), 11);
    assert!(long.contains("<code>h9</code>: 2 restart</summary>\n\n| | VM | |\n"), "{long}");
    let cut = comment(700, 2);
    assert!(cut.len() < 65_536 && cut.contains(" hosts more: too much for a comment."), "{}", cut.len());
    assert!(cut.ends_with("1400 to restart, 0 VMs unchanged. **No disk is destroyed.**\n"), "{cut}");
}

#[test]
fn a_host_that_loses_a_disk_stands_open() {
    let mut forecast = restarts(3, 10);
    let doomed = Vm {
        name: "x".to_owned(),
        actions: vec![Action::Delete { is_certain: true }],
        problems: Vec::new(),
        notes: Vec::new(),
    };
    for host in forecast.hosts.iter_mut().take(1) {
        host.vms.push(doomed.clone());
    }
    let markdown = forecast.render(ForecastFormat::Markdown);
    assert_eq!(markdown.matches("<details open>").count(), 1, "{markdown}");
    assert!(markdown.contains("> [!CAUTION]\n> 1 disk is DESTROYED FOR GOOD: <code>x</code> on <code>h0</code>.\n"));
    assert!(markdown.contains("| **DELETE** | <code>x</code> | with its disk, for good |\n"), "{markdown}");
}

/// Adds a VM that is deleted, or one that is left behind, to a host.
fn add(forecast: &mut Forecast, host: usize, actions: Vec<Action>, problems: Vec<Problem>) {
    let vm = Vm { name: "x".to_owned(), actions, problems, notes: Vec::new() };
    forecast.hosts.get_mut(host).unwrap().vms.push(vm);
}

/// Where the sections of these hosts begin.
fn places<const N: usize>(markdown: &str, hosts: [&str; N]) -> [Option<usize>; N] {
    hosts.map(|host| markdown.find(&format!("<summary><code>{host}</code>")))
}

#[test]
fn the_gravest_hosts_come_first_in_a_comment_that_is_cut() {
    let graves = |hosts: usize, vms: usize, last: usize| {
        let mut forecast = restarts(hosts, vms);
        add(&mut forecast, last - 1, Vec::new(), vec![Problem::Orphan { is_running: true, is_host_gone: false }]);
        add(&mut forecast, last, vec![Action::Delete { is_certain: true }], Vec::new());
        forecast.render(ForecastFormat::Markdown)
    };
    let whole = places(&graves(30, 2, 20), ["h0", "h19", "h20", "h21"]);
    assert!(whole.is_sorted() && whole.iter().all(Option::is_some), "nothing is cut, so nothing moves: {whole:?}");
    let cut = graves(700, 2, 699);
    let order = places(&cut, ["h699", "h698", "h0", "h1", "h2"]);
    assert!(order.is_sorted() && order.iter().all(Option::is_some), "{order:?}");
    assert!(cut.contains("hosts more: too much for a comment.") && !cut.contains("not shown here"), "{cut}");
}

#[test]
fn hosts_that_lose_a_disk_are_named_when_they_are_cut() {
    let render = |hosts: usize, name: &str| {
        let mut forecast = restarts(hosts, 2);
        for host in 0..hosts {
            add(&mut forecast, host, vec![Action::Delete { is_certain: true }], Vec::new());
        }
        for host in &mut forecast.hosts {
            host.minion_id.insert_str(0, name);
        }
        let markdown = forecast.render(ForecastFormat::Markdown);
        let sentence = markdown.lines().find(|line| line.contains(" not shown here**")).unwrap().to_owned();
        (markdown, sentence)
    };
    let (markdown, sentence) = render(400, "");
    let shown = markdown.matches("<details open>").count();
    assert_eq!(shown + sentence.matches("<code>h").count(), 400, "{sentence}");
    assert!(sentence.starts_with(&format!("**Disks are destroyed on {} hosts not shown here**: <code>h", 400 - shown)));
    assert!(sentence.ends_with("<code>h398</code>, <code>h399</code>."), "{sentence}");
    for name in ["", "a.rather.long.name.of.a.host.", "_".repeat(200).as_str()] {
        let (markdown, sentence) = render(2000, name);
        assert!(markdown.len() < 65_536, "{}", markdown.len());
        let shown = markdown.matches("<details open>").count();
        assert!(sentence.starts_with(&format!("**Disks are destroyed on {} hosts not shown here**", 2000 - shown)));
        let named = sentence.matches("<code>").count();
        let rest = if named > 0 { format!(" and {} more.", 2000 - shown - named) } else { "**.".to_owned() };
        assert!(sentence.ends_with(&rest), "{sentence}");
    }
}

#[test]
fn a_host_that_is_too_long_by_itself_keeps_no_other_out() {
    let mut forecast = restarts(30, 2);
    let long = restarts(1, 2000).hosts;
    forecast.hosts.splice(3..4, long);
    add(&mut forecast, 3, vec![Action::Delete { is_certain: true }], Vec::new());
    forecast.hosts.get_mut(3).unwrap().minion_id = "long".to_owned();
    let markdown = forecast.render(ForecastFormat::Markdown);
    assert_eq!(markdown.matches("<details>").count(), 29, "{markdown}");
    let named = "**Disks are destroyed on 1 host not shown here**: <code>long</code>.\n\n1 host more: too much";
    assert!(markdown.contains(named), "{markdown}");
}
