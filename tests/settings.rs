//! Settings: the file, the environment, flags, in that order of strength rising.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{Desk, Run, sample, validate};
use serde_json::Value;

/// Runs with variables of the environment.
fn with(desk: &Desk, variables: &[(&str, &str)], args: &[&str]) -> Run {
    let mut command = desk.command(args);
    command.envs(variables.iter().copied());
    Run::of(command, "")
}

/// Values and origin of a setting, in short.
fn setting(run: &Run, command: Option<&str>, name: &str) -> String {
    assert_eq!(run.status, 0, "{run:?}");
    let told = run.json();
    validate("settings.schema.json", &told);
    let found = told["settings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|setting| setting["command"].as_str() == command && setting["name"].as_str() == Some(name));
    let found = found.unwrap_or_else(|| panic!("no {name} in {told}"));
    let values: Vec<&str> = found["values"].as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect();
    let origin = &found["origin"];
    let place = match origin["kind"].as_str().unwrap() {
        "environment" => origin["name"].as_str().unwrap().to_owned(),
        "file" => format!("{}:{}", origin["path"].as_str().unwrap(), origin["line"]),
        kind => kind.to_owned(),
    };
    format!("{} ({place})", values.join("|"))
}

const SHOW: [&str; 4] = ["config", "--show", "--format", "json"];

#[test]
fn flags_go_before_the_environment_and_that_before_the_file() {
    let desk = Desk::with(&[("vigie.toml", "color = \"never\"\n[search]\nlimit = 3\nsort = 'newest'\n")]);
    let show = |variables: &[(&str, &str)], name: &str, command: Option<&str>| {
        setting(&with(&desk, variables, &SHOW), command, name)
    };
    assert_eq!(show(&[], "limit", Some("search")), "3 (vigie.toml:3)");
    assert_eq!(show(&[("VIGIE_SEARCH_LIMIT", "7")], "limit", Some("search")), "7 (VIGIE_SEARCH_LIMIT)");
    // An empty variable is none.
    assert_eq!(show(&[("VIGIE_SEARCH_LIMIT", "")], "limit", Some("search")), "3 (vigie.toml:3)");
    assert_eq!(show(&[], "limit", Some("facets")), " (default)");
    assert_eq!(show(&[], "sort", Some("search")), "newest (vigie.toml:4)");
    assert_eq!(show(&[], "color", None), "never (vigie.toml:1)");
    let run = with(&desk, &[("VIGIE_COLOR", "always")], &[&SHOW[..], &["--color", "auto"]].concat());
    assert_eq!(setting(&run, None, "color"), "auto (flag)");
    assert_eq!(show(&[("LANG", "fr_ML.UTF-8")], "lang", None), "fr (LANG)");
    assert_eq!(show(&[("LANG", "fr_ML.UTF-8"), ("VIGIE_LANG", "en")], "lang", None), "en (VIGIE_LANG)");
}

#[test]
fn settings_decide_what_a_search_gives() {
    let desk = Desk::with(&[("in/a.txt", "Une attaque à Gao."), ("in/b.txt", "Une attaque à Mopti.")]);
    assert_eq!(desk.run(&["index", "in"]).status, 0);
    desk.write("vigie.toml", "[search]\nlimit = 1\nformat = \"jsonl\"\nregion = [\"Gao\", \"Mopti\"]\n");
    let hits = |variables: &[(&str, &str)], args: &[&str]| {
        let run = with(&desk, variables, &[&["search", "attaque"], args].concat());
        run.lines().iter().map(|hit| hit["report"]["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(hits(&[], &[]).len(), 1);
    assert_eq!(hits(&[("VIGIE_SEARCH_LIMIT", "2")], &[]).len(), 2);
    assert_eq!(hits(&[("VIGIE_SEARCH_LIMIT", "2")], &["-n", "1"]).len(), 1);
    // A list on the command line stands instead of that of the file.
    assert_eq!(hits(&[], &["-n", "0", "--region", "Mopti"]), ["b.txt"]);
    assert_eq!(hits(&[("VIGIE_SEARCH_REGION", "Gao")], &["-n", "0"]), ["a.txt"]);
    assert_eq!(hits(&[("VIGIE_SEARCH_REGION", "Gao; Mopti")], &["-n", "0"]).len(), 2);
    let run = with(&desk, &[("VIGIE_FACETS_BY", "source,group"), ("VIGIE_FACETS_FORMAT", "json")], &["facets"]);
    assert_eq!(run.json()["facets"].as_object().unwrap().len(), 2);
}

#[test]
fn a_flag_can_be_turned_off_again() {
    let desk = Desk::with(&[("in/a.txt", "Une attaque à Gao."), ("in/b.xyz", "?")]);
    desk.write("vigie.toml", "[index]\nstrict = true\n");
    desk.run(&["index", "in"]).fails_with_hint();
    assert_eq!(desk.run(&["index", "in", "--strict=false"]).status, 3);
    assert_eq!(with(&desk, &[("VIGIE_INDEX_STRICT", "no")], &["index", "in"]).status, 3);
    assert_eq!(with(&desk, &[("VIGIE_INDEX_STRICT", "1")], &["index", "in", "--config", "/dev/null"]).status, 2);
}

#[test]
fn what_excludes_something_stronger_gives_way() {
    let desk = Desk::with(&[("in/a.txt", "Une attaque à Gao."), ("q.tsv", "1\tattaque\n")]);
    desk.write("vigie.toml", "quiet = true\n[index]\nprune = true\n[search]\nqueries = \"q.tsv\"\n");
    assert_eq!(desk.run(&["index", "in"]).out, "");
    let run = desk.run(&["index", "in", "--rebuild", "-v"]);
    assert_eq!(run.status, 0);
    assert!(run.err.contains("note: settings read from vigie.toml\n"), "{}", run.err);
    assert!(run.err.contains("note: vigie.toml:1: quiet gives way to --verbose\n"), "{}", run.err);
    assert!(run.err.contains("note: vigie.toml:3: prune gives way to --rebuild\n"), "{}", run.err);
    assert!(desk.run(&["search"]).out.starts_with("1: attaque\n"));
    assert!(desk.run(&["search", "Gao"]).out.starts_with("1. a.txt\n"));
    // Of one layer neither goes before the other.
    desk.write("vigie.toml", "quiet = true\nverbose = true\n");
    assert!(desk.run(&["info"]).fails_with_hint().contains("vigie.toml:2: verbose cannot be set beside quiet"));
}

#[test]
fn the_index_is_where_the_file_says() {
    let desk = Desk::with(&[("in/a.txt", "Une attaque à Gao."), ("there/vigie.toml", "index = \"ix\"\n")]);
    let bare = |args: &[&str]| {
        let mut command = desk.command(args);
        command.env_remove("VIGIE_INDEX");
        Run::of(command, "")
    };
    let flag = ["--config", "there/vigie.toml"];
    assert_eq!(bare(&[&["index", "in"][..], &flag].concat()).status, 0);
    // Paths in the file are relative to its folder.
    assert!(desk.path("there/ix/current").is_file());
    // A command to paste reads the same settings, and names no index that they name.
    let pasted = |run: &Run| {
        let told = run.out.lines().find_map(|line| line.split_once("vigie search ").map(|(_, rest)| rest.to_owned()));
        told.unwrap_or_else(|| panic!("nothing to paste in {run:?}"))
    };
    let run = bare(&[&["search", "\"attaqe\"", "-n", "2"][..], &flag].concat());
    assert!(pasted(&run).starts_with("--config=there/vigie.toml --limit=2 "), "{}", run.out);
    // Where the file is found, no flag is needed; a flag against it is.
    desk.write("vigie.toml", "[common]\nindex = \"there/ix\"\n[search]\nsort = \"newest\"\n");
    let run = bare(&["search", "\"attaqe\"", "--sort", "relevance"]);
    assert!(pasted(&run).starts_with("--sort=relevance "), "{}", run.out);
    assert!(!pasted(&run).contains("--index"), "{}", run.out);
}

#[test]
fn wrong_settings_are_named_with_their_line() {
    let desk = Desk::new();
    for (text, want) in [
        (
            "limt = 1",
            "vigie.toml:1: “limt” is no setting\nhint: write limit below a line [search] or [similar] or [facets] or [export] or ",
        ),
        ("limit = 1", "hint: write limit below a line [search] or [similar] or [facets] or [export] or "),
        ("zzzz = 1", "hint: there is index, schema, color, lang, quiet, verbose\n"),
        ("\n\nindx = 'a'", "vigie.toml:3: “indx” is no setting\nhint: did you mean index?"),
        ("[serch]\nlimit = 1", "vigie.toml:1: “serch” is no command\nhint: did you mean search?"),
        ("[search]\nlimt = 1", "vigie.toml:2: “limt” is no setting\nhint: did you mean limit?"),
        ("[search]\nlimit = 'vingt'", "vigie.toml:2: “vingt” is no value of limit: "),
        ("[search]\nlimit = -1", "vigie.toml:2: “-1” is no value of limit: "),
        ("[search]\nlimit = [1, 2]", "vigie.toml:2: limit takes a text or a number, not a list"),
        ("[search]\nlimit = true", "vigie.toml:2: limit takes a text or a number, not true or false"),
        ("[search]\nformat = 'jsn'", "vigie.toml:2: “jsn” is no value of format\nhint: did you mean json?"),
        ("[search]\ngroup = [\n  'JNIM',\n  true]", "vigie.toml:4: group takes a text, a number, or a list of them"),
        ("[search]\nquery = 'x'", "vigie.toml:2: “query” is no setting"),
        ("[search]\nconfig = 'x'", "vigie.toml:2: “config” is no setting"),
        ("[index]\nstrict = 'yes'", "vigie.toml:2: strict takes true or false, not a text"),
        ("[index.threads]\nx = 1", "vigie.toml:1: threads takes a text or a number, not a table"),
        (
            "index = 'a'\n[index]\nthreads = 1",
            "hint: keep one of them; index = \"…\" beside a table [index] stands below",
        ),
        ("[info]\nacronyms = true\nunresolved = true", "hint: set one of them"),
        ("[search]\nlimit = ", "vigie.toml:2: "),
        ("[help]\nx = 1", "hint: there are no settings of this command"),
    ] {
        desk.write("vigie.toml", text);
        let run = desk.run(&["info"]);
        assert!(run.fails().contains(want), "{text}: {}", run.err);
    }
    desk.write("vigie.toml", b"\xff\xfe");
    desk.run(&["info"]).fails_with_hint();
    assert!(desk.run(&["--config", "nope.toml", "info"]).fails_with_hint().contains("nope.toml"));
    assert!(desk.run(&["--config", ".", "info"]).fails_with_hint().contains("vigie: .: "));
    desk.write("vigie.toml", "");
    let run = with(&desk, &[("VIGIE_SEARCH_LIMIT", "x")], &["info"]);
    assert!(run.fails().contains("VIGIE_SEARCH_LIMIT: “x” is no value of limit: "), "{}", run.err);
    // Help is there all the same.
    desk.write("vigie.toml", "limt = 1");
    assert_eq!(desk.run(&["search", "--help"]).status, 0);
    assert!(desk.run(&["config", "nope", "--config", "/dev/null"]).fails().contains("“nope” is no command"));
}

#[test]
fn a_variable_that_looks_like_a_setting_is_told() {
    let desk = Desk::new();
    let run = with(&desk, &[("VIGIE_ANALYZE_X", "1"), ("VIGIE_SEARCH_LIMT", "3"), ("VIGIE_UPDATE", "1")], &["config"]);
    assert_eq!(run.err, "note: VIGIE_SEARCH_LIMT is no setting; did you mean VIGIE_SEARCH_LIMIT?\n");
    assert_eq!(run.status, 0);
    let run = with(&desk, &[("VIGIE_SEARCH_LIMT", "3"), ("VIGIE_LANG", "fr")], &["config"]);
    assert!(run.err.starts_with("remarque\u{a0}: VIGIE_SEARCH_LIMT n'est pas un réglage"), "{}", run.err);
    assert_eq!(with(&desk, &[("VIGIE_SEARCH_LIMT", "3")], &["config", "-q"]).err, "");
    assert_eq!(with(&desk, &[("VIGIE_SEARCH_LIMT", "")], &["config"]).err, "");
}

#[test]
fn help_is_there_and_settings_are_shown_whatever_is_wrong_with_them() {
    let desk = Desk::new();
    for text in [&b"[search\n"[..], b"\xff", b"limt = 1\n", b"quiet = true\nverbose = true\n", b"color = \"red\"\n"] {
        desk.write("vigie.toml", text);
        assert_eq!(desk.run(&["info"]).status, 2);
        for args in [
            &["help"][..],
            &["help", "search"],
            &["help", "query"],
            &["--help"],
            &["search", "--help"],
            &["--version"],
            &["completions", "bash"],
            &["man", "search"],
        ] {
            let run = desk.run(args);
            assert_eq!((run.status, run.err.as_str()), (0, ""), "{args:?}");
            assert!(!run.out.is_empty());
        }
    }
    desk.write("vigie.toml", "limt = 1\n[search]\nlimit = 3\nsort = \"x\"\n");
    let run = with(&desk, &[("VIGIE_COLOR", "x")], &["config", "--show", "search"]);
    assert_eq!(run.status, 2);
    assert!(run.out.contains("\nlimit = 3 ") && run.out.contains("\nsort = \"relevance\" "), "{}", run.out);
    let told: Vec<&str> = run.err.lines().filter(|line| line.starts_with("vigie: ")).collect();
    assert_eq!(told.len(), 3, "{}", run.err);
    for (line, want) in told.iter().zip(["VIGIE_COLOR: “x”", "vigie.toml:1: “limt”", "vigie.toml:4: “x”"]) {
        assert!(line.contains(want), "{line}");
    }
}

#[test]
fn every_option_can_be_set_and_is_shown() {
    let told = sample().run(&SHOW).json();
    let names = |command: &str| -> Vec<String> {
        let settings = told["settings"].as_array().unwrap().iter();
        let of_command = settings.filter(|setting| setting["command"].as_str() == Some(command));
        of_command.map(|setting| format!("--{}", setting["name"].as_str().unwrap())).collect()
    };
    for command in [
        "index", "search", "show", "cite", "facets", "timeline", "watch", "export", "annotate", "info", "check",
        "diff", "eval", "man",
    ] {
        let help = common::help::own(command) + &common::help::filters(command);
        let options = help.lines().filter_map(|line| {
            let line = line.trim_start();
            let long = line.strip_prefix("--").or_else(|| line.split_once(", --").map(|(_, long)| long))?;
            Some(format!("--{}", long.split(' ').next()?))
        });
        let options: Vec<String> = options.filter(|name| name != "--help" && name != "--version").collect();
        let shown = names(command);
        assert!(!shown.is_empty() && shown.iter().all(|name| options.contains(name)), "{command}: {shown:?}");
        assert!(options.iter().all(|name| shown.contains(name)), "{command}: {options:?}");
    }
    let only = sample().run(&["config", "--show", "search", "--format", "json"]).json();
    let commands = only["settings"].as_array().unwrap().iter().map(|setting| &setting["command"]);
    assert!(commands.clone().any(Value::is_null) && commands.clone().all(|c| c.is_null() || c == "search"));
}

#[test]
fn settings_as_text() {
    let desk = Desk::with(&[("vigie.toml", "[check]\nformat = \"json\"\n")]);
    let mut command = desk.command(&["config", "--show", "check"]);
    command.env("VIGIE_INDEX", "ix").env("VIGIE_QUIET", "1");
    insta::assert_snapshot!(Run::of(command, "").out, @r#"
    index = "ix"      # VIGIE_INDEX
    schema = (none)   # default
    color = "auto"    # default
    lang = "en"       # default
    quiet = 1         # VIGIE_QUIET
    verbose = false   # default

    [check]
    queries = (none)  # default
    format = "json"   # vigie.toml:2
    "#);
}

/// A desk with an index, queries, judgements, a run and a text that cites.
fn shelf() -> Desk {
    let desk = Desk::with(&[
        ("in/a.txt", "Une embuscade du JNIM à Gao."),
        ("q.tsv", "1\tembuscade\n"),
        ("saved.toml", "[[query]]\nname = \"n\"\nquery = \"embuscade\"\n"),
        ("qrels.txt", "1 0 a.txt 1\n"),
        ("run.trec", "1 Q0 a.txt 1 1.0 x\n"),
        ("text.txt", "Rien."),
    ]);
    assert_eq!(desk.run(&["index", "in"]).status, 0);
    desk
}

#[test]
fn what_is_set_counts_as_given() {
    // A command line that is wrong as it stands, and the settings that make it right.
    for (args, settings) in [
        (&["watch", "--queries", "saved.toml"][..], &[("state", "s.jsonl")][..]),
        (&["watch", "--queries", "saved.toml", "--all"], &[("state", "s.jsonl")]),
        (&["watch", "--since-digest", "DIGEST"], &[("queries", "saved.toml")]),
        (&["watch", "--queries", "saved.toml"], &[("since-digest", "DIGEST")]),
        (&["eval", "--qrels", "qrels.txt"], &[("run", "run.trec")]),
        (&["eval", "--qrels", "qrels.txt"], &[("queries", "q.tsv")]),
        (&["eval", "--queries", "q.tsv"], &[("qrels", "qrels.txt")]),
        (&["diff", "ix", "ix", "-n", "5"], &[("queries", "q.tsv")]),
        (&["show", "a.txt", "--no-expand"], &[("highlight", "embuscade")]),
        (&["cite"], &[("check", "text.txt")]),
        (&["facets"], &[("by", "group")]),
        (&["timeline", "--depth", "2"], &[("split", "group")]),
        (&["timeline", "--top", "2"], &[("split", "group")]),
        (&["info", "-n", "3"], &[("acronyms", "true")]),
        (&["info", "-n", "3"], &[("unresolved", "true")]),
    ] {
        let desk = shelf();
        let digest = desk.run(&["info", "--format", "json"]).json()["digest"].as_str().unwrap().to_owned();
        let args: Vec<&str> = args.iter().map(|word| if *word == "DIGEST" { &digest } else { *word }).collect();
        let wrong = desk.run(&args);
        assert_eq!(wrong.status, 2, "{args:?}: {wrong:?}");
        let mut file = format!("[{}]\n", args[0]);
        let mut variables = Vec::new();
        for (name, value) in settings {
            let value = value.replace("DIGEST", &digest);
            let quoted = if value == "true" { value.clone() } else { format!("{value:?}") };
            file += &[name, " = ", &quoted, "\n"].concat();
            variables.push((format!("VIGIE_{}_{name}", args[0]).to_uppercase().replace('-', "_"), value));
        }
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let run = with(&desk, &variables, &args);
        assert!(run.status != 2, "{variables:?} {args:?}: {run:?}");
        desk.write("vigie.toml", &file);
        let run = desk.run(&args);
        assert!(run.status != 2, "{file} {args:?}: {run:?}");
    }
}

#[test]
fn what_needs_an_option_that_is_not_there_gives_way() {
    let desk = shelf();
    for (table, args) in [
        ("[show]\nno-expand = true", &["show", "a.txt"][..]),
        ("[diff]\nlimit = 5", &["diff", "ix", "ix"]),
        ("[info]\nlimit = 5", &["info"]),
        ("[timeline]\ndepth = 2\ntop = 3", &["timeline"]),
        ("[watch]\nall = true", &["watch", "--queries", "saved.toml", "--since-digest", "0"]),
    ] {
        let plain = desk.run(args);
        desk.write("vigie.toml", table);
        let run = desk.run(args);
        assert_eq!((run.status, &run.out, &run.err), (plain.status, &plain.out, &plain.err), "{table}");
        std::fs::remove_file(desk.path("vigie.toml")).unwrap();
    }
    desk.write("vigie.toml", "[show]\nno-expand = true\n");
    let run = desk.run(&["show", "a.txt", "-v"]);
    assert!(run.err.contains("note: vigie.toml:2: no-expand needs --highlight <QUERY>\n"), "{}", run.err);
    // What the command line lacks by itself is told all the same, and nothing that is set.
    desk.write("vigie.toml", "[watch]\nstate = \"s.jsonl\"\n");
    let run = desk.run(&["watch"]);
    let told = run.err.lines().next().unwrap_or_default();
    assert!(told.contains("--queries <FILE>") && !told.contains("--state"), "{}", run.err);
}

#[test]
fn settings_stand_beside_whatever_words_a_command_line_has() {
    let desk = shelf();
    desk.write("vigie.toml", "[search]\nlimit = 0\ngroup = [\"JNIM\"]\nformat = \"jsonl\"\n[index]\nmax-skips = 3\n");
    for args in [
        &["search", "embuscade"][..],
        &["search", "--", "embuscade"],
        &["-q", "search", "embuscade", "--", "Gao"],
        &["--color", "never", "--lang=fr", "search", "embuscade"],
        &["search", "search"],
    ] {
        let run = desk.run(args);
        assert_eq!(run.lines().len(), usize::from(!args.ends_with(&["search"])), "{run:?}");
    }
    // A flag that is turned off excludes nothing.
    assert_eq!(desk.run(&["index", "in", "--strict=false"]).status, 0);
    desk.write("vigie.toml", "[search]\ncount = false\nqueries = \"q.tsv\"\n");
    assert_eq!(desk.run(&["search"]).status, 0);
    assert_eq!(desk.run(&["search", "--count=false"]).status, 0);
}
