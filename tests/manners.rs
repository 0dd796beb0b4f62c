//! How vigie behaves where its streams, its terminal or what it is given are not as it would like.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a test may")]

mod common;
#[allow(dead_code, reason = "its `main` is for people")]
#[path = "../examples/search.rs"]
mod example;

use std::process::Command;

use common::{Desk, Run, sample};

/// What a shell makes of a line in which `vigie` is the program; standard error comes after a line `--`.
fn shell(desk: &Desk, line: &str) -> Run {
    let program = desk.command(&[]);
    let binary = env!("CARGO_BIN_EXE_vigie");
    let mut command = Command::new("bash");
    command.args(["-c", &format!("vigie() {{ '{binary}' \"$@\"; }}; set -o pipefail; {line}")]);
    command.current_dir(program.get_current_dir().unwrap());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Run::of(command, "")
}

#[test]
fn a_reader_that_goes_is_no_fault() {
    for line in [
        "vigie search attaque -q -n 0 --format jsonl | head -1",
        "vigie search attaque -n 0 | head -1",
        "vigie search attaque --format json -n 0 | true",
        "vigie facets --by region --depth 9 -n 0 | head -1",
        "vigie timeline --by month --format csv -q | head -1",
        "vigie info --acronyms | true",
        "vigie annotate sample_corpus | head -c 1",
        "vigie help | true",
        "vigie search --help | true",
        "vigie completions bash | true",
        "vigie man search | true",
        "vigie config --show | true",
        "seq 200 | sed 's/$/\\tattaque/' | vigie search --queries - --format jsonl | head -1",
    ] {
        let run = shell(sample(), line);
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{line}");
    }
}

#[test]
fn a_full_disk_is_an_error() {
    if !std::path::Path::new("/dev/full").exists() {
        println!("there is no /dev/full: this test is left out");
        return;
    }
    for line in [
        "search attaque",
        "search attaque --format json",
        "search attaque -c",
        "facets --by group",
        "timeline",
        "info",
        "info --format json",
        "info --acronyms",
        "annotate sample_corpus/radio",
        "analyze attaque",
        "help query",
        "help",
        "search --help",
        "--version",
        "completions fish",
        "man",
        "config --show",
        "config --show --format json",
        "index sample_corpus --dry-run",
    ] {
        let run = shell(sample(), &format!("vigie {line} > /dev/full"));
        assert!(run.fails().starts_with("vigie: standard output: No space left on device"), "{line}: {}", run.err);
    }
}

#[test]
fn closed_streams_are_never_a_panic() {
    // Rust puts /dev/null where a stream is closed, before the program starts.
    for line in ["vigie search attaque >&-", "vigie facets --by group >&-", "vigie help >&-", "vigie analyze a >&-"] {
        let run = shell(sample(), line);
        assert_eq!((run.status, run.out.as_str(), run.err.as_str()), (0, "", ""), "{line}");
    }
    // A search reads nothing.
    assert_eq!(shell(sample(), "vigie search attaque -c <&-").status, 0);
    // What does read finds nothing there, or says that it cannot.
    for line in
        ["vigie analyze - <&-", "vigie annotate <&-", "vigie search --queries - <&-", "vigie index --dry-run - <&-"]
    {
        let run = shell(sample(), line);
        assert!(run.out.is_empty() || run.out.starts_with("0 reports read"), "{line}: {run:?}");
    }
    // Standard error need not be there.
    assert_eq!(shell(sample(), "vigie search attaque -c 2>&-").status, 0);
    assert_eq!(shell(sample(), "vigie search '\"a' 2>&-").status, 2);
}

fn with(variables: &[(&str, &str)], args: &[&str]) -> Run {
    let mut command = sample().command(args);
    command.envs(variables.iter().copied());
    Run::of(command, "")
}

#[test]
fn colour_is_as_the_environment_asks() {
    let args = ["search", "attaque", "-n", "1"];
    let colored = |variables: &[(&str, &str)], more: &[&str]| {
        let run = with(variables, &[&args[..], more].concat());
        assert_eq!(run.status, 0);
        run.out.contains('\u{1b}')
    };
    assert!(!colored(&[], &[]), "a pipe gets none");
    assert!(colored(&[], &["--color", "always"]));
    assert!(colored(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!colored(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]));
    assert!(!colored(&[("NO_COLOR", "1")], &[]));
    assert!(colored(&[("NO_COLOR", "1")], &["--color", "always"]), "what is asked for goes before");
    assert!(!colored(&[("TERM", "dumb")], &[]));
    // Formats for machines have none.
    let run = with(&[("CLICOLOR_FORCE", "1")], &["search", "attaque", "--format", "jsonl", "--color", "always"]);
    assert!(!run.out.contains('\u{1b}'));
    // Errors have none.
    assert!(!with(&[("CLICOLOR_FORCE", "1")], &["serach"]).err.contains('\u{1b}'));
}

#[test]
fn text_is_as_wide_as_it_is_told() {
    let width = |columns: &str, args: &[&str]| {
        let run = with(&[("COLUMNS", columns)], args);
        assert_eq!(run.status, 0, "{run:?}");
        // Citations stand on one line however long, so that they can be copied.
        let lines = run.out.lines().filter(|line| !line.contains("sample_corpus/"));
        lines.map(|line| line.chars().count()).max().unwrap()
    };
    let search = ["search", "attaque", "-n", "3"];
    assert!((30..=40).contains(&width("40", &search)));
    assert!((120..=200).contains(&width("200", &search)));
    for odd in ["", "0", "-1", "quarante", "99999999999999999999999"] {
        assert!((60..=80).contains(&width(odd, &search)), "{odd}");
    }
    assert!(width("1", &search) >= 16);
    for command in [&["facets", "--by", "region"][..], &["timeline", "--by", "year", "--split", "group"]] {
        assert!(width("40", command) <= 40 || command[0] == "timeline", "{command:?}");
        assert!(width("200", command) <= 200, "{command:?}");
    }
}

#[test]
fn a_dumb_terminal_gets_plain_text() {
    if shell(sample(), "command -v script").status != 0 {
        println!("script is not installed: this test is left out");
        return;
    }
    let seen = |line: &str| {
        let desk = sample();
        let line = line.replace("vigie", env!("CARGO_BIN_EXE_vigie"));
        let run = shell(desk, &format!("script -qec \"{line}\" /dev/null < /dev/null"));
        assert_eq!(run.status, 0, "{run:?}");
        run.out
    };
    assert!(seen("TERM=xterm vigie search attaque -n 1").contains('\u{1b}'));
    assert!(!seen("TERM=dumb vigie search attaque -n 1").contains('\u{1b}'));
    assert!(!seen("TERM=xterm NO_COLOR=1 vigie search attaque -n 1").contains('\u{1b}'));
    assert!(!seen("TERM=dumb vigie index --dry-run sample_corpus").contains('\u{1b}'));
}

#[test]
fn hostile_text_commands_no_terminal() {
    let hostile = "Une attaque\u{1b}[2J\u{1b}]0;titre\u{7} a eu lieu \u{202e}à l'envers\u{202c} près\u{8}\u{8} de \u{9b}31m Gao\u{0}\r. \
        \u{2066}Fin\u{2069}.";
    let desk = Desk::new();
    desk.write("in/a.txt", hostile);
    desk.write("in/b\u{1b}[31m\u{202e}.txt", "Une attaque à Mopti.");
    desk.write("in/c.xyz\u{1b}[31m", "?");
    let line =
        serde_json::json!({"id": "x\u{1b}[31m", "title": "T\u{202e}\u{7}", "source": "S\u{1b}", "text": hostile});
    desk.write("in/d.jsonl", line.to_string());
    let harmless = |told: &str| {
        let bad = |c: char| {
            c.is_control() && c != '\n' && c != '\t' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!told.contains(bad), "{told:?}");
    };
    for args in [
        &["index", "in", "-v"][..],
        &["search", "attaque"],
        &["search", "attaque", "--explain"],
        &["search", "attaque\u{1b}[31m\u{202e}"],
        &["search", "\"attaque\u{1b}[31m\u{202e}"],
        &["search", "--group", "\u{1b}[31m\u{202e}"],
        &["facets", "--by", "source,region"],
        &["timeline"],
        &["info", "--unresolved"],
        &["annotate", "in", "--format", "text", "-v"],
        &["config", "--show", "--index", "\u{1b}[31m\u{202e}"],
        &["info", "--index", "\u{1b}[31m\u{202e}"],
        &["index", "\u{1b}[31m\u{202e}"],
        &["\u{1b}[31m\u{202e}"],
        &["search", "--\u{1b}[31m\u{202e}"],
        &["search", "-n", "\u{1b}[31m\u{202e}"],
        &["--config", "\u{1b}[31m\u{202e}", "info"],
        &["man", "\u{1b}[31m\u{202e}"],
        &["help", "\u{1b}[31m\u{202e}"],
    ] {
        for lang in ["en", "fr"] {
            let mut command = desk.command(args);
            command.env("VIGIE_LANG", lang);
            let run = Run::of(command, "");
            harmless(&run.out);
            harmless(&run.err);
        }
    }
    for file in
        ["\"\\u001b[31m\u{202e}\" = 1", "[search]\nlimit = \"\\u001b[31m\u{202e}\"", "lang = \"\\u001b\u{202e}\""]
    {
        desk.write("vigie.toml", file);
        let run = desk.run(&["info"]);
        run.fails();
        harmless(&run.err);
    }
}

#[test]
fn the_library_indexes_and_searches_as_its_example_shows() {
    let mut told = Vec::new();
    let folder = common::repository("sample_corpus/mali");
    example::search(folder.to_str().unwrap(), "embuscade gendarme", &mut told).unwrap();
    let told = String::from_utf8(told).unwrap();
    assert!(told.starts_with("22 reports\n1. ") && told.contains("\n   gendarme\n"), "{told}");
    let lines = std::fs::read_to_string(common::repository("examples/search.rs")).unwrap();
    assert!(lines.lines().filter(|line| !line.trim().is_empty()).count() <= 40);
}
