//! The table of messages, and how a message finds its row.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::template::{Manner, Pattern, Piece, parse};

/// English, a tab, French; lines that begin with # are comments.
const MESSAGES: &str = include_str!("messages.tsv");
/// Below this stand messages that no source of vigie holds.
#[cfg(test)]
pub(super) const ELSEWHERE: &str = "# from elsewhere";

/// How deep messages stand in messages.
const DEEPEST: usize = 8;

/// Messages by their English.
struct Table {
    /// Those without values.
    whole: HashMap<&'static str, String>,
    /// The others: those that begin with text first, and of these those with the most.
    holed: Vec<(Pattern, Vec<Piece>)>,
}

/// Lines of the table, from 1, with the English and the French.
pub(super) fn rows() -> impl Iterator<Item = (usize, &'static str, &'static str)> {
    let rows = MESSAGES.lines().zip(1..).filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    rows.map(|(line, number)| {
        let (english, french) = line.split_once('\t').unwrap_or((line, ""));
        (number, english, french)
    })
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table { whole: HashMap::new(), holed: Vec::new() };
        for (_, english, french) in rows() {
            // The test of the table reads every row.
            let (Ok(pieces), Ok(french)) = (parse(english), parse(&typeset(french))) else { continue };
            if pieces.iter().all(|piece| matches!(piece, Piece::Text(_))) {
                table.whole.insert(english, said(&french, &[], DEEPEST));
            } else {
                table.holed.extend(Pattern::of(&pieces).into_iter().map(|pattern| (pattern, french.clone())));
            }
        }
        table.holed.sort_by_key(|(pattern, _)| std::cmp::Reverse((pattern.begins_with_text(), pattern.literal())));
        table
    })
}

/// The French of an English message, if the table has it.
pub(super) fn french(message: &str) -> Option<String> {
    told(message, 0)
}

fn told(message: &str, depth: usize) -> Option<String> {
    let table = table();
    if let Some(french) = table.whole.get(message) {
        return Some(french.clone());
    }
    table.holed.iter().find_map(|(pattern, french)| {
        let values: Vec<&str> = pattern.values(message)?.into_iter().map(|bytes| &message[bytes]).collect();
        Some(said(french, &values, depth))
    })
}

/// A template with its values.
fn said(template: &[Piece], values: &[&str], depth: usize) -> String {
    let value = |at: &usize| values.get(*at).copied().unwrap_or_default();
    let mut text = String::new();
    for piece in template {
        match piece {
            Piece::Text(part) => text.push_str(part),
            Piece::Hole(at, Manner::Plain | Manner::Digit) => text.push_str(value(at)),
            Piece::Hole(at, Manner::Decimal) => text.push_str(&value(at).replace('.', ",")),
            Piece::Hole(at, Manner::Message) => {
                let inner = Some(value(at)).filter(|_| depth < DEEPEST).and_then(|inner| told(inner, depth + 1));
                text.push_str(inner.as_deref().unwrap_or(value(at)));
            }
            Piece::Forms { by, one, many } => {
                let number = value(by).replace(',', ".").parse::<f64>();
                let is_one = number.map_or(true, |number| number.abs() < 2.0);
                text.push_str(if is_one { one } else { many });
            }
        }
    }
    text
}

/// French typography: no line ends before a high sign or inside quotes.
fn typeset(french: &str) -> String {
    let mut text = french.replace("« ", "«\u{a0}");
    for sign in [":", ";", "?", "!", "»", "%"] {
        text = text.replace(&format!(" {sign}"), &format!("\u{a0}{sign}"));
    }
    text
}
