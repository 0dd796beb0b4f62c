//! What goes wrong, and how it is told: a clear line, a hint, the right exit status, nothing lost and no panic.
//!
//! That no run panics or shows a backtrace is checked of every run, in `common`.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use common::{Desk, INDEX, Run, sample};
use serde_json::{Value, json};

const MOPTI: &str = "Des hommes armés ont attaqué jeudi un poste de l'armée près de Mopti.";
const GAO: &str = "Une embuscade contre un convoi a fait trois blessés sur la route de Gao.";

/// A desk with an index of two reports, given with facets.
fn indexed() -> Desk {
    let desk = Desk::new();
    let record = |id: &str, text: &str, region: &str| {
        json!({ "id": id, "text": text, "groups": ["jihadiste/JNIM"], "regions": [region] }).to_string() + "\n"
    };
    desk.write("in/a.jsonl", record("a", MOPTI, "Mali/Kayes/Diré") + &record("b", GAO, "Mali/Tombouctou/Diré"));
    desk.index(&["in"]);
    desk
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// Indexes `in` with one good report in it; gives `path: reason` of what was skipped. The good one is found.
fn skipped(desk: &Desk) -> Vec<String> {
    desk.write("in/zz.txt", GAO);
    let run = desk.run(&["index", "in", "--format", "json"]);
    assert_eq!((run.status, run.err.as_str()), (3, ""), "{run:?}");
    assert!(desk.ids(&["embuscade"]).contains(&"zz.txt".to_owned()));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    run.json()["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|skip| {
            let line = skip["line"].as_u64().map_or_else(String::new, |line| format!(":{line}"));
            format!("{}{line}: {}", text(&skip["path"]), text(&skip["reason"]))
        })
        .collect()
}

#[test]
fn an_empty_folder_is_nothing_found() {
    let desk = Desk::new();
    fs::create_dir(desk.path("in")).unwrap();
    desk.write("in/.cache/a.txt", MOPTI);
    let run = desk.run(&["index", "in"]);
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    assert!(run.out.starts_with("0 reports read, nothing written"), "{}", run.out);
    desk.run(&["search", "Mopti"]).fails_with_hint();
}

#[test]
fn what_is_not_there_is_named() {
    let desk = indexed();
    let error = desk.run(&["search", "Mopti", "--index", "nulle-part"]);
    assert!(error.fails_with_hint().starts_with("vigie: nulle-part: no index"), "{error:?}");
    assert!(!desk.path("nulle-part").exists());
    let before = desk.files(INDEX);
    let error = desk.run(&["index", "in", "nulle-part"]);
    assert!(error.fails_with_hint().starts_with("vigie: nulle-part: no such file"), "{error:?}");
    assert!(desk.files(INDEX) == before);
    let error = desk.run(&["search", "--queries", "nulle-part.tsv"]);
    assert!(error.fails().starts_with("vigie: nulle-part.tsv: "), "{error:?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_skipped() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let desk = Desk::new();
    desk.write("in/a.txt", MOPTI);
    fs::set_permissions(desk.path("in/a.txt"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(desk.path("in/a.txt")).is_ok() {
        // Root reads everything; what leads nowhere not even root does.
        fs::remove_file(desk.path("in/a.txt")).unwrap();
        symlink("nulle-part", desk.path("in/a.txt")).unwrap();
    }
    let skipped = skipped(&desk);
    assert!(skipped.len() == 1 && skipped[0].starts_with("in/a.txt: cannot be read"), "{skipped:?}");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_keeps_nobody_waiting() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("in/dossier.txt")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(desk.path("in/tube.txt")).status().unwrap().success());
    assert_eq!(skipped(&desk), ["in/tube.txt: not a file"]);
}

#[test]
fn files_that_are_not_what_their_name_says_are_skipped() {
    let desk = Desk::new();
    let binary: Vec<u8> = (0..4096_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect();
    let packed = gzip(MOPTI.repeat(200).as_bytes());
    desk.write("in/binaire.txt", binary);
    desk.write("in/coupe.txt.gz", &packed[..packed.len() / 2]);
    desk.write("in/faux.txt.gz", MOPTI);
    desk.write("in/faux.json.zst", MOPTI);
    desk.write("in/photo.jpg", [0xFF, 0xD8, 0xFF, 0xE0]);
    desk.write("in/vide.txt", "");
    desk.write("in/vide.csv", "");
    insta::assert_snapshot!(skipped(&desk).join("\n"), @r"
    in/binaire.txt: binary data
    in/coupe.txt.gz: truncated gzip data
    in/faux.json.zst:1: damaged zstd data: Unknown frame descriptor
    in/faux.txt.gz: damaged gzip data: invalid gzip header
    in/photo.jpg: unknown format
    in/vide.csv: empty
    in/vide.txt: empty
    ");
}

#[test]
fn a_broken_line_costs_that_line_alone() {
    let desk = Desk::new();
    let record = |n: u32| json!({ "id": format!("r{n}"), "text": MOPTI }).to_string();
    let lines = [
        record(1),
        "{\"text\": \"sans fin".to_owned(),
        record(3),
        "[1, 2]".to_owned(),
        "{\"text\": 5}".to_owned(),
        "{\"title\": \"Sans texte\"}".to_owned(),
        "{\"text\": \"   \"}".to_owned(),
        "{".repeat(100_000),
        "{\"text\":".repeat(10_000),
        record(10),
    ];
    desk.write("in/a.jsonl", lines.join("\n"));
    insta::assert_snapshot!(skipped(&desk).join("\n"), @r"
    in/a.jsonl:2: broken JSON: EOF while parsing a string (column 18)
    in/a.jsonl:4: an array, not a record
    in/a.jsonl:5: text is a number, not a string
    in/a.jsonl:6: no text
    in/a.jsonl:7: no text
    in/a.jsonl:8: broken JSON: key must be a string (column 2)
    in/a.jsonl:9: broken JSON: recursion limit exceeded (column 1017)
    ");
    let mut found = desk.ids(&["Mopti"]);
    found.sort_unstable();
    assert_eq!(found, ["r1", "r10", "r3"]);
}

#[test]
fn a_line_of_fifty_megabytes_is_read_or_skipped_like_any_other() {
    let desk = Desk::new();
    let (long, record) = ("x".repeat(50_000_000), |id: &str, text: &str| json!({ "id": id, "text": text }).to_string());
    let wide = format!("{{\"id\":\"large\",\"brut\":\"{long}\",\"text\":\"{MOPTI}\"}}");
    desk.write("in/a.jsonl", [record("r1", MOPTI), wide, record("r3", MOPTI)].join("\n"));
    desk.write("in/b.jsonl", [record("r4", MOPTI), long, record("r6", MOPTI)].join("\n"));
    let skipped = skipped(&desk);
    assert!(skipped.len() == 1 && skipped[0].starts_with("in/b.jsonl:2: broken JSON"), "{skipped:?}");
    assert!(skipped[0].len() < 200);
    let mut found = desk.ids(&["Mopti"]);
    found.sort_unstable();
    assert_eq!(found, ["large", "r1", "r3", "r4", "r6"]);
}

#[test]
fn a_wrong_value_of_a_record_costs_the_value_and_is_told() {
    let desk = Desk::new();
    let record = json!({
        "id": "r1", "text": "Un convoi est passé au marché.", "published": "2024-13-45", "dates": ["2024-08-15", "bientôt"], "lang": "??",
        "regions": ["Mali//Mopti", "Mali/Mopti"], "groups": 7, "title": ["a"]
    });
    desk.write("in/a.jsonl", record.to_string());
    let run = desk.run(&["index", "-v", "in"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    for field in ["published", "dates", "lang", "regions", "groups", "title"] {
        let told = run.out.lines().any(|line| line.starts_with(&format!("note: in/a.jsonl:1: {field}")));
        assert!(told, "{field}: {}", run.out);
    }
    let hit = &desk.search(&["convoi"])["hits"][0];
    assert_eq!(hit["report"]["published"], Value::Null);
    assert_eq!((&hit["dates"][0]["from"], &hit["regions"]), (&json!("2024-08-15"), &json!(["/Mali/Mopti"])));
}

#[test]
fn a_date_that_is_none_is_refused() {
    for flag in ["--since", "--until", "--date"] {
        for text in ["hier", "2024-13", "2024-02-30", "31 juin 2024", "24-08-15", "", "2024-8-1", "2025..2024", ".."] {
            let run = sample().run(&["search", "attaque", flag, text]);
            let error = run.fails();
            assert!(error.contains(&format!("“{text}”")) && error.contains(&flag[2..]), "{flag} {text}: {error}");
        }
    }
    let desk = Desk::with(&[("in/a.txt", MOPTI)]);
    for text in ["hier", "2024", "2024-08", "2024-02-30", "2024-08-01..2024-08-02", ""] {
        let run = desk.run(&["index", "in", "--published", text]);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{text}");
        assert!(run.err.contains("--published"), "{}", run.err);
        assert!(!desk.path(INDEX).exists());
    }
}

#[test]
fn dates_that_hold_no_day_are_refused() {
    let run = sample().run(&["search", "attaque", "--since", "2024-09", "--until", "2024-08"]);
    let error = run.fails_with_hint();
    assert!(error.contains("2024-09") && error.contains("2024-08"), "{error}");
    assert_eq!(sample().run(&["search", "--since", "2024-08", "--until", "2024-08"]).status, 0);
}

#[test]
fn an_open_quote_is_told_with_its_place() {
    for (query, place, close) in [
        ("armée \"malienne", 7, '"'),
        ("\"forces armées\" « à Gao", 17, '»'),
        ("“ouverte", 0, '”'),
        ("\"", 0, '"'),
        ("-\"x", 1, '"'),
    ] {
        let run = sample().run(&["search", "--", query]);
        let error = run.fails_with_hint();
        assert!(error.contains("never closed") && error.contains(&format!("byte {place} ")), "{query}: {error}");
        assert!(error.lines().last().unwrap().contains(close), "{query}: {error}");
    }
}

#[test]
fn a_name_that_is_unknown_has_its_neighbours_told() {
    for (flag, name, near) in [
        ("--group", "JNMI", "/jihadiste/JNIM"),
        ("--group", "!jnin", "/jihadiste/JNIM"),
        ("--region", "Tilabéri", "/Niger/Tillabéri"),
        ("--region", "Mali/Mpoti", "/Mali/Mopti"),
        ("--source", "Echantilon A", "Échantillon A"),
    ] {
        let run = sample().run(&["search", flag, name]);
        let error = run.fails_with_hint();
        assert!(error.contains(name.trim_start_matches('!')) && error.contains(near), "{name}: {error}");
    }
    for name in ["", "!", "/", "Mali//Mopti", "xyzxyzxyz"] {
        sample().run(&["search", "--region", name]).fails();
    }
    // Nothing is near where there is nothing.
    let desk = Desk::with(&[("in/a.txt", MOPTI)]);
    desk.index(&["in"]);
    let error = desk.run(&["search", "--group", "Ligue du Levant"]);
    assert!(!error.fails().contains("hint"), "{}", error.err);
}

#[test]
fn a_name_of_several_places_has_to_be_given_whole() {
    let desk = indexed();
    let run = desk.run(&["search", "--region", "dire"]);
    let error = run.fails_with_hint();
    assert!(error.contains("/Mali/Kayes/Diré") && error.contains("/Mali/Tombouctou/Diré"), "{error}");
    assert_eq!(desk.ids(&["--region", "mali/tombouctou/dire"]), ["b"]);
}

#[test]
fn odd_queries_are_answered() {
    let run = |args: &[&str]| {
        let run = sample().run(&[&["search", "--format", "json"], args].concat());
        assert_eq!(run.err, "", "{args:?}");
        run
    };
    let everything = run(&["-n", "0"]).json()["total"].clone();
    assert_eq!(everything, 82);
    for query in ["", " ", "\"\"", "()", "« »"] {
        assert_eq!(run(&[query]).json()["total"], everything, "{query:?}");
    }
    // Only function words: then they are what is meant.
    let stops = run(&["de la", "-n", "3"]);
    assert!(stops.status == 0 && stops.json()["hits"][0]["marks"][0]["term"].is_string());
    // Nothing but an exclusion is everything without it.
    let without = run(&["--", "-embuscade"]).json()["total"].as_u64().unwrap();
    let with = run(&["embuscade"]).json()["total"].as_u64().unwrap();
    assert_eq!(with + without, 82);
    // To the shell's eye that is a flag, and it says how to write it.
    let flag = sample().run(&["search", "-x"]);
    assert_eq!((flag.status, flag.out.as_str()), (2, ""));
    assert!(flag.err.contains("-- -x"), "{}", flag.err);
    for query in ["-", "!!!", "😀", "...", "»", "’", "*", "~", "a\u{300}\u{301}\u{302}", "\u{200b}", "\u{202e}"] {
        assert!(run(&["--", query]).status <= 1, "{query}");
    }
}

#[test]
fn hostile_queries_are_answered_or_refused_in_good_time() {
    let words = |count: usize, between: &str| (0..count).map(|n| format!("mot{n}")).collect::<Vec<_>>().join(between);
    let answered = [
        "embuscade ".repeat(1_000),
        words(1_500, " "),
        words(1_400, " OU "),
        "a".repeat(10_000),
        ")".repeat(5_000),
        "-".repeat(5_000),
        "attaque \u{202e}eédnegrag\u{202c} \u{2066}x\u{2069}".to_owned(),
        "NOT ".repeat(40) + "attaque",
    ];
    for query in &answered {
        for more in [&[][..], &["--match", "any"], &["--in", "passage"]] {
            let run = sample().run(&[&["search", "-n", "1"], more, &["--", query]].concat());
            assert!(run.status <= 1 && run.err.is_empty(), "{query:.60} {more:?}: {run:?}");
        }
    }
    for query in [
        "(".repeat(5_000),
        "a".repeat(20_000),
        "(a ".repeat(5_000),
        "SAUF ".repeat(3_000) + "a",
        words(500, "-"),
        "l'".repeat(4_000) + "armée",
    ] {
        let run = sample().run(&["search", "--", &query]);
        assert!(run.fails().len() < 400, "{query:.60}: {run:?}");
    }
    // What no argument can hold comes in by a file.
    let run =
        sample().fed(&["search", "--queries", "-", "--format", "jsonl"], "a\tatt\0aque\nb\t\u{1b}[31mattaque\u{7}\n");
    assert_eq!((run.status, run.lines().len()), (0, 2));
}

#[test]
fn what_a_text_holds_cannot_command_the_terminal() {
    let desk = Desk::new();
    let hostile = json!({
        "id": "a\u{1b}]0;x\u{7}", "title": "\u{1b}[2J\u{202e}titre", "source": "\u{9b}31m",
        "text": "Une attaque\u{1b}[31m \u{202e}près\u{7} de Mopti.\u{8}"
    });
    desk.write("in/a.jsonl", hostile.to_string());
    desk.index(&["in"]);
    let run = desk.run(&["search", "attaque", "--color", "never"]);
    assert_eq!(run.status, 0);
    for c in ['\u{1b}', '\u{7}', '\u{8}', '\u{9b}', '\u{202e}'] {
        assert!(!run.out.contains(c), "{c:?} in {:?}", run.out);
    }
    let run = desk.run(&["search", "\u{1b}[31m\u{202e}rien"]);
    assert!(run.status == 1 && !run.out.contains(['\u{1b}', '\u{202e}']), "{:?}", run.out);
}

#[test]
fn any_limit_and_offset_will_do() {
    let most = u64::MAX.to_string();
    let total = sample().search(&["attaque"])["total"].as_u64().unwrap();
    for (limit, offset, want) in [
        (most.as_str(), "0", total),
        ("0", "0", total),
        ("1", "0", 1),
        ("1000000000000", "3", total - 3),
        (&most, "5", total - 5),
        ("5", "1000000000000", 0),
    ] {
        for sort in ["relevance", "newest"] {
            let answer = sample().search(&["attaque", "-n", limit, "--offset", offset, "--sort", sort]);
            assert_eq!(answer["hits"].as_array().unwrap().len() as u64, want, "{limit} from {offset} by {sort}");
            assert_eq!(answer["total"], total);
        }
    }
    for wrong in ["-1", "1e3", "dix", "18446744073709551616", ""] {
        assert_eq!(sample().run(&["search", "attaque", &format!("--limit={wrong}")]).status, 2, "{wrong}");
        assert_eq!(sample().run(&["search", "attaque", &format!("--offset={wrong}")]).status, 2, "{wrong}");
    }
}

/// The one generation of an index.
fn generation(desk: &Desk) -> PathBuf {
    let generations = desk.generations();
    assert_eq!(generations.len(), 1);
    generations[0].clone()
}

/// Expects that an index which was damaged says so, whoever opens it, and that a rebuild heals it.
#[track_caller]
fn is_damaged(desk: &Desk, what: &str) {
    for args in [&["search", "Mopti"][..], &["search", "--group", "JNIM"], &["index", "in"]] {
        let run = desk.run(args);
        let error = run.fails_with_hint();
        assert!(error.starts_with("vigie: ") && error.contains("--rebuild"), "{what}, {args:?}: {error}");
    }
    desk.index(&["--rebuild", "in"]);
    assert_eq!(desk.ids(&["Mopti"]), ["a"], "{what}");
    assert_eq!(desk.generations().len(), 1);
}

#[test]
fn a_pointer_that_points_nowhere_is_damage() {
    let desk = indexed();
    for garbage in ["", "\n", "12345-678\n", "..", ".", "lock", "../ix", "/", "n'importe\0quoi", &"x".repeat(300)] {
        desk.write("ix/current", garbage);
        is_damaged(&desk, garbage);
    }
}

#[test]
fn without_its_pointer_there_is_no_index() {
    let desk = indexed();
    fs::remove_file(desk.path("ix/current")).unwrap();
    desk.run(&["search", "Mopti"]).fails_with_hint();
    desk.index(&["in"]);
    assert_eq!(desk.ids(&["Mopti"]), ["a"]);
    assert_eq!(desk.generations().len(), 1);
}

#[test]
fn a_commit_that_cannot_be_read_is_damage() {
    let desk = indexed();
    for name in ["meta.json", ".managed.json"] {
        for (what, change) in damages() {
            let file = generation(&desk).join(name);
            let bytes = fs::read(&file).unwrap();
            fs::write(&file, change(&bytes)).unwrap();
            is_damaged(&desk, &format!("{name} {what}"));
        }
    }
    fs::remove_file(generation(&desk).join("meta.json")).unwrap();
    is_damaged(&desk, "no meta.json");
    fs::remove_dir_all(generation(&desk)).unwrap();
    is_damaged(&desk, "no generation");
}

/// What is done to the bytes of a file, and its name.
type Damage = (&'static str, fn(&[u8]) -> Vec<u8>);

fn damages() -> [Damage; 3] {
    [
        ("emptied", |_| Vec::new()),
        ("cut in half", |bytes| bytes[..bytes.len() / 2].to_vec()),
        ("overwritten", |bytes| vec![0xA5; bytes.len()]),
    ]
}

#[test]
fn an_index_of_another_version_is_told_with_what_to_do() {
    let desk = indexed();
    for (key, other) in [("format", json!(999)), ("chain", json!("0-feedfeedfeedfeed"))] {
        let file = generation(&desk).join("meta.json");
        let mut meta: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let mut payload: Value = serde_json::from_str(meta["payload"].as_str().unwrap()).unwrap();
        payload[key] = other.clone();
        meta["payload"] = payload.to_string().into();
        fs::write(&file, meta.to_string()).unwrap();
        let run = desk.run(&["search", "Mopti"]);
        let error = run.fails_with_hint();
        assert!(error.contains(other.to_string().trim_matches('"')) && error.contains("written with"), "{error}");
        let before = desk.files(INDEX);
        assert!(desk.run(&["index", "in"]).fails_with_hint().contains("--rebuild"));
        assert!(desk.files(INDEX) == before);
        is_damaged(&desk, key);
    }
}

#[test]
fn a_batch_is_not_begun_over_a_damaged_index() {
    let desk = indexed();
    desk.write("ix/current", "rien");
    let run: Run = desk.fed(&["search", "--queries", "-", "--format", "jsonl"], "a\tMopti\n");
    run.fails_with_hint();
}

#[test]
fn an_error_says_once_what_is_wrong() {
    let desk = indexed();
    fs::remove_file(generation(&desk).join("meta.json")).unwrap();
    let damaged = desk.run(&["search", "Mopti"]);
    fs::remove_file(desk.path("ix/current")).unwrap();
    fs::create_dir(desk.path("ix/current")).unwrap();
    let folder = desk.run(&["search", "Mopti"]);
    for run in [sample().run(&["search", "\"x"]), sample().run(&["search", &"a".repeat(20_000)]), damaged, folder] {
        let line = run.fails().lines().next().unwrap();
        let parts: Vec<&str> = line.split(": ").collect();
        let told = (0..parts.len()).find(|&at| parts[..at].contains(&parts[at]));
        assert!(told.is_none(), "{line}");
    }
}

#[test]
fn what_an_error_quotes_cannot_command_the_terminal() {
    for args in [
        &["search", "--group", "a\nb\u{1b}[31m\u{202e}"][..],
        &["search", "--date", "\u{1b}[2J"],
        &["search", "--queries", "a\nb\u{1b}[31m"],
        &["index", "a\nb\u{1b}[31m"],
        &["search", "x", "--index", "a\nb\u{1b}[31m"],
    ] {
        let run = sample().run(args);
        let error = run.fails();
        assert!(error.lines().count() <= 2 && !error.contains('\u{202e}'), "{error:?}");
    }
}

#[test]
fn the_largest_offset_is_beyond_the_end() {
    let most = u64::MAX.to_string();
    for sort in ["relevance", "newest"] {
        let answer = sample().search(&["attaque", "--offset", &most, "--sort", sort]);
        assert_eq!(answer["hits"], json!([]));
    }
    let input = format!("{{\"query\":\"attaque\",\"offset\":{most}}}\nb\tattaque\n");
    let run = sample().fed(&["search", "--queries", "-", "--format", "jsonl"], input);
    assert_eq!(run.lines().len(), 2);
}

#[test]
fn queries_that_cannot_be_read_are_named() {
    let desk = indexed();
    let run = desk.run(&["search", "--queries", "in"]);
    assert!(run.fails().starts_with("vigie: in: "), "{run:?}");
}

#[test]
fn a_bound_that_bounds_nothing_is_not_dropped_in_silence() {
    // The range has no first day, so that as one there is nothing to count from.
    sample().run(&["search", "attaque", "--since", "..2024"]).fails();
    sample().run(&["search", "attaque", "--until", "2024.."]).fails();
}

#[test]
fn a_pointer_that_cannot_be_read_is_damage() {
    let desk = indexed();
    desk.write("ix/current", [0xFF, 0xFE, 0, b'x']);
    is_damaged(&desk, "no text");
}

/// What the files of a segment are: columns, lengths, postings, positions, texts and terms.
const SEGMENT: [&str; 6] = ["fast", "fieldnorm", "idx", "pos", "store", "term"];

/// The file of one kind of an index that has one segment.
fn segment(desk: &Desk, kind: &str) -> PathBuf {
    let mut files = fs::read_dir(generation(desk)).unwrap().map(|entry| entry.unwrap().path());
    files.find(|path| path.extension().is_some_and(|extension| extension == kind)).unwrap()
}

#[test]
fn a_segment_that_cannot_be_opened_is_damage() {
    let desk = indexed();
    for kind in SEGMENT {
        for gone in [false, true] {
            let file = segment(&desk, kind);
            let bytes = fs::read(&file).unwrap();
            fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
            if gone {
                fs::remove_file(&file).unwrap();
            }
            let run = desk.run(&["search", "Mopti"]);
            assert!(run.fails_with_hint().contains("--rebuild"), ".{kind}: {run:?}");
            desk.index(&["--rebuild", "in"]);
            assert_eq!(desk.ids(&["Mopti"]), ["a"], ".{kind}");
        }
    }
}

#[test]
fn a_segment_that_opens_and_holds_garbage_makes_nothing_panic() {
    let desk = Desk::new();
    desk.index(&[common::repository("sample_corpus").to_str().unwrap()]);
    for kind in SEGMENT {
        let file = segment(&desk, kind);
        let sound = fs::read(&file).unwrap();
        for byte in [0x00, 0xA5] {
            let mut bytes = sound.clone();
            // The end says what the file is and is looked at when it is opened; the rest is not.
            let body = bytes.len() - 200.min(bytes.len() / 2);
            bytes[..body].fill(byte);
            fs::write(&file, bytes).unwrap();
            for args in [&["embuscade"][..], &["\"forces armées\"", "--in", "passage"], &["--group", "JNIM"]] {
                let run = desk.run(&[&["search"], args].concat());
                assert!(run.status < 2 || !run.fails_with_hint().is_empty(), ".{kind}: {run:?}");
            }
        }
        fs::write(&file, sound).unwrap();
    }
}

#[test]
fn a_damaged_commit_is_told_in_a_line_that_one_can_read() {
    let desk = indexed();
    let file = generation(&desk).join("meta.json");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let run = desk.run(&["search", "Mopti"]);
    assert!(run.fails_with_hint().len() < 500, "{run:?}");
}
