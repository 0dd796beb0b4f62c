//! Reading whole files and folders: every format, every way to be broken, and nothing lost in silence.

#![allow(clippy::unwrap_used)] // a test may

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use proptest::prelude::*;
use tempfile::TempDir;
use vigie::corpus::{Corpus, Item, Note, ReadOptions, Skip};
use vigie::report::Report;

#[path = "corpus/pages.rs"]
mod pages;
#[path = "corpus/records.rs"]
mod records;

const BODY: &str = "Des hommes armés ont attaqué jeudi à l'aube un poste de l'armée près du fleuve, selon un élu local \
    joint par téléphone. Deux soldats ont été blessés et trois motos saisies.";

struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = Self(TempDir::new().unwrap());
        for (name, bytes) in files {
            folder.write(name, bytes);
        }
        folder
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self) -> Read {
        read(&[self.0.path().to_owned()], ReadOptions::default())
    }
}

#[derive(Default)]
struct Read {
    reports: Vec<Report>,
    notes: Vec<Note>,
    skips: Vec<Skip>,
}

fn read(paths: &[PathBuf], options: ReadOptions) -> Read {
    let mut out = Read::default();
    let mut corpus = Corpus::open(paths, options).unwrap();
    for item in corpus.by_ref() {
        match item {
            Item::Report(report, notes) => {
                out.reports.push(*report);
                out.notes.extend(notes);
            }
            Item::Note(note) => out.notes.push(note),
            Item::Skip(skip) => out.skips.push(skip),
            Item::Known(_) | Item::End(_) => {}
        }
    }
    assert_eq!(corpus.bytes_read(), corpus.total_bytes());
    out
}

/// One file, read alone.
fn one(name: &str, bytes: &[u8]) -> Read {
    Folder::new(&[(name, bytes)]).read()
}

impl Read {
    fn ids(&self) -> Vec<&str> {
        self.reports.iter().map(|report| report.id.as_str()).collect()
    }

    /// `line: reason` of every skip.
    fn reasons(&self) -> Vec<String> {
        self.skips.iter().map(|s| s.line.map_or_else(String::new, |line| format!("{line}: ")) + &s.reason).collect()
    }

    fn told(&self) -> Vec<&str> {
        self.notes.iter().map(|note| note.what.as_str()).collect()
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// Text that does not pack well, so that half of the packed bytes hold about half of the lines.
fn lines(count: u64) -> String {
    let word = |n: u64| format!("{:016x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17));
    let line = |n: u64| format!("{{\"id\":\"r{n}\",\"text\":\"{} {}\"}}", word(n), word(n + 7_919));
    (0..count).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_same_report_comes_out_of_every_format() {
    let html = format!(
        "<html><head><title>Un poste attaqué | Échantillon</title><meta property='og:site_name' \
        content='Échantillon'><meta name=author content='Awa K.'><meta property='article:published_time' \
        content='2025-01-09T10:00:00Z'></head><body><nav><a href=/>Accueil</a></nav><article><h1>Un poste attaqué</h1>\
        <p>{BODY}</p></article><footer>Tous droits réservés</footer></body></html>"
    );
    let fields =
        "\"title\":\"Un poste attaqué\",\"author\":\"Awa K.\",\"source\":\"Échantillon\",\"published\":\"2025-01-09\"";
    let json = format!("{{\"text\":\"{BODY}\",{fields}}}");
    let yaml = "title: Un poste attaqué\nauthor: Awa K.\nsource: Échantillon\ndate: 2025-01-09\n";
    let toml = "title = \"Un poste attaqué\"\nauthor = \"Awa K.\"\nsource = \"Échantillon\"\npublished = 2025-01-09T10:00:00Z\n";
    let csv =
        format!("title,author,source,published,text\nUn poste attaqué,Awa K.,Échantillon,2025-01-09,\"{BODY}\"\n");
    let plain = format!("Un poste attaqué\n\nPar : Awa K.\nPublié le 9 janvier 2025\nSource : Échantillon\n\n{BODY}\n");
    for (name, bytes, id) in [
        ("a.txt", plain.clone(), "a.txt"),
        ("a.md", format!("---\n{yaml}---\n\n# Un poste attaqué\n\n{BODY}\n"), "a.md"),
        ("a.markdown", format!("+++\n{toml}+++\n{BODY}\n"), "a.markdown"),
        ("a.html", html.clone(), "a.html"),
        ("sub/a.htm", html, "sub/a.htm"),
        ("a.jsonl", format!("\n{json}\n"), "a.jsonl#L2"),
        ("a.ndjson", json.clone(), "a.ndjson#L1"),
        ("a.json", format!("\u{FEFF} {json} \n"), "a.json"),
        ("a.csv", format!("\u{FEFF}{csv}"), "a.csv#L2"),
        ("b.csv", csv.replace(',', ";").replace(&BODY.replace(',', ";"), BODY), "b.csv#L2"),
        ("a.tsv", csv.replace(',', "\t").replace(&BODY.replace(',', "\t"), BODY), "a.tsv#L2"),
    ] {
        let unmarked = bytes.trim_start_matches('\u{FEFF}');
        let utf16: Vec<u8> = [0xFEFF].into_iter().chain(unmarked.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let latin = encoding_rs::WINDOWS_1252.encode(unmarked).0.into_owned();
        for (packed, bytes) in [
            (name.to_owned(), bytes.clone().into_bytes()),
            (format!("{name}.gz"), gzip(bytes.as_bytes())),
            (format!("{name}.zst"), zstd::encode_all(bytes.as_bytes(), 3).unwrap()),
            (format!("utf16-{}", name.replace('/', "-")), utf16),
            (format!("latin-{}", name.replace('/', "-")), latin),
        ] {
            let read = one(&packed, &bytes);
            assert_eq!(read.reasons(), Vec::<String>::new(), "{packed}");
            let [report] = &read.reports[..] else { panic!("{packed}: {} reports", read.reports.len()) };
            let want = Report {
                id: id.replace(name, &packed),
                title: Some("Un poste attaqué".to_owned()),
                text: BODY.to_owned(),
                source: Some("Échantillon".to_owned()),
                author: Some("Awa K.".to_owned()),
                published: chrono::NaiveDate::from_ymd_opt(2025, 1, 9),
                lang: "fr".to_owned(),
                path: report.path.clone(),
                ..Report::default()
            };
            assert_eq!(*report, want, "{packed}");
            assert!(report.path.ends_with(&packed));
        }
    }
}

#[test]
fn a_folder_is_walked_in_order_and_nothing_is_read_twice() {
    let text = BODY.as_bytes();
    let folder = Folder::new(&[
        ("b.txt", text),
        ("a/z.txt", text),
        ("a/y.txt", text),
        (".caché.txt", text),
        ("brouillons/x.txt", text),
        (".vigieignore", b"brouillons/\n"),
        (".gitignore", b"*.txt\n"),
        ("photo.dat", b"..."),
        ("photos/une.jpg", b"..."),
        ("vide.txt", b""),
    ]);
    let read_all = folder.read();
    assert_eq!(read_all.ids(), ["a/y.txt", "a/z.txt", "b.txt"]);
    assert_eq!(read_all.reasons(), ["unknown format", "unknown format", "empty"]);
    assert!(read_all.skips[0].hint.as_deref().unwrap().contains(".jsonl"));
    assert_eq!(read_all.skips[1].hint, None);
    // A file that is given is read whatever the ignore files say, by its name.
    let given = [folder.path("a"), folder.path("a/y.txt"), folder.path("brouillons/x.txt"), folder.path("a")];
    assert_eq!(read(&given, ReadOptions::default()).ids(), ["y.txt", "z.txt", "x.txt"]);
    let corpus = Corpus::open(&given, ReadOptions::default()).unwrap();
    assert_eq!((corpus.files(), corpus.total_bytes()), (3, 3 * text.len() as u64));
}

#[cfg(unix)]
#[test]
fn links_are_followed_but_not_round_in_circles() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new(&[("a/x.txt", BODY.as_bytes())]);
    let other = Folder::new(&[("y.txt", BODY.as_bytes())]);
    symlink(folder.path("a"), folder.path("a/boucle")).unwrap();
    symlink(folder.path("a/x.txt"), folder.path("a/même.txt")).unwrap();
    symlink(other.path(""), folder.path("ailleurs")).unwrap();
    symlink("nulle-part.txt", folder.path("perdu.txt")).unwrap();
    let read = folder.read();
    assert_eq!(read.ids(), ["a/même.txt", "ailleurs/y.txt"]);
    assert_eq!(read.skips.len(), 1);
    assert!(read.skips[0].path.ends_with("perdu.txt"), "{}", read.skips[0]);
    assert!(read.told()[0].starts_with("a link back to"), "{:?}", read.notes);
}

#[test]
fn what_is_not_there_is_an_error_before_anything_is_read() {
    let folder = Folder::new(&[("a.txt", BODY.as_bytes())]);
    let paths = [folder.path("a.txt"), folder.path("absent")];
    let error = Corpus::open(&paths, ReadOptions::default()).err().unwrap();
    assert!(error.to_string().ends_with("absent: no such file or folder"));
    let options = ReadOptions { columns: vec![("texte".into(), "contenu".into())], ..ReadOptions::default() };
    assert!(Corpus::open(&paths, options).err().unwrap().hint().contains("text"));
}

#[test]
fn broken_packings_are_told_and_what_stands_before_the_break_is_read() {
    let packed = gzip(lines(20_000).as_bytes());
    let read = one("a.jsonl.gz", &packed[..packed.len() / 2]);
    assert!((8_000..12_000).contains(&read.reports.len()), "{}", read.reports.len());
    assert_eq!(read.skips.len(), 1);
    assert!(read.reasons()[0].ends_with("truncated gzip data"), "{:?}", read.reasons());
    let packed = zstd::encode_all(lines(20_000).as_bytes(), 3).unwrap();
    let read = one("a.jsonl.zst", &packed[..packed.len() / 2]);
    assert!(read.reports.len() > 1_000 && read.reasons()[0].ends_with("truncated zstd data"), "{:?}", read.reasons());
    let packed = gzip(BODY.as_bytes());
    assert_eq!(one("a.txt.gz", &packed[..packed.len() - 9]).reasons(), ["truncated gzip data"]);
    assert_eq!(one("a.csv.gz", &gzip(b"id,text\n")[..12]).reasons(), ["1: truncated gzip data"]);
    assert!(one("a.txt.gz", b"pas du gzip").reasons()[0].starts_with("damaged gzip data"));
    assert!(one("a.txt.zst", b"pas du zstd").reasons()[0].starts_with("damaged zstd data"));
}

#[test]
fn a_line_of_50_megabytes_is_a_record_like_others() {
    let long = "Les combats ont repris dans la nuit. ".repeat((50 << 20) / 37);
    let bytes = format!("{{\"id\":\"a\",\"text\":\"{long}\"}}\n{{\"id\":\"b\",\"text\":\"{BODY}\"}}\n");
    let read = one("a.jsonl", bytes.as_bytes());
    assert_eq!(read.ids(), ["a", "b"]);
    assert_eq!(read.reports[0].text.len(), long.trim_end().len());
}

#[test]
fn what_is_no_text_is_left_out() {
    let random: Vec<u8> = lines(99).bytes().flat_map(|b| [b.wrapping_mul(73), b.wrapping_mul(151)]).collect();
    for (name, bytes, want) in [
        ("a.txt", &random[..], "binary data"),
        ("a.jsonl", &random, "binary data"),
        ("a.md", b"%PDF-1.7\n...", "binary data (PDF)"),
        ("a.html", b"\x89PNG\r\n\x1a\n", "binary data (PNG)"),
        ("a.csv", b"PK\x03\x04....", "binary data (ZIP or an Office file)"),
        ("a.txt", b" \n \xc2\xa0\n", "no text"),
        ("a.html", b"<html><body><script>x</script></body></html>", "no text in the page"),
        ("a.jsonl", b"\n \n", "empty"),
        ("a.json", b" ", "1: no record"),
        ("a.json", b"[]", "no record"),
        ("a.csv", b"id,text\n", "empty: a header without rows"),
    ] {
        let read = one(name, bytes);
        assert!(read.reports.is_empty());
        assert!(read.reasons()[0].ends_with(want), "{name}: {:?}", read.reasons());
    }
}

#[test]
fn an_encoding_can_be_forced() {
    let folder = Folder::new(&[("a.txt", b"Kidal\xa4 : des \xbduvres".as_slice())]);
    let options = ReadOptions { encoding: encoding_rs::Encoding::for_label(b"iso-8859-15"), ..ReadOptions::default() };
    assert_eq!(read(&[folder.path("a.txt")], options).reports[0].text, "Kidal€ : des œuvres");
}

#[test]
fn the_file_name_tells_the_day_where_nothing_else_does() {
    let folder = Folder::new(&[
        ("2025-01-09-poste.txt", BODY.as_bytes()),
        ("2025-01-10.md", format!("Publié le 9 janvier 2025\n\n{BODY}").as_bytes()),
    ]);
    let days: Vec<String> = folder.read().reports.iter().map(|report| report.published.unwrap().to_string()).collect();
    assert_eq!(days, ["2025-01-09", "2025-01-09"]);
}

#[test]
fn a_corpus_can_be_sent_to_another_thread() {
    fn sent<T: Send>(_: T) {}
    sent(Corpus::open(&[], ReadOptions::default()).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a file holds: no panic, an end, and every file told as a report or a skip.
    #[test]
    fn no_bytes_are_too_odd(
        bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..300),
            "([\\[\\]{}:,\"\\\\]|\"text\"|é|\n|Des mots, et encore des mots\\. |<(p|div|article|table|td|li|h1|time|b|script)>|<div|</a>|---\n|\\+\\+\\+\n|# |x;){0,40}".prop_map(String::into_bytes),
        ]
    ) {
        for extension in ["txt", "md", "html", "jsonl", "json", "csv", "tsv", "txt.gz", "jsonl.zst"] {
            let read = one(&format!("a.{extension}"), &bytes);
            prop_assert!(!read.reports.is_empty() || !read.skips.is_empty(), "{}", extension);
        }
    }
}
