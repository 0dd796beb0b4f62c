//! How well runs rank, by judgements: nDCG@10, MRR@10 and recall@100 as `trec_eval` has them.
//!
//! - `ndcg@10` is its `ndcg_cut.10`: the grade of a report is its gain, the discount of place n is log2(n + 1), and the
//!   ideal is the best order of all that is judged. Grades below 0 gain nothing.
//! - `mrr@10` is its `recip_rank` with `-M 10`: one by the place of the first report of a grade from 1 on.
//! - `recall@100` is its `recall.100`: the share of the reports of a grade from 1 on that is among the first 100.
//!
//! Means are over all judged queries, as with `-c`: one that a run does not have counts 0, and so does one of which
//! nothing is relevant. Queries without a judgement are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead};

use serde::Serialize;

use crate::corpus::{Line, next_line};

/// Places that nDCG and the reciprocal rank look at.
const SHORT: usize = 10;
/// Places that recall looks at: a run needs no more.
pub const DEPTH: usize = 100;
/// The longest line that is read: 1 MiB.
const LONGEST: usize = 1 << 20;
/// The least grade of what is relevant.
const RELEVANT: i64 = 1;

/// Grades of the reports that are judged for one query, by id.
pub type Grades = BTreeMap<String, i64>;
/// Grades by query.
pub type Judgements = BTreeMap<String, Grades>;
/// Ids of reports by query, best first.
pub type Run = BTreeMap<String, Vec<String>>;

/// Reports with their scores.
type Scored = Vec<(f32, String)>;

/// Why judgements or a run cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// A line.
    #[error("line {line}: {why}")]
    Line {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        why: String,
        /// What it should be.
        form: &'static str,
    },
    /// No line at all.
    #[error("it is empty")]
    Empty {
        /// What a line should be.
        form: &'static str,
    },
    /// Reading.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl EvalError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Line { form, .. } | Self::Empty { form } => Some(format!("a line is: {form}")),
            Self::Io(_) => None,
        }
    }
}

/// How well one query is ranked, or the mean of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Normalized discounted cumulative gain of the first ten, from 0 to 1.
    #[serde(rename = "ndcg@10")]
    pub ndcg: f64,
    /// One by the place of the first relevant report, if that is among the first ten.
    #[serde(rename = "mrr@10")]
    pub mrr: f64,
    /// Share of the relevant reports that is among the first hundred.
    #[serde(rename = "recall@100")]
    pub recall: f64,
}

/// The figures of one query.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QueryFigures {
    /// Its id.
    pub id: String,
    /// How well it is ranked.
    #[serde(flatten)]
    pub figures: Figures,
}

/// How well a run ranks.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Evaluation {
    /// Judged queries: what the means are over.
    pub queries: usize,
    /// The means.
    #[serde(flatten)]
    pub mean: Figures,
    /// Queries of the run without a judgement, left out.
    pub unjudged: Vec<String>,
    /// Judged queries that the run does not have; they count 0.
    pub missing: Vec<String>,
    /// Each judged query, by id.
    pub per_query: Vec<QueryFigures>,
}

const JUDGEMENT: &str = "QUERY 0 REPORT GRADE, with spaces or tabs between and a whole number as grade";
const RANKED: &str = "QUERY Q0 REPORT RANK SCORE NAME, with spaces or tabs between";

/// Reads judgements (`qrels`): lines of query, `0`, report and grade. Empty lines are passed over.
///
/// # Errors
/// If a line is none, a report is judged twice for a query, or there is no line.
pub fn read_judgements(lines: impl BufRead) -> Result<Judgements, EvalError> {
    let mut judged = Judgements::new();
    each_line(lines, JUDGEMENT, |columns| {
        let [query, _, report, grade] = columns else { return Err(format!("{} columns, not 4", columns.len())) };
        let grade: i64 = grade.parse().map_err(|_| format!("the grade “{grade}” is not a whole number"))?;
        match judged.entry((*query).to_owned()).or_default().insert((*report).to_owned(), grade) {
            None => Ok(()),
            Some(_) => Err(format!("report “{report}” is judged twice for query “{query}”")),
        }
    })?;
    Ok(judged)
}

/// Reads a run as `trec_eval` does: lines of query, `Q0`, report, rank, score and a name. The score decides, as a number
/// of 32 bits; of equals the last by name is first; ranks are not looked at. Empty lines are passed over.
///
/// # Errors
/// If a line is none, a report stands twice below a query, or there is no line.
pub fn read_run(lines: impl BufRead) -> Result<Run, EvalError> {
    let mut scored: BTreeMap<String, (BTreeSet<String>, Scored)> = BTreeMap::new();
    each_line(lines, RANKED, |columns| {
        let [query, _, report, _, score, _] = columns else { return Err(format!("{} columns, not 6", columns.len())) };
        let number = score.parse::<f32>().ok().filter(|score| !score.is_nan());
        let number = number.ok_or_else(|| format!("the score “{score}” is not a number"))?;
        let (known, scored) = scored.entry((*query).to_owned()).or_default();
        if !known.insert((*report).to_owned()) {
            return Err(format!("report “{report}” stands twice below query “{query}”"));
        }
        scored.push((number, (*report).to_owned()));
        Ok(())
    })?;
    let order = |(_, mut scored): (_, Scored)| {
        scored.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| b.1.cmp(&a.1)));
        scored.into_iter().map(|(_, report)| report).collect()
    };
    Ok(scored.into_iter().map(|(query, scored)| (query, order(scored))).collect())
}

/// Hands on the columns of each line that is not empty.
fn each_line(
    mut lines: impl BufRead,
    form: &'static str,
    mut each: impl FnMut(&[&str]) -> Result<(), String>,
) -> Result<(), EvalError> {
    let (mut bytes, mut any) = (Vec::new(), false);
    for number in 1.. {
        let fail = |why: String| EvalError::Line { line: number, why, form };
        match next_line(&mut lines, &mut bytes, LONGEST)? {
            Line::End => break,
            Line::TooLong => return Err(fail(format!("longer than {} MiB", LONGEST >> 20))),
            Line::Whole => {}
        }
        let line = std::str::from_utf8(&bytes).map_err(|_| fail("not UTF-8".to_owned()))?;
        let columns: Vec<&str> = line.trim_start_matches('\u{feff}').split_whitespace().collect();
        if !columns.is_empty() {
            each(&columns).map_err(fail)?;
            any = true;
        }
    }
    if any { Ok(()) } else { Err(EvalError::Empty { form }) }
}

/// How well reports, best first, are ranked.
#[must_use]
pub fn figures<I: AsRef<str>>(ranked: &[I], grades: &Grades) -> Figures {
    let grade = |id: &I| grades.get(id.as_ref()).copied().unwrap_or(0);
    let mut best: Vec<i64> = grades.values().copied().collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    let ideal = gain(best.into_iter());
    let relevant = |ids: &[I]| ids.iter().filter(|id| grade(id) >= RELEVANT).count();
    let all = grades.values().filter(|&&grade| grade >= RELEVANT).count();
    let first = ranked.iter().take(SHORT).position(|id| grade(id) >= RELEVANT);
    Figures {
        ndcg: if ideal > 0.0 { gain(ranked.iter().map(grade)) / ideal } else { 0.0 },
        mrr: first.map_or(0.0, |place| 1.0 / (place + 1) as f64),
        recall: if all == 0 { 0.0 } else { relevant(&ranked[..ranked.len().min(DEPTH)]) as f64 / all as f64 },
    }
}

/// Discounted cumulative gain of the first ten grades.
fn gain(grades: impl Iterator<Item = i64>) -> f64 {
    let places = grades.take(SHORT).zip(2_u32..).filter(|&(grade, _)| grade > 0);
    // A sum of nothing would be -0.
    places.fold(0.0, |sum, (grade, place)| sum + grade as f64 / f64::from(place).log2())
}

/// How well a run ranks, over all judged queries.
#[must_use]
pub fn evaluate(run: &Run, judged: &Judgements) -> Evaluation {
    let none = Vec::new();
    let of = |(id, grades): (&String, &Grades)| QueryFigures {
        id: id.clone(),
        figures: figures(run.get(id).unwrap_or(&none), grades),
    };
    let per_query: Vec<QueryFigures> = judged.iter().map(of).collect();
    let count = per_query.len().max(1) as f64;
    let mean = |figure: fn(&Figures) -> f64| per_query.iter().map(|query| figure(&query.figures)).sum::<f64>() / count;
    Evaluation {
        queries: judged.len(),
        mean: Figures {
            ndcg: mean(|figures| figures.ndcg),
            mrr: mean(|figures| figures.mrr),
            recall: mean(|figures| figures.recall),
        },
        unjudged: run.keys().filter(|id| !judged.contains_key(*id)).cloned().collect(),
        missing: judged.keys().filter(|id| !run.contains_key(*id)).cloned().collect(),
        per_query,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grades(given: &[(&str, i64)]) -> Grades {
        given.iter().map(|&(id, grade)| (id.to_owned(), grade)).collect()
    }

    /// The three figures, to four decimals.
    fn told(ranked: &[&str], given: &[(&str, i64)]) -> String {
        let Figures { ndcg, mrr, recall } = figures(ranked, &grades(given));
        format!("{ndcg:.4} {mrr:.4} {recall:.4}")
    }

    #[test]
    fn figures_by_hand() {
        // 2/log2(2) + 1/log2(4) of 2/log2(2) + 1/log2(3) + 1/log2(4): 2.5 of 3.1309.
        let graded = [("a", 2), ("b", 1), ("c", 1), ("d", 0)];
        assert_eq!(told(&["a", "d", "b"], &graded), "0.7985 1.0000 0.6667");
        // 3/log2(3) of 3/log2(2): 1.8928 of 3.
        assert_eq!(told(&["x", "a"], &[("a", 3)]), "0.6309 0.5000 1.0000");
        // What is judged below 0 gains nothing, and takes nothing away.
        assert_eq!(told(&["n", "a"], &[("a", 1), ("n", -2)]), "0.6309 0.5000 1.0000");
        assert_eq!(told(&["n"], &[("n", -2)]), "0.0000 0.0000 0.0000");
        // Nothing relevant, nothing found.
        assert_eq!(told(&["a"], &[("a", 0)]), "0.0000 0.0000 0.0000");
        assert_eq!(told(&[], &[("a", 1)]), "0.0000 0.0000 0.0000");
    }

    #[test]
    fn figures_look_at_ten_and_at_a_hundred_places() {
        let other: Vec<String> = (0..120).map(|at| format!("x{at}")).collect();
        let with = |place: usize| {
            let mut ranked: Vec<&str> = other.iter().map(String::as_str).collect();
            ranked.insert(place - 1, "a");
            told(&ranked, &[("a", 1)])
        };
        // 1/log2(11).
        assert_eq!(with(10), "0.2891 0.1000 1.0000");
        assert_eq!((with(11), with(100)), ("0.0000 0.0000 1.0000".to_owned(), "0.0000 0.0000 1.0000".to_owned()));
        assert_eq!(with(101), "0.0000 0.0000 0.0000");
        // Of twelve that are relevant ten make the ideal.
        let many: Vec<(&str, i64)> = other[..12].iter().map(|id| (id.as_str(), 1)).collect();
        assert_eq!(told(&other.iter().map(String::as_str).collect::<Vec<_>>(), &many), "1.0000 1.0000 1.0000");
    }

    #[test]
    fn means_are_over_all_judged_queries() {
        let judged = read_judgements("q1 0 a 1\nq2 0 b 1\n\nq3\t0\tc\t-1\n".as_bytes()).unwrap();
        let run = read_run("q1 Q0 a 1 2.5 x\nq9 Q0 a 1 2.5 x\nq3 Q0 c 1 1 x\n".as_bytes()).unwrap();
        let found = evaluate(&run, &judged);
        assert_eq!((found.queries, found.per_query.len()), (3, 3));
        assert_eq!((found.unjudged, found.missing), (vec!["q9".to_owned()], vec!["q2".to_owned()]));
        assert!((found.mean.ndcg - 1.0 / 3.0).abs() < 1e-12 && (found.mean.recall - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn the_score_orders_a_run_and_ties_go_by_name_backwards() {
        let run = read_run(
            "q Q0 a 1 1.0 x\nq Q0 c 2 2.0 x\nq Q0 b 3 2.0 x\nq Q0 d 4 -inf x\nq Q0 e 5 16.0000001 x\nq Q0 f 6 16 x\n"
                .as_bytes(),
        );
        assert_eq!(run.unwrap()["q"], ["f", "e", "c", "b", "a", "d"]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let judged = |text: &[u8]| read_judgements(text).unwrap_err().to_string();
        assert_eq!(judged(b"q 0 a 1\nq 0 b\n"), "line 2: 3 columns, not 4");
        assert_eq!(judged(b"\nq 0 a 1.5\n"), "line 2: the grade “1.5” is not a whole number");
        assert_eq!(judged(b"q 0 a 1\nq 0 a 1\n"), "line 2: report “a” is judged twice for query “q”");
        assert_eq!(judged(b"q 0 \xe9 1\n"), "line 1: not UTF-8");
        assert_eq!((judged(b""), judged(b" \n")), ("it is empty".to_owned(), "it is empty".to_owned()));
        let run = |text: &str| read_run(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(run("q Q0 a 1 x x\n"), "line 1: the score “x” is not a number");
        assert_eq!(run("q Q0 a 1 NaN x\n"), "line 1: the score “NaN” is not a number");
        assert_eq!(run("q Q0 a 1 2\n"), "line 1: 5 columns, not 6");
        assert_eq!(run("q Q0 a 1 2 x\nq Q0 a 2 1 x\n"), "line 2: report “a” stands twice below query “q”");
    }

    proptest::proptest! {
        #[test]
        fn figures_are_between_0_and_1(
            ranked in proptest::collection::btree_set(0_u32..200, 0..150),
            given in proptest::collection::btree_map(0_u32..200, -2_i64..4, 0..50),
        ) {
            let ranked: Vec<String> = ranked.iter().map(u32::to_string).collect();
            let given = given.iter().map(|(id, &grade)| (id.to_string(), grade)).collect();
            let Figures { ndcg, mrr, recall } = figures(&ranked, &given);
            for figure in [ndcg, mrr, recall] {
                proptest::prop_assert!((0.0..=1.0 + 1e-9).contains(&figure));
            }
        }
    }
}
