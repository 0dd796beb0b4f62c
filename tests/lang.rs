//! What vigie tells in French, and that machines are told the same in every language.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{Desk, Run, sample};

/// What a run in French says, a space that does not break shown as ~.
fn french(desk: &Desk, args: &[&str]) -> Run {
    let mut command = desk.command(args);
    command.env("LANG", "fr_ML.UTF-8");
    let mut run = Run::of(command, "");
    run.out = run.out.replace('\u{a0}', "~");
    run.err = run.err.replace('\u{a0}', "~");
    run
}

#[test]
fn the_flag_goes_before_the_environment() {
    let desk = Desk::new();
    assert!(french(&desk, &["info"]).err.contains("ix: pas d'index ici\nconseil~: "));
    assert!(french(&desk, &["--lang", "en", "info"]).err.contains("ix: no index here\nhint: "));
    assert!(desk.run(&["info", "--lang=fr"]).err.contains("pas d'index ici"));
    assert!(desk.run(&["info", "--lang=de"]).err.contains("“de”"));
    desk.write("vigie.toml", "lang = \"fr\"\nlimt = 1\n");
    assert!(desk.run(&["info"]).err.contains("no setting"), "the file is wrong before it is read");
    desk.write("vigie.toml", "lang = \"fr\"\n");
    assert!(desk.run(&["info"]).err.contains("pas d'index ici"));
}

#[test]
fn errors_in_french() {
    let desk = sample();
    for (args, want) in [
        (
            &["search", "le \"a b"][..],
            "vigie: requête~: le guillemet \" s'ouvre et ne se ferme pas\n  le \"a b\n     ^ octet 3 de la requête\n\
             conseil~: fermez-le avec \", ou retirez-le\n",
        ),
        (
            &["search", "--group", "JNM"],
            "vigie: aucun groupe ne s'appelle «~JNM~» dans cet index\nconseil~: il y a /etatique/FAMa/GNM, /jihadiste/JNIM\n",
        ),
        (
            &["search", "x", "--since", "2025", "--until", "2024"],
            "vigie: il n'y a aucun jour du 2025 au 2024\nconseil~: donnez d'abord la date la plus ancienne\n",
        ),
        (
            &["index", "nope"],
            "vigie: nope: fichier ou dossier introuvable\nconseil~: donnez des fichiers ou dossiers qui existent, ou - \
             pour des lignes JSON sur l'entrée standard\n",
        ),
        (&["serach", "x"], "vigie: «~serach~» n'est pas une commande de vigie\nconseil~: vouliez-vous dire search~?\n"),
        (
            &["search", "-n", "dix"],
            "vigie: «~dix~» n'est pas une valeur de --limit <N>: ce n'est pas un nombre entier positif\n\
             conseil~: pour en savoir plus~: `vigie search --help`\n",
        ),
        (
            &["index", "a", "--published", "hier"],
            "vigie: «~hier~» n'est pas une valeur de --published <DATE>: «~hier~» n'est pas une date~; écrivez 2024, \
             2024-08, 2024-08-15, 15/08/2024, 15 août 2024, ou un intervalle comme 2024-08..2024-10\n\
             conseil~: pour en savoir plus~: `vigie index --help`\n",
        ),
        (
            &["search", "--format", "jsn"],
            "vigie: «~jsn~» n'est pas une valeur de --format <FORMAT>\nconseil~: vouliez-vous dire json~?\n",
        ),
        (
            &["index"],
            "vigie: il manque sur la ligne de commande~: <PATH>...\nconseil~: usage~: vigie index [OPTIONS] <PATH>...\n",
        ),
        (
            &["index", "a", "--rebuild", "--prune"],
            "vigie: --rebuild ne va pas avec --prune\nconseil~: usage~: vigie index [OPTIONS] <PATH>...\n",
        ),
        (
            &["search", "-civils"],
            "vigie: argument inattendu~: «~-i~»\n\
             conseil~: ce qui commence par un tiret et n'est pas une option se met derrière --\n",
        ),
        (
            &["search", "--formt", "json"],
            "vigie: argument inattendu~: «~--formt~»\nconseil~: vouliez-vous dire --format~?\n",
        ),
    ] {
        let run = french(desk, args);
        assert_eq!((run.status, run.out.as_str(), run.err.as_str()), (2, "", want), "{args:?}");
    }
}

#[test]
fn text_in_french() {
    let desk = sample();
    let told = french(desk, &["search", "embuscade gendarme", "-n", "1"]).out;
    assert!(told.ends_with("\n3 rapports (résultat 1)\nremarque~: «~gendarme~» trouve aussi gendarmerie\n"), "{told}");
    insta::assert_snapshot!(french(desk, &["search", "zzzz qqqq"]).out, @"aucun rapport ne répond à «~zzzz qqqq~»");
    let told = french(desk, &["search", "embuscade zanzibar"]).out;
    assert!(told.contains("\nune partie des mots~: ") && told.contains("avec --match any\n"), "{told}");
    insta::assert_snapshot!(french(desk, &["facets", "--by", "group", "--group", "EIGS", "--depth", "1"]).out, @r"
    14 rapports

    groupe           rapports  en plus  à la place
      etatique             10       60          56  ████████████████████████████████
      jihadiste            14       52          52  █████████████████████████████▋
    *   EIS                14       14          14  ████████
        … 6 autres
      generique             6       36          28  ████████████████
      international         2       22          10  █████▋
      autodefense           0       22           8  ████▌
      rebelle               0       19           5  ██▊
      mercenaire            0       18           4  ██▎
    --depth 2 montre ce qu'il y a dessous
    ");
    let told = french(desk, &["timeline", "--by", "year", "--date", "2024"]).out;
    assert!(told.contains(" par année des événements, sinon de publication\n\nannée  rapports\n"), "{told}");
    let told = french(desk, &["info"]).out;
    assert!(told.contains("\nrapports    82\n") && told.contains(" Mo\nlangues     en 1, fr 81\n"), "{told}");
}

#[test]
fn the_summary_in_french() {
    let desk = Desk::with(&[("in/a.txt", "Une attaque."), ("in/b.txt", ""), ("in/c.xyz", "x")]);
    let told = french(&desk, &["index", "in"]).out;
    let lines: Vec<&str> = told.lines().filter(|line| !line.contains(" Mo de texte en ")).collect();
    insta::assert_snapshot!(lines.join("\n").replace(desk.path("ix").to_str().unwrap(), "ix"), @"
    du 1 report read, written au ix: 1 added, 0 updated, 0 unchanged, 0 removed, 2 skipped; 1 in the index
    langues~: und 1
    annotés~: 0 (0 %) avec un groupe, 0 (0 %) avec une région, 0 (0 %) avec la date d'un événement
    sans aucune date~: 1 (a.txt)
    laissés de côté~: 2
      in/b.txt: vide
      in/c.xyz: format inconnu
        conseil~: vigie lit .csv, .htm, .html, .json, .jsonl, .markdown, .md, .ndjson, .tsv, .txt, .xhtml~; chacun aussi en .gz ou .zst
    ");
}

#[test]
fn what_was_read_is_told_in_french() {
    let desk = Desk::new();
    desk.write("in/a.txt", b"Un caf\xe9 br\xfbl\xe9 par les djihadistes \xe0 Gao, selon la mairie.");
    desk.write("in/b.jsonl", "{\"id\":\"b\",\"text\":3}\n{\"id\":\"c\"\n");
    desk.write("in/c.csv", "titre;contenu2\nx;y\n");
    desk.write("in/d.txt", "%PDF-1.4");
    let told = french(&desk, &["index", "in", "-v"]).out;
    for line in [
        "laissés de côté~: 4\n",
        "  in/b.jsonl:1: text est un nombre, pas une chaîne\n",
        "  in/b.jsonl:2: JSON cassé~: fin au milieu d'un objet (colonne 9)\n",
        "  in/c.csv:1: pas de colonne «~text~»\n    conseil~: nommez-la avec --column text=NOM~; colonnes, séparées par «~;~»~: ",
        "  in/d.txt: données binaires (PDF)\n",
        "remarque~: in/a.txt: lu comme windows-1252, d'après ses octets\n",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    let told = french(&desk, &["annotate", "in", "-v"]).err;
    assert!(told.contains("remarque~: in/a.txt: lu comme windows-1252, d'après ses octets\n"), "{told}");
    assert!(told.contains("remarque~: laissé de côté~: in/d.txt: données binaires (PDF)\n"), "{told}");
    assert!(french(&desk, &["index", "in", "--strict"]).err.contains(
        "vigie: 4 entrées seraient laissées de côté, la première~: in/b.jsonl:1: text est un nombre, pas une chaîne\n"
    ));
}

#[test]
fn machines_are_told_the_same_in_every_language() {
    let desk = sample();
    let steady = |run: Run| {
        let lines = run.out.lines().map(|line| match line.split_once("\"took_us\":") {
            Some((before, after)) => {
                format!("{before}{}", after.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' '))
            }
            None => line.to_owned(),
        });
        (run.status, lines.collect::<Vec<_>>().join("\n"))
    };
    for args in [
        &["search", "embuscde Bankass", "--format", "json", "--explain"][..],
        &["search", "zanzibar embuscade", "--format", "jsonl"],
        &["search", "embuscade", "--format", "trec"],
        &["search", "zzzz -count", "--format", "json"],
        &["facets", "--by", "group", "--format", "csv"],
        &["timeline", "--format", "json"],
        &["info", "--format", "json"],
        &["analyze", "Une attaque"],
        &["annotate", "sample_corpus/radio", "--format", "json"],
    ] {
        let plain = Run::of(desk.command(args), "");
        let mut command = desk.command(args);
        command.env("VIGIE_LANG", "fr");
        let french = Run::of(command, "");
        assert_eq!(steady(plain), steady(french), "{args:?}");
    }
    // The errors of a batch too.
    let queries = "1\t\"a\n";
    let mut command = desk.command(&["search", "--queries", "-", "--format", "jsonl"]);
    command.env("VIGIE_LANG", "fr");
    let run = Run::of(command, queries);
    assert_eq!(run.status, 3);
    assert!(run.out.contains("opened and never closed"), "{}", run.out);
    assert!(
        run.err.starts_with("remarque\u{a0}: la requête 1 a échoué\u{a0}: requête\u{a0}: le guillemet"),
        "{}",
        run.err
    );
}
