//! What people see, whole.

use super::super::samples::{answer, any_answer, expansion, failure, hit, run, written};
use super::super::terminal::columns;
use super::super::{Format, Mode, Style};
use crate::hit::{Answer, ExpansionKind, Mark};

const NARROW: Style = Style { color: false, width: 40, lang: crate::lang::Lang::En };
const WIDE: Style = Style { color: false, width: 100, lang: crate::lang::Lang::En };

fn text(style: Style, answer: &Answer) -> String {
    written(Format::Text, style, "embuscade Bankass", answer)
}

fn one(text: &str) -> Answer {
    Answer { hits: vec![hit(1, "Titre", text, &[])], total: 1, ..Answer::default() }
}

/// Escapes made visible, so that a snapshot can be read.
fn visible(text: &str) -> String {
    text.replace('\u{1b}', "␛")
}

#[test]
fn at_100_columns() {
    insta::assert_snapshot!(text(WIDE, &answer()), @r"
    1. Embuscade meurtrière contre un convoi près de Bankass
       Échantillon A · 2025-01-08 · JNIM, FAMa · Diallassagou
       Des hommes armés ont tendu une embuscade à un convoi de l'armée malienne, jeudi, sur la route qui
       relie Bankass à Diallassagou. Selon une source locale, « quatre militaires ont été tués » et deux
       véhicules incendiés. Le Groupe de soutien à l'islam et aux musulmans a revendiqué l'embuscade le
       lendemain. Les villages des environs se sont vidés de leurs habitants, qui ont gagné Bankass à
       pied ou en charrette. L'armée n'a pas encore communiqué de bilan. Une délégation des autorités
       régionales est attendue sur place dans les prochains jours, d'après le gouvernorat de Bandiagara,
       qui appelle les populations au calme et à la vigilance.
       corpus/2025/depeche-1.txt#3 · +2 more passages in this report

    2. Bilan de la semaine
       Échantillon A · published 2025-01-09
       Bilan
       Trois civils ont été tués dans l'embuscade ; les FAMa évoquent une attaque « complexe ».
       corpus/2025/depeche-2.txt#3

    12 reports (hits 1–2)
    note: “le” was dropped
    ");
}

#[test]
fn at_40_columns_a_tall_passage_shows_its_fragment() {
    insta::assert_snapshot!(text(NARROW, &answer()), @r"
    1. Embuscade meurtrière contre un convoi
       près de Bankass
       Échantillon A · 2025-01-08 · JNIM,
       FAMa · Diallassagou
       … Le Groupe de soutien à l'islam et
       aux musulmans a revendiqué
       l'embuscade le lendemain. Les
       villages des environs se sont vidés
       de leurs habitants, qui ont gagné
       Bankass à pied ou en charrette. …
       corpus/2025/depeche-1.txt#3
       +2 more passages in this report

    2. Bilan de la semaine
       Échantillon A · published 2025-01-09
       Bilan
       Trois civils ont été tués dans
       l'embuscade ; les FAMa évoquent une
       attaque « complexe ».
       corpus/2025/depeche-2.txt#3

    12 reports (hits 1–2)
    note: “le” was dropped
    ");
}

#[test]
fn in_colour() {
    insta::assert_snapshot!(visible(&text(Style { color: true, width: 100, ..Style::default() }, &answer())), @r"
    ␛[1m1. ␛[0m␛[1mEmbuscade meurtrière contre un convoi près de Bankass␛[0m
       ␛[2mÉchantillon A · 2025-01-08 · JNIM, FAMa · Diallassagou␛[0m
       Des hommes armés ont tendu une ␛[1m␛[31membuscade␛[0m à un convoi de l'armée malienne, jeudi, sur la route qui
       relie ␛[1m␛[31mBankass␛[0m à Diallassagou. Selon une source locale, « quatre militaires ont été tués » et deux
       véhicules incendiés. Le Groupe de soutien à l'islam et aux musulmans a revendiqué l'␛[1m␛[31membuscade␛[0m le
       lendemain. Les villages des environs se sont vidés de leurs habitants, qui ont gagné ␛[1m␛[31mBankass␛[0m à
       pied ou en charrette. L'armée n'a pas encore communiqué de bilan. Une délégation des autorités
       régionales est attendue sur place dans les prochains jours, d'après le gouvernorat de Bandiagara,
       qui appelle les populations au calme et à la vigilance.
       ␛[2mcorpus/2025/depeche-1.txt#3 · +2 more passages in this report␛[0m

    ␛[1m2. ␛[0m␛[1mBilan de la semaine␛[0m
       ␛[2mÉchantillon A · published 2025-01-09␛[0m
       Bilan
       Trois civils ont été tués dans l'␛[1m␛[31membuscade␛[0m ; les FAMa évoquent une attaque « complexe ».
       ␛[2mcorpus/2025/depeche-2.txt#3␛[0m

    12 reports (hits 1–2)
    ␛[2mnote: ␛[0m␛[2m“le” was dropped␛[0m
    ");
    insta::assert_snapshot!(visible(&text(Style { color: true, width: 40, ..Style::default() }, &answer())), @r"
    ␛[1m1. ␛[0m␛[1mEmbuscade meurtrière contre un convoi␛[0m
       ␛[1mprès de Bankass␛[0m
       ␛[2mÉchantillon A · 2025-01-08 · JNIM,␛[0m
       ␛[2mFAMa · Diallassagou␛[0m
       … Le Groupe de soutien à l'islam et
       aux musulmans a revendiqué
       l'␛[1m␛[31membuscade␛[0m le lendemain. Les
       villages des environs se sont vidés
       de leurs habitants, qui ont gagné
       ␛[1m␛[31mBankass␛[0m à pied ou en charrette. …
       ␛[2mcorpus/2025/depeche-1.txt#3␛[0m
       ␛[2m+2 more passages in this report␛[0m

    ␛[1m2. ␛[0m␛[1mBilan de la semaine␛[0m
       ␛[2mÉchantillon A · published 2025-01-09␛[0m
       Bilan
       Trois civils ont été tués dans
       l'␛[1m␛[31membuscade␛[0m ; les FAMa évoquent une
       attaque « complexe ».
       ␛[2mcorpus/2025/depeche-2.txt#3␛[0m

    12 reports (hits 1–2)
    ␛[2mnote: ␛[0m␛[2m“le” was dropped␛[0m
    ");
}

#[test]
fn at_200_columns_no_line_is_wider() {
    let text = text(Style { color: false, width: 200, ..Style::default() }, &answer());
    assert!(text.lines().all(|line| columns(line) <= 200), "{text}");
    assert!(text.lines().any(|line| columns(line) > 180), "{text}");
}

#[test]
fn facets_are_short() {
    let mut answer = one("Rien.");
    let regions = ["/Mali/Mopti", "/Niger/Mopti", "/Mali/Gao", "/Mali/Ségou", "/Mali/Kidal", "/Mali/Kayes", "/Mali"];
    answer.hits[0].regions = regions.iter().map(|path| path.parse().unwrap()).collect();
    answer.hits[0].dates = vec!["2024-08".parse().unwrap(), "2024-05-03..2024-05-04".parse().unwrap()];
    insta::assert_snapshot!(text(WIDE, &answer), @r"
    1. Titre
       Échantillon A · 2024-08, 2024-05-03..2024-05-04 · JNIM, FAMa · Mopti, Gao, Ségou, Kidal +2
       Rien.
       corpus/2025/depeche-1.txt#3

    1 report (hit 1)
    ");
}

#[test]
fn what_is_missing_leaves_no_trace() {
    let mut answer = one("Rien.");
    let hit = &mut answer.hits[0];
    (hit.report.title, hit.report.source, hit.report.published) = (Some(" ".to_owned()), None, None);
    (hit.report.path, hit.report.url) = (String::new(), Some("https://exemple.invalid/1".to_owned()));
    (hit.groups, hit.regions, hit.dates) = (vec![], vec![], vec![]);
    hit.passages_in_report = 2;
    insta::assert_snapshot!(text(WIDE, &answer), @r"
    1. 2025/depeche-1.txt
       Rien.
       https://exemple.invalid/1:2025/depeche-1.txt#3 · +1 more passage in this report

    1 report (hit 1)
    ");
}

#[test]
fn nothing_found() {
    let mut answer = Answer { warnings: vec!["“Bankas” is in no report".to_owned()], ..Answer::default() };
    insta::assert_snapshot!(text(WIDE, &answer), @r"
    no report answers “embuscade Bankass”
    note: “Bankas” is in no report
    ");
    assert_eq!(written(Format::Text, WIDE, "", &Answer::default()), "no report answers\n");
    answer.total = 3;
    assert!(text(WIDE, &answer).starts_with("3 reports (none on this page)\n"));
}

#[test]
fn what_the_query_was_widened_by() {
    let names = ["GSIM", "Groupe de soutien à l'islam et aux musulmans", "Jama'at Nusrat al-Islam wal-Muslimin"];
    let answer = Answer {
        expanded: vec![
            expansion("JNIM", 0, ExpansionKind::Name, &names),
            expansion("embuscde", 5, ExpansionKind::Spelling, &["embuscade"]),
        ],
        warnings: vec!["« embuscde » lu comme « embuscade »".to_owned()],
        ..one("Rien.")
    };
    let text = text(Style::default(), &answer);
    insta::assert_snapshot!(text.split_once("\n\n").unwrap().1, @r"
    1 report (hit 1)
    note: « JNIM » also finds GSIM, Groupe de soutien à l'islam et aux musulmans, +1
          more
    note: « embuscde » lu comme « embuscade »
    ");
}

#[test]
fn a_batch_names_its_requests_and_goes_on_after_a_failure() {
    let found = Answer { id: Some("q1".to_owned()), ..one("Rien.") };
    let failure = failure();
    let text = run(Format::Text, NARROW, Mode::Batch, "attaque \"forces armées", &[Ok(&found), Err(&failure)]);
    insta::assert_snapshot!(text, @r#"
    q1: attaque "forces armées
    1. Titre
       Échantillon A · 2025-01-08 · JNIM,
       FAMa · Diallassagou
       Rien.
       corpus/2025/depeche-1.txt#3

    1 report (hit 1)

    q2: attaque "forces armées
    error: the quote is never closed
       attaque "forces armées
    hint: write "forces armées" with two
          quotes
    "#);
}

#[test]
fn hostile_text_is_harmless() {
    let long = "x".repeat(500);
    let mut answer = one(&format!(
        "\u{1b}[31mrouge\u{1b}]0;titre\u{7} \u{202e}envers\u{2066} nul\0 lignes\r\nsuite\ttab {long} 👩🏽\u{200d}🚀 مالي 漢字 \
         e\u{301}te\u{301} \u{9b}2J"
    ));
    let hit = &mut answer.hits[0];
    hit.report.title = Some("Titre\u{1b}[2J\nsur deux lignes".to_owned());
    hit.report.source = Some("Source\u{202e}".to_owned());
    hit.report.path = "a  b\n\u{1b}c.txt".to_owned();
    answer.warnings = vec!["\u{1b}[5m".to_owned()];
    // What a snapshot cannot show is spelt out.
    let spelt = [(long.as_str(), "x…x"), ("\u{200d}", "<zwj>"), ("e\u{301}", "e<acute>")];
    let text = spelt.iter().fold(text(NARROW, &answer), |text, (from, to)| text.replace(from, to));
    insta::assert_snapshot!(text, @r"
    1. Titre�[2J sur deux lignes
       Source� · 2025-01-08 · JNIM, FAMa ·
       Diallassagou
       �[31mrouge�]0;titre� �envers� nul�
       lignes suite tab
       x…x
       👩🏽<zwj>🚀 مالي 漢字 e<acute>te<acute> �2J
       a  b��c.txt:2025/depeche-1.txt#3

    1 report (hit 1)
    note: �[5m
    ");
}

#[test]
fn marks_outside_the_passage_or_inside_a_character_are_harmless() {
    let mut answer = one("L'été à Gao.");
    let mark = |start, end| Mark { start, end, term: String::new() };
    // « é » is at 814 and has two bytes; a mark that starts on the second does not hold it.
    answer.hits[0].marks =
        vec![mark(0, 811), mark(0, 813), mark(815, 817), mark(822, usize::MAX), mark(900, 910), mark(820, 819)];
    let text = visible(&text(Style { color: true, width: 100, ..Style::default() }, &answer));
    insta::assert_snapshot!(text.lines().nth(2).unwrap().trim_start(), @r"␛[1m␛[31mL␛[0m'é␛[1m␛[31mt␛[0mé à␛[1m␛[31m Gao.␛[0m");
}

proptest::proptest! {
    #[test]
    fn never_panics_and_has_no_control_characters(answer in any_answer(), query in ".{0,9}", width in 0_usize..120) {
        let plain = written(Format::Text, Style { color: false, width, ..Style::default() }, &query, &answer);
        let bad = |c: char| c != '\n' && c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        proptest::prop_assert!(!plain.contains(bad), "{:?}", plain);
        // Colour changes nothing but the colour.
        let colored = written(Format::Text, Style { color: true, width, ..Style::default() }, &query, &answer);
        proptest::prop_assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
    }
}
