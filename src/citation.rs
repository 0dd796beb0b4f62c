//! Citations: one line that tells a quote's origin to a reader and its bytes to a machine.
//!
//! `Autrice, Échantillon C, « Titre », 2024-08-17, sample_corpus/radio/breves.ndjson:e05-radio#1, octets 812-1204,
//! b3:1f2e3d4c5b6a`: who, where, what and when, as far as it is known, then the place, the bytes of the report's stored
//! text (half-open) and the first twelve digits of their BLAKE3 hash. The last three are read back from the end
//! (`read`), whatever stands before them.

mod dialects;
mod lines;
mod read;
mod text;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use lines::{Named, named};
pub use read::references;
use read::starts_with_hash;
pub use text::{Mention, TextReader};

use crate::hit::{ReportInfo, Span, place, whole_place};

/// What a hash begins with.
const HASH: &str = "b3:";
/// Hexadecimal digits of a hash.
const DIGITS: usize = 12;
/// What parts a place from what stands before it: a part of its citation, or another citation.
const SEPARATORS: [&str; 2] = [", ", "; "];
/// What stands before the range.
const BYTES: &str = "octets";

/// What a citation says of where its quote stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The place, as [`place`] gives it, or as [`whole_place`] does where a whole report is cited: all that it may have
    /// been before a format escaped it, the likeliest first, one at least. Copied text may leave something before it.
    pub places: Vec<String>,
    /// Bytes of the report's stored text.
    pub bytes: Range<usize>,
    /// Hash of these bytes, as [`hash`] gives it.
    pub hash: String,
}

/// What became of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It stands where the citation says.
    Stands,
    /// It stands elsewhere: at other bytes or in another passage of the report, or, where that is gone, in another one.
    Moved,
    /// The report is there, the quote is not.
    Changed,
    /// There is no such report, and no other has the quote.
    Gone,
}

impl Standing {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stands => "stands",
            Self::Moved => "moved",
            Self::Changed => "changed",
            Self::Gone => "gone",
        }
    }
}

/// What became of the quote of one citation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// What became of it.
    pub standing: Standing,
    /// The place, as cited.
    pub place: String,
    /// First byte, as cited.
    pub start: usize,
    /// One past the last byte, as cited.
    pub end: usize,
    /// Hash, as cited.
    pub hash: String,
    /// Id of the report, where there is one: that in which the quote stands now, if it moved.
    pub report: Option<String>,
    /// Where the quote stands now, if it moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<Span>,
    /// The place now, where it is another: the quote moved, or the path has another root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_now: Option<String>,
}

/// The short hash of a quote: `b3:` and the first twelve hexadecimal digits of the BLAKE3 hash of its bytes.
#[must_use]
pub fn hash(quote: &str) -> String {
    format!("{HASH}{}", &blake3::hash(quote.as_bytes()).to_hex()[..DIGITS])
}

/// The citation of a passage, or of a whole report where `ordinal` is none. `start` is the first byte of the quote in the
/// report's stored text.
#[must_use]
pub fn citation(report: &ReportInfo, ordinal: Option<usize>, start: usize, quote: &str) -> String {
    let author = report.author.as_deref().filter(|author| is_somebody(author));
    let place = ordinal.map_or_else(|| whole_place(report), |ordinal| place(report, ordinal));
    let parts = [
        author.map(on_one_line),
        report.source.as_deref().map(on_one_line),
        report.title.as_ref().map(|title| format!("« {} »", on_one_line(title))),
        report.published.map(|day| day.to_string()),
        Some(tail(&place, start..start + quote.len(), &hash(quote))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The end of a citation, which is read back: the place, the bytes and their hash.
pub(crate) fn tail(place: &str, bytes: Range<usize>, hash: &str) -> String {
    format!("{}, {BYTES} {}-{}, {hash}", written(place), bytes.start, bytes.end)
}

/// Whether an author is named: « la rédaction » is nobody.
pub(crate) fn is_somebody(author: &str) -> bool {
    !author.to_lowercase().contains("rédaction")
}

/// A place as it is, or between quotes as JSON writes it, where it could not be told from what stands around it.
fn written(place: &str) -> String {
    let plain = !SEPARATORS.iter().any(|part| place.contains(part))
        && !place.ends_with('"')
        && place.trim() == place
        && !place.contains(invisible)
        && !starts_with_hash(place)
        && !place.is_empty();
    if plain {
        return place.to_owned();
    }
    let quoted = serde_json::Value::from(place).to_string();
    let escaped = |c: char| if invisible(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    quoted.chars().map(escaped).collect()
}

/// The text with a space for each character that would part the line or turn its order.
pub(crate) fn on_one_line(text: &str) -> String {
    text.replace(invisible, " ")
}

/// Whether a character ends a line, commands a terminal or turns the order of what stands around it. All of them have
/// four hexadecimal digits at most.
fn invisible(c: char) -> bool {
    let bidi = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    c.is_control() || bidi
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn report() -> ReportInfo {
        ReportInfo {
            id: "e05-radio".to_owned(),
            title: Some("Bankass : les disparus".to_owned()),
            source: Some("Échantillon C".to_owned()),
            path: "sample_corpus/radio/breves.ndjson".to_owned(),
            published: "2024-08-17".parse().ok(),
            ..ReportInfo::default()
        }
    }

    #[test]
    fn tells_who_where_when_and_which_bytes() {
        let quote = "Dans le cercle de Bankass";
        insta::assert_snapshot!(citation(&report(), Some(1), 812, quote), @"Échantillon C, « Bankass : les disparus », 2024-08-17, sample_corpus/radio/breves.ndjson:e05-radio#1, octets 812-837, b3:c1664b6da390");
        let author = |author: &str| ReportInfo { author: Some(author.to_owned()), ..report() };
        assert!(citation(&author("Awa Traoré"), Some(1), 812, quote).starts_with("Awa Traoré, Échantillon C, "));
        assert!(citation(&author("La rédaction"), Some(1), 812, quote).starts_with("Échantillon C, "));
        let whole = citation(&report(), None, 0, quote);
        assert!(whole.contains(", sample_corpus/radio/breves.ndjson:e05-radio, octets 0-25, b3:"), "{whole}");
        assert_eq!(references(&whole)[0].places[0], "sample_corpus/radio/breves.ndjson:e05-radio");
    }

    #[test]
    fn is_read_from_the_end_whatever_stands_around_it() {
        let cite = citation(&report(), Some(1), 812, "x");
        let want = references(&cite);
        assert_eq!(want[0].places, ["sample_corpus/radio/breves.ndjson:e05-radio#1"]);
        assert_eq!((want[0].bytes.clone(), want[0].hash.as_str()), (812..813, hash("x").as_str()));
        let dashed = cite.replace("812-", "812\u{2013}").replace("octets ", "octets\u{a0}");
        let tex = cite.replace("812-", "812--").replace("octets ", "octets~");
        for line in [tex, format!("[12] {cite}."), format!("(« mot », {cite}) ; p. 3"), format!("> {cite}\r\n"), dashed]
        {
            assert_eq!(references(&line), want, "{line}");
        }
        let two = format!("{cite} ; voir aussi {}", citation(&report(), Some(2), 900, "y"));
        let places: Vec<String> = references(&two).into_iter().map(|found| found.places[0].clone()).collect();
        assert_eq!(places.len(), 2);
        assert!(places[0].ends_with("#1") && places[1].ends_with("#2"));
        assert_eq!(references(&[cite.as_str(); 5].join(" ")), vec![want[0].clone(); 5]);
    }

    #[test]
    fn what_is_no_citation_gives_none() {
        for line in [
            "",
            "b3:",
            "b3:1f2e3d4c5b6a",
            "a#1, octets 5-4, b3:1f2e3d4c5b6a",
            "a#1, octets 4-5, b3:1f2e3d4c5b6",
            "a#1, octets 4-5, b3:1F2E3D4C5B6A",
            "a#1, octets 4-5, b3:1f2e3d4c5b6abc",
            "a#1, octets 4-99999999999999999999999, b3:1f2e3d4c5b6a",
            "a#1, 4-5, b3:1f2e3d4c5b6a",
        ] {
            assert_eq!(references(line), [], "{line}");
        }
    }

    fn any_name() -> impl Strategy<Value = String> {
        let hard = prop::sample::select(vec![
            ", ",
            "\"",
            "\\",
            "#3",
            ":",
            "/",
            "\n",
            "\u{202e}",
            " ",
            ", octets 1-2, b3:1f2e3d4c5b6a",
            "é",
            "b3:",
        ]);
        let piece = prop_oneof![2 => hard.prop_map(str::to_owned), 1 => "[a-z0-9.]{0,6}", 1 => any::<String>()];
        prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn a_citation_parses_back(
            (id, path) in (any_name(), any_name()),
            named in prop::collection::vec(prop::option::of(any_name()), 4),
            (ordinal, start, quote) in (prop::option::of(1_usize..99), 0_usize..1 << 40, any_name()),
            (before, after) in ("[a-z ;,.]{0,9}", "[ .;)»]{0,3}"),
        ) {
            let [title, source, url, author] = <[_; 4]>::try_from(named).unwrap();
            let report = ReportInfo { id, title, source, url, author, path, published: None };
            let cite = citation(&report, ordinal, start, &quote);
            prop_assert!(!cite.contains(char::is_control), "{:?}", cite);
            let found = references(&format!("{before}, {cite}{after}"));
            let place = ordinal.map_or_else(|| whole_place(&report), |ordinal| place(&report, ordinal));
            let last = found.last().unwrap();
            prop_assert_eq!((&last.bytes, &last.hash), (&(start..start + quote.len()), &hash(&quote)), "{}", cite);
            prop_assert!(last.places.contains(&place), "{}: {:?}", cite, last.places);
        }

        #[test]
        fn any_line_is_read(line in any_name()) {
            for found in references(&line) {
                prop_assert!(found.bytes.start <= found.bytes.end);
            }
        }
    }
}
