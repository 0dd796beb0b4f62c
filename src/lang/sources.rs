//! Holds the table of messages against the sources: every message has a row, every row a message.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use super::table::{ELSEWHERE, rows};
use super::template::{Manner, Pattern, Piece, parse};

/// Rooms and files that hold words of reports or of queries, of which only errors are told.
const SILENT: [&str; 13] = [
    "french/",
    "lang/",
    "lang.rs",
    "fold.rs",
    "corpus/byline.rs",
    "corpus/comments.rs",
    "corpus/dateline.rs",
    "corpus/furniture.rs",
    "corpus/marks.rs",
    "corpus/names.rs",
    "corpus/site.rs",
    "web/metrics.rs",
    "web/openapi.rs",
];

/// What stands before a literal that nobody is told: attributes, `expect`, help, and what machines read.
const UNTOLD_AFTER: [&str; 15] = [
    "STYLE: &str = ",
    "EXAMPLES: &str = ",
    "ATTRIBUTION: &str = ",
    "reason = ",
    "help = ",
    "help_heading = ",
    "about = ",
    "description = ",
    "POLICY: &str = ",
    "PURPOSE: &str = ",
    ".expect(",
    "filter_map(",
    "prop_assert!(",
    "Explanation::new(",
    "InvalidArgument(format!(",
];

/// Literals that look like messages and are none: shapes of paths and queries, what other programs read, names.
const UNTOLD: [&str; 39] = [
    "{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax",
    "TAP version 14\n1..{}",
    "{}ok {} - {}",
    "  at: {}",
    "  request: {}",
    "  total: {}",
    "{}: {} {}, octets {}-{}",
    "octets {}-{}",
    "vigie: {}",
    "SAUF {}",
    "vigie search",
    "{} {}",
    "{}, {}",
    "{} ({})",
    "{}: {}{}",
    "{}{}: {} ({})",
    "{} at line {}",
    " at line ",
    "line {} of the record, ",
    "article time[datetime]",
    "article h1",
    "head title",
    "{} Q0 {} {} {} vigie",
    "{} {} {} {} left",
    "1 report does",
    "{}{} {}",
    "{}|… {} more",
    "{} with mentions",
    "several {}s are named “{}”: {}",
    "no {} is named “{}” in this index",
    "no report of this index has a {}",
    "attachment; filename=\"{}\"; filename*=UTF-8''{}",
    "Accept-Language, Cookie",
    "Accept, Accept-Language, Cookie",
    "tick more",
    "country more",
    "place rest",
    "week of {}",
    "semaine du {}",
];

/// What a literal after one of these is told, be it one word.
const TOLD_AFTER: [&str; 4] = ["#[error(", "tell(", ".note(", "bail!("];

/// A text in the sources.
#[derive(Debug)]
struct Literal {
    /// `src/query/lexer.rs:12`.
    place: String,
    /// The code right before it.
    before: String,
    /// Its holes are `{}`.
    text: String,
    silent: bool,
}

impl Literal {
    /// Whether it is SVG or roff.
    fn is_markup(&self) -> bool {
        self.text.starts_with('<') || self.text.contains("=\"") || self.text.starts_with(".SH ")
    }

    /// Whether people are told it.
    fn is_told(&self) -> bool {
        let after = |names: &[&str]| names.iter().any(|name| self.before.ends_with(name));
        let letters = self.text.replace("{}", "").chars().filter(|c| c.is_alphabetic()).count();
        if letters < 2 || after(&UNTOLD_AFTER) || UNTOLD.contains(&self.text.as_str()) || self.is_markup() {
            return false;
        }
        after(&TOLD_AFTER) || !self.silent && reads_like_prose(&self.text)
    }
}

/// Whether two words stand side by side.
fn reads_like_prose(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let is_word = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        bare.chars().count() > 1 && bare.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '-' | '_'))
    };
    words.windows(2).any(|pair| is_word(pair[0]) && (is_word(pair[1]) || pair[1].contains("{}")))
        || words.windows(2).any(|pair| pair[0].contains("{}") && is_word(pair[1]))
}

/// All texts of a file, tests aside.
fn literals(place: &str, code: &str, silent: bool) -> Vec<Literal> {
    // Tests stand last.
    let tests = code.match_indices("\n#[cfg(test)]\n").find(|(at, sign)| {
        code[at + sign.len()..].lines().next().is_some_and(|line| line.contains("mod ") && line.ends_with('{'))
    });
    let code = tests.map_or(code, |(at, _)| &code[..at]);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = code.get(at..).filter(|rest| !rest.is_empty()) {
        let until = |end: &str| rest.find(end).map_or(rest.len(), |found| found + end.len());
        let first = rest.chars().next().unwrap_or_default();
        if rest.starts_with("//") {
            at += until("\n");
        } else if let Some((text, length)) = literal(rest) {
            let line = code[..at].lines().count();
            let before = code[..at].trim_end().replace('\n', " ");
            let from = before.ceil_char_boundary(before.len().saturating_sub(40));
            let before = before[from..].to_owned() + if code[..at].ends_with(' ') { " " } else { "" };
            found.push(Literal { place: format!("{place}:{line}"), before, text, silent });
            at += length;
        } else if first == '\'' {
            // A character, not a lifetime.
            let escaped = rest[1..].starts_with('\\');
            let inside = rest[1..].chars().next().map_or(0, char::len_utf8);
            let end = if escaped { rest[3..].find('\'').map(|end| end + 3) } else { Some(1 + inside) };
            let is_char = end.filter(|&end| rest[end..].starts_with('\''));
            at += is_char.map_or(1, |end| end + 1);
        } else {
            at += first.len_utf8();
        }
    }
    found
}

/// The text of a literal that the code begins with, and its bytes.
fn literal(code: &str) -> Option<(String, usize)> {
    if let Some(raw) = code.strip_prefix('r') {
        let signs = raw.len() - raw.trim_start_matches('#').len();
        let inside = raw[signs..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(signs));
        let length = inside.find(&end)?;
        return Some((with_holes(&inside[..length]), 1 + signs + 1 + length + end.len()));
    }
    let inside = code.strip_prefix('"')?;
    let mut text = String::new();
    let mut chars = inside.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((with_holes(&text), at + 2)),
            '\\' => match chars.next()?.1 {
                '\n' => while chars.next_if(|(_, c)| c.is_whitespace()).is_some() {},
                'n' => text.push('\n'),
                't' => text.push('\t'),
                other => text.push(other),
            },
            c => text.push(c),
        }
    }
    None
}

/// A format with its holes as a row has them.
fn with_holes(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(['{', '}']) {
        plain.push_str(&rest[..start]);
        let inside = &rest[start..];
        let is_name = |c: char| c.is_alphanumeric() || "_:.>$?#<+".contains(c);
        if inside.starts_with("{{") || inside.starts_with("}}") {
            plain.push_str(&inside[..1]);
            rest = &inside[2..];
        } else if let Some(end) = inside.find('}').filter(|&end| end > 0 && inside[1..end].chars().all(is_name)) {
            plain.push_str("{}");
            rest = &inside[end + 1..];
        } else {
            plain.push_str(&inside[..1]);
            rest = &inside[1..];
        }
    }
    plain + rest
}

fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|known| known == extension) {
            found.push(path);
        }
    }
}

/// What a template tells: the texts of its calls of `tell`, and what it counts.
fn told_by_template(place: &str, template: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    for (sign, is_counted) in [("tell(\"", false), ("counted(", true)] {
        for (at, _) in template.match_indices(sign) {
            let rest = &template[at + sign.len()..];
            let inside = if is_counted {
                rest.split(')').next().and_then(|arguments| arguments.split('"').nth(1))
            } else {
                rest.split('"').next()
            };
            let line = template[..at].lines().count();
            found.extend(inside.map(|text| Literal {
                place: format!("{place}:{line}"),
                before: "tell(".to_owned(),
                text: if is_counted { format!("{{}} {text}s") } else { text.to_owned() },
                silent: false,
            }));
        }
    }
    found
}

/// What the page tells of the query language: headings of its help, and what each example finds.
fn told_by_help() -> Vec<Literal> {
    let told = crate::query::HELP.lines().filter_map(|line| match line.strip_prefix("    ") {
        Some(example) => Some(example.split_once("  ")?.1.trim()),
        None => line.strip_prefix('#').map(|heading| heading.trim_start_matches('#').trim()),
    });
    let literal = |text: &str| Literal {
        place: "src/query/help.md".to_owned(),
        before: "tell(".to_owned(),
        text: text.to_owned(),
        silent: false,
    };
    told.map(literal).collect()
}

/// All texts of the sources.
fn sources() -> Vec<Literal> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    files(&root, "rs", &mut paths);
    paths.sort();
    let mut found = told_by_help();
    let mut templates = Vec::new();
    files(&root, "html", &mut templates);
    for path in templates {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        found.extend(told_by_template(&format!("src/{name}"), &fs::read_to_string(&path).unwrap()));
    }
    for path in paths {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        // Files that hold nothing but tests.
        if ["tests.rs", "samples.rs", "hostile.rs", "sources.rs"].iter().any(|tests| name.ends_with(tests)) {
            continue;
        }
        let silent = SILENT.iter().any(|room| name.starts_with(room));
        found.extend(literals(&format!("src/{name}"), &fs::read_to_string(&path).unwrap(), silent));
    }
    assert!(found.len() > 1000, "the sources were not read");
    found
}

/// What the English of a row looks like in the code, in all its forms.
fn plain(english: &str) -> Vec<String> {
    let mut forms = vec![String::new()];
    for piece in parse(english).unwrap() {
        match piece {
            Piece::Text(text) => forms.iter_mut().for_each(|form| form.push_str(&text)),
            Piece::Hole(..) => forms.iter_mut().for_each(|form| form.push_str("{}")),
            Piece::Forms { one, many, .. } => {
                let in_both = |form: &String| [format!("{form}{one}"), format!("{form}{many}")];
                forms = forms.iter().flat_map(in_both).collect();
            }
        }
    }
    forms
}

/// Fewer bytes of a pattern are those of too many messages.
const TELLING: usize = 5;

/// Whether one message is a case of another: `no group is named “{}”` of `no {} is named “{}”`.
fn is_case(message: &str, of: &[Pattern]) -> bool {
    of.iter().any(|pattern| pattern.literal() >= TELLING && pattern.values(message).is_some())
}

#[test]
fn every_message_has_a_row() {
    let known: BTreeSet<String> = rows().flat_map(|(_, english, _)| plain(english)).collect();
    let patterns: Vec<Pattern> = rows().flat_map(|(_, english, _)| Pattern::of(&parse(english).unwrap())).collect();
    let mut missing = Vec::new();
    for literal in sources().iter().filter(|literal| literal.is_told()) {
        let text = literal.text.trim();
        let pattern = Pattern::of(&parse(text).unwrap_or_default());
        // A message may be put together of parts, and its cases may have a row each.
        let is_known = known.iter().any(|known| known.contains(text) || is_case(known, &pattern));
        if !is_known && !is_case(text, &patterns) {
            missing.push(format!("{}: {:?}", literal.place, literal.text));
        }
    }
    assert!(missing.is_empty(), "no row of src/lang/messages.tsv says\n{}", missing.join("\n"));
}

#[test]
fn every_row_has_a_message() {
    let sources = sources();
    let texts: BTreeSet<&str> = sources.iter().map(|literal| literal.text.trim()).collect();
    let patterns: Vec<Pattern> = texts.iter().flat_map(|text| Pattern::of(&parse(text).unwrap_or_default())).collect();
    let elsewhere = include_str!("messages.tsv").lines().position(|line| line == ELSEWHERE).unwrap();
    let mut idle = Vec::new();
    for (line, english, _) in rows().filter(|(line, ..)| *line <= elsewhere) {
        // `counted` puts a number before a word, and s behind it; other parts have values before or behind them.
        let used = |form: &String| {
            let bare = form.trim_matches(['{', '}', ' ', ':']);
            texts.contains(form.as_str())
                || texts.iter().any(|text| text.trim_matches(['{', '}', ' ', ':']) == bare)
                || is_case(form, &patterns)
        };
        if !plain(english).iter().any(used) {
            idle.push(format!("messages.tsv:{line}: {english}"));
        }
    }
    assert!(idle.is_empty(), "nothing in src says\n{}", idle.join("\n"));
}

#[test]
fn rows_are_sound() {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (line, english, french) in rows() {
        assert!(!english.is_empty() && !french.is_empty(), "messages.tsv:{line}: two columns with a tab between");
        assert!(!french.contains('\t'), "messages.tsv:{line}: a tab too many");
        let holes = |text: &str| -> BTreeSet<usize> {
            let pieces = parse(text).unwrap_or_else(|error| panic!("messages.tsv:{line}: {error}"));
            let numbers = pieces.iter().filter_map(|piece| match piece {
                Piece::Hole(at, _) => Some(*at),
                Piece::Text(_) | Piece::Forms { .. } => None,
            });
            numbers.collect()
        };
        assert_eq!(holes(english), holes(french), "messages.tsv:{line}: values of {english}");
        let known = holes(english);
        for piece in parse(french).unwrap() {
            match piece {
                Piece::Forms { by, .. } => assert!(known.contains(&by), "messages.tsv:{line}: no number {by}"),
                Piece::Text(text) => {
                    assert!(!text.contains(['“', '”', '’', '\u{a0}']), "messages.tsv:{line}: typography of {text}");
                    let sign = text.char_indices().find(|&(at, c)| "!?;»".contains(c) && !text[..at].ends_with(' '));
                    assert!(
                        sign.is_none_or(|(at, _)| at == 0),
                        "messages.tsv:{line}: no space before a sign in {text}"
                    );
                }
                Piece::Hole(..) => {}
            }
        }
        let marked = |text: &str| {
            let pieces = parse(text).unwrap();
            pieces.iter().any(|piece| matches!(piece, Piece::Hole(_, Manner::Message)))
        };
        assert!(marked(french) || !marked(english), "messages.tsv:{line}: French leaves a message within untold");
        for form in plain(english) {
            if let Some(other) = seen.insert(form.clone(), line) {
                assert_eq!(other, line, "messages.tsv:{line} and {other} are both {form}");
            }
        }
    }
    assert!(seen.len() > 300);
}

#[test]
fn literals_are_read_as_the_compiler_reads_them() {
    let code =
        "fn f<'a>() { // \"not this\"\n g('\"', \"a {b} \\\n    c \\\"d\\\" {{e}}\", r#\"x \"y\"#, '\\'', \"z\") }";
    let texts: Vec<String> = literals("f", code, false).into_iter().map(|literal| literal.text).collect();
    assert_eq!(texts, ["a {} c \"d\" {e}", "x \"y", "z"]);
    assert!(reads_like_prose("no column “{}”") && reads_like_prose("{} reports") && !reads_like_prose("{} {}"));
}
