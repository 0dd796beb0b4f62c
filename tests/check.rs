//! `vigie check --schema`: every kind of finding on a small broken vocabulary, and none on the tables of `schema/`.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{Desk, repository, validate};

const ACTORS: &str = "\
id,name,acronym,category,parent,countries,aliases,context_aliases,cues,facet
armee,Armée malienne,FAMa,etatique,,Mali,soldats maliens|Fama,Fama,Mali,/etatique/FAMa
";
const PLACES: &str = "\
path,name,level,lat,lon,aliases,ambiguity_all,risky_aliases,tier,alt_path
Mali,Mali,country,17.5,-3.9,,capitalised_word,,1,
Mali/Mopti,Mopti,region,,,,,,1,
";

/// A desk with a vocabulary in `tables`: the sound one with these files instead.
fn vocabulary(files: &[(&str, &str)]) -> Desk {
    let desk = Desk::with(&[("tables/actors.csv", ACTORS), ("tables/places.csv", PLACES)]);
    for (name, text) in files {
        desk.write(&format!("tables/{name}"), text);
    }
    desk
}

/// What is told about a vocabulary, and the exit status.
fn told(files: &[(&str, &str)]) -> (i32, String) {
    let run = vocabulary(files).run(&["check", "--schema", "tables"]);
    assert_eq!(run.err, "");
    (run.status, run.out)
}

#[test]
fn a_sound_vocabulary_is_told_as_such() {
    let all = [
        ("level_cues.csv", "country,level,cues\n*,country,en|au\nMali,region,région de\n"),
        ("demonyms.csv", "path,forms,capital\nMali,malien|malienne,Mali/Mopti\n"),
        ("synonyms.csv", "words,to,weight,note\nputsch|coup d'État,,0.9,pareil\narmée,soldat,0.4,\n"),
        ("surnames.txt", "# noms\nTraoré\n"),
    ];
    assert_eq!(told(&[]), (0, "2 places, 1 actor: 0 errors, 0 warnings\n".to_owned()));
    assert_eq!(told(&all), (0, "2 places, 1 actor: 0 errors, 0 warnings\n".to_owned()));
}

#[test]
fn the_tables_of_vigie_have_no_errors() {
    let schema = repository("schema");
    let run = Desk::new().run(&["check", "--schema", schema.to_str().unwrap(), "--format", "json"]);
    let found = run.json();
    validate("findings.schema.json", &found);
    let errors: Vec<_> =
        found["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "error").collect();
    assert!(errors.is_empty() && run.status == 0, "{errors:#?}");
    // Members of a family that share a stem, or are names, say nothing new.
    assert!(!run.out.contains("synonyms.csv"), "{}", run.out);
    assert!(found["places"].as_u64() > Some(50_000) && found["actors"].as_u64() > Some(187));
}

#[test]
fn what_is_wrong_with_actors() {
    let actors = "\
id,name,acronym,category,parent,countries,aliases,context_aliases,cues,facet
armee,Armée malienne,FAMa,etatique,,Mali,soldats maliens|Fama,Fama,Mali,/etatique/FAMa
armee,Autre armée,,etatique,,,,,,/etatique/Autre
vide,,,etatique,,,,,,/etatique/Vide
genre,Genre,,secte,,,,,,/secte/Genre
seul,Groupe seul,,milice,personne,,,,,/milice/Seul
haut,Groupe haut,,milice,bas,,,,,/milice/Haut
bas,Groupe bas,,milice,haut,,,,,/milice/Bas
facette,Groupe facette,,milice,,,,,,//
double,Groupe double,,milice,,,,,,/milice/Seul
pays,Groupe pays,,milice,,Atlantide,,,,/milice/Pays
trous,Groupe trous,,milice,,,un deux||un trois|un deux,,,/milice/Trous
etrange,Groupe étrange,,milice,,,GE,GX,là,/milice/Étrange
muet,Groupe muet,,milice,,,GM,GM,,/milice/Muet
mot,Groupe mot,,milice,,,sabre,,,/milice/Mot
rival,Groupe rival,,rebelle,,,Soldats-Maliens|FAMA|GE|GM,GE|GM,ici,/rebelle/Rival
";
    insta::assert_snapshot!(told(&[("actors.csv", actors)]).1, @r"
    tables/actors.csv:3: the id “armee” again (line 2 has it)
    tables/actors.csv:4: empty name (every actor has one)
    tables/actors.csv:5: unknown category “secte” (the categories are autodefense, etatique, generique, inconnu, international, jihadiste, mercenaire, milice, rebelle)
    tables/actors.csv:6: unknown parent “personne” (no actor has this id)
    tables/actors.csv:7: “haut” stands below itself (its parents lead back to it)
    tables/actors.csv:8: “bas” stands below itself (its parents lead back to it)
    tables/actors.csv:9: no facet (“//” has an empty name; write a facet as Mali/Mopti)
    tables/actors.csv:10: the facet “/milice/Seul” again (line 6 has it)
    tables/actors.csv:11: warning: unknown country “Atlantide” (places.csv has no such path)
    tables/actors.csv:12: an empty value in aliases (something is missing beside a |)
    tables/actors.csv:12: warning: “un deux” twice in aliases (once is enough)
    tables/actors.csv:13: “GX” of context_aliases is no name of “etrange” (write it as the alias is written)
    tables/actors.csv:14: “muet” has names that need a cue, and no cues (they would never be found)
    tables/actors.csv:15: warning: “sabre” of “mot” is a common word (put it into context_aliases unless it means nothing else)
    tables/actors.csv:16: “Soldats-Maliens” of “rival” is also a name of “armee” (line 2; put it into context_aliases of one, with cues)
    2 places, 15 actors: 12 errors, 3 warnings
    ");
}

#[test]
fn what_is_wrong_with_places() {
    let places = "\
path,name,level,lat,lon,aliases,ambiguity_all,risky_aliases,tier,alt_path
Mali,Mali,country,17.5,-3.9,,capitalised_word,,1,
Mali/Mopti,Mopti,region,14.5,,,,,1,
Mali/Mopti,Mopti,region,,,,,,1,
Mali/Gao/Ansongo,Ansongo,commune,,,,,,2,
Mali//Vide,Vide,commune,,,,common_word_exact,,2,
Mali/Anonyme,,locality,,,,capitalised_word,,2,
Mali/Niveau,Kanou,hameau,,,,capitalised_word,,2,
Mali/Kanan,Kanan,locality,,,,,,9,
Mali/Nord,Bourem,locality,91,181,,capitalised_word,,2,
Mali/Sud,Boumba,locality,quinze,0,,capitalised_word,,2,
Mali/Ailleurs,Kirango,region,,,,capitalised_word,,1,Mali/Nulle part
Mali/Drapeau,Konio,locality,,,,capitalised_word|douteux,,2,
Mali/Risque,Sossobé,locality,,,Sosobe|Sosobe,capitalised_word,Sossobey,2,
Mali/Marché,Marché,locality,,,,,,3,
Mali/Kouakourou,Kouakourou,locality,,,Marteau,,,3,
Mali/Sah,Sah,locality,,,Sossobe,,,2,
Mali/Sah/Sossobé,Sossobé,locality,,,,homonym,,2,
Mali/Sah/Village,Sah,locality,,,Kirango,capitalised_word,,3,
";
    insta::assert_snapshot!(told(&[("places.csv", places)]).1, @r"
    tables/places.csv:3: “Mali/Mopti” has half of its coordinates (give lat and lon, or neither)
    tables/places.csv:4: the path “Mali/Mopti” again (line 3 has it)
    tables/places.csv:5: “Mali/Gao/Ansongo” lies in nothing (no row has the path “Mali/Gao”)
    tables/places.csv:6: an empty name in the path “Mali//Vide” (write paths as Mali/Mopti/Bankass)
    tables/places.csv:7: empty name (every place has one)
    tables/places.csv:8: unknown level “hameau” (the levels are country, region, cercle_or_province, commune, locality, zone)
    tables/places.csv:9: unknown tier “9” (1 divisions and towns, 2 places of the news, 3 others; nothing means 1)
    tables/places.csv:10: lat “91” of “Mali/Nord” (degrees are between -90 and 90, with a point)
    tables/places.csv:10: lon “181” of “Mali/Nord” (degrees are between -180 and 180, with a point)
    tables/places.csv:11: lat “quinze” of “Mali/Sud” (degrees are between -90 and 90, with a point)
    tables/places.csv:12: unknown alt_path “Mali/Nulle part” (no row has this path)
    tables/places.csv:13: unknown flag “douteux” in ambiguity_all (the flags are common_word_exact, common_word_folded, common_phrase, capitalised_word, surname, river, homonym, short)
    tables/places.csv:14: warning: “Sosobe” twice in aliases (once is enough)
    tables/places.csv:14: “Sossobey” of risky_aliases is no alias of “Mali/Risque” (write it as the alias is written)
    tables/places.csv:15: “Marché” is a common word (say so in ambiguity_all: common_word_exact asks for a cue, capitalised_word only for its capital)
    tables/places.csv:16: the alias “Marteau” of “Mali/Kouakourou” is a common word (name it in risky_aliases too)
    tables/places.csv:17: “Sossobe” of “Mali/Sah” is also a name of “Mali/Risque” (line 14; flag one of them homonym, or drop the alias)
    18 places, 1 actor: 16 errors, 1 warning
    ");
}

#[test]
fn what_is_wrong_with_the_other_tables() {
    let found = told(&[
        ("level_cues.csv", "country,level,cues\n*,hameau,hameau de\nAtlantide,region,\n"),
        ("demonyms.csv", "path,forms,capital\nAtlantide,atlante,Mali/Mopti\nMali,,Mali/Bamako\nMali,malien,\n"),
        ("surnames.txt", "# noms\n\nTraore\u{301}\n"),
    ]);
    insta::assert_snapshot!(found.1, @r"
    tables/demonyms.csv:2: unknown path “Atlantide” (places.csv has no such path)
    tables/demonyms.csv:3: unknown capital “Mali/Bamako” (places.csv has no such path)
    tables/demonyms.csv:3: no forms (a country has at least one adjective here)
    tables/demonyms.csv:4: the path “Mali” again (line 3 has it)
    tables/level_cues.csv:2: unknown level “hameau” (the levels are country, region, cercle_or_province, commune, locality, zone)
    tables/level_cues.csv:3: unknown country “Atlantide” (* stands for all; places.csv has no such path)
    tables/level_cues.csv:3: no cues (a row without any says nothing)
    tables/surnames.txt:3: letters and accents stand apart (write it in Unicode normal form NFC)
    2 places, 1 actor: 8 errors, 0 warnings
    ");
    assert_eq!(found.0, 1);
}

#[test]
fn what_is_wrong_with_families_of_words() {
    let synonyms = "\
words,to,weight,note
putsch|coup d'État|coup de force,,0.9,
mort|décès,,1.5,
mort|décès,,presque,
tuer,,0.5,
,massacre,0.5,
tuer|tués|massacre,,0.5,
de la|pour,,0.5,
enlever||rapt|rapt,,0.5,
soldat|soldats maliens,FAMa,0.5,
coup de force|assaut|putsch,,0.4,
soldat,troupe|FAMa,0.3,
troupe,soldat,0.3,
";
    insta::assert_snapshot!(told(&[("synonyms.csv", synonyms)]).1, @r"
    tables/synonyms.csv:3: no weight “1.5” (over 0 and up to 1, with a point)
    tables/synonyms.csv:4: no weight “presque” (over 0 and up to 1, with a point)
    tables/synonyms.csv:4: “mort” and “décès” again (line 3 says how near they are)
    tables/synonyms.csv:5: “tuer” is alone (a family has at least two words)
    tables/synonyms.csv:6: no words (a family has at least two, or one and what it finds)
    tables/synonyms.csv:7: warning: “tués” and “tuer” have one stem (they find each other anyway)
    tables/synonyms.csv:8: “de la” is nothing but function words (it would never be found)
    tables/synonyms.csv:8: “pour” is nothing but function words (it would never be found)
    tables/synonyms.csv:9: an empty value in words (something is missing beside a |)
    tables/synonyms.csv:9: warning: “rapt” twice in words (once is enough)
    tables/synonyms.csv:10: warning: “soldats maliens” is a name of “armee” (names find each other by their own table)
    tables/synonyms.csv:10: warning: “FAMa” is a name of “armee” (names find each other by their own table)
    tables/synonyms.csv:11: “coup de force” and “putsch” again (line 2 says how near they are)
    tables/synonyms.csv:12: warning: “FAMa” is a name of “armee” (names find each other by their own table)
    tables/synonyms.csv:12: “soldat” and “FAMa” again (line 10 says how near they are)
    2 places, 1 actor: 10 errors, 5 warnings
    ");
    let (status, out) = told(&[("synonyms.csv", "words,vers,weigth\nmort|décès,,1\n")]);
    insta::assert_snapshot!(out, @r"
    tables/synonyms.csv:1: no column “weight” (the columns are words, weight, to, note)
    tables/synonyms.csv:1: warning: unknown column “vers” (vigie does not read it)
    tables/synonyms.csv:1: unknown column “weigth” (“weight” is meant?)
    tables/synonyms.csv:2: cannot be read: missing field `weight` (nothing of this file was checked further)
    2 places, 1 actor: 3 errors, 1 warning
    ");
    assert_eq!(status, 1);
}

#[test]
fn what_is_wrong_with_headers_and_files() {
    let actors = "id,nom,alias,category\narmee,Armée,x,etatique\n";
    let places = "path,name,level,tier,tier,commentaire\nMali,Mali,country,1,1,\n";
    let found = told(&[("actors.csv", actors), ("places.csv", places)]);
    insta::assert_snapshot!(found.1, @r"
    tables/actors.csv:1: no column “name” (the columns are id, name, acronym, category, parent, countries, active_from, active_to, aliases, context_free, context_aliases, cues, facet, notes, source)
    tables/actors.csv:1: warning: unknown column “nom” (vigie does not read it)
    tables/actors.csv:1: unknown column “alias” (“aliases” is meant?)
    tables/actors.csv:2: cannot be read: missing field `name` (nothing of this file was checked further)
    tables/places.csv:1: two columns “tier” (only one of them could be read)
    tables/places.csv:1: warning: unknown column “commentaire” (vigie does not read it)
    tables/places.csv:2: cannot be read: duplicate field `tier` (nothing of this file was checked further)
    0 places, 0 actors: 5 errors, 2 warnings
    ");
    assert_eq!(found.0, 1);
    // Nothing is told about places where they could not be read.
    let (_, out) = told(&[("places.csv", "name,level\nMali,country\n")]);
    assert!(out.ends_with("0 places, 1 actor: 2 errors, 0 warnings\n"), "{out}");
    // A row that is too short ends the reading of its table, and of no other.
    let found = told(&[("actors.csv", "id,name,category\na,A,milice\nb,B\n"), ("places.csv", PLACES)]);
    insta::assert_snapshot!(found.1, @r"
    tables/actors.csv:3: cannot be read: 2 cells, the header has 3 (nothing of this file was checked further)
    2 places, 0 actors: 1 error, 0 warnings
    ");
    assert_eq!(found.0, 1);
}

#[test]
fn lines_are_those_of_the_file() {
    let windows = ACTORS.replace('\n', "\r\n") + "\r\n\r\nvide,,,etatique,,,,,,\r\n";
    for actors in [windows.clone(), windows.replace('\r', "")] {
        let (_, out) = told(&[("actors.csv", &actors)]);
        assert_eq!(out.lines().next(), Some("tables/actors.csv:5: empty name (every actor has one)"), "{out}");
    }
    // A cell may hold several lines; the row starts on its first.
    let long = ACTORS.replace("soldats maliens", "\"soldats\nmaliens\"") + "vide,,,etatique,,,,,,\n";
    let (_, out) = told(&[("actors.csv", &long)]);
    assert!(out.starts_with("tables/actors.csv:4: empty name"), "{out}");
}

#[test]
fn findings_as_json() {
    let desk = vocabulary(&[("demonyms.csv", "path,forms\nMali,\n")]);
    let run = desk.run(&["check", "--schema", "tables", "--format", "json"]);
    validate("findings.schema.json", &run.json());
    assert_eq!(run.status, 1);
    assert_eq!(run.json()["findings"][0]["file"], "demonyms.csv");
    assert_eq!(run.json()["findings"][0]["line"], 2);
}

#[test]
fn warnings_alone_do_not_fail() {
    let (status, out) = told(&[("actors.csv", &ACTORS.replace(",Mali,", ",Atlantide,"))]);
    assert!(status == 0 && out.ends_with("0 errors, 1 warning\n"), "{status} {out}");
}

#[test]
fn there_has_to_be_a_folder() {
    let desk = Desk::new();
    assert!(desk.run(&["check", "--schema", "nowhere"]).fails().contains("nowhere"));
    // Without it, it is an index that has to be there.
    assert!(desk.run(&["check"]).fails_with_hint().contains("no index here"));
    // An empty folder is one whose tables cannot be read.
    desk.write("empty/.keep", "");
    let run = desk.run(&["check", "--schema", "empty"]);
    assert!(run.status == 1 && run.out.contains("empty/actors.csv: cannot be read"), "{run:?}");
}
