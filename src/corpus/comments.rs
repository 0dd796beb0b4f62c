//! Where the comments of readers begin.

use super::furniture::key;

/// What readers leave.
const NOUNS: [&str; 6] = ["commentaire", "commentaires", "comments", "reactions", "reflexions", "reponses"];

/// Words around them.
const AROUND: [&str; 8] = ["article", "cet", "des", "lecteurs", "les", "sur", "vos", "votre"];

/// Whether a line is the heading of comments with their number: `Commentaires (3)`, `3 réactions`. Without a number,
/// the word may be a heading of the article.
pub(super) fn is_heading(line: &str) -> bool {
    let key = key(line);
    let (mut nouns, mut numbers) = (0, 0);
    for word in key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if NOUNS.binary_search(&word).is_ok() {
            nouns += 1;
        } else if word.len() <= 5 && word.chars().all(|c| c.is_ascii_digit()) {
            numbers += 1;
        } else if AROUND.binary_search(&word).is_err() {
            return false;
        }
    }
    (nouns, numbers) == (1, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(NOUNS.is_sorted_by(|a, b| a < b));
        assert!(AROUND.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn knows_headings() {
        for line in [
            "Commentaires (3)",
            "3 commentaires",
            "Vos réactions (12)",
            "1 commentaire sur cet article",
            "COMMENTAIRES : 4",
        ] {
            assert!(is_heading(line), "{line}");
        }
        for line in
            ["Commentaires", "Commentaires (3) et analyses", "3 morts", "Le 3 mars, des commentaires ont suivi", ""]
        {
            assert!(!is_heading(line), "{line}");
        }
    }
}
