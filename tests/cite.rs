//! Reports shown whole, their citations, and whether quotes still stand.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::help::own;
use common::{Desk, sample, validate};
use serde_json::{Value, json};

const ONE: &str = "Trois civils ont été tués près de Bankass, dans une embuscade tendue à un convoi de commerçants qui \
    revenait de la foire hebdomadaire, ont indiqué deux élus locaux et une source de sécurité.";
const TWO: &str = "Le chef du village a demandé une escorte pour les prochains jours, sans réponse de la garnison, qui \
    manque de véhicules depuis le mois de mars et ne quitte plus sa base après la tombée du jour.";

fn desk() -> Desk {
    let desk =
        Desk::with(&[("in/mali/bankass.txt", &format!("{ONE}\n\n{TWO}\n")), ("in/gao.txt", &format!("{TWO}\n"))]);
    desk.index(&["in"]);
    desk
}

/// Citations of all passages.
fn cites(desk: &Desk) -> Vec<String> {
    let shown = ["mali/bankass.txt", "gao.txt"].map(|id| desk.run(&["show", id, "--format", "json"]).json());
    let passages = shown.iter().flat_map(|shown| shown["passages"].as_array().unwrap());
    passages.map(|passage| passage["cite"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_name_of_a_passage_shows_it() {
    let answer = sample().search(&["-n", "0"]);
    for hit in answer["hits"].as_array().unwrap() {
        let typed: vigie::hit::Hit = serde_json::from_value(hit.clone()).unwrap();
        if typed.rank % 9 != 1 {
            continue;
        }
        let names = [typed.passage.id.clone(), vigie::hit::place(&typed.report, typed.passage.ordinal)];
        for name in names {
            let shown = sample().run(&["show", &name, "--format", "json"]).json();
            validate("show.schema.json", &shown);
            assert_eq!(shown["id"], hit["passage"]["id"], "{name}");
            assert_eq!(shown["cite"], hit["cite"]);
            assert_eq!(shown["passages"][0]["text"], hit["passage"]["text"]);
            assert_eq!(shown["hash"], hit["passage"]["hash"]);
        }
        let whole = sample().run(&["show", &typed.report.id, "--format", "json"]).json();
        validate("show.schema.json", &whole);
        assert_eq!(whole["ordinal"], Value::Null);
        assert_eq!(whole["passages_in_report"], whole["passages"].as_array().unwrap().len());
    }
}

#[test]
fn a_report_is_marked_as_a_search_marks_it() {
    for query in ["gsim embuscade", "\"forces de sécurité\"", "attaque OU blocus"] {
        let answer = sample().search(&[query, "-n", "3", "--collapse", "none"]);
        let hits = answer["hits"].as_array().unwrap();
        assert!(!hits.is_empty());
        for hit in hits {
            let id = hit["passage"]["id"].as_str().unwrap();
            let shown = sample().run(&["show", id, "--highlight", query, "--format", "json"]).json();
            assert_eq!(shown["passages"][0]["marks"], hit["marks"], "{id} {query}");
            assert_eq!(shown["expanded"], answer["expanded"]);
        }
    }
    let run = sample().run(&["show", "e05-radio", "--highlight", "\"ouvert"]);
    assert!(run.fails_with_hint().contains("never closed"));
}

#[test]
fn help_tells_what_they_take() {
    insta::assert_snapshot!(own("show"), @r"
    Show a report or a passage whole, with its citation

    ID is the id of a report, that of a passage (id#3), or the place that the last line of a hit shows.
    A report is shown with all its passages, each with its number and its bytes in the stored text.

    Usage: vigie show [OPTIONS] <ID>

    Arguments:
      <ID>
              The report or passage

    Options:
          --highlight <QUERY>
              Mark what this query would mark in hits

          --no-expand
              Mark the words of the query alone, not other names, synonyms or spellings

          --format <FORMAT>
              Format of the report

              Possible values:
              - text:     For people
              - json:     One JSON object
              - html:     One page of HTML, complete in itself
              - markdown: Quotes, with their citations as footnotes
              - bibtex:   An entry for biblatex
              - csl-json: An array of one item, as Zotero reads it

              [default: text]

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      vigie show mali/2024-08-16-embuscade-diallassagou.txt
      vigie show sample_corpus/radio/breves.ndjson:e05-radio#1
      vigie show e05-radio --highlight 'gendarme embuscade'
      vigie show e05-radio --format bibtex >> sources.bib
    ");
    insta::assert_snapshot!(own("cite"), @r"
    Cite reports and passages, or check citations

    An ID is that of a report or of a passage (id#3), or the place that hits show; - reads one a line
    from standard input, where a line may also be a citation, a hit or an answer in JSON. BibTeX and
    CSL-JSON have one entry a report, which names the passages that were given.

    --check reads any text, page, table, .bib or JSON, also where lines are wrapped, and tells for each
    citation, with the line it ends on, whether its quote still stands: where it says (stands),
    elsewhere in the report or in another one (moved), not any more (changed), or whether the report
    itself is gone. Exit status 1 if one of them does not stand or there is none, 3 if all do but some
    of what looks like a citation cannot be read.

    Usage: vigie cite [OPTIONS] [ID]...

    Arguments:
      [ID]...
              Reports or passages; - reads them from standard input

    Options:
          --check <FILE>
              Check the citations of a text, a page, a table or JSON; - reads standard input

          --format <FORMAT>
              Format of the citations [with --check: text or json]

              Possible values:
              - text:     One line each
              - json:     One JSON array; with --check one object
              - bibtex:   Entries for biblatex
              - csl-json: One array, as Zotero reads it

              [default: text]

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      vigie cite e05-radio 'e05-radio#1'
      vigie search embuscade -n 0 --format jsonl | vigie cite - --format bibtex > sources.bib
      vigie cite --check article.txt
    ");
}

#[test]
fn every_format_shows_the_report() {
    let run = sample().run(&["show", "e05-radio#1", "--highlight", "gendarme", "--color", "never"]);
    insta::assert_snapshot!(run.out, @r"
    Bankass : les disparus de Diallassagou toujours introuvables
       report     e05-radio
       source     Échantillon C
       published  2024-08-17
       url        https://exemple.invalid/radio/2024/08/e05-radio
       path       sample_corpus/radio/breves.ndjson
       language   fr
       groups     /etatique/FAMa/GNM
       regions    /Mali/Bandiagara/Bankass, /Mali/Bandiagara/Diallassagou,
                  /Mali/Mopti/Bankass/Diallassagou
       dates      2024-08-15

    #1 · bytes 0-412 · 2024-08-15 · Bankass
       Dans le cercle de Bankass, les recherches se poursuivent pour retrouver les
       gardes et les gendarmes portés disparus depuis l'embuscade d'avant-hier. Le
       bilan est toujours d'au moins quinze morts : quatorze gardes nationaux et un
       gendarme. La patrouille protégeait des paysans en route vers leurs champs de
       mil. Depuis jeudi, plus personne n'ose s'éloigner du village, alors que c'est
       la période du sarclage.

    Échantillon C, « Bankass : les disparus de Diallassagou toujours introuvables », 2024-08-17, sample_corpus/radio/breves.ndjson:e05-radio#1, octets 0-412, b3:27f26a5c31e7
    note: « gendarme » also finds gendarmerie
    ");
    for (format, want) in [
        ("html", "<mark>gendarmes</mark>"),
        ("markdown", "**gendarmes**"),
        ("bibtex", "@online{"),
        ("csl-json", "\"article-newspaper\""),
    ] {
        let run = sample().run(&["show", "e05-radio#1", "--highlight", "gendarme", "--format", format]);
        assert!(run.status == 0 && run.out.contains(want), "{format}: {}", run.out);
    }
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    for (name, near) in [
        ("e05-radoi", "e05-radio"),
        ("bankass-2024.txt", ""),
        ("e05-radio#2", "one passage"),
        ("mali/2024-08-16-embuscade-dialassagou.txt#1", "mali/2024-08-16-embuscade-diallassagou.txt"),
        ("", ""),
    ] {
        for command in ["show", "cite"] {
            let run = sample().run(&[command, name]);
            assert!(run.fails_with_hint().contains(near), "{}", run.err);
        }
    }
}

#[test]
fn citations_come_in_every_format() {
    let run = sample().run(&[
        "cite",
        "e05-radio",
        "e05-radio#1",
        "sample_corpus/veille/revendications.jsonl:e05-revendication#2",
        "--format",
        "json",
    ]);
    validate("cite.schema.json", &run.json());
    let places: Vec<Value> = run.json().as_array().unwrap().iter().map(|cited| cited["place"].clone()).collect();
    assert_eq!(
        places,
        [
            "sample_corpus/radio/breves.ndjson:e05-radio",
            "sample_corpus/radio/breves.ndjson:e05-radio#1",
            "sample_corpus/veille/revendications.jsonl:e05-revendication#2"
        ]
    );
    let run = sample().run(&["cite", "e05-radio#1", "e21-depeche#1", "--format", "bibtex"]);
    insta::assert_snapshot!(run.out, @"");
}

#[test]
fn hits_can_be_piped_into_citations() {
    let found = sample().run(&["search", "embuscade", "-n", "0", "--collapse", "none", "--format", "jsonl"]);
    let hits = found.lines();
    let text = sample().fed(&["cite", "-"], found.out.clone());
    let cites: Vec<&str> = hits.iter().map(|hit| hit["cite"].as_str().unwrap()).collect();
    assert_eq!((text.status, text.out.lines().collect::<Vec<_>>()), (0, cites.clone()));
    let mut reports: Vec<&str> = hits.iter().map(|hit| hit["report"]["id"].as_str().unwrap()).collect();
    reports.sort_unstable();
    reports.dedup();
    let bibtex = sample().fed(&["cite", "-", "--format", "bibtex"], found.out.clone());
    assert_eq!(bibtex.out.lines().filter(|line| line.starts_with('@')).count(), reports.len());
    let csl = sample().fed(&["cite", "-", "--format", "csl-json"], found.out.clone()).json();
    assert_eq!(csl.as_array().unwrap().len(), reports.len());
    // All of them are read back, whatever they went through.
    for format in ["text", "bibtex", "csl-json"] {
        let written = sample().fed(&["cite", "-", "--format", format], found.out.clone()).out;
        let checked = sample().fed(&["cite", "--check", "-", "--format", "json"], written).json();
        validate("cite-check.schema.json", &checked);
        assert_eq!(
            checked["counts"],
            json!({ "stands": cites.len(), "moved": 0, "changed": 0, "gone": 0 }),
            "{format}"
        );
    }
    for format in ["jsonl", "html", "markdown", "csv", "tsv"] {
        let written = sample().run(&["search", "embuscade", "-n", "0", "--collapse", "none", "--format", format]).out;
        let checked = sample().fed(&["cite", "--check", "-", "--format", "json"], written).json();
        assert_eq!(checked["counts"]["stands"], cites.len(), "{format}: {checked}");
    }
    let batch = sample().fed(&["search", "--queries", "-", "--format", "jsonl"], "a\tembuscade\nb\tBankass\n");
    let hits: usize = batch.lines().iter().map(|answer| answer["hits"].as_array().unwrap().len()).sum();
    assert_eq!(sample().fed(&["cite", "-"], batch.out).out.lines().count(), hits);
}

#[test]
fn names_that_are_not_there_are_told_and_the_others_cited() {
    let run = sample().fed(&["cite", "-"], "e05-radio\n\ne99-radio\n{}\ne05-radio#7\n");
    assert_eq!((run.status, run.out.lines().count()), (3, 1), "{run:?}");
    for told in
        ["line 3: no report is called “e99-radio”", "line 4 names no report", "line 5: “e05-radio” has no passage 7"]
    {
        assert!(run.err.contains(told), "{}", run.err);
    }
    assert_eq!(sample().fed(&["cite", "-"], "").status, 1);
    sample().fed(&["cite", "-"], b"e05-radio\n\xff\xfe\n".to_vec()).fails();
}

#[test]
fn quotes_stand_move_change_or_go() {
    let desk = desk();
    let cites = cites(&desk);
    assert_eq!(cites.len(), 3);
    desk.write("citations.txt", cites.join("\n"));
    let run = desk.run(&["cite", "--check", "citations.txt"]);
    assert_eq!(run.status, 0, "{run:?}");
    // A paragraph is put before, another one edited, and a report taken away.
    let edited = TWO.replace("mars", "mai");
    desk.write("in/mali/bankass.txt", format!("{TWO}\n\n{ONE}\n\n{edited}\n"));
    desk.index(&["in"]);
    let run = desk.run(&["cite", "--check", "citations.txt"]);
    assert_eq!(run.status, 1);
    insta::assert_snapshot!(run.out, @r"
    1: moved   in/mali/bankass.txt#1, octets 0-200 (now in/mali/bankass.txt#2, octets 200-400)
    2: moved   in/mali/bankass.txt#2, octets 202-400 (now in/mali/bankass.txt#1, octets 0-198)
    3: stands  in/gao.txt#1, octets 0-198
    3 citations: stands 1, moved 2, changed 0, gone 0
    ");
    desk.write("in/mali/bankass.txt", format!("{ONE}\n\n{edited}\n"));
    std::fs::remove_file(desk.path("in/gao.txt")).unwrap();
    desk.index(&["--prune", "in"]);
    let run = desk.run(&["cite", "--check", "citations.txt", "--format", "json"]);
    assert_eq!(run.status, 1);
    validate("cite-check.schema.json", &run.json());
    assert_eq!(run.json()["counts"], json!({ "stands": 1, "moved": 0, "changed": 1, "gone": 1 }));
}

#[test]
fn another_root_is_told() {
    let desk = desk();
    let cites = cites(&desk).join("\n").replace("in/", "/ailleurs/corpus/");
    let run = desk.fed(&["cite", "--check", "-", "--format", "json"], cites);
    assert_eq!(run.status, 0, "{run:?}");
    validate("cite-check.schema.json", &run.json());
    let now: Vec<Value> =
        run.json()["citations"].as_array().unwrap().iter().map(|one| one["place_now"].clone()).collect();
    assert!(now.contains(&json!("in/mali/bankass.txt#2")), "{now:?}");
}

#[test]
fn lines_without_a_citation_are_no_fault() {
    let desk = desk();
    let cites = cites(&desk);
    let text = format!("# Sources\n\n1. Voir {}.\nRien ici.\n({} ; {})\r\n", cites[0], cites[1], cites[2]);
    let run = desk.fed(&["cite", "--check", "-"], text.clone());
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let lines: Vec<&str> = run.out.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(lines, ["3", "5", "5", "3 citations"]);
    let run = desk.fed(&["cite", "--check", "-"], text.replacen("b3:", "b3:X", 1) + "\n\nVoir gao.txt#1, octets 12-");
    assert_eq!(run.status, 3);
    assert_eq!(run.out.lines().last(), Some("2 citations: stands 2, moved 0, changed 0, gone 0; unreadable 1"));
    assert!(run.out.starts_with("3: unreadable 1. Voir ") && run.out.contains("octets 0-200, b3:X"), "{}", run.out);
    let run = desk.fed(&["cite", "--check", "-", "--format", "json"], "a#1, octets 4-5\n");
    assert_eq!((run.status, &run.json()["unreadable"]), (3, &json!([{ "line": 1, "text": "a#1, octets 4-5" }])));
    validate("cite-check.schema.json", &run.json());
    for nothing in ["\n \n", "Rien ici.\n"] {
        let run = desk.fed(&["cite", "--check", "-"], nothing);
        assert_eq!((run.status, run.err.as_str()), (1, "note: stdin holds no citation\n"));
    }
    assert!(desk.run(&["cite", "--check", "absent.txt"]).fails().contains("absent.txt"));
    assert!(desk.run(&["cite", "--check", "in"]).fails().starts_with("vigie: in: "));
    desk.write("octets.bin", b"\x00\xff\xfe\x01".as_slice());
    assert!(desk.run(&["cite", "--check", "octets.bin"]).fails().contains("not UTF-8"));
    desk.run(&["cite", "--check", "-", "--format", "bibtex"]).fails();
}

/// Lines as `fold -s` breaks them.
fn folded(text: &str, width: usize) -> String {
    let mut folded = String::new();
    for line in text.lines() {
        let mut room = width;
        for word in line.split_inclusive(' ') {
            if word.len() > room {
                folded.push('\n');
                room = width;
            }
            room = room.saturating_sub(word.len());
            folded.push_str(word);
        }
        folded.push('\n');
    }
    folded
}

#[test]
fn what_vigie_writes_is_read_back_whatever_its_places_hold() {
    let hard = [
        "in/dossier, été/note, 2.txt",
        "in/guillemets \"x\", y.txt",
        "in/a; b & <c>_{d}~^%#1 $.txt",
        "in/barre \\ \\_, z.txt",
        "in/simple_a&b.txt",
        "in/fin, \".txt",
    ];
    let texts: Vec<String> = (0..).zip(hard).map(|(n, _)| format!("{ONE}\n\n{TWO} C'est la note {n}.\n")).collect();
    let lines =
        |(name, text): (&&str, &String)| json!({ "id": name, "text": text, "title": "Un, « titre »" }).to_string();
    let records: Vec<String> = hard.iter().zip(&texts).map(lines).collect();
    let desk = Desk::with(&[("notes, été/tout, ici.jsonl", &records.join("\n"))]);
    for (name, text) in hard.iter().zip(&texts) {
        desk.write(name, text);
    }
    desk.index(&["in", "notes, été"]);
    let found = desk.run(&["search", "Bankass OU garnison", "-n", "0", "--collapse", "none", "--format", "jsonl"]).out;
    let all = found.lines().count();
    assert_eq!(all, 4 * hard.len());
    let mut written: Vec<(String, String)> = Vec::new();
    for format in ["text", "json", "bibtex", "csl-json"] {
        let run = desk.fed(&["cite", "-", "--format", format], found.clone());
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{format}");
        written.push((format!("cite {format}"), run.out));
    }
    for format in ["json", "jsonl", "csv", "tsv", "html", "markdown"] {
        let args = ["search", "Bankass OU garnison", "-n", "0", "--collapse", "none", "--format", format];
        written.push((format!("search {format}"), desk.run(&args).out));
    }
    let excel = ["search", "Bankass OU garnison", "-n", "0", "--collapse", "none", "--format", "csv", "--excel-fr"];
    written.push(("excel".to_owned(), desk.run(&excel).out));
    written.push(("folded".to_owned(), folded(&written[0].1, 60)));
    written.push(("mail".to_owned(), format!("> {}", folded(&written[0].1, 60).replace('\n', "\n> "))));
    for (what, text) in written {
        let run = desk.fed(&["cite", "--check", "-", "--format", "json"], text.clone());
        let counts = json!({ "stands": all, "moved": 0, "changed": 0, "gone": 0 });
        assert_eq!((&run.json()["counts"], run.status), (&counts, 0), "{what}: {text} {}", run.out);
        validate("cite-check.schema.json", &run.json());
    }
    for id in hard {
        for format in ["text", "json", "html", "markdown", "bibtex", "csl-json"] {
            for part in ["#1", "#2"] {
                let text = desk.run(&["show", &format!("{}{part}", &id[3..]), "--format", format]).out;
                let run = desk.fed(&["cite", "--check", "-", "--format", "json"], text.clone());
                let checked = run.json();
                let stands = checked["counts"]["stands"].as_u64().unwrap();
                assert!(run.status == 0 && (1..=2).contains(&stands), "{id} {format}: {text} {}", run.out);
            }
        }
    }
}

#[test]
fn another_passage_or_a_renamed_file_is_told() {
    let desk = desk();
    let cites = cites(&desk);
    let wrong = format!("{}\n{}\n", cites[0].replace("#1,", "#99,"), cites[1].replace("#2,", "#1,"));
    let run = desk.fed(&["cite", "--check", "-"], wrong);
    assert_eq!(run.status, 1);
    insta::assert_snapshot!(run.out, @r"
    1: moved   in/mali/bankass.txt#99, octets 0-200 (now in/mali/bankass.txt#1, octets 0-200)
    2: moved   in/mali/bankass.txt#1, octets 202-400 (now in/mali/bankass.txt#2, octets 202-400)
    2 citations: stands 0, moved 2, changed 0, gone 0
    ");
    std::fs::rename(desk.path("in/mali/bankass.txt"), desk.path("in/foire.txt")).unwrap();
    desk.index(&["--prune", "in"]);
    let gone = cites[0].replace("octets 0-200", "octets 0-199");
    let run = desk.fed(&["cite", "--check", "-"], format!("{}\n{gone}\n", cites.join("\n")));
    assert_eq!(run.status, 1);
    insta::assert_snapshot!(run.out, @r"
    1: moved   in/mali/bankass.txt#1, octets 0-200 (now in/foire.txt#1, octets 0-200)
    2: moved   in/mali/bankass.txt#2, octets 202-400 (now in/foire.txt#2, octets 202-400)
    3: stands  in/gao.txt#1, octets 0-198
    4: gone    in/mali/bankass.txt#1, octets 0-199
    4 citations: stands 1, moved 2, changed 0, gone 1
    ");
}
