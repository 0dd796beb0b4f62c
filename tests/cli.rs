//! The command line itself: its reference, as the program tells it, and `vigie analyze`.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{Desk, Run};
use serde_json::Value;

/// A snapshot of what a command says, without the directory that the test named in the environment.
fn reference(args: &[&str]) -> String {
    let mut command = Desk::new().command(args);
    command.env_remove("VIGIE_INDEX").current_dir(env!("CARGO_MANIFEST_DIR"));
    let run = Run::of(command, "");
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{args:?}");
    // Lines that only separate end in white space.
    run.out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn help() {
    insta::assert_snapshot!(reference(&["help"]), @r"
    Full-text search over French-language conflict reporting

    Usage: vigie [OPTIONS] <COMMAND>

    Commands:
      index     Add or update reports
      search    Find passages
      facets    Count reports by group, region, date or source
      timeline  Count reports by day, week, month or year
      analyze   Show the tokens of a text as JSON lines
      annotate  Show the groups, places and dates that the indexer finds
      check     Check the tables of a vocabulary
      help      Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Options of every command:
          --index <DIR>   Directory of the index [env: VIGIE_INDEX=] [default: vigie-index]
          --schema <DIR>  Folder of the tables of names [default: those built into vigie]
          --color <WHEN>  When to colour [default: auto] [possible values: auto, always, never]
      -q, --quiet         Say nothing but results and errors
      -v, --verbose       Say more: what was left out of inputs, every undated report
    ");
    assert_eq!(reference(&["--help"]), reference(&["help"]));
}

#[test]
fn help_index() {
    insta::assert_snapshot!(reference(&["help", "index"]), @r"
    Add or update reports

    Reads text, Markdown, HTML, JSON, JSON lines, CSV and TSV, each also as .gz or .zst; folders are
    walked. A report that is in the index with the same content is left as it is.

    Usage: vigie index [OPTIONS] <PATH>...

    Arguments:
      <PATH>...
              Files and folders; - reads JSON lines from standard input

    Options:
          --rebuild
              Start afresh beside the old index, then swap

          --prune
              Drop reports whose file is gone

          --published <DATE>
              Publication date of reports without one

          --encoding <LABEL>
              Encoding of the inputs, instead of detecting it

          --column <FIELD=COLUMN>
              Column of CSV and TSV files that holds a field, such as text=contenu

          --threads <N>
              Threads that analyse [default: one a core]

          --memory <SIZE>
              Memory to write with

              [default: 256M]

          --strict
              Fail and change nothing if any input is skipped

          --dry-run
              Tell what would be done, and change nothing

          --format <FORMAT>
              Format of the closing summary

              [default: text]
              [possible values: text, json]

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Options of every command:
          --index <DIR>
              Directory of the index

              [env: VIGIE_INDEX=]
              [default: vigie-index]

          --schema <DIR>
              Folder of the tables of names [default: those built into vigie]

          --color <WHEN>
              When to colour

              [default: auto]
              [possible values: auto, always, never]

      -q, --quiet
              Say nothing but results and errors

      -v, --verbose
              Say more: what was left out of inputs, every undated report
    ");
}

#[test]
fn help_search() {
    insta::assert_snapshot!(reference(&["help", "search"]), @r#"
    Find passages

    Words are found in every inflection; "quoted words" as they stand; -word excludes; OU joins
    alternatives. Filters of one kind are alternatives, filters of several kinds hold together. A query
    that begins with a dash stands after --, or is written with SAUF. Without a query all that the
    filters hold is listed, newest first.

    Usage: vigie search [OPTIONS] [QUERY]...

    Arguments:
      [QUERY]...
              The query; leave it out for all that the filters hold

    Options:
          --queries <FILE>
              Batch: lines of id<TAB>query, or requests as JSON; - reads standard input

          --sort <ORDER>
              Order of hits

              Possible values:
              - relevance: Best first
              - newest:    Last event (else publication) first
              - oldest:    First event (else publication) first

              [default: relevance]

      -n, --limit <N>
              Most hits to show; 0 shows all [default: 10, with --format trec 100]

          --offset <N>
              Hits to leave out before the first

              [default: 0]

          --collapse <HOW>
              What becomes of several passages of one report

              Possible values:
              - report: The best stands for all; the others are counted
              - none:   Each is a hit

              [default: report]

      -c, --count
              Show the number of reports only

          --format <FORMAT>
              Format of the answer

              Possible values:
              - text:  For people: wrapped passages with their marks in colour
              - json:  One object with the request and its hits; in a batch an array of them
              - jsonl: One hit a line; in a batch one answer a line
              - trec:  TREC run files: qid Q0 report rank score vigie

              [default: text]

          --in <SCOPE>
              Where every word must hold

              Possible values:
              - report:  Somewhere in the report
              - passage: In one passage

              [default: report]

          --match <HOW>
              Whether all words must be there, or any will do

              Possible values:
              - all: All of them
              - any: Any of them; more is better

              [default: all]

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Filters (repeatable):
          --group <NAME>
              Armed group by name or path; '!JNIM' excludes

          --region <NAME>
              Place by name or path, such as Mopti or Mali/Mopti

          --source <NAME>
              Source by name

          --since <DATE>
              First day: 2024, 2024-08, 2024-08-15, '15 août 2024'

          --until <DATE>
              Last day

          --date <DATE>
              Day, month, year or range, such as 2024-08..2024-10

          --mentions
              Take in groups, places and dates that are only mentioned: background, affiliation,
              dateline

    Options of every command:
          --index <DIR>
              Directory of the index

              [env: VIGIE_INDEX=]
              [default: vigie-index]

          --schema <DIR>
              Folder of the tables of names [default: those built into vigie]

          --color <WHEN>
              When to colour

              [default: auto]
              [possible values: auto, always, never]

      -q, --quiet
              Say nothing but results and errors

      -v, --verbose
              Say more: what was left out of inputs, every undated report

    Examples:
      vigie search embuscade gendarme
      vigie search '"forces armées" Mopti -civils' --since 2024-08
      vigie search -- -civils
      vigie search 'attaque OU embuscade' --group JNIM --sort newest --format jsonl
      vigie search --queries questions.tsv --match any --format trec
    "#);
}

#[test]
fn help_facets() {
    insta::assert_snapshot!(reference(&["help", "facets"]), @r"
    Count reports by group, region, date or source

    Each report counts once for a value, and once for every broader value above it. Where a filter of
    the same kind is given, each value has two more counts: the reports that would answer if it were
    added to those selected, and if it were chosen instead of them.

    Usage: vigie facets [OPTIONS] --by <KIND> [QUERY]...

    Arguments:
      [QUERY]...
              The query; leave it out for all that the filters hold

    Options:
          --by <KIND>
              What to count by; several with commas

              Possible values:
              - group:  Armed groups and forces
              - region: Places
              - date:   Year, month, day of the events, else of publication
              - source: Who published

          --depth <N>
              Levels to show [default: 2, with --format csv all]

      -n, --limit <N>
              Most values to show below each; 0 shows all [default: 20, with --format csv all]

          --format <FORMAT>
              Format of the counts

              Possible values:
              - text: For people: a tree with bars
              - json: One object with the request and its counts
              - csv:  One row a value

              [default: text]

          --in <SCOPE>
              Where every word must hold

              Possible values:
              - report:  Somewhere in the report
              - passage: In one passage

              [default: report]

          --match <HOW>
              Whether all words must be there, or any will do

              Possible values:
              - all: All of them
              - any: Any of them; more is better

              [default: all]

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Filters (repeatable):
          --group <NAME>
              Armed group by name or path; '!JNIM' excludes

          --region <NAME>
              Place by name or path, such as Mopti or Mali/Mopti

          --source <NAME>
              Source by name

          --since <DATE>
              First day: 2024, 2024-08, 2024-08-15, '15 août 2024'

          --until <DATE>
              Last day

          --date <DATE>
              Day, month, year or range, such as 2024-08..2024-10

          --mentions
              Take in groups, places and dates that are only mentioned: background, affiliation,
              dateline

    Options of every command:
          --index <DIR>
              Directory of the index

              [env: VIGIE_INDEX=]
              [default: vigie-index]

          --schema <DIR>
              Folder of the tables of names [default: those built into vigie]

          --color <WHEN>
              When to colour

              [default: auto]
              [possible values: auto, always, never]

      -q, --quiet
              Say nothing but results and errors

      -v, --verbose
              Say more: what was left out of inputs, every undated report

    Examples:
      vigie facets --by region
      vigie facets embuscade --by group,region --depth 3
      vigie facets --by group --group JNIM --since 2024
      vigie facets --by date,source --format csv
    ");
}

#[test]
fn help_timeline() {
    insta::assert_snapshot!(reference(&["help", "timeline"]), @r"
    Count reports by day, week, month or year

    By the dates of events, else of publication, as --date filters. A report counts once in every period
    that one of its dates touches. Periods without reports are shown between the others; reports that
    are dated only to a longer period stand after them, then those without a date.

    Usage: vigie timeline [OPTIONS] [QUERY]...

    Arguments:
      [QUERY]...
              The query; leave it out for all that the filters hold

    Options:
          --by <UNIT>
              Length of the periods

              Possible values:
              - day:   Days
              - week:  Weeks of ISO 8601, from Monday
              - month: Months
              - year:  Years

              [default: month]

          --by-published
              Count by the day of publication

          --split <KIND>
              Count the most frequent values of a facet apart

              Possible values:
              - group:  Armed groups and forces
              - region: Places

          --depth <N>
              The level of those values

              [default: 1]

          --top <N>
              How many of those values; 0 for all. The rest counts as other

              [default: 5]

          --format <FORMAT>
              Format of the counts

              Possible values:
              - text: For people: a bar a period
              - csv:  One row a period
              - json: One object with the request and its counts
              - svg:  A bar chart

              [default: text]

          --in <SCOPE>
              Where every word must hold

              Possible values:
              - report:  Somewhere in the report
              - passage: In one passage

              [default: report]

          --match <HOW>
              Whether all words must be there, or any will do

              Possible values:
              - all: All of them
              - any: Any of them; more is better

              [default: all]

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Filters (repeatable):
          --group <NAME>
              Armed group by name or path; '!JNIM' excludes

          --region <NAME>
              Place by name or path, such as Mopti or Mali/Mopti

          --source <NAME>
              Source by name

          --since <DATE>
              First day: 2024, 2024-08, 2024-08-15, '15 août 2024'

          --until <DATE>
              Last day

          --date <DATE>
              Day, month, year or range, such as 2024-08..2024-10

          --mentions
              Take in groups, places and dates that are only mentioned: background, affiliation,
              dateline

    Options of every command:
          --index <DIR>
              Directory of the index

              [env: VIGIE_INDEX=]
              [default: vigie-index]

          --schema <DIR>
              Folder of the tables of names [default: those built into vigie]

          --color <WHEN>
              When to colour

              [default: auto]
              [possible values: auto, always, never]

      -q, --quiet
              Say nothing but results and errors

      -v, --verbose
              Say more: what was left out of inputs, every undated report

    Examples:
      vigie timeline --by year
      vigie timeline embuscade --region Mopti --since 2024 --until 2024
      vigie timeline --by week --since 2024-08 --until 2024-10 --split group
      vigie timeline --split region --format svg > timeline.svg
    ");
}

#[test]
fn help_analyze() {
    insta::assert_snapshot!(reference(&["help", "analyze"]), @r"
    Show the tokens of a text as JSON lines

    The text is normalized first, as reports are; byte ranges refer to the normalized text.

    Usage: vigie analyze [OPTIONS] [TEXT]

    Arguments:
      [TEXT]
              The text; - reads it from standard input

    Options:
      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Options of every command:
          --index <DIR>
              Directory of the index

              [env: VIGIE_INDEX=]
              [default: vigie-index]

          --schema <DIR>
              Folder of the tables of names [default: those built into vigie]

          --color <WHEN>
              When to colour

              [default: auto]
              [possible values: auto, always, never]

      -q, --quiet
              Say nothing but results and errors

      -v, --verbose
              Say more: what was left out of inputs, every undated report
    ");
}

#[test]
fn help_check() {
    insta::assert_snapshot!(reference(&["help", "check"]), @r"
    Check the tables of a vocabulary

    Reads the folder that --schema names: actors.csv, places.csv and the other tables that are there.
    Tells what is wrong, each with its file and line: names that two rows claim, words that are not
    flagged, parents that are not there. Exit status 1 means that there are errors; warnings alone leave
    it 0.

    Usage: vigie check [OPTIONS]

    Options:
          --format <FORMAT>
              Format of the findings

              [default: text]
              [possible values: text, json]

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Options of every command:
          --index <DIR>
              Directory of the index

              [env: VIGIE_INDEX=]
              [default: vigie-index]

          --schema <DIR>
              Folder of the tables of names [default: those built into vigie]

          --color <WHEN>
              When to colour

              [default: auto]
              [possible values: auto, always, never]

      -q, --quiet
              Say nothing but results and errors

      -v, --verbose
              Say more: what was left out of inputs, every undated report
    ");
}

#[test]
fn version() {
    assert_eq!(reference(&["--version"]), concat!("vigie ", env!("CARGO_PKG_VERSION")));
    assert_eq!(reference(&["search", "-V"]), concat!("vigie-search ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_wrong_usage_is_status_2_and_says_what_is_wrong() {
    let desk = Desk::new();
    for (args, want) in [
        (&["cherche", "x"][..], "cherche"),
        (&["searhc", "x"], "search"),
        (&["search", "--formt", "json"], "--format"),
        (&["search", "x", "--format", "xml"], "xml"),
        (&["search", "x", "-n", "-1"], "-1"),
        (&["search", "x", "-n", "dix"], "dix"),
        (&["search", "x", "--in", "titre"], "titre"),
        (&["search", "x", "--queries", "-"], "--queries"),
        (&["index"], "PATH"),
        (&["index", "a", "--memory", "beaucoup"], "beaucoup"),
        (&["index", "a", "--column", "text"], "FIELD=COLUMN"),
        (&["index", "a", "--encoding", "ebcdic-37"], "ebcdic-37"),
        (&["analyze", "a", "b"], "b"),
        (&["-q", "-v", "search", "x"], "--quiet"),
    ] {
        let run = desk.run(args);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{args:?}");
        assert!(run.err.contains(want), "{args:?}: {}", run.err);
    }
    // Without any command there is nothing to do but to say which there are.
    let run = desk.run(&[]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("search") && run.err.contains("index"), "{}", run.err);
}

#[test]
fn a_flag_goes_before_the_environment() {
    let desk = Desk::with(&[("in/a.txt", "Une attaque près de Mopti.")]);
    assert_eq!(desk.run(&["index", "in", "--index", "there"]).status, 0);
    desk.run(&["search", "attaque"]).fails_with_hint();
    assert_eq!(desk.run(&["search", "attaque", "--index", "there"]).status, 0);
    assert_eq!(desk.run(&["--index", "there", "search", "attaque"]).status, 0);
    // And without either it is the directory of the default name.
    let bare = |args: &[&str]| {
        let mut command = desk.command(args);
        command.env_remove("VIGIE_INDEX");
        Run::of(command, "")
    };
    assert!(bare(&["search", "attaque"]).fails_with_hint().contains("vigie-index"));
    assert_eq!(bare(&["index", "in"]).status, 0);
    assert!(desk.path("vigie-index/current").is_file());
}

/// `surface start..end exact stem`, and ` protected`, for each token of a text.
fn analyzed(run: &Run) -> Vec<String> {
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let show = |token: &Value| {
        let text = |key: &str| token[key].as_str().unwrap().to_owned();
        let keys = ["surface", "exact", "stem"].map(text);
        let protected = if token["protected"].as_bool().unwrap() { " protected" } else { "" };
        format!("{} {}..{} {} {}{protected}", keys[0], token["start"], token["end"], keys[1], keys[2])
    };
    run.lines().iter().map(show).collect()
}

#[test]
fn analyze_tells_every_token() {
    let desk = Desk::new();
    let of = |text: &str| analyzed(&desk.run(&["analyze", text]));
    assert_eq!(of("L’Armée attaquait"), ["Armée 2..8 armee armee", "attaquait 9..18 attaquait attaqu"]);
    assert_eq!(of("15 000 chevaux"), ["15 000 0..6 15000 15000", "chevaux 7..14 chevaux cheval"]);
    assert_eq!(of(""), [""; 0]);
    assert_eq!(of(" … !? "), [""; 0]);
    // Names keep to themselves, whatever else they could be the form of.
    let sall = of("Macky Sall dans une salle");
    assert!(sall[1].ends_with(" protected") && !sall[4].ends_with(" protected"), "{sall:?}");
    assert_ne!(sall[1].split(' ').nth(3), sall[4].split(' ').nth(3));
    // It needs no index.
    assert!(!desk.path(common::INDEX).exists());
}

#[test]
fn analyze_reads_standard_input() {
    let desk = Desk::new();
    let want = analyzed(&desk.run(&["analyze", "Une embuscade\nà Gao."]));
    for args in [&["analyze", "-"][..], &["analyze"]] {
        assert_eq!(analyzed(&desk.fed(args, "Une embuscade\nà Gao.")), want);
    }
    // A text that starts like a flag is a text after a double dash.
    assert_eq!(analyzed(&desk.run(&["analyze", "--", "-embuscade"])), ["embuscade 1..10 embuscade embuscad"]);
}

#[test]
fn analyze_normalizes_as_reports_are() {
    let desk = Desk::new();
    let of = |text: &str| analyzed(&desk.run(&["analyze", text]));
    let want = of("Ménaka");
    for same in ["Me\u{301}naka", "Mé\u{ad}naka", "\u{200b}Ménaka\u{feff}", "M\u{ad}e\u{301}naka"] {
        assert_eq!(of(same), want, "{same:?}");
    }
    assert_eq!(of("l\u{2019}armée"), of("l'armée"));
    assert_eq!(of("l\u{2bc}armée"), of("l'armée"));
}

#[test]
fn analyze_has_these_keys_and_ranges() {
    let text = "Le 8 janvier 2025, l’O.N.U. et la C.E.D.E.A.O. ont condamné l'attaque de Gourma-Rharous : 15\u{a0}000 \
        déplacés à N’Djamena… Aujourd'hui, 17h30.";
    let lines = Desk::new().run(&["analyze", text]).lines();
    assert!(lines.len() > 15);
    let normal = text.replace('’', "'");
    let mut end = 0;
    for token in &lines {
        let keys: Vec<&str> = token.as_object().unwrap().keys().map(String::as_str).collect();
        for key in ["end", "exact", "protected", "start", "stem", "surface"] {
            assert!(keys.contains(&key), "{token}");
        }
        let at = |key: &str| usize::try_from(token[key].as_u64().unwrap()).unwrap();
        assert_eq!(normal.get(at("start")..at("end")), token["surface"].as_str(), "{token}");
        assert!(at("start") >= end, "{token}");
        end = at("end");
    }
    let surfaces: Vec<&str> = lines.iter().map(|token| token["surface"].as_str().unwrap()).collect();
    for whole in ["O.N.U", "C.E.D.E.A.O", "Gourma", "Rharous", "N'Djamena", "Aujourd'hui", "17h30", "15\u{a0}000"] {
        assert!(surfaces.contains(&whole), "{whole}: {surfaces:?}");
    }
}
