//! What a long build is doing, for somebody who waits at a terminal.

use std::io::{self, IsTerminal as _};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{JoinHandle, spawn};
use std::time::{Duration, Instant};

use super::output::{Voice, has_colour, tell};

/// Below this nobody has begun to wonder.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the seconds are counted.
const BEAT: Duration = Duration::from_millis(200);

/// To the start of the line, and nothing on it.
const ERASE: &str = "\r\u{1b}[K";

/// A line on standard error that tells what is being done and for how long; only on a terminal, only once it takes
/// long, and gone when it is done.
pub(super) struct Progress {
    watcher: Option<(Sender<Message>, JoinHandle<()>)>,
}

enum Message {
    /// Something else is being done.
    Phase(&'static str),
    /// The line must go, since others write; the answer is sent when it is gone.
    Clear(Sender<()>),
}

impl Progress {
    /// Begins to watch the time, if anybody looks at a terminal that knows more than letters.
    pub(super) fn start(voice: Voice) -> Self {
        let watcher = (!voice.quiet && io::stderr().is_terminal() && has_colour(&io::stderr())).then(|| {
            let (sender, receiver) = channel();
            let watch = move || {
                let start = Instant::now();
                let mut phase = "";
                let mut shown = false;
                loop {
                    match receiver.recv_timeout(if shown { BEAT } else { PATIENCE.saturating_sub(start.elapsed()) }) {
                        Ok(Message::Phase(next)) => phase = next,
                        Ok(Message::Clear(done)) => {
                            erase(&mut shown);
                            phase = "";
                            // Whoever asked may have gone.
                            let _ = done.send(());
                        }
                        Err(RecvTimeoutError::Disconnected) => break,
                        Err(RecvTimeoutError::Timeout) => {}
                    }
                    if start.elapsed() >= PATIENCE && !phase.is_empty() {
                        // A line that is not seen is not missed.
                        let _ = tell(&format!("{ERASE}{phase} ... {} s", start.elapsed().as_secs()));
                        shown = true;
                    } else if start.elapsed() >= PATIENCE {
                        std::thread::sleep(Duration::from_millis(10));
                    }
                }
                erase(&mut shown);
            };
            (sender, spawn(watch))
        });
        Self { watcher }
    }

    /// Something else is being done from now on.
    pub(super) fn enter(&self, phase: &'static str) {
        if let Some((sender, _)) = &self.watcher {
            // Without a watcher nothing is shown.
            let _ = sender.send(Message::Phase(phase));
        }
    }

    /// Takes the line away until the next phase, so that something else can be written.
    pub(super) fn clear(&self) {
        if let Some((sender, _)) = &self.watcher {
            let (done, wait) = channel();
            if sender.send(Message::Clear(done)).is_ok() {
                // An error means that the watcher is gone, and its line with it.
                let _ = wait.recv();
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, watcher)) = self.watcher.take() {
            drop(sender);
            // A watcher that panicked shows nothing any more.
            let _ = watcher.join();
        }
    }
}

fn erase(shown: &mut bool) {
    if std::mem::take(shown) {
        let _ = tell(ERASE);
    }
}
