//! Which file names are read, and how.

use std::path::Path;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Html,
    Json,
    JsonLines,
    Markdown,
    Plain,
    Tsv,
}

/// What a file is packed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    None,
    Gzip,
    Zstd,
}

/// File name extensions, in lower case.
const FORMATS: [(&str, Format); 11] = [
    ("csv", Format::Csv),
    ("htm", Format::Html),
    ("html", Format::Html),
    ("json", Format::Json),
    ("jsonl", Format::JsonLines),
    ("markdown", Format::Markdown),
    ("md", Format::Markdown),
    ("ndjson", Format::JsonLines),
    ("tsv", Format::Tsv),
    ("txt", Format::Plain),
    ("xhtml", Format::Html),
];

const PACKINGS: [(&str, Packing); 2] = [("gz", Packing::Gzip), ("zst", Packing::Zstd)];

/// The formats by the name of a file, whatever its case; nothing where the name says neither.
pub(super) fn of(file: &Path) -> Option<(Format, Packing)> {
    let name = file.file_name()?.to_str()?.to_ascii_lowercase();
    let (stem, extension) = name.rsplit_once('.')?;
    let find = |extension: &str| FORMATS.iter().find(|(known, _)| *known == extension).map(|&(_, format)| format);
    if let Some(&(_, packing)) = PACKINGS.iter().find(|(known, _)| *known == extension) {
        return Some((find(stem.rsplit_once('.')?.1)?, packing));
    }
    Some((find(extension)?, Packing::None))
}

/// The extensions for a hint: `.csv, .htm, …; each also as .gz or .zst`.
pub(super) fn known() -> String {
    let names: Vec<String> = FORMATS.iter().map(|(extension, _)| format!(".{extension}")).collect();
    format!("vigie reads {}; each also as .gz or .zst", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_has_no_duplicate() {
        assert!(FORMATS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn reads_names() {
        for (name, want) in [
            ("a.txt", Some((Format::Plain, Packing::None))),
            ("dir.json/A.B.JSONL.GZ", Some((Format::JsonLines, Packing::Gzip))),
            ("a.md.zst", Some((Format::Markdown, Packing::Zstd))),
            ("a.gz", None),
            ("txt", None),
            ("a.tar.gz", None),
            ("", None),
        ] {
            assert_eq!(of(Path::new(name)), want, "{name}");
        }
    }
}
