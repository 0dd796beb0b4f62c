//! The language of a report: a code that was given, put into its short form, or what the text looks like.

use whatlang::Lang;

/// Characters that detection looks at.
const SAMPLE: usize = 2_000;

/// Shorter texts say too little.
const SHORTEST: usize = 40;

/// Words of French that its neighbours rarely have. A text in which they are frequent needs no closer look, which takes
/// longer than all else that is done to it. Sorted.
#[rustfmt::skip]
const FRENCH: [&str; 60] = [
    "ainsi", "alors", "après", "au", "aussi", "autres", "aux", "avait", "avec", "ce", "ces", "cette", "ceux", "chez",
    "comme", "dans", "depuis", "des", "deux", "dont", "du", "elle", "elles", "est", "et", "fait", "ils", "les", "leur",
    "leurs", "lors", "mais", "même", "notamment", "notre", "nous", "ont", "où", "par", "pour", "près", "qui", "sans",
    "selon", "ses", "sont", "sous", "sur", "tous", "tout", "toute", "toutes", "très", "une", "votre", "vous", "étaient",
    "était", "été", "être",
];

/// Frequent words of other languages that are none of French: of its neighbours, and of those of the Sahel. Sorted.
#[rustfmt::skip]
const OTHERS: [&str; 56] = [
    "alla", "amb", "and", "are", "by", "che", "com", "con", "cu", "da", "das", "del", "della", "den", "der", "di",
    "die", "din", "do", "dos", "een", "el", "els", "em", "este", "for", "from", "gli", "has", "het", "i", "is", "ist",
    "kwa", "los", "mit", "na", "nel", "nicht", "não", "of", "pe", "per", "por", "sono", "that", "the", "to", "um",
    "und", "van", "wa", "was", "with", "ya", "în",
];

/// For each first byte, how long the words of both tables are that begin with it, a bit each: dismisses most words.
const LENGTHS: [u16; 256] = {
    let mut lengths = [0; 256];
    let mut at = 0;
    while at < FRENCH.len() + OTHERS.len() {
        let word = if at < FRENCH.len() { FRENCH[at] } else { OTHERS[at - FRENCH.len()] };
        lengths[word.as_bytes()[0] as usize] |= 1 << word.len();
        at += 1;
    }
    lengths
};

/// Letters from this on are of no script that French is written in.
const OTHER_SCRIPTS: char = '\u{370}';

/// So many of [`FRENCH`] among the first words are enough.
const WORDS: usize = 80;
const FREQUENT: usize = 10;
/// Else so many different ones are, if they are more than one word of so many, and more than so many for each word of
/// another language.
const DIFFERENT: u32 = 5;
const RARE: usize = 40;
const OUTWEIGHED: usize = 4;

/// ISO 639-3 (and the bibliographic codes of 639-2) to ISO 639-1, for what detection tells and records give.
#[rustfmt::skip]
const SHORT: [(&str, &str); 78] = [
    ("afr", "af"), ("aka", "ak"), ("amh", "am"), ("ara", "ar"), ("aze", "az"), ("bam", "bm"),
    ("bel", "be"), ("ben", "bn"), ("bul", "bg"), ("cat", "ca"), ("ces", "cs"), ("cmn", "zh"),
    ("cym", "cy"), ("dan", "da"), ("deu", "de"), ("ell", "el"), ("eng", "en"), ("epo", "eo"),
    ("est", "et"), ("ewe", "ee"), ("fas", "fa"), ("fin", "fi"), ("fra", "fr"), ("fre", "fr"),
    ("ful", "ff"), ("ger", "de"), ("guj", "gu"), ("hau", "ha"), ("heb", "he"), ("hin", "hi"),
    ("hrv", "hr"), ("hun", "hu"), ("hye", "hy"), ("ibo", "ig"), ("ind", "id"), ("ita", "it"),
    ("jav", "jv"), ("jpn", "ja"), ("kan", "kn"), ("kat", "ka"), ("khm", "km"), ("kor", "ko"),
    ("lat", "la"), ("lav", "lv"), ("lin", "ln"), ("lit", "lt"), ("mal", "ml"), ("mar", "mr"),
    ("mkd", "mk"), ("mya", "my"), ("nep", "ne"), ("nld", "nl"), ("nob", "nb"), ("ori", "or"),
    ("pan", "pa"), ("pes", "fa"), ("pol", "pl"), ("por", "pt"), ("ron", "ro"), ("rus", "ru"),
    ("sin", "si"), ("slk", "sk"), ("slv", "sl"), ("sna", "sn"), ("spa", "es"), ("srp", "sr"),
    ("swa", "sw"), ("swe", "sv"), ("tam", "ta"), ("tel", "te"), ("tgl", "tl"), ("tha", "th"),
    ("tuk", "tk"), ("tur", "tr"), ("ukr", "uk"), ("urd", "ur"), ("uzb", "uz"), ("vie", "vi"),
];

/// The short code of a language tag: `fr-FR`, `fra` and `FR` are `fr`; nothing for what is no tag.
pub(super) fn code(tag: &str) -> Option<String> {
    let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    let is_code = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase());
    is_code.then(|| short(&primary).to_owned())
}

fn short(code: &str) -> &str {
    SHORT.binary_search_by_key(&code, |&(long, _)| long).ok().and_then(|at| SHORT.get(at)).map_or(code, |&(_, s)| s)
}

/// The language that a stored text looks to be in, or nothing where it does not tell.
pub(super) fn detect(text: &str) -> Option<&'static str> {
    if begins_in_french(text) {
        return Some("fr");
    }
    let end = if text.len() > SAMPLE { text.char_indices().nth(SAMPLE).map(|(at, _)| at) } else { None };
    let sample = text.get(..end.unwrap_or(text.len()))?;
    sample.chars().nth(SHORTEST)?;
    if is_plainly_french(sample) {
        return Some("fr");
    }
    let found = whatlang::detect(sample)?;
    // French that quotes Arabic or names many places is often told without certainty, but rightly.
    (found.is_reliable() || found.lang() == Lang::Fra).then(|| short(found.lang().code()))
}

/// Whether the first words of a long text are plain French, told without a look at its length in characters.
fn begins_in_french(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(SAMPLE)];
    // The last word may be cut.
    let whole = head.rfind(|c: char| !c.is_alphabetic()).unwrap_or(0);
    head.len() > SHORTEST * 4 && is_french_at_once(&head[..whole])
}

/// Whether enough of the first words are function words of French.
fn is_french_at_once(sample: &str) -> bool {
    words(sample).take(WORDS).filter_map(french).nth(FREQUENT - 1).is_some()
}

/// Whether the function words alone tell that a text is French.
fn is_plainly_french(sample: &str) -> bool {
    if is_french_at_once(sample) {
        return true;
    }
    let (mut count, mut own, mut other, mut seen) = (0, 0, 0, 0_u64);
    for word in words(sample) {
        count += 1;
        if let Some(place) = french(word) {
            own += 1;
            seen |= 1 << place;
        } else if may_be_told(word) && (word.starts_with(|c| c >= OTHER_SCRIPTS) || OTHERS.binary_search(&word).is_ok())
        {
            other += 1;
        }
    }
    seen.count_ones() >= DIFFERENT && own * RARE > count && own > other * OUTWEIGHED
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

/// Which of [`FRENCH`] a word is.
fn french(word: &str) -> Option<usize> {
    if may_be_told(word) { FRENCH.binary_search(&word).ok() } else { None }
}

/// Whether a word may be in a table, or of another script.
fn may_be_told(word: &str) -> bool {
    let first = word.as_bytes()[0];
    !first.is_ascii() || word.len() < 16 && LENGTHS[usize::from(first)] >> word.len() & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_has_no_duplicate() {
        assert!(SHORT.is_sorted_by(|a, b| a.0 < b.0));
        assert!(FRENCH.is_sorted_by(|a, b| a < b));
        assert!(OTHERS.is_sorted_by(|a, b| a < b));
        assert!(OTHERS.iter().all(|word| FRENCH.binary_search(word).is_err()));
    }

    #[test]
    fn shortens_tags() {
        for (tag, want) in
            [("fr-FR", "fr"), ("fr_ML", "fr"), ("FRA", "fr"), (" en ", "en"), ("bam", "bm"), ("tmh", "tmh")]
        {
            assert_eq!(code(tag).as_deref(), Some(want), "{tag}");
        }
        for tag in ["", "français", "f", "12"] {
            assert_eq!(code(tag), None, "{tag}");
        }
    }

    #[test]
    fn french_of_names_and_numbers_is_plainly_french() {
        let text = "OUAGADOUGOU, Ouahigouya, Djibo, Dori, Fada N'Gourma, Kaya (AIB) - Le JNIM a revendiqué 14 attaques à \
                    Solhan, Tin-Akoff, Koutougou, Inata, 12 janvier 2024, par Amadou Diallo, Oumar Cissé, Moussa Traoré \
                    et Issa Maïga. Bilan : 24 morts, 13 blessés, selon le maire. Des sources de Barsalogho, au nord, dans le \
                    Sanmatenga, en disent autant.";
        assert!(is_plainly_french(text) && detect(text) == Some("fr"));
    }

    #[test]
    fn other_languages_are_not_plainly_french() {
        for text in [
            "The Groupe de soutien à l'islam et aux musulmans, the Front de libération du Macina and the Mouvement pour \
             le salut de l'Azawad are active in the region, dans les Trois frontières, with the Etat islamique dans le \
             Grand Sahara, a rival of the group. Médecins sans frontières has left the towns of Djibo and Dori.",
            "El Frente Popular para la Liberación, con sede en los campamentos, ha pedido a la ONU que proteja a los \
             civiles del norte de Malí, donde el Groupe de soutien à l'islam et aux musulmans ataca las aldeas.",
            "Les forces armades van repel·lir un atac contra el seu lloc, segons el portaveu des de la capital, i les \
             autoritats diuen que els combats sur del país van durar una nit, amb les tropes et al.",
            "Autoritățile au anunțat ce măsuri au luat după atacul din est, iar forțele au respins atacatorii care par \
             să fi venit din nord, pe drumul des folosit, sur și abandonat, ce duce la graniță.",
            "Il governo ha detto che le forze armate sono intervenute con gli elicotteri, et ce par le stesse fonti sur \
             del paese; la missione della ONU, una delle più grandi, lascia il nord.",
            "Die Regierung hat die Gruppe du und des Landes verwiesen, sous und sur, dans les Alpes, est und ouest.",
            "أعلن الجيش أنه صد هجوما على موقعه المتقدم عند الفجر قرب المدينة، وقال إن خمسة من جنوده قتلوا في المعارك \
             dans les villages, selon une source, par le maire et les élus du cercle",
        ] {
            assert!(!is_plainly_french(text), "{text}");
        }
    }

    #[test]
    fn detects() {
        for (text, want) in [
            ("L'armée annonce avoir repoussé une attaque contre son poste avancé.", Some("fr")),
            ("The army says it has repelled an attack on its forward base at dawn.", Some("en")),
            (
                "أعلن الجيش أنه صد هجوما على موقعه المتقدم عند الفجر قرب المدينة، وقال إن خمسة من جنوده قتلوا في المعارك",
                Some("ar"),
            ),
            ("Attaque à Kidal", None),
            ("", None),
        ] {
            assert_eq!(detect(text), want, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_beginning_in_french_is_that_of_a_french_text(
            words in proptest::collection::vec("dans|des|les|une|attaques|gendarmes|été|the|villageois", 10..500),
            cut in 0..8_usize,
        ) {
            let text = words.join(" ");
            let text = text.get(cut..).unwrap_or(&text);
            let sample: String = text.chars().take(SAMPLE).collect();
            proptest::prop_assert!(!begins_in_french(text) || is_french_at_once(&sample));
        }
    }
}
