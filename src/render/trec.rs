//! `trec`: runs as `trec_eval` reads them, six columns: `qid Q0 report rank score vigie`.
//!
//! - One line a report: of several passages of a report the first stands, and ranks count the lines.
//! - `trec_eval` orders by score, not by rank, so scores strictly decrease: where a score is not below the one before
//!   (a tie, or hits sorted by date), it is written as the one before less a millionth, or as much as the 32 bits that
//!   `trec_eval` keeps of a score can tell apart.
//! - White space, control characters and `%` in ids are percent-encoded ([`column`]), so that different ids stay
//!   different.
//! - A request without an id is query `1`. Failures, warnings and what else is told of an answer have no
//!   place here and are the caller's to tell.

use std::collections::HashSet;
use std::io::{self, Write};

use super::{Context, Failure, Render};
use crate::hit::{Answer, Hit};

/// The least difference that six decimals show.
const STEP: f64 = 0.000_001;
/// The least share of a score that 32 bits show for certain.
const SHARE: f64 = 2.0 * f32::EPSILON as f64;
/// Scores beyond this have no room for six decimals in a double.
const LIMIT: f64 = 1e9;

/// The renderer.
#[derive(Default)]
pub(super) struct Trec {
    /// The id of the request, as a column.
    query: String,
    /// The rank of the last line.
    rank: usize,
    /// What the next score must not be above.
    ceiling: f64,
    /// Reports that have a line, where several hits may be of one: hashes, for there may be many.
    seen: HashSet<[u8; blake3::OUT_LEN]>,
}

impl Render for Trec {
    fn answer(&mut self, out: &mut dyn Write, context: &Context<'_>, answer: &Answer) -> io::Result<()> {
        let rank = answer.hits.first().map_or(0, |hit| hit.rank.saturating_sub(1));
        let query = column(answer.id.as_deref().unwrap_or("1"));
        *self = Self { query, rank, ceiling: LIMIT, seen: HashSet::new() };
        self.more(out, context, &answer.hits)
    }

    fn more(&mut self, out: &mut dyn Write, context: &Context<'_>, hits: &[Hit]) -> io::Result<()> {
        let once = context.request["collapse"] == "report";
        for hit in hits {
            if !once && !self.seen.insert(*blake3::hash(hit.report.id.as_bytes()).as_bytes()) {
                continue;
            }
            self.rank += 1;
            // `max` takes the limit where the score is no number.
            let score = (f64::from(hit.score) / STEP).round() * STEP;
            let score = score.max(-LIMIT).min(self.ceiling);
            let step = STEP.max((score.abs() * SHARE / STEP).ceil() * STEP);
            self.ceiling = score - step;
            writeln!(out, "{} Q0 {} {} {score:.6} vigie", self.query, column(&hit.report.id), self.rank)?;
        }
        Ok(())
    }

    fn failure(&mut self, _out: &mut dyn Write, _context: &Context<'_>, _failure: &Failure) -> io::Result<()> {
        Ok(())
    }
}

/// An id as a column: white space, control characters, the byte order mark and `%` as the bytes of their UTF-8, `%` and
/// two hexadecimal digits in upper case each, as in addresses; an empty id as a lone `%`. One-to-one: no two ids give the
/// same column.
pub(crate) fn column(id: &str) -> String {
    if id.is_empty() {
        return "%".to_owned();
    }
    let mut column = String::with_capacity(id.len());
    for c in id.chars() {
        if c.is_whitespace() || c.is_control() || matches!(c, '%' | '\u{feff}') {
            let mut bytes = [0; 4];
            column.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        } else {
            column.push(c);
        }
    }
    column
}

#[cfg(test)]
mod tests {
    use super::super::samples::{answer, any_answer, failure, fruitless, hit, run, written};
    use super::super::{Format, Mode, Style};
    use super::column;
    use crate::hit::Answer;

    fn trec(answer: &Answer) -> String {
        written(Format::Trec, Style::default(), "q", answer)
    }

    #[test]
    fn six_columns_a_report() {
        insta::assert_snapshot!(trec(&answer()), @r"
        1 Q0 2025/depeche-1.txt 1 4.125000 vigie
        1 Q0 2025/depeche-2.txt 2 2.750000 vigie
        ");
    }

    #[test]
    fn ties_repeated_reports_and_odd_ids_keep_the_order() {
        let mut hits: Vec<_> = (11..=14).map(|rank| hit(rank, "", "", &[])).collect();
        hits[1].report.id = hits[0].report.id.clone();
        hits[2].report.id = "dossier été\t1".to_owned();
        hits[2].score = hits[0].score;
        hits[3].report.id = String::new();
        hits[3].score = 99.0;
        insta::assert_snapshot!(trec(&Answer { id: Some("q 1".to_owned()), hits, ..answer() }), @r"
        q%201 Q0 2025/depeche-11.txt 11 0.687500 vigie
        q%201 Q0 dossier%20été%091 12 0.687499 vigie
        q%201 Q0 % 13 0.687498 vigie
        ");
    }

    #[test]
    fn what_does_not_answer_leaves_no_line() {
        assert_eq!(trec(&fruitless()), "");
        assert_eq!(run(Format::Trec, Style::default(), Mode::Batch, "q", &[Err(&failure())]), "");
    }

    /// The id of a column.
    fn decoded(column: &str) -> String {
        let (mut bytes, mut rest) = (Vec::new(), column.as_bytes());
        while let [first, more @ ..] = rest {
            let coded = (*first == b'%' && more.len() >= 2).then(|| std::str::from_utf8(&more[..2]).unwrap());
            bytes.push(coded.map_or(*first, |digits| u8::from_str_radix(digits, 16).unwrap()));
            rest = if coded.is_some() { &more[2..] } else { more };
        }
        if column == "%" { String::new() } else { String::from_utf8(bytes).unwrap() }
    }

    proptest::proptest! {
        #[test]
        fn a_column_is_one_word_that_gives_the_id_back(id in "(\\PC|[ %\t\n\u{85}\u{a0}\u{feff}_0-9A-F]){0,12}") {
            let column = column(&id);
            proptest::prop_assert_eq!(column.split_whitespace().collect::<Vec<_>>(), [column.as_str()]);
            proptest::prop_assert_eq!(decoded(&column), id);
        }

        #[test]
        fn every_line_has_six_columns_and_scores_decrease(answer in any_answer()) {
            let text = trec(&answer);
            let mut last = f32::INFINITY;
            for line in text.split_terminator('\n') {
                let columns: Vec<&str> = line.split_whitespace().collect();
                proptest::prop_assert_eq!(columns.len(), 6);
                // As `trec_eval` reads it.
                let score: f32 = columns[4].parse().unwrap();
                proptest::prop_assert!(score < last);
                last = score;
            }
        }
    }
}
