//! The streams: data on one, everything else on the other.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anstream::ColorChoice;
use anstream::stream::RawStream;

/// Exit code: the spec has errors, or the tree is stale.
pub(super) const FINDINGS: u8 = 1;

/// Exit code: wrong usage, or something could not be read or written.
pub(super) const TROUBLE: u8 = 2;

/// Something could not be read or written, in a full sentence.
pub(super) struct Trouble(pub(super) String);

impl Trouble {
    /// Says what it is, and ends with a code.
    pub(super) fn exit(self, code: u8) -> ExitCode {
        // If this cannot be written either, the exit code still tells.
        let _ = tell(&format!("error: {}\n", self.0));
        ExitCode::from(code)
    }
}

impl<E: std::error::Error> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// How much the user wants to hear.
#[derive(Clone, Copy)]
pub(super) struct Voice {
    /// Nothing of what was done.
    pub(super) quiet: bool,
}

impl Voice {
    /// Says what was done, to those who want to know.
    pub(super) fn note(self, text: &str) -> Result<(), Trouble> {
        if self.quiet { Ok(()) } else { tell(text) }
    }
}

/// Writes data.
pub(super) fn print(text: &str) -> Result<(), Trouble> {
    let mut stdout = io::stdout().lock();
    finish(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// Writes everything that is not data.
pub(super) fn tell(text: &str) -> Result<(), Trouble> {
    finish(io::stderr().lock().write_all(text.as_bytes()))
}

/// If whoever read the output has left, nobody misses it, and the exit code still tells the result.
pub(super) fn finish(written: io::Result<()>) -> Result<(), Trouble> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Trouble(format!("cannot write the output: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The columns of standard error, if it is a terminal that knows them.
pub(super) fn width() -> Option<usize> {
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size_of(io::stderr())?;
    (columns > 0).then_some(columns.into())
}

/// Whether a stream is a terminal that wants colours: `NO_COLOR` and its relatives are respected.
pub(super) fn has_colour(stream: &impl RawStream) -> bool {
    match anstream::AutoStream::choice(stream) {
        ColorChoice::Never => false,
        ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
        ColorChoice::Auto => stream.is_terminal(),
    }
}
