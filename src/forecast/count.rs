//! What happens, by its kind.

use super::{Action, Forecast, Presence, Problem, Vm};

/// What may happen to a VM, by its gravity for whoever reviews it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A VM is made.
    Create,
    /// A dormant VM is started.
    Start,
    /// A VM is stopped and started again.
    Restart,
    /// A disk grows.
    Grow,
    /// A VM is stopped.
    Stop,
    /// A VM is deleted with its disk.
    Destroy,
    /// Something is asked for that an apply cannot do.
    Impossible,
    /// A VM stays on a Mac without being in the spec.
    Orphan,
}

impl Kind {
    /// All kinds, in the order in which they are counted.
    pub const ALL: [Self; 8] = [
        Self::Create,
        Self::Start,
        Self::Restart,
        Self::Grow,
        Self::Stop,
        Self::Destroy,
        Self::Impossible,
        Self::Orphan,
    ];

    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Start => "start",
            Self::Restart => "restart",
            Self::Grow => "grow",
            Self::Stop => "stop",
            Self::Destroy => "destroy",
            Self::Impossible => "impossible",
            Self::Orphan => "orphan",
        }
    }
}

impl Action {
    pub(super) const fn kind(&self) -> Kind {
        match self {
            Self::Create { .. } => Kind::Create,
            Self::Start { .. } => Kind::Start,
            Self::Stop => Kind::Stop,
            Self::Grow { .. } => Kind::Grow,
            Self::Restart { .. } => Kind::Restart,
            Self::Delete { .. } => Kind::Destroy,
        }
    }
}

impl Problem {
    pub(super) const fn kind(&self) -> Kind {
        match self {
            Self::Shrink { .. } | Self::Image { .. } | Self::Elsewhere { .. } => Kind::Impossible,
            Self::Orphan { .. } => Kind::Orphan,
        }
    }
}

/// The kinds of all that concerns a VM.
pub(super) fn kinds(vm: &Vm) -> impl Iterator<Item = Kind> {
    vm.actions.iter().map(Action::kind).chain(vm.problems.iter().map(Problem::kind))
}

/// How many VMs something of a kind happens to.
pub(super) fn count(forecast: &Forecast, kind: Kind) -> usize {
    vms(forecast).filter(|vm| kinds(vm).any(|found| found == kind)).count()
}

/// How many VMs stay as they are.
pub(super) fn unchanged(forecast: &Forecast) -> usize {
    vms(forecast).filter(|vm| kinds(vm).next().is_none()).count()
}

/// How many hosts left the spec.
pub(super) fn gone(forecast: &Forecast) -> usize {
    forecast.hosts.iter().filter(|host| host.presence == Presence::Gone).count()
}

/// The VMs that are deleted, each with its host and whether it is there for sure.
pub(super) fn doomed(forecast: &Forecast) -> Vec<(&str, &str, bool)> {
    let mut found = Vec::new();
    for host in &forecast.hosts {
        for vm in &host.vms {
            found.extend(vm.actions.iter().filter_map(|action| match action {
                Action::Delete { is_certain } => Some((vm.name.as_str(), host.minion_id.as_str(), *is_certain)),
                Action::Create { .. }
                | Action::Start { .. }
                | Action::Stop
                | Action::Grow { .. }
                | Action::Restart { .. } => None,
            }));
        }
    }
    found
}

fn vms(forecast: &Forecast) -> impl Iterator<Item = &Vm> {
    forecast.hosts.iter().flat_map(|host| &host.vms)
}
