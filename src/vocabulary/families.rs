//! Families of words compiled: by which word a family is found, and what it says. Shared with the build script.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::compile::ROUTE;
use super::rows::{Row, Rows, SYNONYMS, SynonymRow, list};
use super::{fold, is_stop};

/// The families of a vocabulary, and the words that lead to them.
#[derive(Debug, Default)]
pub(crate) struct Families {
    /// Lines of `weight<TAB>words, by |<TAB>words that are found only, by |`.
    pub(crate) lines: String,
    /// Folded word or stem → where the lines start that it leads to, in bytes.
    pub(crate) routes: BTreeMap<String, Vec<[u32; ROUTE / 4]>>,
}

impl Families {
    /// Compiles families. Each is found by the words that its members begin with, as they are and by their `stem`: a
    /// word of a query that shares either may be one of them, and no other may.
    ///
    /// # Errors
    /// If a weight is none.
    pub(crate) fn new(rows: &Rows, stem: &dyn Fn(&str) -> String) -> Result<Self, String> {
        let mut families = Self::default();
        for Row { line, cells: row } in &rows.synonyms {
            let weight = row.weight().ok_or_else(|| format!("{SYNONYMS}:{line}: no weight “{}”", row.weight))?;
            let start = u32::try_from(families.lines.len()).map_err(|_| "the vocabulary is over 4 GiB".to_owned())?;
            for word in list(&row.words).flat_map(first_words) {
                for key in [stem(&word), fold(&word)] {
                    let lines = families.routes.entry(key.trim_start_matches('@').to_owned()).or_default();
                    if lines.last() != Some(&[start]) {
                        lines.push([start]);
                    }
                }
            }
            let _ = writeln!(families.lines, "{weight}\t{}\t{}", one_line(&row.words), one_line(&row.to));
        }
        Ok(families)
    }
}

/// The values of a cell, whose spaces may be tabs and line ends.
fn one_line(cell: &str) -> String {
    let words = |value: &str| value.split_whitespace().collect::<Vec<_>>().join(" ");
    list(cell).map(words).collect::<Vec<_>>().join("|")
}

impl SynonymRow {
    /// How near the words are: over 0, up to 1.
    pub(crate) fn weight(&self) -> Option<f32> {
        self.weight.parse().ok().filter(|weight| *weight > 0.0 && *weight <= 1.0)
    }
}

/// The words of a member, in lower case, up to the first that is no function word.
fn first_words(member: &str) -> Vec<String> {
    let lower = member.to_lowercase();
    let mut words: Vec<String> = Vec::new();
    for word in lower.split(|c: char| c.is_whitespace() || c == '-').filter(|word| !word.is_empty()) {
        let word = super::elision(word).map_or(word, |cut| &word[cut..]);
        words.push(word.to_owned());
        if !is_stop(&fold(word)) {
            break;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_a_line_that_the_first_words_of_its_members_lead_to() {
        let row = |words: &str, to: &str, weight: &str| {
            let cells = SynonymRow { words: words.to_owned(), to: to.to_owned(), weight: weight.to_owned() };
            Row { line: 7, cells }
        };
        let stem = |word: &str| word.trim_end_matches('s').to_owned();
        let synonyms = vec![row("Rapts |\tenlèvement\nforcé", "", "0.9"), row("s'enfuir|à pied|rapt", "fuite", "1.0")];
        let families = Families::new(&Rows { synonyms, ..Rows::default() }, &stem).unwrap();
        assert_eq!(families.lines, "0.9\tRapts|enlèvement forcé\t\n1\ts'enfuir|à pied|rapt\tfuite\n");
        let second = u32::try_from(families.lines.find("1\t").unwrap()).unwrap();
        let of = |word: &str| families.routes.get(word).map_or(Vec::new(), |lines| lines.concat());
        assert_eq!((of("rapt"), of("rapts"), of("enlevement")), (vec![0, second], vec![0], vec![0]));
        assert_eq!((of("enfuir"), of("a"), of("pied")), (vec![second], vec![second], vec![second]));
        assert!(of("force").is_empty() && of("fuite").is_empty());
        let bad = Rows { synonyms: vec![row("a|b", "", "2")], ..Rows::default() };
        assert_eq!(Families::new(&bad, &stem).unwrap_err(), "synonyms.csv:7: no weight “2”");
    }
}
