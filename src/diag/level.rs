//! What is done about a kind of finding, as the spec and the command line can ask for it.

use std::collections::BTreeMap;

use super::{Code, Diagnostic, Severity};

/// What is done about findings of a kind that is not an error by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// They are not shown.
    Allow,
    /// They are shown as warnings.
    Warn,
    /// They are errors.
    Deny,
}

impl Level {
    /// `allow`, `warn` or `deny`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

/// The levels that somebody asks for. What is said of one kind goes before what is said of all warnings; of two
/// requests for the same, the later counts.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    codes: BTreeMap<Code, Level>,
    warnings: Option<Level>,
}

impl Levels {
    /// Asks for a level for one kind. Kinds that are errors by themselves stay so.
    pub fn set(&mut self, code: Code, level: Level) {
        self.codes.insert(code, level);
    }

    /// Asks for a level for everything that would be a warning.
    pub const fn set_warnings(&mut self, level: Level) {
        self.warnings = Some(level);
    }

    /// The level of a finding, given what its spec asks for, if it can have one.
    pub(super) fn of(&self, code: Code, spec: Option<Level>) -> Option<Level> {
        let default = code.level()?;
        let asked = self.codes.get(&code).copied();
        let level = asked.or(spec).unwrap_or(default);
        // What is allowed is no warning; what was asked for by its own name with `--deny` stays denied.
        Some(if level == Level::Warn { self.warnings.unwrap_or(level) } else { level })
    }

    /// Gives a finding the severity that was asked for; nothing comes back if it is allowed. `spec` is what the spec
    /// asks for, and where.
    pub(crate) fn apply(
        &self,
        mut diagnostic: Diagnostic,
        spec: Option<(Level, crate::source::Span)>,
    ) -> Option<Diagnostic> {
        let code = diagnostic.code;
        let Some(level) = self.of(code, spec.map(|(level, _)| level)) else { return Some(diagnostic) };
        match level {
            Level::Allow => return None,
            Level::Warn => {}
            Level::Deny => {
                diagnostic.severity = Severity::Error;
                diagnostic = match (self.codes.get(&code), spec) {
                    (None, Some((Level::Deny, span))) => diagnostic.also(Some(span), "denied here"),
                    (Some(_), _) => diagnostic.help(format!("denied on the command line: `--deny {}`", code.name())),
                    (None, _) => diagnostic.help("denied on the command line: `--deny warnings`"),
                };
            }
        }
        Some(diagnostic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(codes: &[(Code, Level)], warnings: Option<Level>) -> Levels {
        Levels { codes: codes.iter().copied().collect(), warnings }
    }

    #[test]
    fn the_command_line_goes_before_the_spec() {
        let (moving, errors) = (Code::MovingTag, Code::UnknownKey);
        let denied = levels(&[(moving, Level::Deny)], None);
        assert_eq!(denied.of(moving, Some(Level::Allow)), Some(Level::Deny));
        assert_eq!(denied.of(Code::UnusedImage, Some(Level::Allow)), Some(Level::Allow));
        assert_eq!(levels(&[(errors, Level::Allow)], Some(Level::Allow)).of(errors, None), None);
    }

    #[test]
    fn all_warnings_are_what_is_left_as_warnings() {
        let all = levels(&[(Code::UnusedImage, Level::Allow)], Some(Level::Deny));
        assert_eq!(all.of(Code::MovingTag, None), Some(Level::Deny));
        assert_eq!(all.of(Code::MovingTag, Some(Level::Allow)), Some(Level::Allow));
        assert_eq!(all.of(Code::UnusedImage, Some(Level::Deny)), Some(Level::Allow));
        assert_eq!(all.of(Code::RepeatedVmName, None), Some(Level::Allow), "allowed by default is no warning");
        assert_eq!(levels(&[], Some(Level::Allow)).of(Code::MovingTag, Some(Level::Deny)), Some(Level::Deny));
    }
}
