//! The reference of the commands that verify, as the program tells it.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::help::{FILTERS, own, section};

#[test]
fn queries_are_filtered_as_in_a_search() {
    for command in ["diff", "eval"] {
        assert_eq!(section(command, FILTERS), section("search", FILTERS), "{command}");
    }
}

#[test]
fn help_check() {
    insta::assert_snapshot!(own("check"), @r#"
    Check an index, the expectations of a corpus, or the tables of a vocabulary

    Alone it checks the index: the checksum of every file; every report, analysed anew from its stored
    text, against its passages, columns, facets and the places of its terms; the counts. All that is
    wrong is told, and exit status 1 then.

    With --queries it asks the queries of a file and compares what they find with what the file expects;
    the files of the index are not looked at. Exit status 1 means that an expectation failed.

    With --schema alone it reads the tables of that folder, not an index: actors.csv, places.csv and the
    other tables that are there. Tells what is wrong, each with its file and line: names that two rows
    claim, words that are not flagged, parents that are not there. Exit status 1 means that there are
    errors; warnings alone leave it 0.

    Usage: vigie check [OPTIONS]

    Options:
          --queries <FILE>
              Ask the queries of a TOML file and compare what they find with what it expects; - reads
              standard input

          --format <FORMAT>
              Format of the findings; tap and junit with --queries only

              Possible values:
              - text:  For people
              - json:  One JSON object
              - tap:   Test Anything Protocol, version 14
              - junit: XML as CI services read it

              [default: text]

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      vigie check
      vigie check --index /srv/index --format json
      vigie check --queries expectations.toml --format junit > expectations.xml
      vigie check --schema tables

    An expectation (schema/expectations.schema.json):
      [[query]]
      name = "the attack near Diallassagou"
      query = "embuscade Diallassagou"
      must = ["e05-radio"]        # reports, or passages such as e05-radio#1, among the first
      must_not = ["e09-radio"]
      first = 5                   # hits that are looked at [default: 10]
      least = 3                   # reports in all, at least
      most = 20                   # and at most
    "#);
}

#[test]
fn help_diff() {
    insta::assert_snapshot!(own("diff"), @r##"
    Tell what two indexes differ in

    Compares reports by id and content, vocabularies, and how many reports have each value of each
    facet; with --queries also which results are gained, lost and moved among the first. Exit status 0
    means that all of it is the same, 1 that something differs.

    Usage: vigie diff [OPTIONS] <A> <B>

    Arguments:
      <A>
              Directory of the first index

      <B>
              Directory of the second

    Options:
          --queries <FILE>
              Compare what queries find too: lines of id<TAB>query, or requests as JSON; - reads
              standard input

      -n, --limit <N>
              Hits of each query that are compared; 0 for all

              [default: 10]

          --depth <N>
              Levels of facets that are compared; dates have years, months and days

              [default: 2]

          --format <FORMAT>
              Format of the differences

              Possible values:
              - text: For people
              - json: One JSON object

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

          --no-expand
              Look for the words of the query alone, not for other names, synonyms or spellings

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      vigie diff vigie-index.old vigie-index
      vigie diff old new --queries questions.tsv --match any -n 5
      vigie diff old new --depth 3 --format json | jq .reports.gained
    "##);
}

#[test]
fn help_eval() {
    insta::assert_snapshot!(own("eval"), @"
    Measure how well judged queries are ranked

    Asks the queries of a file, as `vigie search --queries` does, and compares what they find with
    judgements: nDCG@10, MRR@10 and recall@100, equal to those of trec_eval (ndcg_cut.10, recip_rank
    with -M 10, recall.100). Means are over all judged queries (its -c): one that was not asked, or that
    cannot be read, counts 0. Queries without a judgement are left out. Both are told. What a request
    says of limit, offset, sort, collapse, fields, facets, timeline and explain changes nothing: always
    the best hundred reports are looked at. Judged queries are usually whole questions: ask them with
    --match any.

    Usage: vigie eval [OPTIONS] --qrels <FILE>

    Options:
          --queries <FILE>
              The queries: lines of id<TAB>query, or requests as JSON; - reads standard input

          --qrels <FILE>
              The judgements

          --run <FILE>
              Score a run in the format of TREC instead of asking the index

          --per-query
              Tell the figures of each query too

          --format <FORMAT>
              Format of the figures

              Possible values:
              - text: For people
              - json: One JSON object
              - csv:  A row a query with --per-query, then one for all

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

          --no-expand
              Look for the words of the query alone, not for other names, synonyms or spellings

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      vigie eval --queries queries.tsv --qrels qrels.txt --match any
      vigie eval --queries queries.tsv --qrels qrels.txt --match any --per-query --format csv
      vigie eval --run other-engine.trec --qrels qrels.txt

    Judgements are lines of: QUERY 0 REPORT GRADE. What is graded 1 or more is relevant. Ids stand
    there as --format trec writes them: white space, control characters and % percent-encoded (a space
    is %20).
    ");
}
