//! Whether quotes still stand in the index where their citations say.

use std::ops::Range;

use super::{IndexError, IndexReader};
use crate::citation::{Reference, Standing, Verdict, hash, unescaped};
use crate::hit::{Span, place, whole_place};

impl IndexReader {
    /// Whether what a citation quotes still stands where it says. `quote` is the quoted text, where it is known: it is
    /// then looked for itself, otherwise by its hash, among all runs of whole words that are as long.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn verdict(&self, reference: &Reference, quote: Option<&str>) -> Result<Verdict, IndexError> {
        let Reference { place: cited, bytes, hash: expected } = reference;
        let mut verdict = Verdict {
            standing: Standing::Gone,
            place: cited.clone(),
            start: bytes.start,
            end: bytes.end,
            hash: expected.clone(),
            report: None,
            moved_to: None,
            place_now: None,
        };
        let found = match self.find(cited)? {
            Some(found) => found,
            // Copied out of a file of Markdown or BibTeX.
            None if cited.contains('\\') => {
                verdict.place = unescaped(cited);
                let Some(found) = self.find(&verdict.place)? else { return Ok(verdict) };
                found
            }
            None => return Ok(verdict),
        };
        let info = found.info();
        let known = found.ordinal.map_or_else(|| whole_place(&info), |ordinal| place(&info, ordinal));
        if !found.moved && verdict.place.ends_with(&known) {
            // What stood before it in the line is no part of it.
            verdict.place = known;
        }
        verdict.report = Some(found.id.clone());
        let there = found.text.get(bytes.clone());
        if there.is_some_and(|there| hash(there) == *expected) {
            verdict.standing = Standing::Stands;
        } else if let Some(now) = elsewhere(&found.text, &found.record.passages, bytes, expected, quote) {
            verdict.standing = Standing::Moved;
            verdict.moved_to = Some(Span { start: now.start, end: now.end });
        } else {
            verdict.standing = Standing::Changed;
        }
        let now = verdict.moved_to.map_or(bytes.start, |span| span.start);
        let ordinal = found.record.passages.iter().position(|&(start, end)| (start..end).contains(&now));
        let moves = found.moved || verdict.standing == Standing::Moved;
        if moves {
            let whole = found.ordinal.is_none();
            verdict.place_now = Some(match ordinal.filter(|_| !whole) {
                Some(at) => place(&info, at + 1),
                None => whole_place(&info),
            });
        }
        Ok(verdict)
    }
}

/// Where in a text something of a hash stands: as a passage, else anywhere between two gaps, that nearest to where it was.
fn elsewhere(
    text: &str,
    passages: &[(usize, usize)],
    was: &Range<usize>,
    expected: &str,
    quote: Option<&str>,
) -> Option<Range<usize>> {
    if let Some(quote) = quote.filter(|quote| !quote.is_empty()) {
        let places = text.match_indices(quote).map(|(at, _)| at);
        return places.min_by_key(|at| at.abs_diff(was.start)).map(|at| at..at + quote.len());
    }
    let length = was.len();
    let holds = |range: &Range<usize>| text.get(range.clone()).is_some_and(|part| hash(part) == *expected);
    let passage = passages.iter().map(|&(start, end)| start..end).filter(|range| range.len() == length).find(&holds);
    if passage.is_some() || length == 0 {
        return passage;
    }
    // A quote starts and ends as passages do, at a gap.
    let starts = text.char_indices().scan(true, |gap, (at, c)| {
        let starts = std::mem::replace(gap, c.is_whitespace()) && !c.is_whitespace();
        Some((starts, at))
    });
    let ends =
        |end: usize| text.get(end..).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
    let runs = starts.filter(|&(starts, at)| starts && ends(at + length)).map(|(_, at)| at..at + length);
    let mut runs: Vec<Range<usize>> = runs.collect();
    runs.sort_by_key(|run| run.start.abs_diff(was.start));
    runs.into_iter().find(holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Trois civils ont été tués près de Bankass, dans une embuscade tendue à un convoi de commerçants \
        qui revenait de la foire.\n\nLe chef du village a demandé une escorte pour les prochains jours, sans réponse \
        de la garnison, qui manque de véhicules depuis le mois de mars.";

    fn verdict(reader: &IndexReader, place: &str, start: usize, quote: &str, told: bool) -> Verdict {
        let reference = Reference { place: place.to_owned(), bytes: start..start + quote.len(), hash: hash(quote) };
        reader.verdict(&reference, told.then_some(quote)).unwrap()
    }

    #[test]
    fn a_quote_stands_moves_changes_or_goes() {
        let reader = IndexReader::of_texts(&[("Bankass", TEXT)]);
        let quote = "Le chef du village";
        let at = TEXT.find(quote).unwrap();
        for told in [false, true] {
            assert_eq!(verdict(&reader, "r0#2", at, quote, told).standing, Standing::Stands);
            let moved = verdict(&reader, "r0#1", at - 3, quote, told);
            assert_eq!(moved.standing, Standing::Moved);
            assert_eq!(moved.moved_to, Some(Span { start: at, end: at + quote.len() }));
            assert_eq!(verdict(&reader, "r0#1", at, "Le chef du hameau.", told).standing, Standing::Changed);
            assert_eq!(verdict(&reader, "r9#1", at, quote, told).standing, Standing::Gone);
            // Inside a letter, and beyond the end.
            assert_eq!(verdict(&reader, "r0#1", TEXT.find('é').unwrap() + 1, "x", told).standing, Standing::Changed);
            assert_eq!(verdict(&reader, "r0#1", 1 << 40, "y", told).standing, Standing::Changed);
        }
    }
}
