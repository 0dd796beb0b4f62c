//! What an index holds, for people.

use std::io::{self, Write};
use std::path::Path;

use super::{counted, verbatim};
use crate::index::{Explained, Info, OpenName};
use crate::lang::Lang;

/// Where the names of places come from, as their licences want it said.
const ATTRIBUTION: &str = "Contains data from GeoNames (geonames.org), CC BY 4.0; OCHA Common Operational Datasets, \
    CC BY-IGO; Who's On First (whosonfirst.org), CC BY / CC0. Lemmas from hunspell-fr by Dicollecte (grammalecte.net), \
    MPL 2.0.";

/// What an index holds, for programs.
///
/// # Errors
/// If it has no JSON, which does not happen.
pub(crate) fn json(info: &Info) -> serde_json::Result<serde_json::Value> {
    let mut value = serde_json::to_value(info)?;
    if info.vocabulary.builtin {
        value["sources"] = ATTRIBUTION.into();
    }
    Ok(value)
}

/// Writes what an index holds.
///
/// # Errors
/// The writer's own.
pub(crate) fn text(out: &mut dyn Write, info: &Info, index: &Path, lang: Lang) -> io::Result<()> {
    let mut row = |name: &str, value: String| writeln!(out, "{:<12}{}", lang.tell(name), lang.tell(value));
    row("index", verbatim(&index.display().to_string()))?;
    row("reports", info.reports.to_string())?;
    row("passages", info.passages.to_string())?;
    row("files", format!("{:.1} MB", info.bytes as f64 / 1e6))?;
    let languages: Vec<String> = info.languages.iter().map(|(code, count)| format!("{code} {count}")).collect();
    row("languages", languages.join(", "))?;
    let (group, region, date) = (info.with_group, info.with_region, info.with_date);
    row("facets", format!("{} with a group, {region} with a region, {date} with a date", counted(group, "report")))?;
    if let Some((first, last)) = info.days {
        row("dates", format!("{first} to {last}"))?;
    }
    if !info.annotation {
        row("annotation", "none: groups, regions and dates are those that the records give".to_owned())?;
    }
    row("versions", format!("format {}, analysis {}", info.format, info.analysis))?;
    row("digest", info.digest.clone())?;
    let vocabulary = &info.vocabulary;
    let origin = if vocabulary.builtin { "built in" } else { "of its own" };
    let (places, actors) = (counted(vocabulary.places, "place"), counted(vocabulary.actors, "actor"));
    row("vocabulary", format!("{origin}, {places} and {actors}, {}", vocabulary.hash))?;
    row("sources", if vocabulary.builtin { ATTRIBUTION.to_owned() } else { "those of its own tables".to_owned() })
}

/// Writes names that stayed open, a line each: reports, a tab, the name.
///
/// # Errors
/// The writer's own.
pub(crate) fn open_names(out: &mut dyn Write, names: &[OpenName]) -> io::Result<()> {
    names.iter().try_for_each(|open| writeln!(out, "{}\t{}", open.reports, verbatim(&open.name)))
}

/// Writes explained acronyms, a line each, with tabs between: reports, the acronym, its long form, and where a report
/// tells it: its id, a colon, the bytes, and that they are the title's where they are.
///
/// # Errors
/// The writer's own.
pub(crate) fn acronyms(out: &mut dyn Write, acronyms: &[Explained], lang: Lang) -> io::Result<()> {
    acronyms.iter().try_for_each(|told| {
        let evidence = &told.evidence;
        let place = format!("{}:{}-{}", evidence.report, evidence.start, evidence.end);
        let place =
            evidence.part.map_or(place.clone(), |part| lang.tell(format!("{place} in the {part}")).into_owned());
        let cells = [&told.short, &told.long, &place].map(|cell| verbatim(&cell.replace('\t', " ")));
        writeln!(out, "{}\t{}", told.reports, cells.join("\t"))
    })
}
