//! Jobs: several threads work, and what they give comes in the order of what they were given.
//!
//! A thread of its own reads the input, for it may wait there for ever. No more is read than a few items a job until
//! what came of earlier ones is taken: whoever gives one and waits for what comes of it gets it, and whoever gives a
//! million fills no memory.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
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
    /// The reader panicked.
    Broken(Box<dyn Any + Send>),
    /// By the place of its item.
    Done(usize, Attempt<O>),
}

/// Works on items with so many jobs, each of which `start` begins, and hands on what comes of them in their order.
///
/// # Errors
/// What an item or `each` fails with, which ends it at once. Items that are still waited for are waited for by nobody then.
///
/// # Panics
/// If a job does.
pub(super) fn in_order<I: Send + 'static, O: Send + 'static, E: Send + 'static, J: FnMut(I) -> O>(
    items: impl Iterator<Item = Result<I, E>> + Send + 'static,
    jobs: usize,
    start: impl Fn() -> J + Sync,
    mut each: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E> {
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
        // The jobs end when this is dropped, whatever ends the loop below.
        let give = give;
        for _ in 0..jobs {
            let (tell, given, start) = (tell.clone(), &given, &start);
            scope.spawn(move || work(start, given, &tell));
        }
        let mut done: BTreeMap<usize, Attempt<O>> = BTreeMap::new();
        let (mut read, mut handed, mut end) = (0, 0, None);
        while end.is_none() || handed < read {
            // There is a sender as long as a job lives, and they live as long as they are given something.
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
                each(attempt.unwrap_or_else(|panic| resume_unwind(panic)))?;
                handed += 1;
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
    given: &Mutex<Receiver<(usize, I)>>,
    tell: &Sender<Event<I, O, E>>,
) {
    let mut job = start();
    loop {
        let next = given.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((place, item)) = next else { return };
        let attempt = catch_unwind(AssertUnwindSafe(|| job(item)));
        let panicked = attempt.is_err();
        if tell.send(Event::Done(place, attempt)).is_err() || panicked {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let (read, jobs) = (std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0)), 2);
        let items = {
            let read = std::sync::Arc::clone(&read);
            (0..1_000).map(move |n| {
                read.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                Ok::<usize, ()>(n)
            })
        };
        let mut handed = 0;
        in_order(
            items,
            jobs,
            || |n| n,
            |_| {
                handed += 1;
                let read = read.load(std::sync::atomic::Ordering::SeqCst);
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
        assert_eq!(in_order(items, 2, || |n: usize| n, |_| Err("closed")), Err("closed"));
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
            in_order(items, 2, job, |_| {
                handed += 1;
                Ok(())
            })
        }));
        let panic = ended.unwrap_err();
        assert_eq!((panic.downcast_ref::<String>().map(String::as_str), handed), (Some("broken at 5"), 5));
        drop(write);
        let input = (0..20).map(|n| if n == 15 { panic!("no input") } else { Ok::<usize, ()>(n) });
        let ended = catch_unwind(AssertUnwindSafe(|| in_order(input, 2, || |n| n, |_| Ok(()))));
        assert_eq!(ended.unwrap_err().downcast_ref::<&str>(), Some(&"no input"));
    }
}
