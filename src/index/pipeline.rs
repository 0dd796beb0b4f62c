//! Work in a line: one thread brings it, several do it, one takes what came of it, in the order in which it was brought.
//!
//! What is under way is bounded by its bytes ([`Room`]): a line needs the same memory however much goes through it.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

/// Pieces of work that wait for each thread: enough that none is idle.
const WAITING: usize = 2;

/// A piece of work, and where what comes of it is waited for.
type Job<J, D> = (J, SyncSender<D>);

/// Does work on threads of its own and hands on what came of it in the order of the work, on one more thread.
///
/// `bring` runs on the thread of the caller. It is given what it hands each piece of work to, and ends early once that
/// tells that no more is wanted: something failed further on. `worker` makes what each thread does its work with, and
/// `take` is given what came of each piece; its first error ends the line.
///
/// Gives what `bring` returned, and what came of taking. A panic of any thread is one of the caller.
pub(super) fn in_order<J: Send, D: Send, E: Send, R, W: FnMut(J) -> D>(
    threads: usize,
    worker: impl Fn() -> W + Sync,
    mut take: impl FnMut(D) -> Result<(), E> + Send,
    bring: impl FnOnce(&mut dyn FnMut(J) -> bool) -> R,
) -> (R, Result<(), E>) {
    thread::scope(|scope| {
        let (jobs, waiting) = sync_channel::<Job<J, D>>(threads * WAITING);
        // Each piece of work has a slot of its own, and the slots stand in the order of the work.
        let (slots, order) = sync_channel::<Receiver<D>>(threads * WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        let next =
            |waiting: &Mutex<Receiver<Job<J, D>>>| waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok();
        let start = |waiting: Arc<Mutex<Receiver<Job<J, D>>>>| {
            let worker = &worker;
            scope.spawn(move || {
                let mut work = worker();
                while let Some((job, slot)) = next(&waiting) {
                    // Nobody waits for it where the line has ended.
                    let _ = slot.send(work(job));
                }
            })
        };
        let workers: Vec<_> = (0..threads).map(|_| start(Arc::clone(&waiting))).collect();
        drop(waiting);
        let taker = scope.spawn(move || {
            // A slot stays empty where a worker panicked.
            order.iter().map_while(|slot| slot.recv().ok()).try_for_each(&mut take)
        });
        let brought = bring(&mut |job| {
            let (slot, done) = sync_channel(1);
            jobs.send((job, slot)).is_ok() && slots.send(done).is_ok()
        });
        drop((jobs, slots));
        for worker in workers {
            worker.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
        (brought, taker.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

/// How many bytes may be under way at a time.
pub(super) struct Room {
    size: usize,
    taken: Mutex<usize>,
    left: Condvar,
}

/// Bytes that are under way until this is dropped.
pub(super) struct Share {
    room: Arc<Room>,
    bytes: usize,
}

impl Room {
    /// A room for so many bytes.
    pub(super) fn new(size: usize) -> Arc<Self> {
        Arc::new(Self { size, taken: Mutex::new(0), left: Condvar::new() })
    }

    /// Waits until so many bytes fit in. What is larger than the room goes in where nothing else is.
    pub(super) fn enter(self: &Arc<Self>, bytes: usize) -> Share {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |taken: &mut usize| *taken > 0 && taken.saturating_add(bytes) > self.size;
        *self.left.wait_while(taken, full).unwrap_or_else(PoisonError::into_inner) += bytes;
        Share { room: Arc::clone(self), bytes }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        *self.room.taken.lock().unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        self.room.left.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    /// Squares the numbers below `end`, the later ones of each ten first; tells how many were brought.
    fn squares(threads: usize, end: u64, last: u64) -> (u64, Vec<u64>, Result<(), u64>) {
        let room = Room::new(8);
        let mut taken = Vec::new();
        let worker = || {
            |(number, share): (u64, Share)| {
                thread::sleep(std::time::Duration::from_micros(50 * (10 - number % 10)));
                (number * number, share)
            }
        };
        let take = |(square, _share): (u64, Share)| {
            taken.push(square);
            if square == last * last { Err(square) } else { Ok(()) }
        };
        let (brought, result) = in_order(threads, worker, take, |send| {
            (0..end).take_while(|&number| send((number, room.enter(if number % 50 == 0 { 99 } else { 1 })))).count()
        });
        assert_eq!(*room.taken.lock().unwrap(), 0);
        (brought as u64, taken, result)
    }

    #[test]
    fn what_is_brought_is_taken_in_its_order_by_any_number_of_threads() {
        for threads in [1, 2, 7] {
            let (brought, taken, result) = squares(threads, 200, u64::MAX >> 32);
            assert_eq!((brought, result), (200, Ok(())));
            assert_eq!(taken, (0..200).map(|number| number * number).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_ends_the_line() {
        let (brought, taken, result) = squares(2, 100_000, 20);
        assert_eq!((taken.len(), result), (21, Err(400)));
        assert!(brought < 100_000);
    }

    #[test]
    fn a_panic_of_a_worker_is_one_of_the_caller() {
        let run = || {
            let worker = || |number: u64| assert!(number != 30, "number {number}");
            in_order(2, worker, |()| Ok::<(), ()>(()), |send| (0..1_000_000).take_while(|&number| send(number)).count())
        };
        let panic = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
        assert_eq!(panic.downcast_ref::<String>().map(String::as_str), Some("number 30"));
    }
}
