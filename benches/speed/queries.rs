//! The questions: for each class some that are drawn from the words of the corpus by how many reports have them.

use chrono::{Datelike, Days, NaiveDate};
use rustc_hash::{FxHashMap, FxHashSet};
use vigie::french::{Analyzer, Kind};
use vigie::search::Request;

use super::corpus::{Files, read_given};

/// Questions of a class.
pub(crate) const EACH: usize = 24;
/// Reports whose words are counted: enough to tell what is frequent.
const COUNTED: usize = 12_000;

/// One question, to be asked of either.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ask {
    /// A word.
    Word(String),
    /// Two words, both.
    Both(String, String),
    /// Two words, one behind the other.
    Phrase(String, String),
    /// All words that begin so.
    Prefix(String),
    /// A word in reports of a group.
    OfGroup(String, String),
    /// A word in reports of what happened from one day to another.
    Between(String, NaiveDate, NaiveDate),
}

impl Ask {
    /// For vigie: as it stands, without other names and words, and without texts.
    pub(crate) fn request(&self) -> Request {
        let fields = Some(vec!["id".to_owned()]);
        let plain = Request { fields, expand: false, ..Request::default() };
        match self {
            Self::Word(word) => Request { query: word.clone(), ..plain },
            Self::Both(a, b) => Request { query: format!("{a} {b}"), ..plain },
            Self::Phrase(a, b) => Request { query: format!("\"{a} {b}\""), ..plain },
            Self::Prefix(start) => Request { query: format!("{start}*"), ..plain },
            Self::OfGroup(word, group) => Request { query: word.clone(), groups: vec![group.clone()], ..plain },
            Self::Between(word, from, to) => {
                Request { query: word.clone(), dates: vec![format!("{from}..{to}")], ..plain }
            }
        }
    }
}

/// The questions of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    /// What they are.
    pub(crate) name: &'static str,
    /// At most [`EACH`].
    pub(crate) asks: Vec<Ask>,
}

/// All classes; the first three are single words, from rare to frequent.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    /// In the order of the table.
    pub(crate) all: Vec<Class>,
    /// Questions that a tenth of the reports or so answer.
    pub(crate) tenth: Vec<Ask>,
    /// Every word of the corpus, in order.
    pub(crate) words: Vec<Ask>,
}

impl Classes {
    /// The questions for a corpus.
    pub(crate) fn of(files: &Files) -> Self {
        let counted = Counted::of(files);
        let words = |from: f64, to: f64| -> Vec<String> {
            let found = counted.words.iter().filter(|(_, reports)| counted.is_share(**reports, from, to));
            spread(found.map(|(word, _)| word.clone()).collect())
        };
        let (rare, middle, frequent, tenth) =
            (words(0.0002, 0.0008), words(0.004, 0.012), words(0.15, 0.6), words(0.07, 0.13));
        let phrases = counted.pairs.iter().filter(|(_, reports)| counted.is_share(**reports, 0.002, 0.05));
        let phrases = spread(phrases.map(|(pair, _)| pair.clone()).collect::<Vec<(String, String)>>());
        let groups = counted.groups.iter().filter(|(_, reports)| counted.is_share(**reports, 0.02, 0.15));
        let groups = spread(groups.map(|(path, _)| path.clone()).collect::<Vec<String>>());
        let starts = middle.iter().filter(|word| word.is_ascii() && word.len() > 6).map(|word| word[..5].to_owned());
        let day = |at: usize| NaiveDate::from_ymd_opt(2014, 1, 1).map(|day| day + Days::new(at as u64 * 160));
        let quarter = |(at, word): (usize, &String)| {
            let from = day(at)?.with_day(1)?;
            Some(Ask::Between(word.clone(), from, from + Days::new(91)))
        };
        let class = |name, asks: Vec<Ask>| Class { name, asks };
        let single = |words: &[String]| words.iter().cloned().map(Ask::Word).collect::<Vec<_>>();
        let all = vec![
            class("rare word", single(&rare)),
            class("middling word", single(&middle)),
            class("frequent word", single(&frequent)),
            class(
                "AND, middling and frequent",
                middle.iter().zip(&frequent).map(|(a, b)| Ask::Both(a.clone(), b.clone())).collect(),
            ),
            class(
                "AND, two frequent",
                frequent.iter().zip(frequent.iter().skip(1)).map(|(a, b)| Ask::Both(a.clone(), b.clone())).collect(),
            ),
            class("phrase", phrases.into_iter().map(|(a, b)| Ask::Phrase(a, b)).collect()),
            class("prefix", spread(starts.collect()).into_iter().map(Ask::Prefix).collect()),
            class(
                "word + group facet",
                frequent.iter().zip(groups.iter().cycle()).map(|(a, b)| Ask::OfGroup(a.clone(), b.clone())).collect(),
            ),
            class("word + date range", frequent.iter().enumerate().filter_map(quarter).collect()),
        ];
        for class in &all {
            assert!(class.asks.len() > EACH / 2, "{}: only {} questions", class.name, class.asks.len());
        }
        let mut words: Vec<String> = counted.words.into_keys().collect();
        words.sort_unstable();
        Self { all, tenth: single(&tenth), words: single(&words) }
    }
}

/// In how many reports of the corpus what stands.
#[derive(Default)]
struct Counted {
    reports: usize,
    words: FxHashMap<String, u32>,
    /// Words side by side.
    pairs: FxHashMap<(String, String), u32>,
    groups: FxHashMap<String, u32>,
}

impl Counted {
    fn of(files: &Files) -> Self {
        let (mut counted, mut analyzer) = (Self::default(), Analyzer::new());
        for report in read_given(&files.given()).take(COUNTED) {
            counted.reports += 1;
            let tokens = analyzer.analyze(&report.text);
            // Words that both take for the same: in small letters, with nothing within, and of a length.
            let plain: Vec<Option<&str>> = tokens
                .iter()
                .map(|token| {
                    let word = token.surface;
                    let plain = word.len() > 4 && word.chars().all(|c| c.is_lowercase() && c.is_alphabetic());
                    (plain && token.terms.kind == Kind::Word && token.joined.is_none()).then_some(word)
                })
                .collect();
            let words: FxHashSet<&str> = plain.iter().copied().flatten().collect();
            let mut pairs: FxHashSet<(&str, &str)> = FxHashSet::default();
            for (pair, words) in tokens.windows(2).zip(plain.windows(2)) {
                if let &[Some(a), Some(b)] = words
                    && a != b
                    && pair[1].start == pair[0].end + 1
                {
                    pairs.insert((a, b));
                }
            }
            for word in words {
                *counted.words.entry(word.to_owned()).or_default() += 1;
            }
            for (a, b) in pairs {
                *counted.pairs.entry((a.to_owned(), b.to_owned())).or_default() += 1;
            }
            for path in report.groups {
                *counted.groups.entry(path).or_default() += 1;
            }
        }
        counted
    }

    /// Whether so many reports are a share of all between two bounds.
    fn is_share(&self, reports: u32, from: f64, to: f64) -> bool {
        let share = f64::from(reports) / self.reports as f64;
        // Of few reports a small share may be less than one.
        (from..to).contains(&share) || reports == 1 && to * (self.reports as f64) < 1.0
    }
}

/// At most [`EACH`] of some things, from everywhere in their order.
pub(crate) fn spread<T: Ord + Clone>(mut all: Vec<T>) -> Vec<T> {
    all.sort_unstable();
    all.dedup();
    let step = (all.len() / EACH).max(1);
    all.into_iter().step_by(step).take(EACH).collect()
}
