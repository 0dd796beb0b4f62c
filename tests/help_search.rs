//! The reference of the commands that ask an index, as the program tells it.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::help::{FILTERS, own, section};

#[test]
fn what_filters() {
    for command in ["facets", "timeline", "similar"] {
        assert_eq!(section(command, FILTERS), section("search", FILTERS), "{command}");
    }
    insta::assert_snapshot!(section("search", FILTERS), @r"
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
    ");
}

#[test]
fn help_search() {
    insta::assert_snapshot!(own("search"), @r#"
    Find passages

    Words are found in every inflection; "quoted words" as they stand; -word excludes; OU joins
    alternatives; `vigie help query` tells the whole language. Filters of one kind are alternatives,
    filters of several kinds hold together. A query that begins with a dash stands after --, or is
    written with SAUF. Without a query all that the filters hold is listed, newest first. What the query
    was widened by is told, and --no-expand turns that off.

    Usage: vigie search [OPTIONS] [QUERY]...

    Arguments:
      [QUERY]...
              The query, in the language that `vigie help query` tells; leave it out for all that the
              filters hold

    Options:
          --queries <FILE>
              Batch: lines of id<TAB>query, or requests as JSON; - reads standard input

          --jobs <N>
              Requests of a batch that are answered at the same time, 0 for one a core; answers stay in
              order [default: 1]

      -c, --count
              Show the number of reports only

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

          --explain
              Tell what was looked for, and what the score of each hit is made of

          --format <FORMAT>
              Format of the answer

              Possible values:
              - text:     For people: wrapped passages with their marks in colour
              - json:     One object with the request and its hits; in a batch an array of them
              - jsonl:    One hit a line; in a batch one answer a line
              - trec:     TREC run files: qid Q0 report rank score vigie
              - csv:      One row a hit under a header, as RFC 4180 has it; --excel-fr for spreadsheets
              - tsv:      The same with tabs; line ends and tabs in cells become spaces
              - html:     One page of HTML to be sent and printed, complete in itself
              - markdown: Quotes, with their sources as footnotes

              [default: text]

          --excel-fr
              CSV for a French Excel: semicolons, byte order mark, decimal commas; with --format csv

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

          --no-expand
              Look for the words of the query alone, not for other names, synonyms or spellings

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      vigie search embuscade gendarme
      vigie search '"forces armées" Mopti -civils' --since 2024-08
      vigie search -- -civils
      vigie search 'attaque OU embuscade' --group JNIM --sort newest --format jsonl
      vigie search Mopti --limit 0 --format jsonl > mopti.jsonl
      vigie search --queries questions.tsv --match any --format trec
      vigie search --queries requests.jsonl --jobs 0 --format jsonl
    "#);
}

#[test]
fn help_facets() {
    insta::assert_snapshot!(own("facets"), @r"
    Count reports by group, region, date or source

    Each report counts once for a value, and once for every broader value above it. Where a filter of
    the same kind is given, each value has two more counts: the reports that would answer if it were
    added to those selected, and if it were chosen instead of them.

    Usage: vigie facets [OPTIONS] --by <KIND> [QUERY]...

    Arguments:
      [QUERY]...
              The query, in the language that `vigie help query` tells; leave it out for all that the
              filters hold

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

          --excel-fr
              CSV for a French Excel: semicolons, byte order mark, decimal commas; with --format csv

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

          --no-expand
              Look for the words of the query alone, not for other names, synonyms or spellings

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      vigie facets --by region
      vigie facets embuscade --by group,region --depth 3
      vigie facets --by group --group JNIM --since 2024
      vigie facets --by date,source --format csv
    ");
}

#[test]
fn help_timeline() {
    insta::assert_snapshot!(own("timeline"), @r"
    Count reports by day, week, month or year

    By the dates of events, else of publication, as --date filters. A report counts once in every period
    that one of its dates touches. Periods without reports are shown between the others; reports that
    are dated only to a longer period stand after them, then those without a date.

    Usage: vigie timeline [OPTIONS] [QUERY]...

    Arguments:
      [QUERY]...
              The query, in the language that `vigie help query` tells; leave it out for all that the
              filters hold

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

          --excel-fr
              CSV for a French Excel: semicolons, byte order mark, decimal commas; with --format csv

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

          --no-expand
              Look for the words of the query alone, not for other names, synonyms or spellings

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      vigie timeline --by year
      vigie timeline embuscade --region Mopti --since 2024 --until 2024
      vigie timeline --by week --since 2024-08 --until 2024-10 --split group
      vigie timeline --split region --format svg > timeline.svg
    ");
}

#[test]
fn help_export() {
    insta::assert_snapshot!(own("export"), @r#"
    Write whole reports, all of them or those of a query

    Each report is told with all that its record gave: `vigie index -` reads the lines back as the same
    reports. What was found in its text stands under keys of its own, which begin with “found” and which
    indexing passes over. Reports come in the order of their ids, so that two exports of the same
    reports are the same bytes.

    Usage: vigie export [OPTIONS] [QUERY]...

    Arguments:
      [QUERY]...
              The query, in the language that `vigie help query` tells; leave it out for all that the
              filters hold

    Options:
      -n, --limit <N>
              Most reports to write; 0 writes all

              [default: 0]

          --format <FORMAT>
              Format of the reports

              Possible values:
              - jsonl: One record a line
              - csv:   One row a report under a header, as RFC 4180 has it; --excel-fr for spreadsheets

              [default: jsonl]

          --excel-fr
              CSV for a French Excel: semicolons, a byte order mark, decimal commas; goes with --format
              csv

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

          --no-expand
              Look for the words of the query alone, not for other names, synonyms or spellings

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      vigie export > corpus.jsonl
      vigie export embuscade --group JNIM --since 2024 --format csv --excel-fr > embuscades.csv
      vigie export | vigie index --index copy -
    "#);
}

#[test]
fn help_similar() {
    insta::assert_snapshot!(own("similar"), @"
    Find reports like one, or like a passage of it

    ID is the id of a report, that of a passage (id#3), or the place that the last line of a hit shows.
    What tells most of it is looked for: its rarest words, the groups and places that it names, the days
    of its events. Reports that share an eighth of that are listed, the likest first, with what they
    share marked; itself is left out. What was looked for, --explain tells.

    Usage: vigie similar [OPTIONS] <ID>

    Arguments:
      <ID>
              The report or passage

    Options:
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

          --explain
              Tell what was looked for, and what the score of each hit is made of

          --format <FORMAT>
              Format of the answer

              Possible values:
              - text:     For people: wrapped passages with their marks in colour
              - json:     One object with the request and its hits; in a batch an array of them
              - jsonl:    One hit a line; in a batch one answer a line
              - trec:     TREC run files: qid Q0 report rank score vigie
              - csv:      One row a hit under a header, as RFC 4180 has it; --excel-fr for spreadsheets
              - tsv:      The same with tabs; line ends and tabs in cells become spaces
              - html:     One page of HTML to be sent and printed, complete in itself
              - markdown: Quotes, with their sources as footnotes

              [default: text]

          --excel-fr
              CSV for a French Excel: semicolons, byte order mark, decimal commas; with --format csv

          --in <SCOPE>
              Where enough must be shared, and every filter hold

              Possible values:
              - report:  Somewhere in the report
              - passage: In one passage

              [default: report]

          --no-expand
              Look for names as the report writes them alone, not for their other forms

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      vigie similar mali/2024-08-16-embuscade-diallassagou.txt
      vigie similar sample_corpus/radio/breves.ndjson:e05-radio#1
      vigie similar e05-radio --since 2024-08 --until 2024-09
      vigie similar e05-radio --source '!Échantillon C' --limit 3 --format jsonl
    ");
}
