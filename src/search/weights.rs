//! Every weight of the ranking, in one place, with the measurement that chose it.
//!
//! nDCG@10 on PIAF (3,835 questions, 1,551 paragraphs) and service-public.fr (1,656 questions, 3,765 sheets), words
//! as alternatives, 100 hits; differences under .005 are noise. With the weights below: .811 and .747. Weights are
//! round values set by hand, so that they carry over to collections that they were not measured on.

/// How fast a repeated word stops adding: the usual value.
pub(super) const K1: f32 = 1.2;
/// How much a long text counts less: the usual value.
pub(super) const B: f32 = 0.75;
/// The same for titles, whose lengths say less.
pub(super) const TITLE_B: f32 = 0.5;
/// A word in the title against one in the text. With 1: .807 and .745; with 5: .812 and .748.
pub(super) const TITLE: f32 = 3.0;
/// The exact word on top of its stem. With 0: .796 and .738.
pub(super) const EXACT: f32 = 0.4;
/// The best passage on top of the whole report. With 0: .814 and .733; with .6: .808 and .752.
pub(super) const PASSAGE: f32 = 0.3;
/// Words of a passage of usual length, the mean of press text; with 60 the figures are the same.
pub(super) const PASSAGE_WORDS: f32 = 90.0;
/// A word in the title while reports are only gathered, where each field saturates by itself.
pub(super) const TITLE_FIRST_PASS: f32 = 0.7;
/// Reports that the second pass ranks at least. With 512 and with 2,000 the figures are the same.
pub(super) const LEAST_POOL: usize = 256;
/// Reports ranked for each hit asked for.
pub(super) const POOL_PER_HIT: usize = 2;
