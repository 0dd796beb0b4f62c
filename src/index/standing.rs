//! Whether quotes still stand in the index where their citations say.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocAddress;

use super::document::read_id;
use super::find::Found;
use super::layout::column;
use super::{IndexError, IndexReader};
use crate::citation::{Reference, Standing, Verdict, hash};
use crate::hit::{ReportInfo, Span, place, whole_place};

impl IndexReader {
    /// Whether what citations quote still stands where they say, in their order. A quote comes with the quoted text,
    /// where it is known: it is then looked for itself, otherwise by its hash, among all runs of whole words that are as
    /// long. If there is no such report, it is looked for by its hash among the passages of all reports, and the texts of
    /// whole ones, in one pass for all citations.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn verdicts(&self, cited: &[(&Reference, Option<&str>)]) -> Result<Vec<Verdict>, IndexError> {
        let mut verdicts =
            cited.iter().map(|(reference, quote)| self.verdict(reference, *quote)).collect::<Result<Vec<_>, _>>()?;
        self.follow(&mut verdicts)?;
        Ok(verdicts)
    }

    /// Whether the quote of a citation still stands in its report. Of all that its place may be, the one that speaks best
    /// for it counts.
    fn verdict(&self, reference: &Reference, quote: Option<&str>) -> Result<Verdict, IndexError> {
        let mut best: Option<Verdict> = None;
        for place in &reference.places {
            let Some(found) = self.find(place)? else { continue };
            let verdict = judged(place, reference, &found, quote);
            if best.as_ref().is_none_or(|best| rank(verdict.standing) < rank(best.standing)) {
                best = Some(verdict);
            }
            if best.as_ref().is_some_and(|best| best.standing == Standing::Stands) {
                break;
            }
        }
        let place = reference.places.first().map(String::as_str).unwrap_or_default();
        Ok(best.unwrap_or_else(|| unknown(place, reference)))
    }

    /// Looks for the quotes whose reports are gone in all reports. Of several, the one that is called most like the
    /// old one has it, then the one where it stands nearest to where it stood, then the first by id.
    fn follow(&self, verdicts: &mut [Verdict]) -> Result<(), IndexError> {
        let mut wanted: FxHashMap<(usize, String), Vec<usize>> = FxHashMap::default();
        for (at, verdict) in verdicts.iter().enumerate() {
            let length = verdict.end - verdict.start;
            if verdict.standing == Standing::Gone && length > 0 {
                wanted.entry((length, verdict.hash.clone())).or_default().push(at);
            }
        }
        let lengths: FxHashSet<usize> = wanted.keys().map(|(length, _)| *length).collect();
        if lengths.is_empty() {
            return Ok(());
        }
        let mut best: FxHashMap<usize, Heir> = FxHashMap::default();
        for (segment, reader) in (0..).zip(self.searcher().segment_readers()) {
            let ids = reader.fast_fields().u64(column::ID)?;
            for doc in reader.doc_ids_alive() {
                let (record, text) = self.stored(DocAddress::new(segment, doc))?;
                let parts = (1..).zip(&record.passages).map(|(ordinal, &(start, end))| (Some(ordinal), start..end));
                let parts = parts.chain([(None, 0..text.len())]).filter(|(_, bytes)| lengths.contains(&bytes.len()));
                for (ordinal, bytes) in parts {
                    let Some(quote) = text.get(bytes.clone()) else { continue };
                    let Some(cited) = wanted.get(&(quote.len(), hash(quote))) else { continue };
                    let info = record.info(read_id(&ids, doc));
                    for &at in cited {
                        let heir = Heir::new(&verdicts[at], &info, ordinal, bytes.start);
                        if best.get(&at).is_none_or(|best| heir < *best) {
                            best.insert(at, heir);
                        }
                    }
                }
            }
        }
        for (at, heir) in best {
            let verdict = &mut verdicts[at];
            let length = verdict.end - verdict.start;
            verdict.standing = Standing::Moved;
            verdict.moved_to = Some(Span { start: heir.start, end: heir.start + length });
            (verdict.report, verdict.place_now) = (Some(heir.id), Some(heir.place));
        }
        Ok(())
    }
}

/// A report that has the quote of one that is gone. The least is the likeliest.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Heir {
    /// Whether its file is called otherwise.
    renamed: bool,
    /// Whether a passage was cited and this is a whole report, or the other way round.
    other_part: bool,
    /// How far from where it stood it stands, in bytes.
    distance: usize,
    id: String,
    start: usize,
    place: String,
}

impl Heir {
    fn new(gone: &Verdict, info: &ReportInfo, ordinal: Option<usize>, start: usize) -> Self {
        let cited = gone.place.rsplit_once('#').filter(|(_, n)| n.bytes().all(|c| c.is_ascii_digit()));
        let name = |place: &str| place.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
        let there = ordinal.map_or_else(|| whole_place(info), |ordinal| place(info, ordinal));
        Self {
            renamed: name(cited.map_or(&gone.place, |(place, _)| place)) != name(&whole_place(info)),
            other_part: cited.is_some() != ordinal.is_some(),
            distance: start.abs_diff(gone.start),
            id: info.id.clone(),
            start,
            place: there,
        }
    }
}

/// The better a standing speaks for a reading of a place, the less.
fn rank(standing: Standing) -> u8 {
    match standing {
        Standing::Stands => 0,
        Standing::Moved => 1,
        Standing::Changed => 2,
        Standing::Gone => 3,
    }
}

/// What is known of a citation before anything is found.
fn unknown(cited: &str, reference: &Reference) -> Verdict {
    Verdict {
        standing: Standing::Gone,
        place: cited.to_owned(),
        start: reference.bytes.start,
        end: reference.bytes.end,
        hash: reference.hash.clone(),
        report: None,
        moved_to: None,
        place_now: None,
    }
}

/// What became of a quote in the report that a place names.
fn judged(cited: &str, reference: &Reference, found: &Found, quote: Option<&str>) -> Verdict {
    let Reference { bytes, hash: expected, .. } = reference;
    let mut verdict = unknown(cited, reference);
    let info = found.info();
    let known = found.ordinal.map_or_else(|| whole_place(&info), |ordinal| place(&info, ordinal));
    if !found.moved && verdict.place.ends_with(&known) {
        // What stood before it in the line is no part of it.
        verdict.place = known;
    }
    verdict.report = Some(found.id.clone());
    let passages = &found.record.passages;
    let there = found.text.get(bytes.clone());
    if there.is_some_and(|there| hash(there) == *expected) {
        // The bytes may be those of another passage.
        let holds = |&(start, end): &(usize, usize)| start == bytes.start || (start..end).contains(&bytes.start);
        let fits = found.ordinal.is_none_or(|n| n.checked_sub(1).and_then(|at| passages.get(at)).is_some_and(holds));
        verdict.standing = if fits { Standing::Stands } else { Standing::Moved };
        verdict.moved_to = (!fits).then_some(Span { start: bytes.start, end: bytes.end });
    } else if let Some(now) = elsewhere(&found.text, passages, bytes, expected, quote) {
        verdict.standing = Standing::Moved;
        verdict.moved_to = Some(Span { start: now.start, end: now.end });
    } else {
        verdict.standing = Standing::Changed;
    }
    if found.moved || verdict.standing == Standing::Moved {
        let now = verdict.moved_to.map_or(bytes.start, |span| span.start);
        let ordinal = passages.iter().position(|&(start, end)| (start..end).contains(&now));
        verdict.place_now = Some(match ordinal.filter(|_| found.ordinal.is_some()) {
            Some(at) => place(&info, at + 1),
            None => whole_place(&info),
        });
    }
    verdict
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
        qui revenait de la foire hebdomadaire, ont indiqué deux élus locaux et une source de sécurité jointe à Mopti.\n\n\
        Le chef du village a demandé une escorte pour les prochains jours, sans réponse de la garnison, qui manque de \
        véhicules depuis le mois de mars et ne quitte plus sa base après la tombée du jour, selon les mêmes sources.";

    fn verdict(reader: &IndexReader, place: &str, start: usize, quote: &str, told: bool) -> Verdict {
        let places = vec![place.to_owned(), "rien".to_owned()];
        let reference = Reference { places, bytes: start..start + quote.len(), hash: hash(quote) };
        reader.verdicts(&[(&reference, told.then_some(quote))]).unwrap().remove(0)
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
            // Another passage's number, and one that there is not.
            for place in ["r0#1", "r0#99", "r0#0"] {
                let moved = verdict(&reader, place, at, quote, told);
                assert_eq!((moved.standing, moved.place_now.as_deref()), (Standing::Moved, Some("r0#2")), "{place}");
                assert_eq!(moved.moved_to, Some(Span { start: at, end: at + quote.len() }));
            }
            // Inside a letter, and beyond the end.
            assert_eq!(verdict(&reader, "r0#1", TEXT.find('é').unwrap() + 1, "@", told).standing, Standing::Changed);
            assert_eq!(verdict(&reader, "r0#1", 1 << 40, "%", told).standing, Standing::Changed);
        }
    }

    #[test]
    fn a_quote_is_followed_into_another_report() {
        let (one, two) = TEXT.split_once("\n\n").unwrap();
        let reader = IndexReader::of_texts(&[("Bankass", TEXT), ("Gao", two), ("Ménaka", two)]);
        let at = TEXT.find(two).unwrap();
        for (cited, start, quote, want) in [
            ("ailleurs.txt#2", at, two, Some(("r0", "r0#2", at))),
            ("ailleurs.txt#1", 0, two, Some(("r1", "r1#1", 0))),
            ("ailleurs.txt", 7, TEXT, Some(("r0", "r0", 0))),
            ("ailleurs.txt", 7, one, Some(("r0", "r0#1", 0))),
            ("ailleurs.txt#1", 0, &one[1..], None),
            ("ailleurs.txt#1", 0, "", None),
        ] {
            let found = verdict(&reader, cited, start, quote, false);
            let now = found
                .moved_to
                .map(|span| (found.report.as_deref().unwrap(), found.place_now.as_deref().unwrap(), span.start));
            assert_eq!(now, want, "{cited}");
            assert_eq!(found.standing, if want.is_some() { Standing::Moved } else { Standing::Gone });
        }
    }
}
