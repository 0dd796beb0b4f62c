//! What is shown where nothing answers: hits of a laxer query, set apart so that nobody takes them for answers, and
//! other queries.

use std::collections::HashSet;
use std::io::{self, Write};

use super::{Look, Text};
use crate::hit::{Answer, Relaxed, Suggestion};
use crate::render::terminal::{DIM, PLAIN, Shown};
use crate::render::{Context, Style, counted};

/// What every line of such hits begins with.
const BAR: &str = "│ ";
/// How they look: numbers in brackets, titles as plain as the rest, passages short.
const RELAXED: Look = Look { number: ["(", ")"], title: PLAIN, passage: DIM, mark: DIM.underline(), lines: 3 };
/// How many are shown. They are there to tell what to ask for, not to be read.
const SHOWN: usize = 5;

impl Text {
    /// Writes what an answer offers where it has no hits, each part after a blank line.
    pub(super) fn remedies(&self, out: &mut dyn Write, context: &Context<'_>, answer: &Answer) -> io::Result<()> {
        if let Some(relaxed) = &answer.relaxed {
            writeln!(out)?;
            self.relaxed(out, relaxed)?;
        }
        if !answer.suggestions.is_empty() {
            writeln!(out)?;
            self.suggestions(out, context, &answer.suggestions)?;
        }
        Ok(())
    }

    fn relaxed(&self, out: &mut dyn Write, relaxed: &Relaxed) -> io::Result<()> {
        let found = counted(relaxed.total, "report");
        let none = if relaxed.total == 1 { "not with all of them" } else { "none with all of them" };
        let heading = format!("some of the words: {found}, {none}");
        self.block(out, "", &Shown::line(&self.tell(heading)), PLAIN)?;
        let width = self.style.width.saturating_sub(BAR.chars().count());
        let style = Style { width, ..self.style };
        let inner = Self { style, look: RELAXED, mode: self.mode, answers: self.answers, below: None };
        let mut lines = Vec::new();
        for (at, hit) in relaxed.hits.iter().take(SHOWN).enumerate() {
            if at > 0 {
                lines.push(b'\n');
            }
            inner.hit(&mut lines, hit)?;
        }
        let shown: HashSet<&str> = relaxed.hits.iter().take(SHOWN).map(|hit| hit.report.id.as_str()).collect();
        let beyond = relaxed.total.saturating_sub(shown.len() as u64);
        if beyond > 0 {
            let more = format!("… {} with --match any", counted(beyond, "more report"));
            inner.block(&mut lines, "", &Shown::line(&self.tell(more)), DIM)?;
        }
        for line in lines.split_inclusive(|&byte| byte == b'\n') {
            self.paint(out, DIM, if line == b"\n" { BAR.trim_end() } else { BAR })?;
            out.write_all(line)?;
        }
        Ok(())
    }

    /// Queries that find something, each on one line however long, so that it can be copied.
    fn suggestions(&self, out: &mut dyn Write, context: &Context<'_>, others: &[Suggestion]) -> io::Result<()> {
        self.block(out, "", &Shown::line(&self.tell("other queries that find something:")), PLAIN)?;
        let counts: Vec<String> =
            others.iter().map(|other| self.tell(counted(other.total, "report")).into_owned()).collect();
        let width = counts.iter().map(String::len).max().unwrap_or(0);
        for (count, other) in counts.iter().zip(others) {
            self.paint(out, DIM, &format!("  {count:>width$}  "))?;
            writeln!(out, "{}", context.asking(&other.query))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples::{fruitless, hit, run, written};
    use crate::render::terminal::columns;
    use crate::render::{Format, Mode};

    fn text(style: Style, answer: &Answer) -> String {
        written(Format::Text, style, "embuscade Bankass", answer)
    }

    #[test]
    fn what_does_not_answer_is_set_apart() {
        insta::assert_snapshot!(text(Style::default(), &fruitless()), @r#"
    no report answers “embuscade Bankass”

    some of the words: 3 reports, none with all of them
    │ (1) Embuscade meurtrière contre un convoi près de Bankass
    │    Échantillon A · 2025-01-08 · JNIM, FAMa · Diallassagou
    │    … Le Groupe de soutien à l'islam et aux musulmans a revendiqué l'embuscade
    │    le lendemain. Les villages des environs se sont vidés de leurs habitants,
    │    qui ont gagné Bankass à pied ou en charrette. …
    │    corpus/2025/depeche-1.txt#3 · +2 more passages in this report
    │
    │ (2) Bilan de la semaine
    │    Échantillon A · published 2025-01-09
    │    Bilan
    │    Trois civils ont été tués dans l'embuscade ; les FAMa évoquent une attaque
    │    « complexe ».
    │    corpus/2025/depeche-2.txt#3
    │ … 1 more report with --match any

    other queries that find something:
      12 reports  vigie search --group=JNIM "l'embuscade Bankass"
        1 report  vigie search --group=JNIM -- '-"Bankas"'
    "#);
    }

    #[test]
    fn in_colour_its_titles_are_not_those_of_answers() {
        let mut answer = fruitless();
        let relaxed = answer.relaxed.as_mut().unwrap();
        relaxed.hits.remove(0);
        relaxed.total = 1;
        let text = text(Style { color: true, width: 80, ..Style::default() }, &answer).replace('\u{1b}', "␛");
        insta::assert_snapshot!(text, @r#"
    no report answers “embuscade Bankass”

    some of the words: 1 report, not with all of them
    ␛[2m│ ␛[0m(2) Bilan de la semaine
    ␛[2m│ ␛[0m   ␛[2mÉchantillon A · published 2025-01-09␛[0m
    ␛[2m│ ␛[0m   ␛[2mBilan␛[0m
    ␛[2m│ ␛[0m   ␛[2mTrois civils ont été tués dans l'␛[0m␛[2m␛[4membuscade␛[0m␛[2m ; les FAMa évoquent une attaque␛[0m
    ␛[2m│ ␛[0m   ␛[2m« complexe ».␛[0m
    ␛[2m│ ␛[0m   ␛[2mcorpus/2025/depeche-2.txt#3␛[0m

    other queries that find something:
    ␛[2m  12 reports  ␛[0mvigie search --group=JNIM "l'embuscade Bankass"
    ␛[2m    1 report  ␛[0mvigie search --group=JNIM -- '-"Bankas"'
    "#);
    }

    #[test]
    fn a_few_of_many_are_shown_and_the_others_counted() {
        let mut answer = fruitless();
        let relaxed = answer.relaxed.as_mut().unwrap();
        relaxed.hits = (1..=8).map(|rank| hit(rank, "Titre", "Une embuscade.", &["embuscade"])).collect();
        // Two passages of one report count once.
        relaxed.hits[1].report = relaxed.hits[0].report.clone();
        relaxed.total = 40;
        let text = text(Style::default(), &answer);
        let numbers: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("│ (")?.split(')').next()).collect();
        assert_eq!(numbers, ["1", "2", "3", "4", "5"]);
        assert!(text.contains("\n│ … 36 more reports with --match any\n\n"), "{text}");
    }

    #[test]
    fn in_a_batch_other_queries_stand_alone() {
        let text = run(Format::Text, Style::default(), Mode::Batch, "q", &[Ok(&fruitless())]);
        assert!(text.contains("\n  12 reports  l'embuscade Bankass\n    1 report  -\"Bankas\"\n"), "{text}");
    }

    #[test]
    fn lines_fit_and_hits_are_behind_the_bar() {
        for width in [40, 80, 120] {
            let text = text(Style { color: false, width, ..Style::default() }, &fruitless());
            let relaxed: Vec<&str> = text.lines().filter(|line| line.starts_with('│')).collect();
            assert!(relaxed.len() > 8 && relaxed.iter().all(|line| columns(line) <= width), "{text}");
            assert!(!text.lines().any(|line| line.starts_with("1. ")), "{text}");
        }
    }
}
