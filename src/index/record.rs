//! What is stored of a report: its record and its text, packed into one run of bytes.
//!
//! Compressed with zstd, each report alone, so that one is read without its neighbours: the length of the record in four
//! bytes, little-endian; the record as JSON, shorter without names, each facet and each span of days once; the text. A
//! report is too short to repeat itself much: what reports have in common stands in a dictionary.

mod row;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use chrono::NaiveDate;
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::get_frame_content_size;

use super::identity::Origin;
use crate::annotate::{Annotated, Own};
use crate::date::DateSpan;
use crate::facet::FacetPath;
use crate::report::Report;
use row::Row;

/// How hard to compress: beyond, it takes longer and gives next to nothing.
const LEVEL: i32 = 1;
/// French of dispatches, and a record, as which reports are compressed. What was packed needs it to be read: another one
/// needs another [`FORMAT_VERSION`](super::layout::FORMAT_VERSION).
const DICTIONARY: &[u8] = include_bytes!("record/dictionary.txt");
/// Why a record cannot be read whose parts do not fit together.
const DAMAGED: &str = "its parts do not fit together";
/// Bytes of the length before the record.
const LENGTH: usize = size_of::<u32>();

/// What is stored of a report beside its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) title: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) author: Option<String>,
    pub(crate) path: String,
    /// The same file as its path from the index, to find it again from another folder; never shown.
    pub(crate) file: Option<PathBuf>,
    pub(crate) published: Option<NaiveDate>,
    pub(crate) lang: String,
    pub(crate) groups: Vec<FacetPath>,
    pub(crate) regions: Vec<FacetPath>,
    pub(crate) dates: Vec<DateSpan>,
    /// Byte ranges of the passages, half-open.
    pub(crate) passages: Vec<(usize, usize)>,
    /// What each passage tells itself; nothing where no passage tells anything.
    pub(crate) own: Vec<Own>,
    /// Names that stayed open.
    pub(crate) open: Vec<String>,
    /// What the record gave and what was found, apart, where it gave anything; otherwise all of it was found.
    pub(crate) given: Option<Box<Given>>,
}

/// Groups, regions and dates by where they are from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    /// As the record gave them.
    pub(crate) given: Own,
    /// As title and text tell them, without what is only mentioned.
    pub(crate) found: Own,
}

impl Record {
    /// That of a report, with where it comes from.
    pub(super) fn new(annotated: &Annotated<'_>, origin: &Origin) -> Self {
        let report = annotated.report;
        Self {
            title: report.title.clone(),
            source: report.source.clone(),
            url: report.url.clone(),
            author: report.author.clone(),
            path: report.path.clone(),
            file: origin.file.clone(),
            published: report.published,
            lang: report.lang.clone(),
            groups: annotated.group_facets(),
            regions: annotated.region_facets(),
            dates: annotated.events(),
            passages: annotated.passages.iter().map(|passage| (passage.bytes.start, passage.bytes.end)).collect(),
            own: if annotated.own.iter().any(|own| !own.is_empty()) { annotated.own.clone() } else { Vec::new() },
            given: Given::of(annotated).map(Box::new),
            open: annotated.open_names().map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect(),
        }
    }

    /// The names of the parts in which it differs from another.
    pub(super) fn differences(&self, other: &Self) -> impl Iterator<Item = &'static str> {
        let parts = [
            ("title", self.title == other.title),
            ("source", self.source == other.source),
            ("url", self.url == other.url),
            ("author", self.author == other.author),
            ("path", self.path == other.path),
            ("file", self.file == other.file),
            ("published", self.published == other.published),
            ("lang", self.lang == other.lang),
            ("groups", self.groups == other.groups),
            ("regions", self.regions == other.regions),
            ("dates", self.dates == other.dates),
            ("passages", self.passages == other.passages),
            ("own", self.own == other.own),
            ("open", self.open == other.open),
            ("given", self.given == other.given),
        ];
        parts.into_iter().filter(|(_, same)| !same).map(|(name, _)| name)
    }
}

impl Given {
    /// Nothing where the record gave nothing.
    fn of(annotated: &Annotated<'_>) -> Option<Self> {
        let Report { groups, regions, dates, .. } = annotated.report;
        let given = Own { groups: groups.clone(), regions: regions.clone(), dates: dates.clone() };
        (!given.is_empty()).then(|| Self { given, found: annotated.found() })
    }
}

/// Packs reports. Each thread has its own.
pub(crate) struct Packer(Compressor<'static>);

impl Packer {
    /// A packer.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self(Compressor::with_dictionary(LEVEL, DICTIONARY)?))
    }

    /// A record and a text as they are stored.
    ///
    /// # Errors
    /// If the record names a file that is no Unicode, or is longer than 4 GiB.
    pub(super) fn pack(&mut self, record: &Record, text: &str) -> io::Result<Vec<u8>> {
        let mut plain = Vec::with_capacity(LENGTH + text.len() * 5 / 4);
        plain.extend([0; LENGTH]);
        serde_json::to_writer(&mut plain, &Row::of(record))?;
        let length = u32::try_from(plain.len() - LENGTH).map_err(io::Error::other)?;
        plain[..LENGTH].copy_from_slice(&length.to_le_bytes());
        plain.extend(text.as_bytes());
        u32::try_from(plain.len()).map_err(io::Error::other)?;
        self.0.compress(&plain)
    }
}

thread_local! {
    /// What reports are unpacked with, made once a thread.
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Reads what [`Packer::pack`] gave.
///
/// # Errors
/// Why nothing did.
pub(super) fn unpack(packed: &[u8]) -> Result<(Record, String), String> {
    let plain = decompress(packed).map_err(|error| error.to_string())?;
    let parts = plain.split_first_chunk().and_then(|(length, rest)| {
        let (row, text) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
        Some((row, std::str::from_utf8(text).ok()?))
    });
    let (row, text) = parts.ok_or(DAMAGED)?;
    let row: Row<'_> = serde_json::from_slice(row).map_err(|error| error.to_string())?;
    Ok((row.record().ok_or(DAMAGED)?, text.to_owned()))
}

fn decompress(packed: &[u8]) -> io::Result<Vec<u8>> {
    // What says to be longer than anything that was packed is damaged, and would take all memory.
    let size = get_frame_content_size(packed).ok().flatten().and_then(|size| u32::try_from(size).ok());
    let size = size.and_then(|size| usize::try_from(size).ok()).ok_or(io::ErrorKind::UnexpectedEof)?;
    UNPACKER.with_borrow_mut(|unpacker| {
        let unpacker = match unpacker {
            Some(unpacker) => unpacker,
            None => unpacker.insert(Decompressor::with_dictionary(DICTIONARY)?),
        };
        unpacker.decompress(packed, size)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::layout::FORMAT_VERSION;

    fn own(groups: &[&str], regions: &[&str], dates: &[&str]) -> Own {
        let paths = |paths: &[&str]| paths.iter().map(|path| path.parse().unwrap()).collect();
        let dates = dates.iter().map(|span| span.parse().unwrap()).collect();
        Own { groups: paths(groups), regions: paths(regions), dates }
    }

    fn record() -> Record {
        let all = own(&["jihadiste/JNIM"], &["Mali/Gao", "Mali/Mopti/Bankass"], &["2012", "2024-08-15..2024-08-17"]);
        Record {
            title: Some("« Été »\n".to_owned()),
            source: None,
            url: Some("https://exemple.invalid/".to_owned()),
            author: None,
            path: "in/été.txt".to_owned(),
            file: Some("../in/été.txt".into()),
            published: "2024-08-16".parse().ok(),
            lang: "fr".to_owned(),
            groups: all.groups.clone(),
            regions: all.regions.clone(),
            dates: all.dates.clone(),
            passages: vec![(0, 80), (82, 100)],
            own: vec![
                own(&[], &["Mali/Mopti/Bankass"], &["2024-08-15..2024-08-17"]),
                own(&[], &[], &["2012", "2024-08"]),
            ],
            open: vec!["Oumar".to_owned()],
            given: Some(Box::new(Given { given: own(&[], &["Mali/Gao"], &[]), found: all })),
        }
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let mut packer = Packer::new().unwrap();
        let text = "Une embuscade a eu lieu à Bankass. ".repeat(3);
        let bare =
            Record { title: None, url: None, file: None, published: None, own: Vec::new(), given: None, ..record() };
        for record in [record(), bare] {
            for text in [text.as_str(), ""] {
                let bytes = packer.pack(&record, text).unwrap();
                assert_eq!(unpack(&bytes), Ok((record.clone(), text.to_owned())));
                assert_eq!(bytes, packer.pack(&record, text).unwrap());
            }
        }
    }

    #[test]
    fn what_was_not_packed_is_an_error() {
        let packed = Packer::new().unwrap().pack(&record(), "Une embuscade").unwrap();
        for cut in 0..packed.len() {
            assert!(unpack(&packed[..cut]).is_err(), "{cut}");
        }
        let mut compressor = Compressor::new(LEVEL).unwrap();
        let mut frame = |row: &str, text: &[u8]| {
            let length = u32::try_from(row.len()).unwrap().to_le_bytes();
            unpack(&compressor.compress(&[&length, row.as_bytes(), text].concat()).unwrap())
        };
        let row = |lists: &str| format!(r#"{{"p":"a","l":"fr","F":["/Mali"],"A":{lists},"P":[[0,1]]}}"#);
        assert!(frame(&row("[[],[0],[]]"), b"a").is_ok());
        assert_eq!(frame(&row("[[],[1],[]]"), b"a").unwrap_err(), DAMAGED);
        assert_eq!(frame(&row("[[],[],[0]]"), b"a").unwrap_err(), DAMAGED);
        assert!(frame(&row("[[],[0],[]]"), b"\xff").is_err());
        assert!(frame("{", b"a").is_err());
    }

    #[test]
    fn another_dictionary_needs_another_version_of_the_layout() {
        let known = blake3::hash(DICTIONARY).to_hex();
        assert_eq!((FORMAT_VERSION, &known[..16]), (5, "3ff74dea07a88531"));
    }

    #[test]
    fn two_records_differ_in_their_parts() {
        let other = Record { lang: "en".to_owned(), open: Vec::new(), ..record() };
        assert_eq!(record().differences(&record()).count(), 0);
        assert_eq!(record().differences(&other).collect::<Vec<_>>(), ["lang", "open"]);
    }
}
