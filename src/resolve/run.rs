//! The flags that a VM is started with: each from the nearest place that sets it.

use std::sync::LazyLock;

use super::{Layers, Origin};
use crate::catalog::{Form, RUN_FLAGS, RunFlag};
use crate::spec::{Caching, Provisioning, RootDisk, Run, RunDisk, Share, SyncMode};

/// A flag of `tart run` that a VM has.
#[derive(Debug, Clone)]
pub(crate) struct Flag {
    /// What is known of it.
    pub(crate) about: &'static RunFlag,
    /// Its values in tart's words; none for a switch.
    pub(crate) values: Vec<String>,
    /// Where it comes from.
    pub(crate) origin: Origin,
}

impl Flag {
    /// The flag as arguments of `tart run`. The values follow a `=`, so that tart takes none of them for a flag.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let flag = self.about.on_command_line();
        match self.about.form {
            Form::Switch => vec![flag],
            Form::Each => self.values.iter().map(|value| format!("{flag}={value}")).collect(),
            Form::List => vec![format!("{flag}={}", self.values.join(","))],
        }
    }
}

/// The flag that every VM has unless something says otherwise.
const NO_GRAPHICS: &str = "no_graphics";

static HEADLESS: LazyLock<Option<&'static RunFlag>> =
    LazyLock::new(|| RUN_FLAGS.iter().find(|about| about.key == NO_GRAPHICS));

/// The flags of a VM in the order in which they are passed. VMs are headless unless something says otherwise.
pub(super) fn flags(layers: Layers<'_>) -> Vec<Flag> {
    let written: Vec<_> =
        layers.into_iter().filter_map(|(vm, origin)| Some((values(vm?.run.as_ref()?), origin))).collect();
    if written.is_empty() {
        return HEADLESS.iter().map(|about| Flag { about, values: Vec::new(), origin: Origin::BuiltIn }).collect();
    }
    let find = |about: &'static RunFlag| {
        let set = written.iter().find_map(|(values, origin)| {
            let (_, setting) = values.iter().find(|(key, setting)| *key == about.key && setting.is_some())?;
            Some((setting.clone()?, *origin))
        });
        let built_in = || (about.key == NO_GRAPHICS).then_some((Value::Switch(true), Origin::BuiltIn));
        let (value, origin) = set.or_else(built_in)?;
        let values = match value {
            Value::Switch(false) => return None,
            Value::Switch(true) => Vec::new(),
            Value::Words(words) if words.is_empty() => return None,
            Value::Words(words) => words,
        };
        Some(Flag { about, values, origin })
    };
    RUN_FLAGS.iter().filter_map(find).collect()
}

/// What the spec says of a flag.
#[derive(Debug, Clone)]
enum Value {
    /// Whether it is passed.
    Switch(bool),
    /// Its values in tart's words.
    Words(Vec<String>),
}

/// Every key of `run` with what it says. Nothing is left out: a key that is not named here does not compile.
fn values(run: &Run) -> Vec<(&'static str, Option<Value>)> {
    let Run {
        no_graphics,
        vnc,
        vnc_experimental,
        serial,
        serial_path,
        no_audio,
        no_clipboard,
        recovery,
        disk,
        rosetta,
        dir,
        nested,
        net_bridged,
        net_softnet,
        net_softnet_allow,
        net_softnet_block,
        net_softnet_expose,
        net_host,
        root_disk_opts,
        suspendable,
        no_trackpad,
        no_pointer,
        no_keyboard,
        capture_system_keys,
        provisioning_opts,
    } = run;
    let switch = |value: &Option<bool>| value.map(Value::Switch);
    let word = |value: &Option<String>| value.clone().map(|value| Value::Words(vec![value]));
    let words = |values: &Option<Vec<String>>| values.clone().map(Value::Words);
    vec![
        ("no_graphics", switch(no_graphics)),
        ("vnc", switch(vnc)),
        ("vnc_experimental", switch(vnc_experimental)),
        ("serial", switch(serial)),
        ("serial_path", word(serial_path)),
        ("no_audio", switch(no_audio)),
        ("no_clipboard", switch(no_clipboard)),
        ("recovery", switch(recovery)),
        ("disk", disk.as_ref().map(|disks| Value::Words(disks.iter().map(disk_words).collect()))),
        ("rosetta", word(rosetta)),
        ("dir", dir.as_ref().map(|shares| Value::Words(shares.iter().map(share_words).collect()))),
        ("nested", switch(nested)),
        ("net_bridged", words(net_bridged)),
        ("net_softnet", switch(net_softnet)),
        ("net_softnet_allow", words(net_softnet_allow)),
        ("net_softnet_block", words(net_softnet_block)),
        ("net_softnet_expose", words(net_softnet_expose)),
        ("net_host", switch(net_host)),
        ("root_disk_opts", root_disk_opts.as_ref().map(|options| Value::Words(root_disk_words(options)))),
        ("suspendable", switch(suspendable)),
        ("no_trackpad", switch(no_trackpad)),
        ("no_pointer", switch(no_pointer)),
        ("no_keyboard", switch(no_keyboard)),
        ("capture_system_keys", switch(capture_system_keys)),
        ("provisioning_opts", provisioning_opts.as_ref().map(|options| Value::Words(provisioning_words(options)))),
    ]
}

/// `PATH:ro,sync=none`.
fn disk_words(disk: &RunDisk) -> String {
    let options = [read_only(disk.ro), disk.sync.map(sync_words), disk.caching.map(caching_words)];
    with_options(disk.path.clone().unwrap_or_default(), options)
}

/// `NAME:PATH:ro,tag=TAG`.
fn share_words(share: &Share) -> String {
    let path = share.path.clone().unwrap_or_default();
    let path = share.name.as_ref().map_or_else(|| path.clone(), |name| format!("{name}:{path}"));
    with_options(path, [read_only(share.ro), share.tag.as_ref().map(|tag| format!("tag={tag}"))])
}

fn with_options<const N: usize>(path: String, options: [Option<String>; N]) -> String {
    let options: Vec<_> = options.into_iter().flatten().collect();
    if options.is_empty() { path } else { format!("{path}:{}", options.join(",")) }
}

fn read_only(ro: Option<bool>) -> Option<String> {
    (ro == Some(true)).then(|| "ro".to_owned())
}

fn root_disk_words(options: &RootDisk) -> Vec<String> {
    [options.sync.map(sync_words), options.caching.map(caching_words)].into_iter().flatten().collect()
}

fn sync_words(sync: SyncMode) -> String {
    let word = match sync {
        SyncMode::None => "none",
        SyncMode::Fsync => "fsync",
        SyncMode::Full => "full",
    };
    format!("sync={word}")
}

fn caching_words(caching: Caching) -> String {
    let word = match caching {
        Caching::Automatic => "automatic",
        Caching::Cached => "cached",
        Caching::Uncached => "uncached",
    };
    format!("caching={word}")
}

fn provisioning_words(options: &Provisioning) -> Vec<String> {
    let Provisioning { full_name, username, password, logs_in_automatically, enables_remote_login } = options;
    [
        ("fullName", full_name.clone()),
        ("username", username.clone()),
        ("password", password.clone()),
        ("logsInAutomatically", logs_in_automatically.map(|truth| truth.to_string())),
        ("enablesRemoteLogin", enables_remote_login.map(|truth| truth.to_string())),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some(format!("{key}={}", value?)))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Vm;

    #[test]
    fn the_catalog_has_just_the_keys_of_the_spec() {
        let keys: Vec<_> = values(&Run::default()).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, RUN_FLAGS.iter().map(|flag| flag.key).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_inside_undoes_what_has_keys_or_items() {
        let with = |run: Run| Vm { run: Some(run.into()), ..Vm::default() };
        let cached = RootDisk { caching: Some(Caching::Cached), ..RootDisk::default() };
        let profile = with(Run { root_disk_opts: Some(cached), no_audio: Some(true), ..Run::default() });
        let vm = with(Run { root_disk_opts: Some(RootDisk::default()), no_audio: Some(false), ..Run::default() });
        let keys = |layers: Layers<'_>| flags(layers).iter().map(|flag| flag.about.key).collect::<Vec<_>>();
        let none = (None, Origin::Defaults);
        let inherited = keys([(None, Origin::Vm), (Some(&profile), Origin::Profile), none, none]);
        assert_eq!(inherited, ["no_graphics", "no_audio", "root_disk_opts"]);
        assert_eq!(keys([(Some(&vm), Origin::Vm), (Some(&profile), Origin::Profile), none, none]), ["no_graphics"]);
    }

    #[test]
    fn paths_carry_their_options_in_tarts_words() {
        let disk = RunDisk {
            path: Some("/a b".to_owned()),
            ro: Some(true),
            sync: Some(SyncMode::None),
            caching: Some(Caching::Cached),
        };
        assert_eq!(disk_words(&disk), "/a b:ro,sync=none,caching=cached");
        let share = Share { name: Some("src".to_owned()), path: Some("~/src".to_owned()), ro: Some(false), tag: None };
        assert_eq!(share_words(&share), "src:~/src");
    }
}
