//! How long something takes: CPU time of the whole process where threads work, else the time of single calls, of which
//! the median counts. What is compared takes turns, so that a machine that is busy for a while is so for all.

use std::hint::black_box;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

/// Seconds of CPU time, of all threads together.
pub(crate) fn cpu(work: impl FnOnce()) -> f64 {
    let started = ProcessTime::now();
    work();
    started.elapsed().as_secs_f64()
}

/// Told what is done, so that who waits knows.
pub(crate) type Tell<'t> = dyn FnMut(&str) + 't;

/// Something to be timed, which gives a number that has to be computed.
pub(crate) type Task<'t> = Box<dyn FnMut() -> u64 + 't>;

/// The least seconds of CPU time that each of some tasks takes, in so many rounds of turns.
pub(crate) fn least_cpu<const N: usize>(rounds: usize, mut tasks: [Task<'_>; N]) -> [f64; N] {
    let mut least = [f64::INFINITY; N];
    for _ in 0..rounds {
        for (least, task) in least.iter_mut().zip(&mut tasks) {
            let taken = cpu(|| {
                black_box(task());
            });
            *least = least.min(taken);
        }
    }
    least
}

/// Rounds that tasks take turns in, and after how long it is enough.
const ROUNDS: usize = 15;
const ENOUGH: Duration = Duration::from_millis(1200);

/// The median of the microseconds that each of some tasks takes; the first round, in which all is cold, is left out.
pub(crate) fn medians<const N: usize>(mut tasks: [Task<'_>; N]) -> [f64; N] {
    let mut taken: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
    let started = Instant::now();
    for round in 0..=ROUNDS {
        for (taken, task) in taken.iter_mut().zip(&mut tasks) {
            let started = Instant::now();
            black_box(task());
            if round > 0 {
                taken.push(started.elapsed().as_secs_f64() * 1e6);
            }
        }
        if round > 2 && started.elapsed() > ENOUGH {
            break;
        }
    }
    taken.map(median)
}

/// The middle one of some figures; 0 of none.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(0.0)
}
