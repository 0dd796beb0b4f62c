//! The language of a report: a code that was given, put into its short form, or what the text looks like.

use whatlang::Lang;

/// Characters that detection looks at.
const SAMPLE: usize = 2_000;

/// Shorter texts say too little.
const SHORTEST: usize = 40;

/// Words of French that its neighbours rarely have. A text in which they are frequent needs no closer look, which took
/// two thirds of all reading time.
const FRENCH: [&str; 27] = [
    "au", "aux", "avec", "ce", "ces", "cette", "chez", "dans", "des", "dont", "du", "elle", "est", "et", "ils", "les",
    "leur", "ont", "où", "par", "pour", "qui", "selon", "sont", "sur", "une", "été",
];

/// Words that are looked at for [`FRENCH`], and how many of them must be.
const WORDS: usize = 80;
const FREQUENT: usize = 10;

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
    let end = text.char_indices().nth(SAMPLE).map_or(text.len(), |(at, _)| at);
    let sample = text.get(..end)?;
    sample.chars().nth(SHORTEST)?;
    let words = sample.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(WORDS);
    if words.filter(|word| FRENCH.contains(word)).count() >= FREQUENT {
        return Some("fr");
    }
    let found = whatlang::detect(sample)?;
    // French that quotes Arabic or names many places is often told without certainty, but rightly.
    (found.is_reliable() || found.lang() == Lang::Fra).then(|| short(found.lang().code()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_has_no_duplicate() {
        assert!(SHORT.is_sorted_by(|a, b| a.0 < b.0));
        assert!(FRENCH.is_sorted_by(|a, b| a < b));
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
}
