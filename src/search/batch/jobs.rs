//! Jobs: several threads work, and what they give comes in the order of what they were given.
//!
//! A thread of its own reads the input, for it may wait there for ever. No more is read than a few items a job until
//! what came of earlier ones is taken: whoever gives one and waits for what comes of it gets it, and whoever gives a
//! million fills no memory. What came of items weighs; while what waits weighs too much, only the item that is handed on
//! next is worked on.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Items that are read before what comes of them is taken, for each job.
const AHEAD: usize = 4;

/// What came of an item, or the panic that it ended in.
type Attempt<O> = Result<O, Box<dyn Any + Send>>;

/// What the threads tell.
enum Event<I, O, E> {
    Item(I),
    /// No more items; maybe because one cannot be read.
    End(Option<E>),
    /// The reader panicked, or a job before it could begin.
    Broken(Box<dyn Any + Send>),
    /// By the place of its item.
    Done(usize, Attempt<O>),
}

/// What the jobs and who hands on know of each other.
#[derive(Default)]
struct Gate {
    state: Mutex<Waiting>,
    changed: Condvar,
    most: usize,
}

#[derive(Default)]
struct Waiting {
    /// What has come and is not handed on, by weight.
    weight: usize,
    /// The place of what is handed on next.
    head: usize,
    /// Whether nothing is handed on any more.
    stopped: bool,
}

impl Gate {
    fn state(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Waiting)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    /// Waits until an item may be worked on; says whether it is still wanted.
    fn admits(&self, place: usize) -> bool {
        let closed = |state: &mut Waiting| !state.stopped && place != state.head && state.weight >= self.most;
        let state = self.changed.wait_while(self.state(), closed).unwrap_or_else(PoisonError::into_inner);
        !state.stopped
    }
}

/// Lets the jobs end, whatever ends it.
struct Stop<'g>(&'g Gate);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.change(|state| state.stopped = true);
    }
}

/// Works on items with so many jobs, each of which `start` begins, and hands on what comes of them in their order. Where
/// what waits to be handed on has the weight `most`, no job begins another item but the next to be handed on.
///
/// # Errors
/// What an item or `each` fails with, which ends it at once: what is not begun is left. Items that are still waited for
/// are waited for by nobody then.
///
/// # Panics
/// If a job does.
pub(super) fn in_order<I: Send + 'static, O: Send + 'static, E: Send + 'static, J: FnMut(I) -> O>(
    items: impl Iterator<Item = Result<I, E>> + Send + 'static,
    jobs: usize,
    start: impl Fn() -> J + Sync,
    (weigh, most): (impl Fn(&O) -> usize + Sync, usize),
    mut each: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E> {
    let gate = Gate { most, ..Gate::default() };
    let (tell, events) = channel();
    let (admit, admitted) = channel();
    for _ in 0..jobs.saturating_mul(AHEAD) {
        let _ = admit.send(());
    }
    thread::spawn({
        let tell = tell.clone();
        move || {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| read(items, &tell, &admitted))) {
                let _ = tell.send(Event::Broken(panic));
            }
        }
    });
    let (give, given) = channel();
    let given = Mutex::new(given);
    thread::scope(|scope| {
        // The jobs end when these are dropped, whatever ends the loop below.
        let give = give;
        let _stop = Stop(&gate);
        for _ in 0..jobs {
            let (tell, given, start, weigh, gate) = (tell.clone(), &given, &start, &weigh, &gate);
            scope.spawn(move || work(start, weigh, given, gate, &tell));
        }
        drop(tell);
        let mut done: BTreeMap<usize, Attempt<O>> = BTreeMap::new();
        let (mut read, mut handed, mut end) = (0, 0, None);
        while end.is_none() || handed < read {
            // There is a sender as long as a job lives, and one that dies tells it first.
            let Ok(event) = events.recv() else { break };
            match event {
                Event::Item(item) => {
                    // Those that cannot take it have panicked, which they told.
                    let _ = give.send((read, item));
                    read += 1;
                }
                Event::End(why) => end = Some(why),
                Event::Broken(panic) => resume_unwind(panic),
                Event::Done(place, attempt) => {
                    done.insert(place, attempt);
                }
            }
            while let Some(attempt) = done.remove(&handed) {
                let came = attempt.unwrap_or_else(|panic| resume_unwind(panic));
                let weight = weigh(&came);
                each(came)?;
                handed += 1;
                gate.change(|state| {
                    state.head = handed;
                    state.weight = state.weight.saturating_sub(weight);
                });
                // The reader may have ended.
                let _ = admit.send(());
            }
        }
        end.flatten().map_or(Ok(()), Err)
    })
}

/// Reads items, no more than are admitted.
fn read<I, O, E>(items: impl Iterator<Item = Result<I, E>>, tell: &Sender<Event<I, O, E>>, admitted: &Receiver<()>) {
    for item in items {
        let event = match item {
            Ok(item) if admitted.recv().is_ok() => Event::Item(item),
            Ok(_) => return,
            Err(error) => {
                let _ = tell.send(Event::End(Some(error)));
                return;
            }
        };
        if tell.send(event).is_err() {
            return;
        }
    }
    let _ = tell.send(Event::End(None));
}

/// Works until there is nothing more to do, or until it panics.
fn work<I, O, E, J: FnMut(I) -> O>(
    start: &impl Fn() -> J,
    weigh: &impl Fn(&O) -> usize,
    given: &Mutex<Receiver<(usize, I)>>,
    gate: &Gate,
    tell: &Sender<Event<I, O, E>>,
) {
    let mut job = match catch_unwind(AssertUnwindSafe(start)) {
        Ok(job) => job,
        Err(panic) => {
            let _ = tell.send(Event::Broken(panic));
            return;
        }
    };
    loop {
        let next = given.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((place, item)) = next else { return };
        if !gate.admits(place) {
            return;
        }
        let attempt = catch_unwind(AssertUnwindSafe(|| job(item)));
        let panicked = attempt.is_err();
        let weight = attempt.as_ref().map_or(0, weigh);
        gate.change(|state| state.weight = state.weight.saturating_add(weight));
        if tell.send(Event::Done(place, attempt)).is_err() || panicked {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// What weighs nothing.
    const FREE: (fn(&usize) -> usize, usize) = (|_| 0, 1);

    fn doubled(jobs: usize, items: Vec<Result<usize, &'static str>>) -> (Vec<usize>, Result<(), &'static str>) {
        let mut given = Vec::new();
        let slow = |n: usize| {
            // Later items are sooner done.
            thread::sleep(std::time::Duration::from_micros((n % 7) as u64 * 50));
            n * 2
        };
        let ended = in_order(
            items.into_iter(),
            jobs,
            || slow,
            FREE,
            |n| {
                given.push(n);
                Ok(())
            },
        );
        (given, ended)
    }

    #[test]
    fn all_is_handed_on_in_order_and_an_error_of_the_input_after_what_came_before_it() {
        for jobs in [1, 2, 5] {
            let all: Vec<usize> = (0..300).map(|n| n * 2).collect();
            assert_eq!(doubled(jobs, (0..300).map(Ok).collect()), (all.clone(), Ok(())));
            assert_eq!(doubled(jobs, (0..300).map(Ok).chain([Err("cut"), Ok(7)]).collect()), (all, Err("cut")));
            assert_eq!(doubled(jobs, Vec::new()), (Vec::new(), Ok(())));
        }
    }

    #[test]
    fn what_comes_of_an_item_comes_before_the_next_is_given() {
        let (write, written) = channel();
        write.send(0).unwrap();
        let items = std::iter::from_fn(move || written.recv().ok()).map(Ok::<_, ()>);
        let mut write = Some(write);
        let mut met = 0;
        in_order(
            items,
            3,
            || |n: usize| n,
            FREE,
            |n| {
                met += 1;
                match n {
                    9 => drop(write.take()),
                    n => write.as_ref().unwrap().send(n + 1).unwrap(),
                }
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(met, 10);
    }

    #[test]
    fn little_is_read_ahead() {
        let (read, jobs) = (std::sync::Arc::new(AtomicUsize::new(0)), 2);
        let items = {
            let read = std::sync::Arc::clone(&read);
            (0..1_000).map(move |n| {
                read.fetch_add(1, Ordering::SeqCst);
                Ok::<usize, ()>(n)
            })
        };
        let mut handed = 0;
        in_order(
            items,
            jobs,
            || |n| n,
            FREE,
            |_| {
                handed += 1;
                let read = read.load(Ordering::SeqCst);
                assert!(read <= handed + jobs * AHEAD + 1, "{read} read, {handed} handed on");
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(handed, 1_000);
    }

    #[test]
    fn who_stops_is_not_kept_by_an_input_that_waits() {
        let (write, written) = channel();
        write.send(1).unwrap();
        let items = std::iter::from_fn(move || written.recv().ok()).map(Ok);
        assert_eq!(in_order(items, 2, || |n: usize| n, FREE, |_| Err("closed")), Err("closed"));
        drop(write);
    }

    #[test]
    fn a_job_that_panics_ends_all() {
        let (write, written) = channel();
        (0..20).for_each(|n| write.send(n).unwrap());
        let items = std::iter::from_fn(move || written.recv().ok()).map(Ok::<usize, ()>);
        let mut handed = 0;
        let ended = catch_unwind(AssertUnwindSafe(|| {
            let job = || |n| if n == 5 { panic!("broken at {n}") } else { n };
            in_order(items, 2, job, FREE, |_| {
                handed += 1;
                Ok(())
            })
        }));
        let panic = ended.unwrap_err();
        assert_eq!((panic.downcast_ref::<String>().map(String::as_str), handed), (Some("broken at 5"), 5));
        drop(write);
        let input = (0..20).map(|n| if n == 15 { panic!("no input") } else { Ok::<usize, ()>(n) });
        let ended = catch_unwind(AssertUnwindSafe(|| in_order(input, 2, || |n| n, FREE, |_| Ok(()))));
        assert_eq!(ended.unwrap_err().downcast_ref::<&str>(), Some(&"no input"));
    }

    #[test]
    fn what_waits_is_bounded_by_its_weight_and_what_is_next_is_worked_on_all_the_same() {
        // The first item waits until so many others were begun at least; at most so many may be, with three jobs for them.
        for (weight, most, least, bound) in [(10, 10, 1, 3), (1, 3, 3, 5), (0, 1, 15, 15)] {
            let (began, jobs) = (AtomicUsize::new(0), 4);
            let work = |n: usize| {
                if n == 0 {
                    while began.load(Ordering::SeqCst) < least {
                        thread::yield_now();
                    }
                    // Nothing depends on it, but that more would be begun if there were no bound.
                    thread::sleep(std::time::Duration::from_millis(30));
                } else {
                    began.fetch_add(1, Ordering::SeqCst);
                }
                n
            };
            let mut first = None;
            let mut handed = Vec::new();
            in_order(
                (0..100).map(Ok::<_, ()>),
                jobs,
                || work,
                (|_: &usize| weight, most),
                |n| {
                    first.get_or_insert_with(|| began.load(Ordering::SeqCst));
                    handed.push(n);
                    Ok(())
                },
            )
            .unwrap();
            assert_eq!(handed, (0..100).collect::<Vec<_>>());
            assert!(first.unwrap() <= bound, "{first:?} begun of weight {weight}, most {most}");
        }
    }

    #[test]
    fn what_is_not_begun_when_all_ends_is_left() {
        let begun = AtomicUsize::new(0);
        let work = |n: usize| {
            begun.fetch_add(1, Ordering::SeqCst);
            n
        };
        let (all, jobs) = (1_000, 2);
        assert_eq!(in_order((0..all).map(Ok), jobs, || work, FREE, |_| Err("closed")), Err("closed"));
        assert!(begun.load(Ordering::SeqCst) <= jobs * AHEAD, "{begun:?}");
        // Those that wait for their turn are let go.
        let heavy: (fn(&usize) -> usize, usize) = (|_| 9, 1);
        assert_eq!(in_order((0..all).map(Ok), 4, || |n| n, heavy, |_| Err("closed")), Err("closed"));
    }

    #[test]
    fn jobs_that_cannot_begin_end_all_while_the_input_waits() {
        let (write, written) = channel::<usize>();
        write.send(1).unwrap();
        let items = std::iter::from_fn(move || written.recv().ok()).map(Ok::<usize, ()>);
        let start = || -> fn(usize) -> usize { panic!("no searcher") };
        let ended = catch_unwind(AssertUnwindSafe(|| in_order(items, 2, start, FREE, |_| Ok(()))));
        assert_eq!(ended.unwrap_err().downcast_ref::<&str>(), Some(&"no searcher"));
        drop(write);
    }
}
