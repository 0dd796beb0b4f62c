//! What is timed in a process of its own, as a run of the program is one: what vigie learns once a process, the terms of
//! words above all, is learned there anew.

use std::process::{Command, Stdio};

use super::corpus::Files;
use super::writing;

/// What the bench is called with to do one thing alone.
pub(crate) const ALONE: &str = "alone";

/// Something that can be done alone, and tells the seconds of CPU time that it took.
pub(crate) type Work = (&'static str, fn(&Files) -> f64);

/// The least seconds of CPU time that each of some works takes, in so many rounds of turns.
pub(crate) fn least_alone<const N: usize>(rounds: usize, works: [Work; N], files: &Files) -> [f64; N] {
    let mut least = [f64::INFINITY; N];
    for _ in 0..rounds {
        for (least, (name, _)) in least.iter_mut().zip(works) {
            *least = least.min(once(name, files));
        }
    }
    least
}

fn once(name: &str, files: &Files) -> f64 {
    let program = std::env::current_exe().expect("this program");
    let reports = files.reports.to_string();
    let child = Command::new(program).args([ALONE, name, &reports]).stderr(Stdio::inherit()).output();
    let out = child.expect("a process of our own");
    assert!(out.status.success(), "{name} alone");
    String::from_utf8_lossy(&out.stdout).trim().parse().expect("seconds")
}

/// Does what was asked for alone; nothing where that is no such call.
pub(crate) fn answer(arguments: &[String]) -> Option<f64> {
    let [alone, name, reports] = arguments else { return None };
    let (_, work) = writing::WORKS.into_iter().find(|(known, _)| alone == ALONE && known == name)?;
    Some(work(&Files::of(reports.parse().ok()?)))
}
