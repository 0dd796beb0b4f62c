//! `html`: one page that can be sent to a colleague: a section a request, with all that was asked for, when, and of
//! which vigie; every hit with its whole passage, marks, facets and citation.

mod page;
mod whole;

use std::io::{self, Write};

use chrono::{DateTime, Utc};

use super::asked::asked;
use super::counted;
use super::grid::{self, Grid};
use super::notes::{notes, reading, sum};
use super::text::found;
use super::{Context, Failure, Mode, Render};
use crate::hit::{Answer, Hit, Relaxed, Share, Suggestion};
use crate::lang::Lang;
pub(crate) use page::{Marked, Text, links, shown};
use page::{list, steps};
pub use whole::html as whole;

/// The renderer.
pub(super) struct Html {
    mode: Mode,
    date: DateTime<Utc>,
    /// The language of all that is not a report's.
    lang: Lang,
    /// Whether the head of the page is written.
    opened: bool,
    /// Ranks of the first and the last hit of a list that is open.
    list: Option<(usize, usize)>,
    /// What stands below all hits of the answer that was written last.
    below: Option<(Option<Relaxed>, Vec<Suggestion>)>,
}

impl Html {
    pub(super) fn new(mode: Mode, date: DateTime<Utc>, lang: Lang) -> Self {
        Self { mode, date, lang, opened: false, list: None, below: None }
    }

    /// Writes the head of the page, or closes what stands above; then opens a section.
    fn section(&mut self, out: &mut dyn Write, id: Option<&str>, context: &Context<'_>) -> io::Result<()> {
        let (lang, every, searches) = (self.lang, self.lang.tell("(every report)"), self.lang.tell("Searches"));
        let query = if context.query.trim().is_empty() { &every } else { context.query };
        let first = !std::mem::replace(&mut self.opened, true);
        if first {
            page::open(out, if self.mode == Mode::Batch { &searches } else { query }, self.date, lang)?;
        } else {
            self.close_section(out)?;
        }
        if self.mode == Mode::Single {
            writeln!(out, "<h1 lang=\"fr\"><bdi>{}</bdi></h1>", Text(query))?;
            list(out, "asked", &asked(context.request, lang), lang)?;
            return writeln!(out, "</header>\n<main>\n<section>");
        }
        if first {
            writeln!(out, "<h1>{searches}</h1>\n</header>\n<main>")?;
        }
        let id = id.unwrap_or_default();
        writeln!(out, "<section>\n<p class=\"kind\">{}</p>", Text(id))?;
        writeln!(out, "<h1 lang=\"fr\"><bdi>{}</bdi></h1>", Text(query))?;
        list(out, "asked", &asked(context.request, lang), lang)
    }

    fn hits(&mut self, out: &mut dyn Write, hits: &[Hit]) -> io::Result<()> {
        for hit in hits {
            if self.list.is_none() {
                writeln!(out, "<ol class=\"hits\">")?;
            }
            let (first, _) = self.list.unwrap_or((hit.rank, hit.rank));
            self.list = Some((first, hit.rank));
            write_hit(out, hit, self.lang)?;
        }
        Ok(())
    }

    fn close_section(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.close_list(out)?;
        let (relaxed, suggestions) = self.below.take().unwrap_or_default();
        if let Some(relaxed) = relaxed {
            let heading = format!("some of the words: {}, none with all of them", counted(relaxed.total, "report"));
            writeln!(out, "<h3>{}</h3>", Text(self.lang.tell(heading)))?;
            self.hits(out, &relaxed.hits)?;
            self.close_list(out)?;
        }
        let other = |other: &Suggestion| format!("« {} » finds {}", other.query, counted(other.total, "report"));
        write_notes(out, &suggestions.iter().map(other).collect::<Vec<_>>(), self.lang)?;
        writeln!(out, "</section>")
    }

    fn close_list(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let Some((first, last)) = self.list.take() else { return Ok(()) };
        let range = if first == last { format!("hit {first}") } else { format!("hits {first}–{last}") };
        writeln!(out, "</ol>\n<p class=\"range\">{}</p>", self.lang.tell(range))
    }
}

impl Render for Html {
    fn answer(&mut self, out: &mut dyn Write, context: &Context<'_>, answer: &Answer) -> io::Result<()> {
        self.section(out, answer.id.as_deref(), context)?;
        let lang = self.lang;
        writeln!(out, "<p class=\"total\">{}</p>", Text(lang.tell(found("", answer.total))))?;
        let mut told = notes(&answer.expanded, &answer.warnings, true);
        if let Some(resolved) = &answer.resolved {
            told.insert(0, format!("read as: {}", reading(resolved)));
        }
        write_notes(out, &told, lang)?;
        for (kind, counts) in answer.facets.iter().flatten() {
            write_grid(out, &grid::facet(*kind, counts), lang)?;
        }
        if let Some(buckets) = &answer.timeline {
            write_grid(out, &grid::timeline(context.request, buckets), lang)?;
        }
        self.hits(out, &answer.hits)?;
        self.below = Some((answer.relaxed.clone(), answer.suggestions.clone()));
        Ok(())
    }

    fn more(&mut self, out: &mut dyn Write, _context: &Context<'_>, hits: &[Hit]) -> io::Result<()> {
        self.hits(out, hits)
    }

    fn failure(&mut self, out: &mut dyn Write, context: &Context<'_>, failure: &Failure) -> io::Result<()> {
        self.section(out, failure.id.as_deref(), context)?;
        let (none, why) = (self.lang.tell("No answer:"), self.lang.tell(failure.error.message.as_str()));
        writeln!(out, "<div class=\"error\">\n<p><strong>{none}</strong> {}</p>", Text(why))?;
        if let Some(hint) = &failure.error.hint {
            writeln!(out, "<p>{}</p>", Text(self.lang.tell(format!("hint: {hint}"))))?;
        }
        writeln!(out, "</div>")
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.opened {
            self.close_section(out)?;
        } else {
            page::open(out, &self.lang.tell("Searches"), self.date, self.lang)?;
            writeln!(out, "<h1>{}</h1>\n</header>\n<main>", self.lang.tell("No searches"))?;
        }
        page::close(out)
    }
}

fn write_notes(out: &mut dyn Write, told: &[String], lang: Lang) -> io::Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    writeln!(out, "<ul class=\"notes\">")?;
    told.iter().try_for_each(|note| writeln!(out, "<li><bdi>{}</bdi></li>", Text(lang.tell(note.as_str()))))?;
    writeln!(out, "</ul>")
}

fn write_grid(out: &mut dyn Write, grid: &Grid, lang: Lang) -> io::Result<()> {
    if !grid.rows.is_empty() {
        write!(out, "<table>\n<tr>")?;
        for (at, head) in grid.heads.iter().enumerate() {
            write!(
                out,
                "<th{}>{}</th>",
                if at > 0 { " class=\"number\"" } else { "" },
                Text(lang.tell(head.as_str()))
            )?;
        }
        writeln!(out, "</tr>")?;
        for (label, numbers) in &grid.rows {
            write!(out, "<tr><td><bdi lang=\"fr\">{}</bdi></td>", Text(lang.tell(label.as_str())))?;
            numbers.iter().try_for_each(|number| write!(out, "<td class=\"number\">{number}</td>"))?;
            writeln!(out, "</tr>")?;
        }
        writeln!(out, "</table>")?;
    }
    write_notes(out, &grid.notes, lang)
}

fn write_hit(out: &mut dyn Write, hit: &Hit, lang: Lang) -> io::Result<()> {
    let (report, passage) = (&hit.report, &hit.passage);
    let title = report.title.as_deref().filter(|title| !title.trim().is_empty());
    let marks = if title.is_some() { hit.title_marks.as_slice() } else { &[] };
    let title = Marked { text: title.unwrap_or(&report.id), offset: 0, marks };
    writeln!(
        out,
        "<li>\n<h2><span class=\"rank\">{}.</span><bdi class=\"title\" lang=\"fr\">{title}</bdi></h2>",
        hit.rank
    )?;
    write_facts(out, report, lang)?;
    let text = Marked { text: &passage.text, offset: passage.start, marks: &hit.marks };
    writeln!(out, "<blockquote lang=\"fr\" dir=\"auto\">{text}</blockquote>")?;
    let told = |name: &'static str, values: Vec<String>| {
        let inherited = !values.is_empty() && hit.inherited.iter().any(|inherited| inherited == name);
        let from = if inherited { format!(" {}", lang.tell("(of the report)")) } else { String::new() };
        (name, format!("{}{from}", values.join(", ")))
    };
    let facets = [
        told("groups", hit.groups.iter().map(steps).collect()),
        told("regions", hit.regions.iter().map(steps).collect()),
        told("dates", hit.dates.iter().map(ToString::to_string).collect()),
    ];
    list(out, "facets", &facets, lang)?;
    if let Some(why) = &hit.explanation {
        let part = |word: &Share| format!("{} {}", word.term, lang.decimal(format!("{:.2}", word.score)));
        let words: Vec<String> = why.words.iter().map(part).collect();
        let told = lang.tell(format!("{}; in the report: {}", sum(hit.score, why), words.join(", ")));
        list(out, "facets", &[("score", told.into_owned())], lang)?;
    }
    write_cite(out, &hit.cite)?;
    let more = hit.passages_in_report.saturating_sub(1);
    if more > 0 {
        let told = lang.tell(format!("+{} in this report", counted(more as u64, "more passage")));
        writeln!(out, "<p class=\"facts\">{told}</p>")?;
    }
    writeln!(out, "</li>")
}

/// Writes who published a report, when and where.
fn write_facts(out: &mut dyn Write, report: &crate::hit::ReportInfo, lang: Lang) -> io::Result<()> {
    let isolated = |text: &String| format!("<bdi lang=\"fr\">{}</bdi>", Text(text));
    let url = report.url.as_ref().map(|url| {
        let told = Text(url);
        if links(url) { format!("<a href=\"{told}\" rel=\"noreferrer\">{told}</a>") } else { isolated(url) }
    });
    let parts = [
        report.author.as_ref().map(isolated),
        report.source.as_ref().map(isolated),
        report.published.map(|day| lang.tell(format!("published <time>{day}</time>")).into_owned()),
        url,
    ];
    let told: Vec<String> = parts.into_iter().flatten().collect();
    if told.is_empty() { Ok(()) } else { writeln!(out, "<p class=\"facts\">{}</p>", told.join(" · ")) }
}

fn write_cite(out: &mut dyn Write, cite: &str) -> io::Result<()> {
    writeln!(out, "<p class=\"cite\"><bdi lang=\"fr\">{}</bdi></p>", Text(cite))
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::super::samples::{answer, any_answer, explained, failure, fruitless, hit, run, written};
    use super::super::{Format, Style};
    use super::*;

    fn shown(text: &str) -> String {
        text.chars().map(page::shown).collect()
    }

    /// A page without its style and the time that it was made.
    fn body(page: &str) -> String {
        let from = page.find("</time>").unwrap();
        page[from..].replace(env!("CARGO_PKG_VERSION"), "0.0.0")
    }

    #[test]
    fn a_page_tells_all_of_an_answer() {
        let page = written(Format::Html, Style::default(), "embuscade <b>", &answer());
        insta::assert_snapshot!(body(&page), @r#"
        </time></p>
        <h1 lang="fr"><bdi>embuscade &lt;b&gt;</bdi></h1>
        </header>
        <main>
        <section>
        <p class="total">12 reports</p>
        <ul class="notes">
        <li><bdi>“le” was dropped</bdi></li>
        </ul>
        <ol class="hits">
        <li>
        <h2><span class="rank">1.</span><bdi class="title" lang="fr">Embuscade meurtrière contre un convoi près de Bankass</bdi></h2>
        <p class="facts"><bdi lang="fr">Échantillon A</bdi> · published <time>2025-01-09</time></p>
        <blockquote lang="fr" dir="auto">Des hommes armés ont tendu une <mark>embuscade</mark> à un convoi de l'armée malienne, jeudi, sur la route qui relie <mark>Bankass</mark> à Diallassagou. Selon une source locale, « quatre militaires ont été tués » et deux véhicules incendiés. Le Groupe de soutien à l'islam et aux musulmans a revendiqué l'<mark>embuscade</mark> le lendemain. Les villages des environs se sont vidés de leurs habitants, qui ont gagné <mark>Bankass</mark> à pied ou en charrette. L'armée n'a pas encore communiqué de bilan. Une délégation des autorités régionales est attendue sur place dans les prochains jours, d'après le gouvernorat de Bandiagara, qui appelle les populations au calme et à la vigilance.</blockquote>
        <dl class="facets">
        <dt>groups</dt><dd><bdi lang="fr">jihadiste › JNIM, étatique › FAMa</bdi></dd>
        <dt>regions</dt><dd><bdi lang="fr">Mali › Mopti › Bankass › Diallassagou</bdi></dd>
        <dt>dates</dt><dd><bdi lang="fr">2025-01-08</bdi></dd>
        </dl>
        <p class="cite"><bdi lang="fr">Échantillon A, « Embuscade meurtrière contre un convoi près de Bankass », 2025-01-09, corpus/2025/depeche-1.txt#3, octets 812-1472, b3:3661381376ea</bdi></p>
        <p class="facts">+2 more passages in this report</p>
        </li>
        <li>
        <h2><span class="rank">2.</span><bdi class="title" lang="fr">Bilan de la semaine</bdi></h2>
        <p class="facts"><bdi lang="fr">Échantillon A</bdi> · published <time>2025-01-09</time></p>
        <blockquote lang="fr" dir="auto">Bilan

        Trois civils ont été tués dans l'<mark>embuscade</mark> ; les FAMa évoquent
        une attaque « complexe ».</blockquote>
        <p class="cite"><bdi lang="fr">Échantillon A, « Bilan de la semaine », 2025-01-09, corpus/2025/depeche-2.txt#3, octets 812-913, b3:26181202f48a</bdi></p>
        </li>
        </ol>
        <p class="range">hits 1–2</p>
        </section>
        </main>
        </body>
        </html>
        "#);
        assert!(page.starts_with("<!doctype html>\n"));
    }

    #[test]
    fn what_has_no_answer_is_told() {
        let answer = Answer { id: Some("q1".to_owned()), ..answer() };
        let page =
            run(Format::Html, Style::default(), Mode::Batch, "q", &[Ok(&answer), Err(&failure()), Ok(&fruitless())]);
        let page = Document::from(page.as_str());
        assert_eq!(page.select("main > section").length(), 3);
        assert!(page.select(".error").text().contains("the quote is never closed"));
        assert!(page.select("h3").text().contains("3 reports"));
        let none = run(Format::Html, Style::default(), Mode::Batch, "q", &[]);
        assert!(none.ends_with("</html>\n") && none.contains("No searches"));
        assert!(written(Format::Html, Style::default(), "q", &explained()).contains("report 1.50 + lead 0.50"));
    }

    #[test]
    fn a_report_cannot_write_the_page() {
        let mut bad =
            hit(1, "<script>alert(1)</script>", "a </blockquote><script>alert(2)</script> \u{202e}b", &["script"]);
        bad.report.url = Some("javascript:alert(3)".to_owned());
        bad.cite = "\"><img src=x onerror=alert(4)>".to_owned();
        let page = written(Format::Html, Style::default(), "</title><script>", &Answer { hits: vec![bad], ..answer() });
        assert!(
            !page.contains("<script") && !page.contains("<img") && !page.contains("href") && !page.contains('\u{202e}')
        );
        let page = Document::from(page.as_str());
        assert_eq!(page.select("blockquote").text().as_ref(), "a </blockquote><script>alert(2)</script> \u{fffd}b");
        assert_eq!(page.select("blockquote mark").length(), 2);
    }

    /// Relative luminance as WCAG 2 has it.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let c = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
    }

    #[test]
    fn text_stands_out_enough_in_every_light() {
        let style = include_str!("html/style.css");
        let schemes: Vec<&str> = style.split("--paper: ").skip(1).collect();
        assert_eq!(schemes.len(), 3);
        for scheme in schemes {
            let scheme = format!("--paper: {scheme}");
            let colour = |name: &str| {
                let value = scheme.split(&format!("--{name}: #")).nth(1).unwrap().split(';').next().unwrap();
                if value.len() == 3 { value.chars().flat_map(|c| [c, c]).collect() } else { value.to_owned() }
            };
            for (ink, paper) in [("ink", "paper"), ("quiet", "paper"), ("link", "paper"), ("marked", "mark")] {
                let (a, b) = (luminance(&colour(ink)), luminance(&colour(paper)));
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(contrast >= 7.0 || ink != "ink", "{ink} on {paper}: {contrast:.1}");
                assert!(contrast >= 4.5, "{ink} on {paper}: {contrast:.1}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn texts_parse_back(answer in any_answer()) {
            let page = written(Format::Html, Style::default(), "q", &answer);
            let parsed = Document::from(page.as_str());
            let told = |selector: &str| -> Vec<String> {
                parsed.select(selector).iter().map(|found| found.text().to_string()).collect()
            };
            let hits: Vec<&Hit> = answer.hits.iter().chain(answer.relaxed.iter().flat_map(|relaxed| &relaxed.hits)).collect();
            let want: Vec<String> = hits.iter().map(|hit| shown(&hit.passage.text)).collect();
            proptest::prop_assert_eq!(told("blockquote"), want);
            let want: Vec<String> = hits.iter().map(|hit| shown(&hit.cite)).collect();
            proptest::prop_assert_eq!(told(".cite"), want);
            let title = |hit: &&Hit| hit.report.title.clone().filter(|title| !title.trim().is_empty());
            let want: Vec<String> = hits.iter().map(|hit| shown(&title(hit).unwrap_or(hit.report.id.clone()))).collect();
            proptest::prop_assert_eq!(told(".title"), want);
            proptest::prop_assert_eq!(parsed.select("script, img, iframe, link, style + style").length(), 0);
        }
    }
}
