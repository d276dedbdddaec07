//! Limits and defaults.

/// macOS guests that a Mac runs at once: the framework fails a third with `VirtualMachineLimitExceeded`, and Apple's
/// licence says the same. Linux guests are not counted. (tart: Commands/Run.swift; openai/tart#1217)
pub(crate) const MACOS_GUESTS: usize = 2;

/// Oldest macOS that runs tart. (openai/homebrew-tools: Formula/tart.rb)
pub(crate) const OLDEST_MACOS: u32 = 13;

/// Oldest macOS on which Homebrew installs softnet, which the tart formula depends on. (openai/homebrew-tools:
/// Formula/softnet.rb)
pub(crate) const OLDEST_MACOS_FOR_SOFTNET: u32 = 15;

/// Oldest tart whose `set` has the options that the states use: before, `--disk` was the size and no path. (tart:
/// Commands/Set.swift)
pub(crate) const OLDEST_TART: [u64; 3] = [2, 13, 0];

/// Memory of a VM or a host in MiB that makes sense: no guest boots with less, no Mac has more.
pub(crate) const MEMORY_MIB: std::ops::RangeInclusive<u64> = 128..=1_048_576;

/// Sizes in GB that `tart set --disk-size` takes, a 16-bit number. (tart: Commands/Set.swift)
pub(crate) const DISK_GB: std::ops::RangeInclusive<u64> = 1..=65_535;

/// Pixels or points of a side of a screen that make sense: tart takes any number, but no guest shows anything on less,
/// and the graphics of Apple silicon end at the larger. (tart: Commands/Set.swift; Apple: Metal Feature Set Tables, 2D
/// texture width and height)
pub(crate) const DISPLAY_SIDE: std::ops::RangeInclusive<u64> = 200..=16_384;

/// What a VM gets that sets nothing: CPUs.
pub(crate) const DEFAULT_CPU: u32 = 2;

/// What a VM gets that sets nothing: memory in MiB.
pub(crate) const DEFAULT_MEMORY_MIB: u64 = 4096;

/// What a VM gets that sets nothing: disk in GB, the size of the official Linux images.
pub(crate) const DEFAULT_DISK_GB: u64 = 20;

/// Where tart comes from: `cirruslabs/cli` is stale, homebrew-core's formula is disabled. (openai/homebrew-tools)
pub(crate) const TAP: &str = "openai/tools";

/// The formula of the tap.
pub(crate) const FORMULA: &str = "tart";

/// Formulae that Homebrew 6 must trust: the formula and the dependency from the same tap. (Homebrew: trust.rb)
pub(crate) const TRUST: &[&str] = &["tart", "softnet"];

/// Homebrew's prefix on Apple silicon.
pub(crate) const TART_BINARY: &str = "/opt/homebrew/bin/tart";

/// Homebrew itself.
pub(crate) const BREW: &str = "/opt/homebrew/bin/brew";

/// Seconds that a clone may take, pull included, if the spec does not say.
pub(crate) const DEFAULT_CLONE_TIMEOUT: u32 = 3600;

/// Seconds from one start of a job to the next, launchd's own default. (man launchd.plist)
pub(crate) const DEFAULT_THROTTLE_INTERVAL: u32 = 10;

/// Hosts of a fleet from which it matters where their pillar files stand. Salt lists all files inside the pillar root for
/// each pillar it compiles. (measured: `benches/pillar_compile.py`, figures in docs/scaling.md)
pub(crate) const MANY_HOSTS: usize = 1_000;

/// Part of a wave that a rollout takes at a time, if the spec does not say.
pub(crate) const DEFAULT_BATCH_PERCENT: u64 = 25;

/// The first wave, if the spec has none.
pub(crate) const CANARY: &str = "canary";

/// The wave of all hosts that the spec puts into none.
pub(crate) const REST: &str = "rest";
