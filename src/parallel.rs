//! Work on many things at once.

use std::cell::Cell;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;

/// So many hosts are worth a thread.
pub(crate) const MANY: usize = 100;

/// How many processors there are for us: the system reads several files to say so.
static PROCESSORS: LazyLock<usize> = LazyLock::new(|| thread::available_parallelism().map_or(1, NonZero::get));

thread_local! {
    /// How many processors are busy with what goes on beside this thread.
    static BUSY: Cell<usize> = const { Cell::new(0) };
}

/// What `work` makes of consecutive parts of some items, in their order: of one part for each processor, but none of
/// fewer than `least`, which would be done before a thread has started. The calling thread takes a part itself, so with
/// one processor there is no thread at all.
pub(crate) fn parts<'a, T: Sync, R: Send>(items: &'a [T], least: usize, work: impl Fn(&'a [T]) -> R + Sync) -> Vec<R> {
    let most = items.len() / least.max(1);
    let processors = if most > 1 { PROCESSORS.saturating_sub(BUSY.get()) } else { 1 };
    if processors > 1 { in_parts(most.min(processors), items, &work) } else { vec![work(items)] }
}

/// What `work` makes of each item, in their order, in as many parts as [`parts`].
pub(crate) fn each<'a, T: Sync, R: Send>(items: &'a [T], least: usize, work: impl Fn(&'a T) -> R + Sync) -> Vec<R> {
    joined(parts(items, least, |part| part.iter().map(&work).collect()))
}

/// All parts as one.
pub(crate) fn joined<R>(parts: Vec<Vec<R>>) -> Vec<R> {
    let (count, mut parts) = (parts.iter().map(Vec::len).sum::<usize>(), parts.into_iter());
    let mut all = parts.next().unwrap_or_default();
    all.reserve_exact(count - all.len());
    parts.for_each(|part| all.extend(part));
    all
}

/// Does two things at once if there is enough to do, the first on the calling thread.
pub(crate) fn both(is_much: bool, first: impl FnOnce(), second: impl FnOnce() + Send) {
    let waiting = Mutex::new(Some(second));
    let run = || {
        let second = waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(second) = second {
            second();
        }
    };
    thread::scope(|scope| {
        let is_alone = !is_much || *PROCESSORS == 1;
        let other = if is_alone { None } else { thread::Builder::new().spawn_scoped(scope, run).ok() };
        first();
        match other {
            Some(other) => other.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // Also if the system has no thread left for us.
            None => run(),
        }
    });
}

/// Does something on this thread, such as writing files, while another does work that may ask for more of them; the work
/// first if there is but one processor.
pub(crate) fn beside<R: Send>(single: impl FnOnce(), work: impl Fn() -> R + Sync) -> R {
    let share = || {
        BUSY.set(1);
        work()
    };
    let is_alone = *PROCESSORS == 1;
    thread::scope(|scope| {
        let other = if is_alone { None } else { thread::Builder::new().spawn_scoped(scope, share).ok() };
        let Some(other) = other else {
            // Also if the system has no thread left for us.
            let done = work();
            single();
            return done;
        };
        single();
        other.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn in_parts<'a, T: Sync, R: Send>(count: usize, items: &'a [T], work: &(impl Fn(&'a [T]) -> R + Sync)) -> Vec<R> {
    let mut parts = items.chunks(items.len().div_ceil(count.max(1)).max(1));
    let first = parts.next().unwrap_or_default();
    thread::scope(|scope| {
        let start = |part| thread::Builder::new().spawn_scoped(scope, move || work(part)).map_err(|_| part);
        let others: Vec<_> = parts.map(start).collect();
        let mut done = vec![work(first)];
        done.extend(others.into_iter().map(|other| match other {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // The system has no thread left for us.
            Err(part) => work(part),
        }));
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_the_order_and_miss_nothing() {
        for length in [0, 1, 2, 7, 8, 1000] {
            let items: Vec<usize> = (0..length).collect();
            for count in [0, 1, 2, 3, 8, 2000] {
                let parts = in_parts(count, &items, &<[usize]>::to_vec);
                assert!(parts.len() <= count.max(1), "{length} in {count}");
                assert_eq!(parts.concat(), items, "{length} in {count}");
            }
            assert_eq!(super::parts(&items, 100, <[usize]>::to_vec).concat(), items);
            assert_eq!(each(&items, 100, |item| *item), items);
        }
    }

    #[test]
    fn both_are_done_once() {
        for is_much in [false, true] {
            let (mut first, mut second) = (0, 0);
            both(is_much, || first += 1, || second += 1);
            assert_eq!((first, second), (1, 1));
        }
    }

    #[test]
    fn what_is_done_beside_leaves_a_processor_to_the_other() {
        let mut single = false;
        let items: Vec<usize> = (0..1000).collect();
        let done = beside(|| single = true, || parts(&items, 1, <[usize]>::to_vec));
        assert!(single);
        assert!(done.len() <= PROCESSORS.saturating_sub(1).max(1), "{}", done.len());
        assert_eq!(done.concat(), items);
        assert_eq!(BUSY.get(), 0);
    }
}
