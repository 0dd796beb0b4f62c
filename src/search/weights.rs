//! Every weight of the ranking, in one place, with the measurement that chose it.
//!
//! nDCG@10 on PIAF (3,835 questions, 1,551 paragraphs) and service-public.fr (1,656 questions, 3,765 sheets), words
//! as alternatives, 100 hits; differences under .005 are noise. With the weights below: .821 and .813; with one typing
//! error in each question .815 and .803. What is told beside a weight is what another value of it gave, all else being
//! equal, where these gave .821 and .809, and .815 and .803 (the long form of an acronym weighed less then). Weights are
//! round values set by hand, so that they carry over to collections that they were not measured on.

/// How fast a repeated word stops adding: the usual value. With .9: .823 and .806; with 1.5: .819 and .807.
pub(super) const K1: f32 = 1.2;
/// How much a long text counts less: the usual value. With .6: .822 and .791; with .9: .819 and .818.
pub(super) const B: f32 = 0.75;
/// The same for titles, whose lengths say less. With .25 and with .75 the figures are the same.
pub(super) const TITLE_B: f32 = 0.5;
/// A word in the title against one in the text. With 1: .818 and .808; with 5: .822 and .809.
pub(super) const TITLE: f32 = 3.0;
/// The exact word on top of its stem. With 0: .811 and .803; with .6: .820 and .806.
pub(super) const EXACT: f32 = 0.4;
/// The title and the first hundred words, with their own rarities, on top of the whole report. With 0: .821 and .754;
/// with .2: .822 and .798; with .4: .821 and .813.
pub(super) const LEAD_SHARE: f32 = 0.3;
/// Two words of the query side by side, on top of the words. With 0: .820 and .804; with .3: .820 and .804.
pub(super) const PAIR: f32 = 0.15;
/// Positions from one word of a pair to the other, at most: function words may stand between. With 1: .820 and .803;
/// with 5: .822 and .807.
pub(super) const PAIR_REACH: u32 = 3;
/// The best passage on top of the whole report. With 0: .823 and .806; with .5: .819 and .808. It is what chooses the
/// passage that is shown.
pub(super) const PASSAGE: f32 = 0.3;
/// Words of a passage of usual length, the mean of press text. With 60 the figures are the same.
pub(super) const PASSAGE_WORDS: f32 = 90.0;
/// A word in the title while reports are only gathered, where each field saturates by itself. With .3 and with 1.5 the
/// figures are the same.
pub(super) const TITLE_FIRST_PASS: f32 = 0.7;
/// Of so many reports that answer, the second pass ranks one; the others follow as the first pass found them. Of the best
/// ten for 150 pairs of frequent words in service-public.fr, which a median of 324 reports answer (any of the words: 1,718),
/// a pool of 64 holds .93 (.81), of 128 .98 (.97), of 256 all.
pub(super) const PER_POOL: usize = 8;
/// Reports that the second pass ranks at least. With 128 and with 1,024 the figures are the same.
pub(super) const LEAST_POOL: usize = 256;
/// Reports that the second pass ranks at most: each costs the reading of its positions.
pub(super) const MOST_POOL: usize = 1024;

/// Letters that a word has at least for a slip in it to be mended. With 3 the figures with typing errors are the same;
/// without mending they are .717 and .721.
pub(super) const MENDED: usize = 4;
/// Letters from which two slips are looked for. With 6 the figures with typing errors are the same; with one slip only:
/// .814 and .803.
pub(super) const LONG_WORD: usize = 8;
/// Words that a misspelt one may stand for, at most. With 1: .812 and .802; with 6 the figures are the same.
pub(super) const MOST_CANDIDATES: usize = 3;
/// How likely a word is at least to be meant, against the likeliest. With .01 and with .2 the figures are the same.
pub(super) const LEAST_LIKELY: f32 = 0.05;
/// What the logarithm of a word's frequency adds to how likely it is meant. With .2 and with .5 the figures are the same.
pub(super) const PER_LN_FREQUENCY: f32 = 0.35;
/// What a slip takes away, by its cost. With 1.5 and with 3 the figures are the same.
pub(super) const PER_COST: f32 = 2.2;
/// A letter typed twice instead of once, or once instead of twice. With .9 the figures with typing errors are the same.
pub(super) const DOUBLING: f32 = 0.6;
/// Two letters that changed places. With 1 the figures are the same.
pub(super) const SWAP: f32 = 0.7;
/// A letter too many or too few. With 1.3: .814 and .802.
pub(super) const ONE_LETTER: f32 = 0.9;
/// One letter for another. With .9: .814 and .803.
pub(super) const SUBSTITUTION: f32 = 1.3;
/// More than one slip. With 1.3 the figures are the same.
pub(super) const TWO_EDITS: f32 = 2.0;

/// What each edit of a word that was asked for by its spelling (`frappe~`) takes, as a factor; not measured.
pub(super) const FUZZY: f32 = 0.6;

/// What an acronym of the corpus stands for against the acronym, and the other way round. With next to nothing: .821 and
/// .807.
pub(super) const ACRONYM: f32 = 0.9;
/// Long forms of an acronym that are looked for, at most. With 8 the figures are the same.
pub(super) const FORMS: usize = 3;
/// One of so many sightings of an acronym is the least that a long form needs, to be found by it or to find it. Without
/// this the figures are the same; it keeps what letters stand for now and then out of answers.
pub(super) const RARELY: u64 = 10;
/// Reports that have to explain an acronym whose letters do not all begin its words. With 1 and without any such the
/// figures are the same.
pub(super) const SIGHTINGS: u64 = 2;
/// The words of an expression or a name that the tables know, where they do not stand together, against the expression.
/// With .5 and with 1 the figures are the same.
pub(super) const SCATTERED: f32 = 0.7;
/// The people of a country against the country, and the other way round. With next to nothing: .820
/// and .808. (Synonyms have their weights in `schema/synonyms.csv`.)
pub(super) const DEMONYM: f32 = 0.5;

/// What a word of the title of a report counts, where reports like it are looked for, against one of its text. Each of 82
/// reports of the sample corpus was asked for the others of its event: .915 find one of them first, and of as many first
/// places as there are others, .866 are theirs. With 4: .915 and .862; with 1: .927 and .870.
pub(super) const LIKE_TITLE: f32 = 2.0;
/// The day of the event against a word as rare. With 1.5: .866 and .837; with 0: .841 and .789; with 6: .915 and .872.
pub(super) const LIKE_DAY: f32 = 3.0;
