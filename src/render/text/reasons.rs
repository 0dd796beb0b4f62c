//! What `--explain` shows: how the query was read, down to the terms of the index, and what each score is made of.

use std::io::{self, Write};

use super::{INDENT, Text};
use crate::hit::{Explanation, Resolved, ResolvedTerm};
use crate::render::notes::reading;
use crate::render::terminal::{BOLD, PLAIN, Shown, columns, verbatim};

/// The widest column of words; a longer one stands on a line of its own.
const WORDS: usize = 20;
/// The widest label of a part of a score.
const LABEL: usize = "  passage".len();

/// A line of the table of terms.
#[derive(Default)]
struct Row {
    word: String,
    weight: String,
    reports: String,
    term: String,
}

impl Row {
    /// A word of which there is nothing to tell but this.
    fn word(word: &str, remark: &str) -> Self {
        Self { word: word.to_owned(), term: remark.to_owned(), ..Self::default() }
    }
}

impl Text {
    /// The query as it was read, and a table of the terms that each word is looked for by; after a blank line.
    pub(super) fn reading(&self, out: &mut dyn Write, resolved: &Resolved) -> io::Result<()> {
        writeln!(out)?;
        let query = reading(resolved);
        let query = if resolved.query.trim().is_empty() { self.tell(query) } else { query.into() };
        self.block(out, &self.tell("read as: "), &Shown::line(&query), PLAIN)?;
        let mut rows = Vec::new();
        for word in &resolved.words {
            let name = Shown::line(&word.term).text;
            for (at, term) in word.finds.iter().enumerate() {
                rows.push(self.term(if at == 0 { &name } else { "" }, term));
            }
            if word.finds.is_empty() {
                rows.push(Row::word(&name, &self.tell("(nothing in the index)")));
            }
        }
        let dropped = self.tell("(left out: too common)");
        rows.extend(resolved.dropped.iter().map(|word| Row::word(&Shown::line(word).text, &dropped)));
        if rows.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        self.table(out, &rows)
    }

    fn term(&self, word: &str, term: &ResolvedTerm) -> Row {
        let nothing = || self.tell("(nothing in the index)").into_owned();
        Row {
            word: word.to_owned(),
            weight: self.decimal(term.weight),
            reports: term.reports.to_string(),
            term: if term.term.is_empty() { nothing() } else { self.tell(verbatim(&term.term)).into_owned() },
        }
    }

    fn table(&self, out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
        let head = ["word", "weight", "reports", "term"].map(|name| self.tell(name).into_owned());
        let [word, weight, reports, term] = head;
        let head = Row { word, weight, reports, term };
        let fits = |width: &usize| *width <= WORDS.min(self.style.width / 4);
        let widest = |of: fn(&Row) -> &String| rows.iter().chain([&head]).map(move |row| columns(of(row)));
        let word = widest(|row| &row.word).filter(fits).max().unwrap_or(0);
        let weight = widest(|row| &row.weight).max().unwrap_or(0);
        let reports = widest(|row| &row.reports).max().unwrap_or(0);
        for (at, row) in [&head].into_iter().chain(rows).enumerate() {
            let style = if at == 0 { BOLD } else { PLAIN };
            let mut label = row.word.as_str();
            if columns(label) > word {
                self.block(out, "", &Shown::line(label), style)?;
                label = "";
            }
            let label = format!("{label}{:pad$}", "", pad = word - columns(label));
            let mut prefix = format!("{label}  {:>weight$}  {:>reports$}  ", row.weight, row.reports);
            for line in broken(&row.term, self.room(&prefix)) {
                self.paint(out, style, &format!("{prefix}{line}"))?;
                writeln!(out)?;
                prefix = " ".repeat(columns(&prefix));
            }
        }
        Ok(())
    }

    /// A number with two decimals.
    fn decimal(&self, number: f32) -> String {
        self.style.lang.decimal(format!("{number:.2}"))
    }

    /// A score, its parts below it, and beside that of the report what each word adds to it.
    pub(super) fn score(&self, out: &mut dyn Write, score: f32, explanation: &Explanation) -> io::Result<()> {
        let Explanation { report, lead, pairs, passage, words } = explanation;
        let row = |label: &str, part: f32| {
            let name = label.trim_start();
            let label = format!("{}{}", &label[..label.len() - name.len()], self.tell(name));
            format!("{INDENT}{label:<LABEL$}  {:>8}", self.decimal(part))
        };
        writeln!(out, "{}", row("score", score))?;
        let mut before = row("  report", *report);
        if words.is_empty() {
            writeln!(out, "{before}")?;
        }
        for share in words {
            let prefix = format!("{before}  {:>6} ", self.decimal(share.score));
            let term = Shown::line(&share.term);
            self.block(
                out,
                &prefix,
                &if term.text.is_empty() { Shown::line(&self.tell("(no word)")) } else { term },
                PLAIN,
            )?;
            before = " ".repeat(columns(&before));
        }
        for (label, part) in [("  lead", lead), ("  pairs", pairs), ("  passage", passage)] {
            writeln!(out, "{}", row(label, *part))?;
        }
        Ok(())
    }
}

/// The lines of a term, broken after its spaces and bars.
fn broken(term: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for part in term.split_inclusive(['|', ' ']) {
        match lines.last_mut() {
            Some(line) if line.is_empty() || columns(line) + columns(part.trim_end()) <= width => line.push_str(part),
            _ => lines.push(part.to_owned()),
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hit::Answer;
    use crate::render::samples::{explained, written};
    use crate::render::{Format, Style};

    #[test]
    fn the_reading_and_the_scores_at_80_columns() {
        insta::assert_snapshot!(written(Format::Text, Style::default(), "q", &explained()), @r#"
    2. Bilan de la semaine
       Échantillon A · published 2025-01-09
       Bilan
       Trois civils ont été tués dans l'embuscade ; les FAMa évoquent une attaque
       « complexe ».
       corpus/2025/depeche-2.txt#3
       score          2.75
         report       1.50    1.25 embuscade
                              0.25 Bankass
         lead         0.50
         pairs        0.25
         passage      0.50

    1 report (hit 2)

    read as: (embuscade OU djihad*) "groupe de soutien à l'islam"

    word       weight  reports  term
    embuscade    1.00       12  ~embuscad
                 1.00        7  embuscade
    djihad*      0.60     1234  djihad|djihadisme|djihadiste|djihadistes|djihadiser|
                                djihadologue|… 3 more
    groupe de soutien à l'islam
                 1.00        3  groupe de soutien a l islam
    zanzibar*    1.00        0  (nothing in the index)
    de                          (left out: too common)

    note: “le” was dropped
    "#);
    }

    #[test]
    fn the_reading_and_the_scores_at_40_columns() {
        let narrow = Style { color: false, width: 40, ..Style::default() };
        insta::assert_snapshot!(written(Format::Text, narrow, "q", &explained()), @r#"
    2. Bilan de la semaine
       Échantillon A · published 2025-01-09
       Bilan
       Trois civils ont été tués dans
       l'embuscade ; les FAMa évoquent une
       attaque « complexe ».
       corpus/2025/depeche-2.txt#3
       score          2.75
         report       1.50    1.25 embuscade
                              0.25 Bankass
         lead         0.50
         pairs        0.25
         passage      0.50

    1 report (hit 2)

    read as: (embuscade OU djihad*) "groupe
             de soutien à l'islam"

    word       weight  reports  term
    embuscade    1.00       12  ~embuscad
                 1.00        7  embuscade
    djihad*      0.60     1234  djihad|
                                djihadisme|
                                djihadiste|
                                djihadistes|
                                djihadiser|
                                djihadologue|… 3
                                more
    groupe de soutien à l'islam
                 1.00        3  groupe de
                                soutien a l
                                islam
    zanzibar*    1.00        0  (nothing in the
                                index)
    de                          (left out: too
                                common)

    note: “le” was dropped
    "#);
    }

    #[test]
    fn a_query_without_words_asks_for_everything() {
        let answer = Answer { resolved: Some(Resolved::default()), ..Answer::default() };
        insta::assert_snapshot!(written(Format::Text, Style::default(), "", &answer), @r"
    no report answers

    read as: everything
    ");
    }

    #[test]
    fn a_score_without_words_has_its_parts_all_the_same() {
        let mut answer = explained();
        answer.resolved = None;
        answer.hits[0].explanation = Some(Explanation::default());
        let text = written(Format::Text, Style::default(), "", &answer);
        assert!(text.contains("     report       0.00\n     lead         0.00\n"), "{text}");
    }

    #[test]
    fn terms_break_after_bars_and_spaces() {
        for (term, width, want) in [
            ("", 5, &[""][..]),
            ("~attaqu", 3, &["~attaqu"]),
            ("djihad|djihadiste|djihadistes", 18, &["djihad|djihadiste|", "djihadistes"]),
            ("forces armees", 6, &["forces", "armees"]),
            ("forces armees", 13, &["forces armees"]),
            ("a|b c|d", 4, &["a|b", "c|d"]),
        ] {
            assert_eq!(broken(term, width), want, "{term} at {width}");
        }
    }
}
