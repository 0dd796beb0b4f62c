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
             conseil~: ce qui commence par un tiret et n'est pas une option se met derrière --, comme -- -x\n",
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
    insta::assert_snapshot!(lines.join("\n").replace(desk.path("ix").to_str().unwrap(), "ix"), @r"
    1 rapport lu, écrit dans ix~: 1 ajouté, 0 mis à jour, 0 inchangé, 0 supprimé, 2 laissés de côté~; 1 dans l'index
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

/// A desk with two indexes that differ, and files of queries, judgements, expectations and citations.
fn paired() -> Desk {
    let desk = Desk::with(&[
        ("a/un.txt", "Une embuscade près de Gao."),
        ("a/deux.txt", "Un marché à Mopti."),
        ("b/un.txt", "Une embuscade près de Gao, dit la mairie."),
        ("b/trois.txt", "Une autre embuscade à Kidal."),
        ("q.tsv", "q1\tembuscade\nq2\t\"a\n"),
        ("qrels", "q1 0 un.txt 1\nq9 0 z 1\n"),
        ("faux-qrels", "q1 0 un.txt beaucoup\n"),
        (
            "attentes.toml",
            "[[query]]\nname = 'bon'\nquery = 'embuscade'\nmust = ['un.txt']\n[[query]]\nname = 'mauvais'\n\
             query = 'Gao'\nleast = 3\nmust = ['deux.txt']\nmust_not = ['un.txt#1']\n",
        ),
        ("alertes.toml", "[[query]]\nname = 'Embuscades'\nquery = 'embuscade'\nlimit = 1\n"),
        ("faux.toml", "[[query]]\nname = 'a'\nlimt = 1\n"),
    ]);
    desk.index(&["a"]);
    desk.index(&["b", "--index", "autre"]);
    let cited = desk.run(&["cite", "un.txt#1"]).out;
    desk.write("article.txt", format!("{cited}rien\n{}", cited.replace("un.txt", "zz.txt")));
    desk
}

/// Commands, and what they say in French: results, then what stands beside them.
const SAID: [(&str, &str); 18] = [
    (
        "check --queries attentes.toml",
        "ok      bon\nÉCHEC   mauvais (attentes.toml:5)\n        {\"query\":\"Gao\"}\n        deux.txt n'est pas trouvé\n        \
         un.txt#1 est au rang 1, parmi les 10 premiers\n        1 rapport répond, il en faut au moins 3\n\
         2 attentes~: 1 satisfaite, 1 déçue\n",
    ),
    (
        "check --queries faux.toml",
        "vigie: faux.toml: ligne 3~: clé inconnue «~limt~»\nconseil~: vouliez-vous dire «~limit~»~?\n",
    ),
    (
        "check --format tap",
        "vigie: --format~: tap et junit rendent compte d'attentes~; nommez leur fichier avec --queries FICHIER\n",
    ),
    (
        "diff ix autre --queries q.tsv",
        "a  ix: 2 rapports\nb  autre: 2 rapports\n\nrapports~: 1 gagné, 1 perdu, 1 modifié, 0 inchangé\n  + trois.txt\n  \
         - deux.txt\n  ~ un.txt\n\nrégion~: 2 valeurs dont le décompte diffère, jusqu'au niveau 2\n  \
         /Mali/Kidal: 0 → 1 (+1)\n  /Mali/Mopti: 1 → 0 (-1)\n\n2 requêtes~: 1 diffère\n  \
         q1: embuscade (1 → 2 rapports)\n    + trois.txt au rang 1\n    ~ un.txt 1 → 2\n\
         remarque~: la requête q2 a échoué~: requête~: le guillemet \" s'ouvre et ne se ferme pas\n",
    ),
    (
        "diff ix ix",
        "a  ix: 2 rapports\nb  ix: 2 rapports\n\nrapports~: 0 gagné, 0 perdu, 0 modifié, 2 inchangés\n\nidentiques\n",
    ),
    (
        "eval --queries q.tsv --qrels qrels",
        "requête       ndcg@10  mrr@10  recall@100\nmoyenne de 2   0.5000  0.5000      0.5000\n\
         remarque~: la requête q2 a échoué et ne trouve rien~: requête~: le guillemet \" s'ouvre et ne se ferme pas\n\
         remarque~: 1 requête sans jugement a été laissée de côté~: q2\n\
         remarque~: 1 requête jugée n'a pas été posée et compte 0~: q9\n",
    ),
    (
        "eval --queries q.tsv --qrels faux-qrels",
        "vigie: faux-qrels: ligne 1~: la note «~beaucoup~» n'est pas un nombre entier\nconseil~: une ligne est~: \
         REQUÊTE 0 RAPPORT NOTE, séparés par des espaces ou des tabulations, la note étant un nombre entier\n",
    ),
    (
        "watch --queries alertes.toml --state vu.jsonl",
        "remarque~: rapports qui comptent désormais comme vus~: 2~; la prochaine fois, vigie dira ce qui est nouveau\n",
    ),
    (
        "watch --queries alertes.toml --since-digest ffffffff",
        "vigie: aucun état de l'index d'empreinte ffffffff n'est gardé en mémoire\nconseil~: `vigie info` donne \
         l'empreinte actuelle~; avec --state FICHIER, il ne faut ni empreinte ni mémoire de l'index\n",
    ),
    (
        "cite --check article.txt",
        "1: tient    a/un.txt#1, octets 0-27\n3: déplacée a/zz.txt#1, octets 0-27 (maintenant a/un.txt#1, octets 0-27)\n\
         2 citations~: 1 tient, 1 déplacée, 0 modifiée, 0 disparue\n",
    ),
    (
        "cite --check article.txt --format bibtex",
        "vigie: --check~: ce qu'il trouve se dit en text ou en json~; choisissez l'un des deux avec --format\n",
    ),
    (
        "show un.txt",
        "un.txt\n   rapport    un.txt\n   chemin     a/un.txt\n   langue     und\n   régions    /Mali/Gao/Gao/Gao\n\n\
         #1 · octets 0-27 · Gao\n   Une embuscade près de Gao.\n\na/un.txt, octets 0-27, b3:d24464acd358\n",
    ),
    ("show un.txt#7", "vigie: «~un.txt~» n'a pas de passage 7\nconseil~: il a un passage\n"),
    ("show un", "vigie: aucun rapport ne s'appelle «~un~» dans cet index\nconseil~: il y a un.txt\n"),
    ("export --excel-fr", "vigie: --excel-fr~: seul le CSV s'écrit pour un tableur~; ajoutez --format csv\n"),
    (
        "search Gao --jobs 2",
        "vigie: --jobs~: une requête seule n'a pas de tâches~; donnez un lot avec --queries FICHIER\n",
    ),
    (
        "index a --memory 3X",
        "vigie: «~3X~» n'est pas une valeur de --memory <SIZE>: «~X~» n'est pas une unité~; écrivez 512M ou 2G\n\
         conseil~: pour en savoir plus~: `vigie index --help`\n",
    ),
    ("watch --queries alertes.toml --state non/vu", "vigie: non: pas de tel dossier où écrire l'état\n"),
];

#[test]
fn every_command_speaks_french() {
    let desk = paired();
    for (line, want) in SAID {
        let run = french(&desk, &line.split(' ').collect::<Vec<_>>());
        assert_eq!(run.out + &run.err, want, "{line}");
    }
}

#[test]
fn a_sound_index_and_a_broken_one_in_french() {
    let desk = paired();
    let ix = desk.path("ix");
    let told = |run: Run| run.out.replace(ix.to_str().unwrap(), "ix");
    let text = told(french(&desk, &["check"]));
    assert!(
        text.starts_with("index     ix: sain\nfichiers  ") && text.contains(" fichiers, 0,0 Mo, chacun comparé"),
        "{text}"
    );
    assert!(
        text.contains("\nrapports  2 rapports et 2 passages, analysés de nouveau et comparés\ntermes    "),
        "{text}"
    );
    let generation = desk.generations().remove(0);
    let store = std::fs::read_dir(generation).unwrap().map(|entry| entry.unwrap().path());
    let store = store.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "pos")).unwrap();
    let mut bytes = std::fs::read(&store).unwrap();
    bytes[0] ^= 1;
    std::fs::write(&store, bytes).unwrap();
    let text = told(french(&desk, &["check"]));
    assert!(text.contains(".pos: sa somme de contrôle est autre~: il a été modifié ou coupé\n"), "{text}");
    assert!(
        text.contains("ix: 1 anomalie~; refaites-le avec `vigie index --rebuild` sur les mêmes entrées\n"),
        "{text}"
    );
}

#[test]
fn pages_and_documents_in_french() {
    let desk = sample();
    let page = french(desk, &["search", "embuscade", "--match", "any", "-n", "1", "--explain", "--format", "html"]).out;
    for part in [
        "<html lang=\"fr\">",
        "<dt>mots</dt><dd><bdi lang=\"fr\">au moins un</bdi></dd>",
        "<p class=\"total\">8 rapports</p>",
        "<li><bdi>lu comme~: embuscade</bdi></li>",
        "publié le <time>",
        "<dt>groupes</dt>",
        " = rapport ",
        "~; dans le rapport~: embuscade ",
        "<p class=\"range\">résultat 1</p>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let english = desk.run(&["search", "embuscade", "-n", "1", "--format", "html"]).out;
    assert!(english.contains("<html lang=\"en\">") && english.contains("<blockquote lang=\"fr\""), "{english}");
    let page = french(desk, &["show", "e05-radio", "--format", "html"]).out;
    assert!(page.contains("<html lang=\"fr\">") && page.contains("<dt>chemin</dt>"), "{page}");

    let text = french(desk, &["search", "embuscade zanzibar", "-n", "1", "--format", "markdown"]).out;
    assert!(text.contains(" · résultats au plus~: 1\n\n**aucun rapport ne répond**\n"), "{text}");
    assert!(text.contains("\n# Une partie des mots~: 8 rapports, aucun avec tous\n"), "{text}");
    let text = french(desk, &["show", "e05-radio", "--format", "markdown"]).out;
    assert!(text.contains("\n- parution~: 2024-08-17\n- chemin~: "), "{text}");
    let chart = french(desk, &["timeline", "--format", "svg", "--split", "group", "--top", "2"]).out;
    assert!(
        chart.contains("<desc id=\"vigie-timeline-desc\">Diagramme des rapports par mois, de 2017-10 à "),
        "{chart}"
    );
    assert!(chart.contains(">Hors du diagramme, sur 82 rapports~: 5 sans date.<"), "{chart}");
}

/// A text without what differs from run to run: how long something took.
fn steady(mut text: String) -> String {
    for sign in ["\"took_us\":", "\"seconds\":", "time=\""] {
        let (first, rest) = text.split_once(sign).unwrap_or((&text, ""));
        let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ' ');
        let rest = rest.split(sign).map(|part| part.trim_start_matches(number));
        text = format!("{first}{}", rest.collect::<String>());
    }
    text
}

/// What machines read of a run, in a language.
fn read_by_machines(desk: &Desk, args: &[&str], lang: &str) -> (i32, String) {
    let mut command = desk.command(args);
    command.env("VIGIE_LANG", lang);
    let run = Run::of(command, "");
    (run.status, steady(run.out))
}

#[test]
fn machines_are_told_the_same_in_every_language() {
    let desk = sample();
    for args in [
        &["search", "embuscde Bankass", "--format", "json", "--explain"][..],
        &["search", "zanzibar embuscade", "--match", "any", "--format", "jsonl"],
        &["search", "embuscade", "--format", "trec"],
        &["search", "embuscade", "--format", "csv", "--excel-fr"],
        &["search", "embuscade", "--format", "tsv"],
        &["search", "zzzz -count", "--format", "json"],
        &["facets", "--by", "group", "--format", "csv"],
        &["timeline", "--format", "json"],
        &["timeline", "--split", "group", "--format", "csv"],
        &["info", "--format", "json"],
        &["analyze", "Une attaque"],
        &["annotate", "sample_corpus/radio", "--format", "json"],
        &["show", "e05-radio", "--format", "json", "--highlight", "gendarme"],
        &["show", "e05-radio", "--format", "bibtex"],
        &["cite", "e05-radio", "--format", "csl-json"],
        &["cite", "e05-radio", "--format", "json"],
        &["cite", "e05-radio"],
        &["export", "embuscade"],
        &["export", "embuscade", "--format", "csv"],
        &["check", "--format", "json"],
        &["check", "--schema", "schema", "--format", "json"],
    ] {
        let english = read_by_machines(desk, args, "en");
        assert!(!english.1.is_empty(), "{args:?}");
        assert_eq!(english, read_by_machines(desk, args, "fr"), "{args:?}");
    }
    let desk = &paired();
    for line in [
        "search --queries q.tsv --format jsonl",
        "search --queries q.tsv --format json",
        "check --queries attentes.toml --format json",
        "check --queries attentes.toml --format tap",
        "check --queries attentes.toml --format junit",
        "cite --check article.txt --format json",
        "diff ix autre --queries q.tsv --format json",
        "eval --queries q.tsv --qrels qrels --per-query --format csv",
        "eval --queries q.tsv --qrels qrels --format json",
        "watch --queries alertes.toml --state vu.jsonl --all --format jsonl",
        "index a --dry-run --format json",
    ] {
        let args: Vec<&str> = line.split(' ').collect();
        let english = read_by_machines(desk, &args, "en");
        assert!(!english.1.is_empty(), "{line}");
        assert_eq!(english, read_by_machines(desk, &args, "fr"), "{line}");
    }
    // A feed says of itself what it is in the language of its readers; its items are the same.
    let feed = |lang| {
        let args = ["watch", "--queries", "alertes.toml", "--state", "vu.jsonl", "--all", "--format", "rss"];
        let (_, feed) = read_by_machines(desk, &args, lang);
        feed.lines().filter(|line| !line.starts_with("<description>N")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(feed("en"), feed("fr"));
    assert!(feed("en").contains(&"<item>".to_owned()));
    let desk = sample();
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
