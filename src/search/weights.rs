//! Every weight of the ranking, in one place.

/// How fast a repeated word stops adding.
pub(super) const K1: f32 = 1.2;
/// How much a long text counts less.
pub(super) const B: f32 = 0.75;
/// The same for titles, whose lengths say less.
pub(super) const TITLE_B: f32 = 0.5;
/// A word in the title against one in the text.
pub(super) const TITLE: f32 = 3.0;
/// The exact word on top of its stem.
pub(super) const EXACT: f32 = 0.4;
/// The best passage on top of the whole report.
pub(super) const PASSAGE: f32 = 0.3;
/// A word in the title while reports are only gathered.
pub(super) const TITLE_FIRST_PASS: f32 = 0.7;
/// Words of a passage of usual length.
pub(super) const PASSAGE_WORDS: f32 = 90.0;
/// Reports that the second pass ranks at least.
pub(super) const LEAST_POOL: usize = 500;
/// Reports ranked for each hit asked for.
pub(super) const POOL_PER_HIT: usize = 5;
