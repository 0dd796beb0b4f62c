//! How long something takes: CPU time of the whole process, so that no thread is forgotten and no other program counted.
//! What is compared takes turns, so that a machine that is busy for a while is so for all. Of what takes long the least
//! time counts, of single calls the median.

use std::hint::black_box;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

/// Seconds of CPU time, of all threads together.
pub(crate) fn cpu(work: impl FnOnce()) -> f64 {
    spent(work).as_secs_f64()
}

fn spent(work: impl FnOnce()) -> Duration {
    let started = ProcessTime::now();
    work();
    started.elapsed()
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
/// What is shorter is done as often as fills this, in one go: to read the clock takes some tenths of a microsecond.
const SHORTEST: Duration = Duration::from_micros(150);

/// The median of the microseconds that a call of each of some tasks takes; the first round, in which all is cold, is left
/// out.
pub(crate) fn medians<const N: usize>(mut tasks: [Task<'_>; N]) -> [f64; N] {
    let mut taken: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
    let started = Instant::now();
    let calls: [u32; N] = std::array::from_fn(|at| {
        black_box(tasks[at]());
        let once = spent(|| {
            black_box(tasks[at]());
        });
        u32::try_from(SHORTEST.as_nanos().div_ceil(once.as_nanos().max(1))).unwrap_or(u32::MAX)
    });
    for round in 0..ROUNDS {
        for ((taken, task), &calls) in taken.iter_mut().zip(&mut tasks).zip(&calls) {
            let seconds = cpu(|| {
                for _ in 0..calls {
                    black_box(task());
                }
            });
            taken.push(seconds * 1e6 / f64::from(calls));
        }
        if round > 1 && started.elapsed() > ENOUGH {
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
