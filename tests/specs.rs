//! Runs the tables of `tests/specs/`: what a researcher who does not program can read and extend.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use vigie::annotate::{Annotator, Facet, Knowledge, Role};
use vigie::corpus::{Corpus, ReadOptions};
use vigie::date::Precision;
use vigie::french::{Analyzer, DateMention, Reading, acronyms, dates};
use vigie::index::{IndexOptions, IndexReader, build};
use vigie::query::{QueryError, parse};
use vigie::report::Report;
use vigie::search::{Match, Request, Scope, Searcher};
use vigie::suggestions::Completion;
use vigie::vocabulary::Vocabulary;

/// The rows under a heading of a table file, without head and rule: line number and cells.
fn rows(file: &str, heading: &str) -> Vec<(usize, Vec<String>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs").join(file);
    let text = fs::read_to_string(path).unwrap();
    let mut inside = false;
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(title) = line.strip_prefix("## ") {
            inside = title == heading;
        } else if inside && line.starts_with('|') {
            found.push((number, line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()));
        }
    }
    found.split_off(2)
}

/// Indexes the second cell of each row, asks for the first, and tells the rows that answer.
fn answering(rows: &[(usize, Vec<String>)]) -> Vec<bool> {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("rows.jsonl");
    let mut file = fs::File::create(&input).unwrap();
    for (line, cells) in rows {
        writeln!(file, "{}", serde_json::json!({"id": line.to_string(), "text": cells[1]})).unwrap();
    }
    let corpus = Corpus::open(&[input], ReadOptions::default()).unwrap();
    let index = dir.path().join("index");
    let summary = build(&index, corpus, &IndexOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(summary.added, rows.len() as u64, "{:?}", summary.skipped);
    let reader = IndexReader::open(&index).unwrap();
    let mut searcher = Searcher::new(&reader);
    let mut ask = |(line, cells): &(usize, Vec<String>)| {
        let request = Request { query: cells[0].clone(), limit: 0, ..Request::default() };
        let answer = searcher.search(&request).unwrap_or_else(|error| panic!("line {line}: {error}"));
        answer.hits.iter().any(|hit| hit.report.id == line.to_string())
    };
    rows.iter().map(&mut ask).collect()
}

fn check(heading: &str, wanted: bool) {
    let rows = rows("french.md", heading);
    let wrong: Vec<_> =
        rows.iter().zip(answering(&rows)).filter(|(_, found)| *found != wanted).map(|(row, _)| row).collect();
    assert!(wrong.is_empty(), "{heading}: {} of {} rows do not hold: {wrong:#?}", wrong.len(), rows.len());
}

#[test]
fn finds() {
    check("Finds", true);
}

#[test]
fn does_not_find() {
    check("Does not find", false);
}

/// A mention as the table of dates writes it: `le 8 janvier 2025 = full 2025-01-08`.
fn tell(text: &str, mention: &DateMention) -> String {
    let surface = text[mention.start..mention.end].replace('\n', "⏎");
    let span = match mention.reading {
        Reading::Unresolved(why) => return format!("{surface} = {}: {why}", mention.rule),
        Reading::Days(span) => span,
    };
    let days = if span.from == span.to { span.from.to_string() } else { format!("{}..{}", span.from, span.to) };
    let coarse = match span.precision {
        Precision::Day => "",
        Precision::Month => " (month)",
        Precision::Year => " (year)",
    };
    format!("{surface} = {} {days}{coarse}", mention.rule)
}

/// The rows under all headings of a table file.
fn all_rows(file: &str) -> Vec<(usize, Vec<String>)> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs").join(file)).unwrap();
    text.lines().filter_map(|line| line.strip_prefix("## ")).flat_map(|heading| rows(file, heading)).collect()
}

#[test]
fn reads_dates() {
    let rows = all_rows("dates.md");
    assert!(rows.len() > 90, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for (line, cells) in &rows {
        let text = cells[0].replace('⏎', "\n");
        let published = (cells[1] != "-").then(|| cells[1].parse().unwrap());
        let found = dates(&text, &Analyzer::new().analyze(&text), published);
        let told: Vec<_> = found.iter().map(|mention| tell(&text, mention)).collect();
        let told = if told.is_empty() { "nothing".to_owned() } else { told.join("; ") };
        if told != cells[2] {
            wrong.push(format!("line {line}: {}\n  wanted {}\n  found  {told}", cells[0], cells[2]));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows do not hold:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Facets as the table of names writes them: `/Mali/Gao; (/Niger)`.
fn tell_facets(facets: &[Facet]) -> String {
    let tell = |facet: &Facet| {
        let other = facet.other.as_ref().map(|other| format!(" = {other}")).unwrap_or_default();
        let path = format!("{}{other}", facet.path);
        if facet.role == Role::Mention { format!("({path})") } else { path }
    };
    let told: Vec<_> = facets.iter().map(tell).collect();
    if told.is_empty() { "-".to_owned() } else { told.join("; ") }
}

#[test]
fn knows_names() {
    let rows = all_rows("names.md");
    assert!(rows.len() > 90, "{} rows", rows.len());
    let mut annotator = Annotator::new(Arc::new(Knowledge::new(Arc::clone(Vocabulary::builtin()))));
    let mut wrong = Vec::new();
    for (line, cells) in &rows {
        let report = Report { text: cells[0].clone(), ..Report::default() };
        let found = annotator.annotate(&report);
        let told = [&found.groups, &found.regions].map(|facets| tell_facets(facets));
        if told != cells[1..3] {
            wrong.push(format!("line {line}: {}\n  wanted {:?}\n  found  {told:?}", cells[0], &cells[1..3]));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows do not hold:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// What the table of queries says of one: its canonical form, or what is wrong.
fn tell_query(text: &str) -> String {
    match parse(text) {
        Ok(None) => "everything".to_owned(),
        Ok(Some(tree)) => tree.to_string(),
        Err(QueryError { message, span, hint }) => {
            format!("error at {}: {message}; {}", &text[span], hint.unwrap_or_default())
        }
    }
}

#[test]
fn reads_queries() {
    let rows = all_rows("queries.md");
    assert!(rows.len() > 140, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for (line, cells) in &rows {
        let told = tell_query(&cells[0].replace('⍽', "\u{a0}"));
        // Said again, it is understood as it was.
        let wanted = cells[1].replace('⍽', "\u{a0}");
        let again =
            if told == "everything" || told.starts_with("error at ") { told.clone() } else { tell_query(&told) };
        if told != wanted || again != told {
            wrong.push(format!("line {line}: {}\n  wanted {wanted}\n  found  {told}\n  again  {again}", cells[0]));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows do not hold:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn reads_acronyms() {
    let rows = all_rows("acronyms.md");
    assert!(rows.len() > 80, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for (line, cells) in &rows {
        let text = cells[0].replace('⏎', "\n");
        let told: Vec<_> = acronyms(&text, &Analyzer::new().analyze(&text))
            .into_iter()
            .map(|found| {
                let fits = if found.strict { '=' } else { '~' };
                format!("{} {fits} {}", &text[found.short], text[found.long].replace('\n', "⏎"))
            })
            .collect();
        let told = if told.is_empty() { "-".to_owned() } else { told.join("; ") };
        if told != cells[1] {
            wrong.push(format!("line {line}: {}\n  wanted {}\n  found  {told}", cells[0], cells[1]));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows do not hold:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Answers the rows of the table of searches: the letters of the reports that answer, or how the error begins.
fn tell_search(searcher: &mut Searcher<'_>, query: &str) -> String {
    let (options, query) = query.strip_prefix('[').and_then(|rest| rest.split_once("] ")).unwrap_or(("", query));
    let mut request = Request { query: query.to_owned(), limit: 0, ..Request::default() };
    for option in options.split(' ').filter(|option| !option.is_empty()) {
        match option {
            "any" => request.matching = Match::Any,
            "passage" => request.scope = Scope::Passage,
            "plain" => request.expand = false,
            _ => panic!("{option} is no option"),
        }
    }
    match searcher.search(&request) {
        Ok(answer) => {
            let mut found: Vec<&str> = answer.hits.iter().map(|hit| hit.report.id.as_str()).collect();
            found.sort_unstable();
            assert_eq!(answer.total, found.len() as u64, "{query}");
            assert_eq!(searcher.count(&request).unwrap(), answer.total, "{query}");
            if found.is_empty() { "-".to_owned() } else { found.join(" ") }
        }
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn answers_searches() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("reports.jsonl");
    let mut file = fs::File::create(&input).unwrap();
    for (_, cells) in rows("search.md", "Reports") {
        let (title, text) = cells[1].split_once(" ⏎ ").unwrap();
        let text = text.replace(" ⏎ ", "\n\n");
        writeln!(file, "{}", serde_json::json!({"id": cells[0], "title": title, "text": text})).unwrap();
    }
    let index = dir.path().join("index");
    build(&index, Corpus::open(&[input], ReadOptions::default()).unwrap(), &IndexOptions::default(), &mut |_| {})
        .unwrap();
    let reader = IndexReader::open(&index).unwrap();
    let mut searcher = Searcher::new(&reader);
    let queries = rows("search.md", "Queries");
    let queries: Vec<_> = queries.iter().filter(|(_, cells)| !["query", "---"].contains(&cells[0].as_str())).collect();
    assert!(queries.len() > 90, "{} rows", queries.len());
    let mut wrong = Vec::new();
    for (line, cells) in queries {
        let told = tell_search(&mut searcher, &cells[0]);
        if told != cells[1] && !(cells[1].starts_with("error: ") && told.starts_with(&cells[1])) {
            wrong.push(format!("line {line}: {}\n  wanted {}\n  found  {told}", cells[0], cells[1]));
        }
    }
    assert!(wrong.is_empty(), "{} rows do not hold:\n{}", wrong.len(), wrong.join("\n"));
}

/// The values of a cell: `;` parts them, `-` is none.
fn values(cell: &str) -> Vec<&str> {
    cell.split(';').map(str::trim).filter(|value| *value != "-").collect()
}

#[test]
fn widens_queries() {
    let rows = all_rows("expansions.md");
    assert!(rows.len() > 80, "{} rows", rows.len());
    let vocabulary = Vocabulary::builtin();
    let mut wrong = Vec::new();
    for (line, cells) in &rows {
        let mut analyzer = Analyzer::new();
        let tokens = analyzer.analyze(&cells[0]);
        let names = vocabulary.names_in(&tokens, &mut analyzer);
        let mut paths: Vec<String> = names.iter().map(|name| name.path.to_string()).collect();
        paths.dedup();
        let mut others: Vec<String> = names.into_iter().flat_map(|name| name.others).collect();
        let words = vocabulary.synonyms_in(&tokens, &mut analyzer).into_iter().flat_map(|found| found.others);
        let (words, near): (Vec<String>, Vec<f32>) = words.unzip();
        let weighed = words.iter().zip(near).map(|(text, near)| format!("{text} {near}").replace(" 0.", " ."));
        others.extend(weighed);
        let found = values(&cells[2]);
        let lacking: Vec<_> = found.iter().filter(|text| others.iter().all(|other| other != *text)).collect();
        let unwanted: Vec<_> = values(&cells[3])
            .into_iter()
            .filter(|text| others.iter().chain(&words).any(|other| other == text))
            .collect();
        let nothing = cells[1] == "-" && found.is_empty();
        if paths != values(&cells[1]) || !lacking.is_empty() || !unwanted.is_empty() || nothing && !others.is_empty() {
            wrong.push(format!(
                "line {line}: {}\n  stands for {paths:?}\n  lacks {lacking:?}\n  has {unwanted:?} of\n  {others:?}",
                cells[0]
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows do not hold:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// A suggestion as the table of suggestions writes it: `region Bankass, Mopti (Mali) = Bancas 2`.
fn tell_completion(completion: &Completion) -> String {
    let Completion { kind, name, alias, within, reports, .. } = completion;
    let kind = serde_json::to_value(kind).unwrap();
    let within = within.as_ref().map(|within| format!(", {within}")).unwrap_or_default();
    let alias = alias.as_ref().map(|alias| format!(" = {alias}")).unwrap_or_default();
    format!("{} {name}{within}{alias} {reports}", kind.as_str().unwrap())
}

#[test]
fn suggests_what_a_query_may_go_on_with() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("rows.jsonl");
    let mut file = fs::File::create(&input).unwrap();
    for (line, cells) in rows("suggestions.md", "Reports") {
        let report = serde_json::json!({"id": line.to_string(), "source": cells[0], "text": cells[1]});
        writeln!(file, "{report}").unwrap();
    }
    let index = dir.path().join("index");
    let corpus = Corpus::open(&[input], ReadOptions::default()).unwrap();
    build(&index, corpus, &IndexOptions::default(), &mut |_| {}).unwrap();
    let reader = IndexReader::open(&index).unwrap();
    let mut searcher = Searcher::new(&reader);
    let rows = rows("suggestions.md", "Suggestions");
    assert!(rows.len() > 35, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for (line, cells) in &rows {
        let cursor = cells[0].find('‸').unwrap_or(cells[0].len());
        let typed = cells[0].replace('‸', "");
        let found = searcher.suggest(&typed, cursor, 8).unwrap().suggestions;
        let told: Vec<String> = found.iter().map(tell_completion).collect();
        let told = if told.is_empty() { "-".to_owned() } else { told.join("; ") };
        let chosen = |first: &Completion| format!("{}{}{}", &typed[..first.start], first.insert, &typed[first.end..]);
        let becomes = found.first().map_or("-".to_owned(), chosen);
        // Whatever is chosen can be read, and asks for what it says.
        for choice in found.iter().filter(|_| becomes != "-") {
            let query = chosen(choice);
            let whole = matches!(parse(&query), Ok(Some(_))) || typed.contains(['"', '(']);
            assert!(whole, "line {line}: {query}");
        }
        if told != cells[1] || becomes != cells[2] {
            wrong.push(format!("line {line}: | {} | {told} | {becomes} | {} |", cells[0], cells[3]));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows do not hold:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}
