//! `markdown`: passages quoted with their marks in bold, and each source as a footnote.
//!
//! Texts of reports are escaped, so that they read as they are. As in `text`, white space becomes one space,
//! paragraphs stay, and what would command a terminal or turn the order of the text is U+FFFD.

mod escape;
mod whole;

use std::io::{self, Write};

use chrono::{DateTime, Utc};

use super::asked::asked;
use super::counted;
use super::grid::{self, Grid};
use super::notes::{notes, reading, sum};
use super::terminal::Shown;
use super::text::{about, found, spans};
use super::{Context, Failure, Mode, Render};
use crate::hit::{Answer, Hit, Relaxed, Suggestion};
use crate::lang::Lang;
use escape::{line, link, quote};
pub use whole::markdown as whole;

/// The renderer.
pub(super) struct Markdown {
    mode: Mode,
    date: DateTime<Utc>,
    /// The language of all that is not a report's.
    lang: Lang,
    answers: usize,
    /// Footnotes that were written.
    footnotes: usize,
    /// What stands below all hits of the answer that was written last.
    below: Option<(Option<Relaxed>, Vec<Suggestion>)>,
}

impl Markdown {
    pub(super) fn new(mode: Mode, date: DateTime<Utc>, lang: Lang) -> Self {
        Self { mode, date, lang, answers: 0, footnotes: 0, below: None }
    }

    fn heading(&mut self, out: &mut dyn Write, id: Option<&str>, context: &Context<'_>) -> io::Result<()> {
        self.close(out)?;
        if self.answers > 0 {
            writeln!(out)?;
        }
        self.answers += 1;
        let every = self.lang.tell("(every report)");
        let query = if context.query.trim().is_empty() { &every } else { context.query };
        let id = id.filter(|_| self.mode == Mode::Batch).map(|id| format!("{id}: ")).unwrap_or_default();
        writeln!(out, "# {}\n", line(&format!("{id}{query}")))?;
        let mut told = vec![format!("vigie {}", env!("CARGO_PKG_VERSION")), self.date.format("%Y-%m-%d").to_string()];
        let asked = asked(context.request, self.lang).into_iter();
        told.extend(asked.map(|(name, value)| labelled(name, &value, self.lang)));
        writeln!(out, "{}\n", line(&told.join(" · ")))
    }

    fn hit(&mut self, out: &mut dyn Write, hit: &Hit) -> io::Result<()> {
        let title = hit.report.title.as_deref().filter(|title| !title.trim().is_empty());
        let marks = if title.is_some() { spans(&hit.title_marks) } else { Vec::new() };
        let title = Shown::new(title.unwrap_or(&hit.report.id), 0, &marks).on_one_line();
        writeln!(out, "## {}. {}\n", hit.rank, escape::inline(&title, 0..title.text.len()))?;
        let about = about(hit, self.lang);
        if !about.is_empty() {
            writeln!(out, "{}\n", line(&about))?;
        }
        self.footnotes += 1;
        let note = self.footnotes;
        let text = Shown::new(&hit.passage.text, hit.passage.start, &spans(&hit.marks));
        writeln!(out, "{}[^{note}]\n", quote(&text))?;
        if let Some(why) = &hit.explanation {
            writeln!(out, "{}\n", line(&self.lang.tell(format!("score {}", sum(hit.score, why)))))?;
        }
        let more = hit.passages_in_report.saturating_sub(1);
        if more > 0 {
            let told = format!("+{} in this report", counted(more as u64, "more passage"));
            writeln!(out, "{}\n", line(&self.lang.tell(told)))?;
        }
        let url = hit.report.url.as_deref().map(link).unwrap_or_default();
        writeln!(out, "[^{note}]: {}{url}\n", line(&hit.cite))
    }

    /// Writes what stands below all hits of an answer.
    fn close(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let (relaxed, suggestions) = self.below.take().unwrap_or_default();
        if let Some(relaxed) = relaxed {
            let heading = format!("Some of the words: {}, none with all of them", counted(relaxed.total, "report"));
            writeln!(out, "# {}\n", self.lang.tell(heading))?;
            self.hits(out, &relaxed.hits)?;
        }
        let other = |other: &Suggestion| format!("« {} » finds {}", other.query, counted(other.total, "report"));
        list(out, &suggestions.iter().map(other).collect::<Vec<_>>(), self.lang)
    }

    fn hits(&mut self, out: &mut dyn Write, hits: &[Hit]) -> io::Result<()> {
        hits.iter().try_for_each(|hit| self.hit(out, hit))
    }
}

impl Render for Markdown {
    fn answer(&mut self, out: &mut dyn Write, context: &Context<'_>, answer: &Answer) -> io::Result<()> {
        self.heading(out, answer.id.as_deref(), context)?;
        let lang = self.lang;
        writeln!(out, "**{}**\n", lang.tell(found("", answer.total)))?;
        let mut told = notes(&answer.expanded, &answer.warnings, true);
        if let Some(resolved) = &answer.resolved {
            told.insert(0, format!("read as: {}", reading(resolved)));
        }
        list(out, &told, lang)?;
        for (kind, counts) in answer.facets.iter().flatten() {
            table(out, &grid::facet(*kind, counts), lang)?;
        }
        if let Some(buckets) = &answer.timeline {
            table(out, &grid::timeline(context.request, buckets), lang)?;
        }
        self.hits(out, &answer.hits)?;
        self.below = Some((answer.relaxed.clone(), answer.suggestions.clone()));
        Ok(())
    }

    fn more(&mut self, out: &mut dyn Write, _context: &Context<'_>, hits: &[Hit]) -> io::Result<()> {
        self.hits(out, hits)
    }

    fn failure(&mut self, out: &mut dyn Write, context: &Context<'_>, failure: &Failure) -> io::Result<()> {
        self.heading(out, failure.id.as_deref(), context)?;
        let (none, why) = (self.lang.tell("No answer:"), self.lang.tell(failure.error.message.as_str()));
        writeln!(out, "**{none}** {}\n", line(&why))?;
        list(out, &failure.error.hint.iter().map(|hint| format!("hint: {hint}")).collect::<Vec<_>>(), self.lang)
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.close(out)
    }
}

/// A name, told in a language, and its value.
fn labelled(name: &str, value: &str, lang: Lang) -> String {
    format!("{}{}{value}", lang.tell(name), lang.colon())
}

/// Writes sentences, one a bullet.
fn list(out: &mut dyn Write, told: &[String], lang: Lang) -> io::Result<()> {
    told.iter().try_for_each(|told| writeln!(out, "- {}", line(&lang.tell(told.as_str()))))?;
    if told.is_empty() { Ok(()) } else { writeln!(out) }
}

/// Writes counts as a table, its numbers to the right, and what is told below it.
fn table(out: &mut dyn Write, grid: &Grid, lang: Lang) -> io::Result<()> {
    if !grid.rows.is_empty() {
        let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        writeln!(out, "{}", row(grid.heads.iter().map(|head| line(&lang.tell(head.as_str()))).collect()))?;
        let sides = (0..grid.heads.len()).map(|at| if at > 0 { "--:" } else { ":--" }.to_owned());
        writeln!(out, "{}", row(sides.collect()))?;
        for (label, numbers) in &grid.rows {
            let cells = std::iter::once(line(&lang.tell(label.as_str()))).chain(numbers.iter().map(u64::to_string));
            writeln!(out, "{}", row(cells.collect()))?;
        }
        writeln!(out)?;
    }
    list(out, &grid.notes, lang)
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::super::samples::{answer, any_answer, failure, fruitless, hit, run, written};
    use super::super::{Format, Style};
    use super::*;

    /// What a reader of Markdown sees: the texts of quotes, how often something in them is bold, and footnotes.
    #[derive(Debug, Default, PartialEq)]
    struct Seen {
        quotes: Vec<String>,
        bold: usize,
        footnotes: Vec<String>,
        others: Vec<String>,
    }

    fn seen(markdown: &str) -> Seen {
        let mut seen = Seen::default();
        let (mut quoted, mut noted, mut paragraph) = (false, false, false);
        for event in Parser::new_ext(
            markdown,
            Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES,
        ) {
            let mut add = |text: &str| match (quoted, noted) {
                (true, _) => seen.quotes.last_mut().unwrap().push_str(text),
                (_, true) => seen.footnotes.last_mut().unwrap().push_str(text),
                _ => {}
            };
            match event {
                Event::Start(Tag::BlockQuote(_)) => {
                    seen.quotes.push(String::new());
                    (quoted, paragraph) = (true, false);
                }
                Event::End(TagEnd::BlockQuote(_)) => (quoted, paragraph) = (false, false),
                Event::Start(Tag::FootnoteDefinition(_)) => {
                    seen.footnotes.push(String::new());
                    noted = true;
                }
                Event::End(TagEnd::FootnoteDefinition) => noted = false,
                Event::Start(Tag::Paragraph) => {
                    if paragraph {
                        add("\n");
                    }
                    paragraph = quoted;
                }
                Event::Text(text) => add(&text),
                Event::SoftBreak => add(" "),
                Event::Start(Tag::Strong) if quoted => seen.bold += 1,
                Event::End(_) | Event::FootnoteReference(_) => {}
                Event::Start(Tag::Strong | Tag::Heading { .. } | Tag::List(_) | Tag::Item) if !quoted && !noted => {}
                Event::Start(Tag::Link { .. }) if noted => {}
                other => seen.others.push(format!("{other:?}")),
            }
        }
        seen
    }

    #[test]
    fn passages_are_quoted_and_sources_are_footnotes() {
        let mut answer = answer();
        answer.hits[1].report.url = Some("https://exemple.invalid/bilan_1".to_owned());
        let text = written(Format::Markdown, Style::default(), "embuscade *", &answer);
        insta::assert_snapshot!(text.replace(env!("CARGO_PKG_VERSION"), "0.0.0"), @r"
        # embuscade \*

        vigie 0.0.0 · 1970-01-01

        **12 reports**

        - “le” was dropped

        ## 1. Embuscade meurtrière contre un convoi près de Bankass

        Échantillon A · 2025-01-08 · JNIM, FAMa · Diallassagou

        > Des hommes armés ont tendu une **embuscade** à un convoi de l'armée malienne, jeudi, sur la route qui relie **Bankass** à Diallassagou. Selon une source locale, « quatre militaires ont été tués » et deux véhicules incendiés. Le Groupe de soutien à l'islam et aux musulmans a revendiqué l'**embuscade** le lendemain. Les villages des environs se sont vidés de leurs habitants, qui ont gagné **Bankass** à pied ou en charrette. L'armée n'a pas encore communiqué de bilan. Une délégation des autorités régionales est attendue sur place dans les prochains jours, d'après le gouvernorat de Bandiagara, qui appelle les populations au calme et à la vigilance.[^1]

        \+2 more passages in this report

        [^1]: Échantillon A, « Embuscade meurtrière contre un convoi près de Bankass », 2025-01-09, corpus/2025/depeche-1.txt#3, octets 812-1472, b3:3661381376ea

        ## 2. Bilan de la semaine

        Échantillon A · published 2025-01-09

        > Bilan
        >
        > Trois civils ont été tués dans l'**embuscade** ; les FAMa évoquent une attaque « complexe ».[^2]

        [^2]: Échantillon A, « Bilan de la semaine », 2025-01-09, corpus/2025/depeche-2.txt#3, octets 812-913, b3:26181202f48a, <https://exemple.invalid/bilan_1>
        ");
    }

    #[test]
    fn what_has_no_answer_is_told() {
        let answer = Answer { id: Some("q1".to_owned()), ..answer() };
        let text = run(
            Format::Markdown,
            Style::default(),
            Mode::Batch,
            "q",
            &[Ok(&answer), Err(&failure()), Ok(&fruitless())],
        );
        assert_eq!(text.lines().filter(|line| line.starts_with("# ")).count(), 4);
        assert!(text.contains("**No answer:** the quote is never closed"));
        assert_eq!(seen(&text).footnotes.len(), 4);
    }

    #[test]
    fn signs_of_a_report_are_no_markup() {
        let text = "# Titre *gras* _x_ [a](b) <b>&amp;</b> `c` ~~d~~ | e\n\n1. un\n\n- deux\n\n+ trois\n\n=====\n\n    code\n\n> quatre\n\n\
            12) cinq\n\n--- \\* ![i](j) [^1] https://exemple.invalid [ref]: x";
        let mut hit = hit(1, "*a* #1", text, &["gras"]);
        hit.cite = "1. *a* [b] <c>, octets 1-2".to_owned();
        let text =
            written(Format::Markdown, Style::default(), "1. *a*", &Answer { hits: vec![hit.clone()], ..answer() });
        let found = seen(&text);
        let want = Shown::new(&hit.passage.text, 0, &[]).text;
        assert_eq!((found.quotes, found.footnotes), (vec![want], vec![hit.cite]));
        assert_eq!((found.bold, found.others), (1, Vec::new()));
    }

    /// What a format writes of an answer whose hits come one by one.
    fn in_parts(format: Format, answer: &Answer) -> String {
        let mut out = Vec::new();
        let request = serde_json::json!({ "query": "q" });
        let context = Context { query: "q", request: &request, command: None };
        let mut renderer = format.renderer(Style::default(), Mode::Single);
        renderer.begin(&mut out).unwrap();
        let (first, more) = answer.hits.split_at(answer.hits.len().min(1));
        renderer.answer(&mut out, &context, &Answer { hits: first.to_vec(), ..answer.clone() }).unwrap();
        more.chunks(1).for_each(|hits| renderer.more(&mut out, &context, hits).unwrap());
        renderer.end(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    proptest::proptest! {
        #[test]
        fn an_answer_in_parts_is_written_as_a_whole_one(answer in any_answer()) {
            for format in [Format::Csv, Format::Tsv, Format::Html, Format::Markdown] {
                let whole = written(format, Style::default(), "q", &answer);
                proptest::prop_assert_eq!(in_parts(format, &answer), whole, "{:?}", format);
            }
        }

        #[test]
        fn texts_read_as_they_are(answer in any_answer()) {
            let answer = Answer { relaxed: None, ..answer };
            let found = seen(&written(Format::Markdown, Style::default(), "q", &answer));
            let shown = |hit: &Hit| Shown::new(&hit.passage.text, hit.passage.start, &spans(&hit.marks));
            let texts: Vec<String> = answer.hits.iter().map(|hit| shown(hit).text).collect();
            proptest::prop_assert_eq!(found.quotes, texts);
            proptest::prop_assert_eq!(found.others, Vec::<String>::new());
        }

        #[test]
        fn signs_read_as_they_are(text in "[-*_#<>`~|=+!.)&; 0-9a\\[\\]()\\\\\n«é:/^$\"]{0,40}", start in 0_usize..40, len in 0_usize..9) {
            let mut hit = hit(1, "a", &text, &[]);
            let start = hit.passage.start + start;
            hit.marks = vec![crate::hit::Mark { start, end: start + len, term: String::new() }];
            let shown = Shown::new(&text, hit.passage.start, &spans(&hit.marks));
            let found = seen(&written(Format::Markdown, Style::default(), "q", &Answer { hits: vec![hit], ..answer() }));
            proptest::prop_assert_eq!(found.quotes, vec![shown.text]);
            proptest::prop_assert_eq!(found.others, Vec::<String>::new());
        }
    }
}
