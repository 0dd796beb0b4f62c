//! The reference of the command line, as the program tells it.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::Desk;
use common::help::{COMMON, own, reference, section};

/// Every command.
const COMMANDS: [&str; 20] = [
    "index",
    "search",
    "show",
    "similar",
    "cite",
    "facets",
    "timeline",
    "watch",
    "export",
    "serve",
    "analyze",
    "annotate",
    "info",
    "check",
    "diff",
    "eval",
    "config",
    "completions",
    "man",
    "help",
];

#[test]
fn help() {
    insta::assert_snapshot!(reference(&["help"]), @"
    Full-text search over French-language conflict reporting

    Usage: vigie [OPTIONS] <COMMAND>

    Commands:
      index        Add or update reports
      search       Find passages
      show         Show a report or a passage whole, with its citation
      similar      Find reports like one, or like a passage of it
      cite         Cite reports and passages, or check citations
      facets       Count reports by group, region, date or source
      timeline     Count reports by day, week, month or year
      watch        Tell what is new for saved queries
      export       Write whole reports, all of them or those of a query
      serve        Serve a page to search with, and an API, on this machine
      analyze      Show the tokens of a text as JSON lines
      annotate     Show the groups, places and dates that the indexer finds
      info         Show what the index holds, its versions and its sources
      check        Check an index, the expectations of a corpus, or the tables of a vocabulary
      diff         Tell what two indexes differ in
      eval         Measure how well judged queries are ranked
      config       Show the settings that hold, and where each comes from
      completions  Write the completions of a shell
      man          Write the manual page of vigie, or of a command
      help         Show this help, that of a command, or the query language

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Options of every command:
          --index <DIR>    Directory of the index [env: VIGIE_INDEX=] [default: vigie-index]
          --schema <DIR>   Folder of the tables of names [default: those built into vigie]
          --color <WHEN>   When to colour [default: auto] [possible values: auto, always, never]
          --lang <LANG>    Language of messages and of text output [default: that of the environment]
                           [possible values: en, fr]
          --config <FILE>  File of settings [default: vigie.toml where there is one]
      -q, --quiet          Say nothing but results and errors
      -v, --verbose        Say more: what was left out of inputs, every undated report
    ");
    assert_eq!(reference(&["--help"]), reference(&["help"]));
}

#[test]
fn help_of_a_topic() {
    for command in COMMANDS {
        assert_eq!(reference(&["help", command]), reference(&[command, "--help"]));
    }
    let language = reference(&["help", "query"]);
    assert!(language.contains("attaque OU embuscade") && language.contains("SAUF"), "{language}");
    // The query language is a topic, not a command.
    for args in [&["help", "serach"][..], &["query"], &["help", "search", "query"]] {
        let run = Desk::new().run(args);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{args:?}");
    }
    let run = Desk::new().run(&["help", "serach"]);
    assert!(run.fails_with_hint().ends_with("hint: did you mean search?\n"), "{}", run.err);
}

#[test]
fn what_every_command_takes() {
    for command in COMMANDS.into_iter().filter(|command| !["index", "completions", "man", "help"].contains(command)) {
        assert_eq!(section(command, COMMON), section("index", COMMON), "{command}");
    }
    insta::assert_snapshot!(section("index", COMMON), @r"
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

          --lang <LANG>
              Language of messages and of text output [default: that of the environment]

              [possible values: en, fr]

          --config <FILE>
              File of settings [default: vigie.toml where there is one]

      -q, --quiet
              Say nothing but results and errors

      -v, --verbose
              Say more: what was left out of inputs, every undated report
    ");
}

#[test]
fn help_index() {
    insta::assert_snapshot!(own("index"), @r"
    Add or update reports

    Reads text, Markdown, HTML, JSON, JSON lines, CSV and TSV, each also as .gz or .zst; folders are
    walked. A report that is in the index with the same content is left as it is, and a file whose bytes
    are as they were is not read again. Ctrl-C leaves the index as it was.

    Usage: vigie index [OPTIONS] <PATH>...

    Arguments:
      <PATH>...
              Files and folders; - reads JSON lines from standard input

    Options:
          --rebuild
              Start afresh beside the old index, then swap

          --prune
              Drop reports whose file is gone; of standard input, what it does not hold any more

          --published <DATE>
              Publication date of reports without one

          --encoding <LABEL>
              Encoding of the inputs, instead of detecting it

          --column <FIELD=COLUMN>
              Column of CSV and TSV files that holds a field, such as text=contenu

          --no-annotate
              Look for no names and dates in the texts: groups, regions and dates are those that the
              records give. An index goes on as it began

          --threads <N>
              Threads that analyse [default: one a core]

          --memory <SIZE>
              Memory to write with; 16M is the least that is used

              [default: 256M]

          --strict
              Fail and change nothing if an input is skipped, or a record lost to one of its id

          --max-skips <N>
              Fail and change nothing if more inputs than this are skipped

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

    Examples:
      vigie index reports/                          add what is new, update what has changed
      vigie index --prune --strict reports/         drop what is gone too; fail on any bad input
      vigie index --prune --max-skips 10 reports/   the same, but put up with ten of them
      zcat dump.jsonl.gz | vigie index --rebuild -  afresh, from a pipe
    ");
}

#[test]
fn help_annotate() {
    insta::assert_snapshot!(own("annotate"), @r"
    Show the groups, places and dates that the indexer finds

    Reads what `index` reads; standard input may also hold one plain text. Prints one JSON line a
    report, or with `--format text` the text with everything found marked.

    Usage: vigie annotate [OPTIONS] [PATH]...

    Arguments:
      [PATH]...
              Files and folders; - reads JSON lines or one text from standard input

    Options:
          --published <DATE>
              Publication date of reports without one

          --format <FORMAT>
              Format of the output

              Possible values:
              - json: One line of JSON a report
              - text: The text with everything found marked

              [default: json]

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version
    ");
}

#[test]
fn help_analyze() {
    insta::assert_snapshot!(own("analyze"), @r"
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
    ");
}

#[test]
fn help_info() {
    insta::assert_snapshot!(own("info"), @r"
    Show what the index holds, its versions and its sources

    Usage: vigie info [OPTIONS]

    Options:
          --unresolved
              List the names that could be places and stayed open, the most frequent first

          --acronyms
              List the acronyms that reports explain with their long forms, those of most reports first,
              each with a report that does and the bytes where

      -n, --limit <N>
              Most names or acronyms to list; 0 for all

              [default: 50]

          --format <FORMAT>
              Format of the output

              Possible values:
              - text: For people
              - json: One JSON object, or one array of what is listed

              [default: text]

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version
    ");
}

#[test]
fn help_help() {
    insta::assert_snapshot!(own("help"), @r"
    Show this help, that of a command, or the query language

    Usage: vigie help [OPTIONS] [TOPIC]

    Arguments:
      [TOPIC]  A command; `query` for the query language

    Options:
      -h, --help     Print help
      -V, --version  Print version
    ");
}

#[test]
fn help_watch() {
    insta::assert_snapshot!(own("watch"), @r#"
    Tell what is new for saved queries

    Only reports that were added or changed since the last run answer, or since a digest. Nothing keeps
    running: let cron or CI call it after `vigie index`. Exit status 0 if there is something new, 1 if
    there is nothing, 3 if a query could not be asked of this index: the others are answered, but
    nothing counts as seen, so that nothing is lost. A value of a filter that no report has finds
    nothing and is told.

    Usage: vigie watch [OPTIONS] --queries <FILE> <--state <FILE>|--since-digest <DIGEST>>

    Options:
          --queries <FILE>
              The queries: tables [[query]] in TOML, each with a name and the keys of a request; - reads
              standard input

          --state <FILE>
              Tell what is new since the last run with this file, which remembers the reports of the
              index. Where it is missing or empty it is made, and nothing counts as new

          --since-digest <DIGEST>
              Tell what is new since the index had this digest (`vigie info`), of which the first eight
              digits will do

          --all
              Tell all that answers, new or not, and remember it as seen

          --format <FORMAT>
              Format of the output

              Possible values:
              - text:  For people
              - jsonl: An alert a line: the name of the query, a stable id, the hit
              - rss:   A feed, RSS 2.0

              [default: text]

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      vigie index --prune reports/ && vigie watch --queries saved.toml --state seen.jsonl
      vigie watch --queries saved.toml --since-digest 1f3a09c2 --format rss > feed.xml

    saved.toml:
      [[query]]
      name = "Embuscades au Mali"
      query = "embuscade OU attaque"
      regions = ["Mali"]
      limit = 20                          # the best of what is new; all of it without
    "#);
}

#[test]
fn help_config() {
    insta::assert_snapshot!(own("config"), @r#"
    Show the settings that hold, and where each comes from

    Every option can be set, a flag to true or false: on the command line; else in the environment,
    VIGIE_SEARCH_LIMIT for --limit of search and VIGIE_INDEX for --index; else in vigie.toml in the
    current directory or in the file that --config or VIGIE_CONFIG names, `limit = 20` below `[search]`
    and `index = "…"` at its top. Paths in the file are relative to its folder. Several values of an
    option are a list there, and parted by ; in a variable. A weaker setting gives way to a stronger one
    that excludes it. What is wrong with settings is told, and does not hold.

    Usage: vigie config [OPTIONS] [COMMAND]

    Arguments:
      [COMMAND]
              The command whose settings to show, beside those of every command [default: all]

    Options:
          --show
              Show the settings, which is what it does in any case

          --format <FORMAT>
              Format of the settings

              Possible values:
              - text: A line a setting: its name, its value, where it comes from
              - json: One object with the file that was read and the settings

              [default: text]

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      vigie config --show
      vigie config --show search
      VIGIE_SEARCH_LIMIT=20 vigie config --show search --format json
    "#);
}

#[test]
fn help_completions() {
    insta::assert_snapshot!(own("completions"), @r"
    Write the completions of a shell

    Usage: vigie completions [OPTIONS] <SHELL>

    Arguments:
      <SHELL>  The shell [possible values: bash, elvish, fish, powershell, zsh]

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Examples:
      vigie completions bash > ~/.local/share/bash-completion/completions/vigie
      vigie completions zsh > ~/.zfunc/_vigie
      vigie completions fish > ~/.config/fish/completions/vigie.fish
    ");
}

#[test]
fn help_man() {
    insta::assert_snapshot!(own("man"), @r"
    Write the manual page of vigie, or of a command

    Usage: vigie man [OPTIONS] [COMMAND]

    Arguments:
      [COMMAND]  The command

    Options:
          --dir <DIR>  Write every page into a folder, which is made where it is not there
      -h, --help       Print help
      -V, --version    Print version

    Examples:
      vigie man search | man -l -
      vigie man --dir ~/.local/share/man/man1
    ");
}
