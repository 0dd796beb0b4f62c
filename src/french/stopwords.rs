//! Words that a query does without: function words and the words that only ask. All folded, sorted.

/// Function words: articles, pronouns, prepositions, conjunctions, forms of être and avoir.
const FUNCTION: &[&str] = &[
    "a",
    "ai",
    "aie",
    "aient",
    "aies",
    "ainsi",
    "ait",
    "alors",
    "apres",
    "as",
    "au",
    "aucun",
    "aucune",
    "aupres",
    "auquel",
    "aura",
    "aurai",
    "auraient",
    "aurait",
    "auront",
    "aussi",
    "aux",
    "auxquelles",
    "auxquels",
    "avaient",
    "avais",
    "avait",
    "avec",
    "avez",
    "aviez",
    "avoir",
    "avons",
    "ayant",
    "c",
    "car",
    "ce",
    "ceci",
    "cela",
    "celle",
    "celles",
    "celui",
    "ces",
    "cet",
    "cette",
    "ceux",
    "chez",
    "ci",
    "comme",
    "d",
    "dans",
    "de",
    "depuis",
    "des",
    "desquelles",
    "desquels",
    "donc",
    "dont",
    "du",
    "duquel",
    "elle",
    "elles",
    "en",
    "encore",
    "entre",
    "es",
    "est",
    "et",
    "etaient",
    "etais",
    "etait",
    "etant",
    "ete",
    "etes",
    "etre",
    "eu",
    "eue",
    "eues",
    "eurent",
    "eus",
    "eut",
    "eux",
    "fait",
    "fumes",
    "furent",
    "fus",
    "fut",
    "ici",
    "il",
    "ils",
    "j",
    "je",
    "jusqu",
    "jusque",
    "l",
    "la",
    "laquelle",
    "le",
    "lequel",
    "les",
    "lesquelles",
    "lesquels",
    "leur",
    "leurs",
    "lors",
    "lorsqu",
    "lorsque",
    "lui",
    "m",
    "ma",
    "mais",
    "me",
    "meme",
    "memes",
    "mes",
    "moi",
    "mon",
    "n",
    "ne",
    "ni",
    "nos",
    "notre",
    "nous",
    "on",
    "ont",
    "or",
    "ou",
    "par",
    "parce",
    "pas",
    "peu",
    "peut",
    "plus",
    "pour",
    "puis",
    "puisqu",
    "puisque",
    "qu",
    "quand",
    "que",
    "qui",
    "quoi",
    "quoiqu",
    "quoique",
    "s",
    "sa",
    "sans",
    "se",
    "selon",
    "sera",
    "serai",
    "seraient",
    "serait",
    "seront",
    "ses",
    "si",
    "soient",
    "soit",
    "sommes",
    "son",
    "sont",
    "sous",
    "suis",
    "sur",
    "t",
    "ta",
    "tandis",
    "te",
    "tes",
    "toi",
    "ton",
    "tous",
    "tout",
    "toute",
    "toutes",
    "tres",
    "tu",
    "un",
    "une",
    "va",
    "vers",
    "vos",
    "votre",
    "vous",
    "y",
];

/// Question words, which say what kind of answer is wanted and nothing of its words.
const QUESTION: &[&str] =
    &["combien", "comment", "lequel", "ou", "pourquoi", "quand", "quel", "quelle", "quelles", "quels", "qui", "quoi"];

/// Whether a folded word carries too little meaning to search for.
pub(crate) fn is_stop(folded: &str) -> bool {
    FUNCTION.binary_search(&folded).is_ok() || QUESTION.binary_search(&folded).is_ok()
}

/// The function words that have accents, as they are written: entré and âpres are no function words. Sorted.
const ACCENTED: &[&str] = &[
    "après", "auprès", "eût", "fûmes", "fût", "là", "même", "mêmes", "où", "très", "à", "étaient", "étais", "était",
    "étant", "été", "étés", "êtes", "être",
];

/// Whether a lower-case word, folded as given, is a function or question word in this very spelling, or in one whose
/// accents were not typed.
#[allow(dead_code, reason = "the build script reads the tables alone")]
pub(crate) fn is_stop_form(lower: &str, folded: &str) -> bool {
    is_stop(folded) && (lower.is_ascii() || ACCENTED.binary_search(&lower).is_ok())
}

/// Whether a function word is a noun where an article stands before it: l'est, l'été, d'or.
#[allow(dead_code, reason = "the build script reads the tables alone")]
pub(crate) fn is_noun(folded: &str) -> bool {
    matches!(folded, "est" | "ete" | "or")
}

/// Every stop word.
#[allow(dead_code, reason = "the build script counts them to the lexicon; the library does not")]
pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    FUNCTION.iter().chain(QUESTION).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_unique_and_folded() {
        for table in [FUNCTION, QUESTION] {
            assert!(table.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(table.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase())));
        }
        assert!(ACCENTED.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
