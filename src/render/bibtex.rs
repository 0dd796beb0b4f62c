//! BibTeX, for biblatex: an entry a report, with the passages that are cited of it in a note.
//!
//! `@online` where there is a url, else `@article` where there is a source, else `@misc`. A key is the source, the year
//! and the first twelve digits of the BLAKE3 hash of the report's id: it stays as long as these do. An author is one
//! literal name, since « Prénom Nom » and « Agence France » cannot be told apart.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::citation::{is_somebody, on_one_line, tail};
use crate::whole::Cited;

/// Writes the entries of reports, each once, in the order in which they are first cited.
///
/// # Errors
/// The writer's own.
pub fn bibtex(out: &mut dyn Write, cited: &[Cited]) -> io::Result<()> {
    for (at, parts) in passages(cited).iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        entry(out, parts)?;
    }
    Ok(())
}

/// What is cited, by reports in the order in which they are first cited.
pub(super) fn passages(cited: &[Cited]) -> Vec<Vec<&Cited>> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut reports: Vec<Vec<&Cited>> = Vec::new();
    for one in cited {
        let place = *places.entry(&one.report.info.id).or_insert(reports.len());
        match reports.get_mut(place) {
            Some(parts) if parts.iter().any(|known| known.id == one.id) => {}
            Some(parts) => parts.push(one),
            None => reports.push(vec![one]),
        }
    }
    reports
}

/// Writes an entry. All parts are of one report.
fn entry(out: &mut dyn Write, parts: &[&Cited]) -> io::Result<()> {
    let Some(first) = parts.first() else { return Ok(()) };
    let (report, info) = (&first.report, &first.report.info);
    let (kind, container) = match (&info.url, &info.source) {
        (Some(_), _) => ("online", "organization"),
        (None, Some(_)) => ("article", "journaltitle"),
        (None, None) => ("misc", "organization"),
    };
    let notes: Vec<String> = parts.iter().filter_map(|part| note(part)).collect();
    let place = Some(&first.report.info.path).filter(|path| !path.is_empty() && info.url.is_none());
    let fields = [
        (
            "author",
            report
                .author
                .as_deref()
                .filter(|author| is_somebody(author))
                .map(|author| format!("{{{}}}", escaped(author))),
        ),
        ("title", Some(escaped(info.title.as_deref().unwrap_or(&info.id)))),
        (container, info.source.as_deref().map(escaped)),
        ("date", info.published.map(|day| day.to_string())),
        ("url", info.url.as_deref().map(address)),
        ("howpublished", place.filter(|_| kind == "misc").map(|path| escaped(path))),
        ("note", Some(notes.join("; ")).filter(|note| !note.is_empty()).map(|note| escaped(&note))),
        ("langid", language(&report.lang).map(str::to_owned)),
    ];
    writeln!(out, "@{kind}{{{},", key(first))?;
    for (name, value) in fields {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            writeln!(out, "  {name} = {{{value}}},")?;
        }
    }
    writeln!(out, "}}")
}

/// Which passage is cited, as the end of its citation tells it, so that it can be checked; nothing of a whole report.
pub(super) fn note(cited: &Cited) -> Option<String> {
    cited.ordinal.map(|_| tail(&cited.place, cited.start..cited.end, &cited.hash))
}

/// The key of a report: letters, digits and hyphens.
pub(super) fn key(cited: &Cited) -> String {
    let info = &cited.report.info;
    let source: String = crate::fold::fold(info.source.as_deref().unwrap_or("vigie"))
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(24)
        .collect();
    let source = if source.is_empty() { "vigie".to_owned() } else { source.to_ascii_lowercase() };
    let year = info.published.map_or_else(|| "sd".to_owned(), |day| day.format("%Y").to_string());
    format!("{source}-{year}-{}", &blake3::hash(info.id.as_bytes()).to_hex()[..12])
}

/// A text as TeX shows it. Braces are written by name: BibTeX counts those that have a backslash too.
fn escaped(text: &str) -> String {
    let mut written = String::new();
    for c in on_one_line(text).chars() {
        match c {
            '\\' => written.push_str("\\textbackslash{}"),
            '{' => written.push_str("\\textbraceleft{}"),
            '}' => written.push_str("\\textbraceright{}"),
            '~' => written.push_str("\\textasciitilde{}"),
            '^' => written.push_str("\\textasciicircum{}"),
            '%' | '&' | '_' | '#' | '$' => written.extend(['\\', c]),
            c => written.push(c),
        }
    }
    written
}

/// A url, which biblatex takes as it is, but for what would end the field.
fn address(url: &str) -> String {
    let mut written = String::new();
    for c in on_one_line(url).chars() {
        match c {
            '{' => written.push_str("%7B"),
            '}' => written.push_str("%7D"),
            '\\' => written.push_str("%5C"),
            ' ' => written.push_str("%20"),
            c => written.push(c),
        }
    }
    written
}

/// What biblatex calls a language; nothing of those that it need not know.
fn language(code: &str) -> Option<&'static str> {
    let names = [("fr", "french"), ("en", "english"), ("ar", "arabic"), ("es", "spanish"), ("pt", "portuguese")];
    names.iter().find(|(known, _)| *known == code).map(|&(_, name)| name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{any_text, cited};
    use super::*;

    fn written(cited: &[Cited]) -> String {
        let mut out = Vec::new();
        bibtex(&mut out, cited).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_entry_a_report_with_its_passages() {
        let mut online = cited("b", None);
        online.report.info.url = Some("https://exemple.invalid/a_{b}%20c#d".to_owned());
        online.report.author = Some("Awa Traoré & Cie".to_owned());
        let mut misc = cited("c", None);
        (misc.report.info.source, misc.report.info.published, misc.report.lang) = (None, None, "und".to_owned());
        insta::assert_snapshot!(written(&[cited("a", Some(3)), online, cited("a", Some(4)), misc]), @r"
        @article{echantillona-2025-17762fddd969,
          title = {Bilan \& suites},
          journaltitle = {Échantillon A},
          date = {2025-01-09},
          note = {corpus/2025/depeche-1.txt:a\#3, octets 812-841, b3:b6f06f83f5a2; corpus/2025/depeche-1.txt:a\#4, octets 812-841, b3:b6f06f83f5a2},
          langid = {french},
        }

        @online{echantillona-2025-10e5cf3d3c8a,
          author = {{Awa Traoré \& Cie}},
          title = {Bilan \& suites},
          organization = {Échantillon A},
          date = {2025-01-09},
          url = {https://exemple.invalid/a_%7Bb%7D%20c#d},
          langid = {french},
        }

        @misc{vigie-sd-ea7aa1fc9efd,
          title = {Bilan \& suites},
          howpublished = {corpus/2025/depeche-1.txt},
        }
        ");
    }

    #[test]
    fn what_tex_would_read_is_written_by_name() {
        assert_eq!(
            escaped("{a}% & _#$\\~^\n«\u{a0}é\u{a0}»"),
            "\\textbraceleft{}a\\textbraceright{}\\% \\& \\_\\#\\$\\textbackslash{}\\textasciitilde{}\\textasciicircum{} «\u{a0}é\u{a0}»"
        );
    }

    proptest! {
        #[test]
        fn braces_balance_and_keys_are_plain(texts in prop::collection::vec(any_text(), 6)) {
            let [id, title, source, url, author, path] = <[_; 6]>::try_from(texts).unwrap();
            let mut cited = cited(&id, Some(1));
            let info = &mut cited.report.info;
            (info.title, info.source, info.url, info.path) = (Some(title), Some(source), Some(url), path);
            cited.report.author = Some(author);
            let text = written(&[cited.clone()]);
            let mut depth = 0_i32;
            for c in text.chars() {
                depth += i32::from(c == '{') - i32::from(c == '}');
                prop_assert!(depth >= 0);
            }
            prop_assert_eq!(depth, 0);
            prop_assert!(key(&cited).chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
            prop_assert!(text.lines().all(|line| !line.contains(char::is_control)));
        }
    }
}
