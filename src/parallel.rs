//! Work on many things at once.

use std::num::NonZero;
use std::sync::LazyLock;
use std::thread;

use rayon::ThreadPoolBuilder;
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSlice;

/// So many hosts are worth a thread.
pub(crate) const MANY: usize = 100;

/// So many parts for each processor: one that joins in late still finds some, and one that is slower takes fewer.
const PARTS: usize = 4;

/// How many processors there are for us; the system reads several files to say so. Each has a thread that waits for
/// work, of which the first to ask is one. One processor also where the system has no threads left for us.
///
/// Threads that live on are not only cheaper than new ones: a new thread often starts on the processor of the one that made
/// it, and shares that for milliseconds while others are idle, most of all on virtual machines.
static PROCESSORS: LazyLock<usize> = LazyLock::new(|| {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let pool = || ThreadPoolBuilder::new().num_threads(processors).use_current_thread().build_global();
    if processors > 1 && pool().is_ok() { processors } else { 1 }
});

/// What `work` makes of consecutive parts of some items, in their order: of a few parts for each processor, but none of
/// fewer than `least`, which would be done before another thread has begun.
pub(crate) fn parts<'a, T: Sync, R: Send>(items: &'a [T], least: usize, work: impl Fn(&'a [T]) -> R + Sync) -> Vec<R> {
    let most = items.len() / least.max(1);
    let processors = if most > 1 { *PROCESSORS } else { 1 };
    if processors > 1 { in_parts(most.min(PARTS * processors), items, &work) } else { vec![work(items)] }
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

/// Does two things, at once if there is enough to do.
pub(crate) fn both<A: Send, B: Send>(
    is_much: bool,
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    if is_much && *PROCESSORS > 1 { rayon::join(first, second) } else { (first(), second()) }
}

fn in_parts<'a, T: Sync, R: Send>(count: usize, items: &'a [T], work: &(impl Fn(&'a [T]) -> R + Sync)) -> Vec<R> {
    let part = items.len().div_ceil(count.max(1)).max(1);
    items.par_chunks(part).with_max_len(1).map(work).collect()
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
            let done = both(is_much, || first += 1, || second += 1);
            assert_eq!((first, second, done), (1, 1, ((), ())));
        }
    }
}
