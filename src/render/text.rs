//! `text`: for people at a terminal. Colour only where the style asks for it, so that pipes get clean text.

use std::io::{self, Write};

use anstyle::{AnsiColor, Effects};

use super::terminal::{Shown, columns, verbatim};
use super::{Context, Failure, Mode, Render, Style};
use crate::hit::{Answer, Hit, Span};

const PLAIN: anstyle::Style = anstyle::Style::new();
const BOLD: anstyle::Style = PLAIN.bold();
const DIM: anstyle::Style = PLAIN.effects(Effects::DIMMED);
/// Red is read on dark and on light backgrounds, as yellow is not.
const MARK: anstyle::Style = AnsiColor::Red.on_default().bold();

/// What a hit's lines are indented by.
const INDENT: &str = "   ";
/// A passage of at most so many lines is shown whole, a taller one by its fragment.
const LINES: usize = 8;
/// Values of a facet that are named before the rest is counted.
const NAMES: usize = 4;
/// Columns that text gets even where the terminal has fewer.
const NARROWEST: usize = 16;

/// The renderer.
pub(super) struct Text {
    style: Style,
    mode: Mode,
    answers: usize,
}

impl Render for Text {
    fn answer(&mut self, out: &mut dyn Write, context: &Context<'_>, answer: &Answer) -> io::Result<()> {
        self.heading(out, answer.id.as_deref(), context)?;
        for hit in &answer.hits {
            self.hit(out, hit)?;
            writeln!(out)?;
        }
        self.block(out, "", &Shown::line(&summary(context, answer)), PLAIN)?;
        answer.warnings.iter().try_for_each(|warning| self.block(out, "note: ", &Shown::line(warning), DIM))
    }

    fn failure(&mut self, out: &mut dyn Write, context: &Context<'_>, failure: &Failure) -> io::Result<()> {
        self.heading(out, failure.id.as_deref(), context)?;
        let error = &failure.error;
        self.block(out, "error: ", &Shown::line(&error.message), PLAIN)?;
        if let (Some(start), Some(end)) = (error.start, error.end) {
            self.block(out, INDENT, &Shown::new(context.query, 0, &[Span { start, end }]), PLAIN)?;
        }
        error.hint.iter().try_for_each(|hint| self.block(out, "hint: ", &Shown::line(hint), PLAIN))
    }
}

impl Text {
    pub(super) fn new(style: Style, mode: Mode) -> Self {
        Self { style, mode, answers: 0 }
    }

    /// In a batch: which request this is.
    fn heading(&mut self, out: &mut dyn Write, id: Option<&str>, context: &Context<'_>) -> io::Result<()> {
        if self.mode == Mode::Batch {
            if self.answers > 0 {
                writeln!(out)?;
            }
            let heading = format!("{}: {}", id.unwrap_or("-"), context.query);
            self.block(out, "", &Shown::line(&heading), BOLD.underline())?;
        }
        self.answers += 1;
        Ok(())
    }

    fn hit(&self, out: &mut dyn Write, hit: &Hit) -> io::Result<()> {
        let titles = [hit.report.title.as_deref(), Some(&hit.report.id)].into_iter().flatten();
        let title = titles.map(Shown::line).find(|title| !title.text.is_empty());
        let untitled = || Shown::line("(untitled)");
        self.block(out, &format!("{}. ", hit.rank), &title.unwrap_or_else(untitled), BOLD)?;
        self.block(out, INDENT, &Shown::line(&about(hit)), DIM)?;
        self.block(out, INDENT, &self.passage(hit), PLAIN)?;
        self.citation(out, hit)
    }

    /// The passage whole, or its fragment where it is tall.
    fn passage(&self, hit: &Hit) -> Shown {
        let (passage, marks) = (&hit.passage, marks(hit));
        let whole = Shown::new(&passage.text, passage.start, &marks);
        if whole.lines(self.room(INDENT)).len() <= LINES {
            return whole;
        }
        let start = passage.text.floor_char_boundary(hit.fragment.start.saturating_sub(passage.start));
        let end = passage.text.ceil_char_boundary(hit.fragment.end.saturating_sub(passage.start));
        let (Some(before), Some(fragment), Some(after)) =
            (passage.text.get(..start), passage.text.get(start..end), passage.text.get(end..))
        else {
            return whole;
        };
        if fragment.trim().is_empty() {
            return whole;
        }
        let left_out = |text: &str, sign| if text.trim().is_empty() { "" } else { sign };
        let (before, after) = (left_out(before, "… "), left_out(after, " …"));
        let offset = passage.start.saturating_add(start);
        Shown::new(fragment, offset, &marks).between(before, after)
    }

    /// Where the passage stands, on one line however long, so that it can be copied.
    fn citation(&self, out: &mut dyn Write, hit: &Hit) -> io::Result<()> {
        let report = &hit.report;
        let place = report.url.as_deref().filter(|_| report.path.is_empty()).unwrap_or(&report.path);
        let mut line = format!("{}#{}", verbatim(place), hit.passage.ordinal);
        let mut more = match hit.passages_in_report.saturating_sub(1) {
            0 => String::new(),
            1 => "+1 more passage in this report".to_owned(),
            n => format!("+{n} more passages in this report"),
        };
        if !more.is_empty() && columns(&line) + columns(" · ") + columns(&more) <= self.room(INDENT) {
            line = format!("{line} · {}", std::mem::take(&mut more));
        }
        out.write_all(INDENT.as_bytes())?;
        self.paint(out, DIM, &line)?;
        writeln!(out)?;
        self.block(out, INDENT, &Shown::line(&more), DIM)
    }

    /// Wrapped lines under a prefix, which later lines are indented by. Nothing where there is no text.
    fn block(&self, out: &mut dyn Write, prefix: &str, shown: &Shown, style: anstyle::Style) -> io::Result<()> {
        for (n, line) in shown.lines(self.room(prefix)).into_iter().enumerate() {
            if n == 0 {
                self.paint(out, style, prefix)?;
            } else {
                write!(out, "{:indent$}", "", indent = columns(prefix))?;
            }
            for (piece, marked) in shown.pieces(line) {
                self.paint(out, if marked { MARK } else { style }, piece)?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    /// Columns that are left beside a prefix.
    fn room(&self, prefix: &str) -> usize {
        self.style.width.saturating_sub(columns(prefix)).max(NARROWEST)
    }

    fn paint(&self, out: &mut dyn Write, style: anstyle::Style, text: &str) -> io::Result<()> {
        if self.style.color && !text.trim().is_empty() {
            write!(out, "{style}{text}{style:#}")
        } else {
            out.write_all(text.as_bytes())
        }
    }
}

fn marks(hit: &Hit) -> Vec<Span> {
    hit.marks.iter().map(|mark| Span { start: mark.start, end: mark.end }).collect()
}

/// `source · dates · groups · regions`: what there is of them.
fn about(hit: &Hit) -> String {
    let published = || hit.report.published.map(|day| format!("published {day}"));
    let dates = few(hit.dates.iter().map(ToString::to_string)).or_else(published);
    let groups = few(hit.groups.iter().map(|path| path.name().to_owned()));
    let regions = few(hit.regions.iter().map(|path| path.name().to_owned()));
    let parts = [hit.report.source.clone(), dates, groups, regions].into_iter().flatten();
    parts.filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The first values, each once, and how many there are beyond.
fn few(values: impl Iterator<Item = String>) -> Option<String> {
    let mut named: Vec<String> = Vec::new();
    for value in values {
        if !named.contains(&value) {
            named.push(value);
        }
    }
    let beyond = named.len().saturating_sub(NAMES);
    named.truncate(NAMES);
    let rest = if beyond == 0 { String::new() } else { format!(" +{beyond}") };
    (!named.is_empty()).then(|| named.join(", ") + &rest)
}

/// How many reports answer, and which of the hits these are.
fn summary(context: &Context<'_>, answer: &Answer) -> String {
    let reports = if answer.total == 1 { "1 report".to_owned() } else { format!("{} reports", answer.total) };
    match (answer.hits.first(), answer.hits.last()) {
        (Some(first), Some(last)) if first.rank == last.rank => format!("{reports} (hit {})", first.rank),
        (Some(first), Some(last)) => format!("{reports} (hits {}–{})", first.rank, last.rank),
        _ if answer.total > 0 => format!("{reports} (none on this page)"),
        _ if context.query.trim().is_empty() => "no report answers".to_owned(),
        _ => format!("no report answers “{}”", context.query.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{answer, any_answer, failure, hit, run, written};
    use super::super::terminal::columns;
    use super::super::{Format, Mode, Style};
    use crate::hit::{Answer, Mark};

    const NARROW: Style = Style { color: false, width: 40 };
    const WIDE: Style = Style { color: false, width: 100 };

    fn text(style: Style, answer: &Answer) -> String {
        written(Format::Text, style, "embuscade Bankass", answer)
    }

    fn one(text: &str) -> Answer {
        Answer { hits: vec![hit(1, "Titre", text, &[])], total: 1, ..Answer::default() }
    }

    /// Escapes made visible, so that a snapshot can be read.
    fn visible(text: &str) -> String {
        text.replace('\u{1b}', "␛")
    }

    #[test]
    fn at_100_columns() {
        insta::assert_snapshot!(text(WIDE, &answer()), @r"
        1. Embuscade meurtrière contre un convoi près de Bankass
           Échantillon A · 2025-01-08 · JNIM, FAMa · Diallassagou
           Des hommes armés ont tendu une embuscade à un convoi de l'armée malienne, jeudi, sur la route qui
           relie Bankass à Diallassagou. Selon une source locale, « quatre militaires ont été tués » et deux
           véhicules incendiés. Le Groupe de soutien à l'islam et aux musulmans a revendiqué l'embuscade le
           lendemain. Les villages des environs se sont vidés de leurs habitants, qui ont gagné Bankass à
           pied ou en charrette. L'armée n'a pas encore communiqué de bilan. Une délégation des autorités
           régionales est attendue sur place dans les prochains jours, d'après le gouvernorat de Bandiagara,
           qui appelle les populations au calme et à la vigilance.
           corpus/2025/depeche-1.txt#3 · +2 more passages in this report

        2. Bilan de la semaine
           Échantillon A · published 2025-01-09
           Bilan
           Trois civils ont été tués dans l'embuscade ; les FAMa évoquent une attaque « complexe ».
           corpus/2025/depeche-2.txt#3

        12 reports (hits 1–2)
        note: “le” was dropped
        ");
    }

    #[test]
    fn at_40_columns_a_tall_passage_shows_its_fragment() {
        insta::assert_snapshot!(text(NARROW, &answer()), @r"
        1. Embuscade meurtrière contre un convoi
           près de Bankass
           Échantillon A · 2025-01-08 · JNIM,
           FAMa · Diallassagou
           … Le Groupe de soutien à l'islam et
           aux musulmans a revendiqué
           l'embuscade le lendemain. Les
           villages des environs se sont vidés
           de leurs habitants, qui ont gagné
           Bankass à pied ou en charrette. …
           corpus/2025/depeche-1.txt#3
           +2 more passages in this report

        2. Bilan de la semaine
           Échantillon A · published 2025-01-09
           Bilan
           Trois civils ont été tués dans
           l'embuscade ; les FAMa évoquent une
           attaque « complexe ».
           corpus/2025/depeche-2.txt#3

        12 reports (hits 1–2)
        note: “le” was dropped
        ");
    }

    #[test]
    fn in_colour() {
        insta::assert_snapshot!(visible(&text(Style { color: true, width: 100 }, &answer())), @r"
        ␛[1m1. ␛[0m␛[1mEmbuscade meurtrière contre un convoi près de Bankass␛[0m
           ␛[2mÉchantillon A · 2025-01-08 · JNIM, FAMa · Diallassagou␛[0m
           Des hommes armés ont tendu une ␛[1m␛[31membuscade␛[0m à un convoi de l'armée malienne, jeudi, sur la route qui
           relie ␛[1m␛[31mBankass␛[0m à Diallassagou. Selon une source locale, « quatre militaires ont été tués » et deux
           véhicules incendiés. Le Groupe de soutien à l'islam et aux musulmans a revendiqué l'␛[1m␛[31membuscade␛[0m le
           lendemain. Les villages des environs se sont vidés de leurs habitants, qui ont gagné ␛[1m␛[31mBankass␛[0m à
           pied ou en charrette. L'armée n'a pas encore communiqué de bilan. Une délégation des autorités
           régionales est attendue sur place dans les prochains jours, d'après le gouvernorat de Bandiagara,
           qui appelle les populations au calme et à la vigilance.
           ␛[2mcorpus/2025/depeche-1.txt#3 · +2 more passages in this report␛[0m

        ␛[1m2. ␛[0m␛[1mBilan de la semaine␛[0m
           ␛[2mÉchantillon A · published 2025-01-09␛[0m
           Bilan
           Trois civils ont été tués dans l'␛[1m␛[31membuscade␛[0m ; les FAMa évoquent une attaque « complexe ».
           ␛[2mcorpus/2025/depeche-2.txt#3␛[0m

        12 reports (hits 1–2)
        ␛[2mnote: ␛[0m␛[2m“le” was dropped␛[0m
        ");
        insta::assert_snapshot!(visible(&text(Style { color: true, width: 40 }, &answer())), @r"
        ␛[1m1. ␛[0m␛[1mEmbuscade meurtrière contre un convoi␛[0m
           ␛[1mprès de Bankass␛[0m
           ␛[2mÉchantillon A · 2025-01-08 · JNIM,␛[0m
           ␛[2mFAMa · Diallassagou␛[0m
           … Le Groupe de soutien à l'islam et
           aux musulmans a revendiqué
           l'␛[1m␛[31membuscade␛[0m le lendemain. Les
           villages des environs se sont vidés
           de leurs habitants, qui ont gagné
           ␛[1m␛[31mBankass␛[0m à pied ou en charrette. …
           ␛[2mcorpus/2025/depeche-1.txt#3␛[0m
           ␛[2m+2 more passages in this report␛[0m

        ␛[1m2. ␛[0m␛[1mBilan de la semaine␛[0m
           ␛[2mÉchantillon A · published 2025-01-09␛[0m
           Bilan
           Trois civils ont été tués dans
           l'␛[1m␛[31membuscade␛[0m ; les FAMa évoquent une
           attaque « complexe ».
           ␛[2mcorpus/2025/depeche-2.txt#3␛[0m

        12 reports (hits 1–2)
        ␛[2mnote: ␛[0m␛[2m“le” was dropped␛[0m
        ");
    }

    #[test]
    fn at_200_columns_no_line_is_wider() {
        let text = text(Style { color: false, width: 200 }, &answer());
        assert!(text.lines().all(|line| columns(line) <= 200), "{text}");
        assert!(text.lines().any(|line| columns(line) > 180), "{text}");
    }

    #[test]
    fn facets_are_short() {
        let mut answer = one("Rien.");
        let regions =
            ["/Mali/Mopti", "/Niger/Mopti", "/Mali/Gao", "/Mali/Ségou", "/Mali/Kidal", "/Mali/Kayes", "/Mali"];
        answer.hits[0].regions = regions.iter().map(|path| path.parse().unwrap()).collect();
        answer.hits[0].dates = vec!["2024-08".parse().unwrap(), "2024-05-03..2024-05-04".parse().unwrap()];
        insta::assert_snapshot!(text(WIDE, &answer), @r"
        1. Titre
           Échantillon A · 2024-08, 2024-05-03..2024-05-04 · JNIM, FAMa · Mopti, Gao, Ségou, Kidal +2
           Rien.
           corpus/2025/depeche-1.txt#3

        1 report (hit 1)
        ");
    }

    #[test]
    fn what_is_missing_leaves_no_trace() {
        let mut answer = one("Rien.");
        let hit = &mut answer.hits[0];
        (hit.report.title, hit.report.source, hit.report.published) = (Some(" ".to_owned()), None, None);
        (hit.report.path, hit.report.url) = (String::new(), Some("https://exemple.invalid/1".to_owned()));
        (hit.groups, hit.regions, hit.dates) = (vec![], vec![], vec![]);
        hit.passages_in_report = 2;
        insta::assert_snapshot!(text(WIDE, &answer), @r"
        1. 2025/depeche-1.txt
           Rien.
           https://exemple.invalid/1#3 · +1 more passage in this report

        1 report (hit 1)
        ");
    }

    #[test]
    fn nothing_found() {
        let mut answer = Answer { warnings: vec!["“Bankas” is in no report".to_owned()], ..Answer::default() };
        insta::assert_snapshot!(text(WIDE, &answer), @r"
        no report answers “embuscade Bankass”
        note: “Bankas” is in no report
        ");
        assert_eq!(written(Format::Text, WIDE, "", &Answer::default()), "no report answers\n");
        answer.total = 3;
        assert!(text(WIDE, &answer).starts_with("3 reports (none on this page)\n"));
    }

    #[test]
    fn a_batch_names_its_requests_and_goes_on_after_a_failure() {
        let found = Answer { id: Some("q1".to_owned()), ..one("Rien.") };
        let failure = failure();
        let text = run(Format::Text, NARROW, Mode::Batch, "attaque \"forces armées", &[Ok(&found), Err(&failure)]);
        insta::assert_snapshot!(text, @r#"
        q1: attaque "forces armées
        1. Titre
           Échantillon A · 2025-01-08 · JNIM,
           FAMa · Diallassagou
           Rien.
           corpus/2025/depeche-1.txt#3

        1 report (hit 1)

        q2: attaque "forces armées
        error: the quote is never closed
           attaque "forces armées
        hint: write "forces armées" with two
              quotes
        "#);
    }

    #[test]
    fn hostile_text_is_harmless() {
        let long = "x".repeat(500);
        let mut answer = one(&format!(
            "\u{1b}[31mrouge\u{1b}]0;titre\u{7} \u{202e}envers\u{2066} nul\0 lignes\r\nsuite\ttab {long} 👩🏽\u{200d}🚀 مالي 漢字 \
             e\u{301}te\u{301} \u{9b}2J"
        ));
        let hit = &mut answer.hits[0];
        hit.report.title = Some("Titre\u{1b}[2J\nsur deux lignes".to_owned());
        hit.report.source = Some("Source\u{202e}".to_owned());
        hit.report.path = "a  b\n\u{1b}c.txt".to_owned();
        answer.warnings = vec!["\u{1b}[5m".to_owned()];
        // What a snapshot cannot show is spelt out.
        let spelt = [(long.as_str(), "x…x"), ("\u{200d}", "<zwj>"), ("e\u{301}", "e<acute>")];
        let text = spelt.iter().fold(text(NARROW, &answer), |text, (from, to)| text.replace(from, to));
        insta::assert_snapshot!(text, @r"
        1. Titre�[2J sur deux lignes
           Source� · 2025-01-08 · JNIM, FAMa ·
           Diallassagou
           �[31mrouge�]0;titre� �envers� nul�
           lignes suite tab
           x…x
           👩🏽<zwj>🚀 مالي 漢字 e<acute>te<acute> �2J
           a  b��c.txt#3

        1 report (hit 1)
        note: �[5m
        ");
    }

    #[test]
    fn marks_outside_the_passage_or_inside_a_character_are_harmless() {
        let mut answer = one("L'été à Gao.");
        let mark = |start, end| Mark { start, end, term: String::new() };
        // « é » is at 814 and has two bytes; a mark that starts on the second does not hold it.
        answer.hits[0].marks =
            vec![mark(0, 811), mark(0, 813), mark(815, 817), mark(822, usize::MAX), mark(900, 910), mark(820, 819)];
        let text = visible(&text(Style { color: true, width: 100 }, &answer));
        insta::assert_snapshot!(text.lines().nth(2).unwrap().trim_start(), @r"␛[1m␛[31mL␛[0m'é␛[1m␛[31mt␛[0mé à␛[1m␛[31m Gao.␛[0m");
    }

    proptest::proptest! {
        #[test]
        fn never_panics_and_has_no_control_characters(answer in any_answer(), query in ".{0,9}", width in 0_usize..120) {
            let plain = written(Format::Text, Style { color: false, width }, &query, &answer);
            let bad = |c: char| c != '\n' && c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            proptest::prop_assert!(!plain.contains(bad), "{:?}", plain);
            // Colour changes nothing but the colour.
            let colored = written(Format::Text, Style { color: true, width }, &query, &answer);
            proptest::prop_assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
        }
    }
}
