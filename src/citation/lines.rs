//! Lines that name what is cited: ids, citations as they were copied, or hits and answers in JSON.

use serde::Deserialize;
use serde_json::Value;

use super::{Reference, hash, references};
use crate::hit::{PassageInfo, ReportInfo, place};

/// What a line names: the id or place of a report or passage, and what is quoted of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// An id or a place.
    pub name: String,
    /// Which bytes are quoted.
    pub reference: Option<Reference>,
    /// The quoted text, where the line has it.
    pub quote: Option<String>,
}

/// What is read of a hit: as much of it as the request asked for.
#[derive(Deserialize)]
struct Line {
    id: Option<Value>,
    report: Option<ReportInfo>,
    passage: Option<PassageInfo>,
    cite: Option<String>,
    hits: Option<Vec<Line>>,
    /// Of what `vigie cite --format json` and `vigie show --format json` write.
    place: Option<String>,
}

/// What a line names, in order; nothing where it is blank. A line that is neither JSON nor a citation is one name.
#[must_use]
pub fn named(line: &str) -> Vec<Named> {
    let line = line.trim_start_matches('\u{feff}').trim();
    if let Some(named) = of_json_line(line) {
        return named;
    }
    let cited = of_citations(line);
    if !cited.is_empty() || line.is_empty() {
        return cited;
    }
    vec![Named { name: line.to_owned(), reference: None, quote: None }]
}

/// What a line of JSON names; nothing where it is none.
pub(super) fn of_json_line(line: &str) -> Option<Vec<Named>> {
    let line = line.trim();
    if line.starts_with('{') { serde_json::from_str(line).ok().map(of_json) } else { None }
}

fn of_citations(line: &str) -> Vec<Named> {
    references(line).into_iter().map(Named::from).collect()
}

impl From<Reference> for Named {
    fn from(reference: Reference) -> Self {
        let name = reference.places.first().cloned().unwrap_or_default();
        Self { name, reference: Some(reference), quote: None }
    }
}

impl Named {
    /// All that the name may be, the likeliest first.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let places = self.reference.iter().flat_map(|reference| &reference.places).map(String::as_str);
        let mut names = vec![self.name.as_str()];
        names.extend(places.filter(|place| *place != self.name));
        names
    }
}

fn of_json(line: Line) -> Vec<Named> {
    if let Some(hits) = line.hits {
        return hits.into_iter().flat_map(of_json).collect();
    }
    // An id of a batch's answer names a request, that of a hit with few fields a report.
    if let (Some(report), Some(passage)) = (&line.report, line.passage) {
        let hash = if passage.text.is_empty() { passage.hash } else { hash(&passage.text) };
        let reference =
            Reference { places: vec![place(report, passage.ordinal)], bytes: passage.start..passage.end, hash };
        let (name, quote) = (passage.id, Some(passage.text).filter(|text| !text.is_empty()));
        return vec![Named { name, reference: Some(reference), quote }];
    }
    let cited = line.cite.as_deref().map(of_citations).unwrap_or_default();
    let name =
        line.place.or(line.report.map(|report| report.id)).or(line.id.and_then(|id| id.as_str().map(str::to_owned)));
    match (cited.is_empty(), name) {
        (true, Some(name)) => vec![Named { name, reference: None, quote: None }],
        _ => cited,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(line: &str) -> Vec<String> {
        named(line).into_iter().map(|named| named.name).collect()
    }

    #[test]
    fn every_kind_of_line_is_read() {
        let report = json!({ "id": "r", "title": null, "source": null, "url": null, "path": "d/r", "published": null });
        let passage = json!({ "id": "r#2", "ordinal": 2, "start": 4, "end": 6, "text": "ab" });
        let hit = json!({ "rank": 1, "report": report, "passage": passage });
        let found = named(&hit.to_string());
        let reference = Reference { places: vec!["d/r#2".to_owned()], bytes: 4..6, hash: hash("ab") };
        assert_eq!(found, [Named { name: "r#2".to_owned(), reference: Some(reference), quote: Some("ab".to_owned()) }]);
        assert_eq!(names(&json!({ "id": "q1", "hits": [hit, { "id": "s" }] }).to_string()), ["r#2", "s"]);
        assert_eq!(names(&json!({ "report": report }).to_string()), ["r"]);
        assert_eq!(names(&json!({ "cite": "a, b/c#1, octets 1-2, b3:0123456789ab" }).to_string()), ["b/c#1"]);
        assert_eq!(names(" b/c#1 \n"), ["b/c#1"]);
        assert_eq!(names("voir a, b/c#1, octets 1-2, b3:0123456789ab."), ["b/c#1"]);
        assert!(names("  ").is_empty() && names("{}").is_empty());
        assert_eq!(names("{ce n'est pas du JSON"), ["{ce n'est pas du JSON"]);
    }
}
