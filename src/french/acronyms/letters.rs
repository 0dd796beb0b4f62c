//! Whether the letters of an acronym are those of words, and of which.

use crate::french::Token;
use crate::french::elision::is_apostrophe;

/// What it costs the fit to leave out a word that has something to say.
const SKIPPED: u16 = 16;
/// To begin behind such a word with nothing between: the head of a French name stands before its adjectives.
const BEHIND: u16 = 24;
/// The same where neither has a capital: « certains certificats ».
const BEHIND_SMALL: u16 = 10;
/// To go over a comma or a line end.
const PARTED: u16 = 8;
/// To take a letter from inside a word, and one that stands right behind the letter before it.
const INNER: u16 = 4;
const NEXT: u16 = 2;
/// To take a letter from a function word.
const LINK: u16 = 1;

/// Words that a name may leave out although they are no function words of French: the English and Arabic ones of
/// names, and prepositions that a query keeps. Sorted.
const LINKS: [&str; 29] = [
    "ad", "al", "and", "ar", "as", "at", "bil", "by", "contre", "del", "durant", "el", "en", "envers", "for", "from",
    "hors", "in", "lil", "of", "on", "parmi", "the", "to", "ul", "via", "wa", "wal", "with",
];

/// Bytes of the longest of them.
const LONGEST_LINK: usize = 6;

/// The Arabic article, with which a name may begin.
const ARABIC: [&str; 3] = ["al", "as", "el"];

/// Words behind which a noun begins. Sorted.
const DETERMINERS: [&str; 24] = [
    "au", "aux", "ce", "ces", "cet", "cette", "chaque", "des", "du", "la", "le", "les", "leur", "leurs", "mon", "nos",
    "notre", "sa", "ses", "son", "un", "une", "vos", "votre",
];

/// Number words, each with the figures that an acronym writes: the G5, Groupe des cinq. Sorted.
const NUMBERS: [(&str, &str); 10] = [
    ("cinq", "5"),
    ("deux", "2"),
    ("dix", "10"),
    ("five", "5"),
    ("huit", "8"),
    ("neuf", "9"),
    ("quatre", "4"),
    ("sept", "7"),
    ("six", "6"),
    ("trois", "3"),
];

/// A word that may give letters, or what is elided before one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'t> {
    /// The first letter, folded and small as all.
    first: char,
    rest: &'t str,
    /// The token that it is, or is a part of.
    pub(super) token: usize,
    /// Whether it is a function word, which may give its first letter and need not.
    link: bool,
    /// How well a name begins here; nothing where it cannot.
    begin: Option<Begin>,
    /// Whether a comma or a line end stands before it.
    parted: bool,
}

/// How well a name begins with a word.
#[derive(Clone, Copy, Debug)]
struct Begin {
    cost: u16,
    /// Whether what stands before shows that it does.
    firm: bool,
}

impl Piece<'_> {
    /// Whether a name can begin here.
    pub(super) fn can_begin(&self) -> bool {
        self.begin.is_some()
    }
}

/// Adds what of the token at a place may give letters: the word, and before it what is elided there. `parted` tells
/// whether a comma or a line end stands before it; `before` is the token that does where nothing parts them.
pub(super) fn push_pieces<'t>(
    pieces: &mut Vec<Piece<'t>>,
    text: &str,
    at: usize,
    token: &'t Token<'_>,
    parted: bool,
    before: Option<&Token<'_>>,
) {
    let own = own_elision(token);
    let elided = if token.elided { letter_before(&text[..token.start]) } else { own };
    if let Some(first) = elided {
        pieces.push(Piece { first, rest: "", token: at, link: true, begin: None, parted });
    }
    let exact = token.terms.exact.as_str();
    let mut letters = exact.chars();
    if own.is_some() {
        letters.next();
    }
    let Some(first) = letters.next() else { return };
    let link = is_link(token);
    let article = ARABIC.contains(&exact) && is_capital(token);
    let begins = own.is_none() && (!link || article);
    pieces.push(Piece {
        first,
        rest: letters.as_str(),
        token: at,
        link,
        begin: begins.then(|| begin(token, before, elided)),
        parted: parted && elided.is_none(),
    });
}

/// How well a name begins with a token, which `before` stands right before, and what is elided.
fn begin(token: &Token<'_>, before: Option<&Token<'_>>, elided: Option<char>) -> Begin {
    let capital = is_capital(token);
    match (before, elided) {
        (_, Some(letter)) => Begin { cost: 0, firm: capital || letter == 'l' },
        (None, None) => Begin { cost: 0, firm: true },
        (Some(before), None) if is_link(before) => {
            let determiner = DETERMINERS.binary_search(&before.terms.exact.as_str()).is_ok();
            Begin { cost: 0, firm: capital || determiner }
        }
        (Some(before), None) => match (is_capital(before), capital) {
            (false, true) => Begin { cost: 0, firm: true },
            (false, false) => Begin { cost: BEHIND_SMALL, firm: false },
            (true, _) => Begin { cost: BEHIND, firm: false },
        },
    }
}

/// Whether a name may do without a word.
pub(super) fn is_link(token: &Token<'_>) -> bool {
    let exact = token.terms.exact.as_str();
    token.is_stop() || exact.len() <= LONGEST_LINK && LINKS.binary_search(&exact).is_ok()
}

fn is_capital(token: &Token<'_>) -> bool {
    token.surface.starts_with(char::is_uppercase)
}

/// The letter elided in a token that holds it: the `d` of `d'Ivoire`, not the `n` of `N'Djamena`.
fn own_elision(token: &Token<'_>) -> Option<char> {
    let mut chars = token.surface.chars();
    let first = chars.next().filter(|c| matches!(c, 'd' | 'l'))?;
    chars.next().filter(|&c| is_apostrophe(c)).map(|_| first)
}

/// The first of the letters whose apostrophe ends a text.
fn letter_before(text: &str) -> Option<char> {
    let text = text.trim_end_matches(|c: char| is_apostrophe(c) || c.is_whitespace());
    text.bytes().rev().take(8).take_while(u8::is_ascii_alphabetic).last().map(|b| char::from(b.to_ascii_lowercase()))
}

/// How letters fit words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fit {
    cost: u16,
    /// Words with something to say that give no letter.
    pub(super) skipped: u8,
    /// Letters from inside words.
    pub(super) inner: u8,
    /// Letters from function words.
    pub(super) links: u8,
    /// Whether what stands before the first word shows that a name begins there.
    pub(super) firm: bool,
    /// Whether the first word stands behind another one that has something to say, with nothing between.
    pub(super) behind: bool,
}

impl Fit {
    /// Whether every letter begins a word, and every word with something to say gives one.
    pub(super) fn is_strict(self) -> bool {
        self.skipped == 0 && self.inner == 0
    }

    fn costing(cost: u16) -> Self {
        Self { cost, ..Self::default() }
    }

    fn and(self, other: Self) -> Self {
        Self {
            cost: self.cost + other.cost,
            skipped: self.skipped + other.skipped,
            inner: self.inner + other.inner,
            links: self.links + other.links,
            firm: self.firm || other.firm,
            behind: self.behind || other.behind,
        }
    }

    fn cheaper(self, other: Self) -> Self {
        if other.cost < self.cost { other } else { self }
    }
}

/// Finds the words that the letters of an acronym are of, after Schwartz and Hearst, « A simple algorithm for
/// identifying abbreviation definitions in biomedical text », PSB 2003: all letters in their order, the first one at
/// the beginning of the first word.
///
/// Beyond it, and for French: the cheapest of all ways is taken, not the first from the right; a letter inside a word
/// counts only behind one that begins the word; the last word gives a letter, unless it is what a number counts;
/// function words and what is elided may give their first letter.
///
/// Only fits that are `believed` count. Gives the piece that they begin with, which is the first one unless they may
/// begin `anywhere`, and the fit. Time and space grow with the product of letters and pieces.
pub(super) fn fit(
    letters: &[char],
    pieces: &[Piece<'_>],
    anywhere: bool,
    believed: impl Fn(Fit) -> bool,
) -> Option<(usize, Fit)> {
    let first = *letters.first()?;
    let could_begin = |piece: &Piece<'_>| piece.can_begin() && (piece.first == first || first.is_ascii_digit());
    let skip = pieces.iter().position(could_begin).filter(|&skip| anywhere || skip == 0)?;
    let pieces = &pieces[skip..];
    let (width, last) = (letters.len() + 1, pieces.len().checked_sub(1)?);
    // The best way from each piece and letter to the end, which lies behind the last of both.
    let mut ways: Vec<Option<Fit>> = vec![None; (pieces.len() + 1) * width];
    ways[pieces.len() * width + letters.len()] = Some(Fit::default());
    if letters.last().is_some_and(char::is_ascii_digit)
        && last.checked_sub(1).is_some_and(|number| figures(&pieces[number], letters_of_number(letters)).is_some())
    {
        // Of a number, the acronym leaves out what is counted: the M23, Mouvement du 23 mars.
        ways[last * width + letters.len()] = Some(Fit { cost: SKIPPED, skipped: 1, ..Fit::default() });
    }
    let mut best: Option<(usize, Fit)> = None;
    for (at, piece) in pieces.iter().enumerate().rev() {
        for from in (0..letters.len()).rev() {
            let behind = |place: usize| ways[(at + 1) * width + place];
            let given = give(piece, &letters[from..])
                .filter_map(|(taken, fit)| behind(from + taken).map(|rest| rest.and(fit)))
                .reduce(Fit::cheaper);
            if from == 0
                && (anywhere || at == 0)
                && let (Some(given), Some(Begin { cost, firm })) = (given, piece.begin)
            {
                let whole = given.and(Fit { cost, firm, behind: cost > 0, ..Fit::default() });
                if best.is_none_or(|(_, best)| whole.cost < best.cost) && believed(whole) {
                    best = Some((skip + at, whole));
                }
            }
            let skipped = behind(from).filter(|_| at < last).map(|rest| {
                let cost = if piece.link { 0 } else { SKIPPED };
                rest.and(Fit { cost, skipped: u8::from(!piece.link), ..Fit::default() })
            });
            let way = given.into_iter().chain(skipped).reduce(Fit::cheaper);
            ways[at * width + from] = way.map(|way| way.and(Fit::costing(if piece.parted { PARTED } else { 0 })));
        }
    }
    best
}

/// The ways in which a piece gives the first of some letters and maybe more: how many, and what that is to the fit.
fn give<'a>(piece: &'a Piece<'_>, letters: &'a [char]) -> impl Iterator<Item = (usize, Fit)> + 'a {
    let starts = letters.first().is_some_and(char::is_ascii_digit);
    let number = if starts { figures(piece, letters) } else { None };
    let number = number.map(|taken| (taken, Fit::default()));
    let begins = number.is_none() && letters.first() == Some(&piece.first);
    let cost = if piece.link { LINK } else { 0 };
    let first = begins.then_some((1, Fit { cost, links: u8::from(piece.link), ..Fit::default() }));
    let mut rest = piece.rest.char_indices();
    let (mut fit, mut end) = (Fit::default(), 0);
    let inside = if begins && !piece.link { letters } else { &[] };
    let more = inside.iter().enumerate().skip(1).map_while(move |(at, letter)| {
        let (place, found) = rest.find(|(_, c)| c == letter)?;
        fit = fit.and(Fit { cost: if place == end { NEXT } else { INNER }, inner: 1, ..Fit::default() });
        end = place + found.len_utf8();
        Some((at + 1, fit))
    });
    number.into_iter().chain(first).chain(more)
}

/// The figures at the end of some letters.
fn letters_of_number(letters: &[char]) -> &[char] {
    let words = letters.iter().rposition(|c| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    &letters[words..]
}

/// How many letters are the figures of the number that a piece is: those of `23`, and of « cinq ».
fn figures(piece: &Piece<'_>, letters: &[char]) -> Option<usize> {
    let digits = letters.iter().take_while(|c| c.is_ascii_digit()).count();
    if digits == 0 {
        return None;
    }
    let word = || std::iter::once(piece.first).chain(piece.rest.chars());
    let spelled = || NUMBERS.iter().find(|(number, _)| number.chars().eq(word())).map(|(_, figures)| figures.chars());
    let written = letters[..digits].iter().copied();
    let is = word().eq(written.clone()) || spelled().is_some_and(|figures| figures.eq(written));
    is.then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::french::Analyzer;

    /// The words that letters are of, with how many are skipped and how many letters are from inside.
    fn fitted(letters: &str, text: &str) -> Option<(String, u8, u8)> {
        let tokens = Analyzer::new().analyze(text);
        let mut pieces = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            push_pieces(&mut pieces, text, at, token, false, at.checked_sub(1).map(|at| &tokens[at]));
        }
        let letters: Vec<char> = letters.chars().collect();
        let (first, fit) = fit(&letters, &pieces, true, |_| true)?;
        Some((text[tokens[pieces[first].token].start..].to_owned(), fit.skipped, fit.inner))
    }

    #[test]
    fn tables_are_sorted() {
        assert_eq!(LINKS.iter().map(|link| link.len()).max(), Some(LONGEST_LINK));
        assert!(LINKS.is_sorted() && DETERMINERS.is_sorted() && NUMBERS.is_sorted());
    }

    #[test]
    fn the_cheapest_way_is_taken() {
        let found = |letters, text, long: &str, skipped, inner| {
            assert_eq!(fitted(letters, text), Some((long.to_owned(), skipped, inner)));
        };
        found("oua", "de l'Organisation de l'unité africaine", "Organisation de l'unité africaine", 0, 0);
        found("fama", "les Forces armées maliennes", "Forces armées maliennes", 0, 1);
        found("cnt", "la Chambre du Conseil national de transition", "Conseil national de transition", 0, 0);
        found("msm", "la Mission maritime pour la sécurité en mer", "Mission maritime pour la sécurité en mer", 1, 0);
        found("ci", "la Côte d'Ivoire", "Côte d'Ivoire", 0, 0);
        found("m23", "le Mouvement du 23", "Mouvement du 23", 0, 0);
        found("m23", "le Mouvement du 23 mars", "Mouvement du 23 mars", 1, 0);
        found("g5", "le Groupe des cinq", "Groupe des cinq", 0, 0);
    }

    #[test]
    fn letters_that_no_word_begins_with_fit_nothing() {
        assert_eq!(fitted("onu", "New York"), None);
        assert_eq!(fitted("pax", "Programme alimentaire"), None, "no word for the last letter");
        assert_eq!(fitted("pa", "Programme alimentaire mondial"), None, "the last word gives no letter");
        assert_eq!(fitted("m24", "le Mouvement du 23 mars"), None, "another number");
        assert_eq!(fitted("pm", "la Compagnie maritime"), None, "a letter inside a word that does not begin with one");
    }
}
