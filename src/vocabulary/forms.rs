//! Forms: what a text is to a search, and which of several texts say what no other says.

use crate::french::{Analyzer, Token, is_word};

/// The words of a text as a search by stems sees them: function words only keep their place, and count for nothing at
/// either end.
#[derive(Clone, Debug)]
pub(super) struct Form(Vec<Word>);

#[derive(Clone, Debug)]
struct Word {
    exact: String,
    stems: Vec<String>,
    stop: bool,
}

impl Word {
    fn is(&self, other: &Self) -> bool {
        let stop = self.stop && other.stop;
        stop || self.exact == other.exact || self.stems.iter().any(|stem| other.stems.contains(stem))
    }
}

impl Form {
    /// The form of some tokens.
    pub(super) fn new(tokens: &[Token<'_>]) -> Self {
        let content = |token: &Token<'_>| !token.is_stop();
        let start = tokens.iter().position(content).unwrap_or(tokens.len());
        let end = tokens.iter().rposition(content).map_or(start, |last| last + 1);
        let word = |token: &Token<'_>| Word {
            exact: token.terms.exact.clone(),
            stems: token.stems().map(str::to_owned).collect(),
            stop: token.is_stop(),
        };
        Self(tokens[start..end].iter().map(word).collect())
    }

    /// Whether it has nothing but function words and numbers.
    fn says_nothing(&self) -> bool {
        self.0.iter().all(|word| word.stop || word.exact.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// Whether a search takes the two for one.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.holds(other)
    }

    /// Whether the other stands in it, word by word in a row: then whoever finds the other finds it too.
    pub(super) fn holds(&self, other: &Self) -> bool {
        !other.0.is_empty()
            && self.0.windows(other.0.len()).any(|row| row.iter().zip(&other.0).all(|(own, other)| own.is(other)))
    }
}

/// The texts, in their order, that are found neither with what was typed nor with another one of them; `main` stays
/// where it says more than what was typed. Texts of function words and numbers alone are left out, and those that are
/// not `safe`, which is asked last.
pub(super) fn distinct<'t>(
    analyzer: &mut Analyzer,
    typed: &Form,
    main: &str,
    texts: impl IntoIterator<Item = &'t str>,
    mut safe: impl FnMut(&mut Analyzer, &str) -> bool,
) -> Vec<String> {
    let mut found: Vec<(&str, Form)> = Vec::new();
    for text in texts {
        let form = Form::new(&analyzer.analyze(text));
        if form.says_nothing() || form.holds(typed) {
            continue;
        }
        let held = found.iter().any(|(_, known)| if text == main { form.is(known) } else { form.holds(known) });
        if !held && safe(analyzer, text) {
            found.retain(|(other, known)| *other == main || !known.holds(&form));
            found.push((text, form));
        }
    }
    found.into_iter().map(|(text, _)| text.to_owned()).collect()
}

/// Whether a token is an ordinary word, not a name.
pub(super) fn is_ordinary(token: &Token<'_>) -> bool {
    !token.terms.protected() && is_word(&token.terms.exact)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Form {
        Form::new(&Analyzer::new().analyze(text))
    }

    #[test]
    fn a_search_sees_stems_and_the_places_of_function_words() {
        assert!(form("un soldat malien").is(&form("soldats maliens")));
        assert!(
            form("groupe de soutien à l'islam et aux musulmans")
                .is(&form("Groupe du soutien à l’Islam et les musulmans"))
        );
        assert!(!form("armée du Mali").is(&form("armée Mali")));
        assert!(form("les forces armées maliennes").holds(&form("armée malienne")));
        assert!(!form("malien").holds(&form("de")));
    }

    #[test]
    fn what_another_finds_is_left_out() {
        let names =
            ["JNIM", "groupe JNIM", "Jnim", "Front du Nord", "combattants du Front du Nord", "Sud", "M-23", "23"];
        let told = |typed, main| distinct(&mut Analyzer::new(), &form(typed), main, names, |_, text| text != "Sud");
        assert_eq!(told("GSIM", ""), ["JNIM", "Front du Nord"]);
        assert_eq!(told("jnim", ""), ["Front du Nord"]);
        assert_eq!(told("GSIM", "groupe JNIM"), ["JNIM", "groupe JNIM", "Front du Nord"]);
    }
}
