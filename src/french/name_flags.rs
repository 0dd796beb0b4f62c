//! What the table of names says of a word. Shared with the build script that writes the table.

/// A name in whatever case or accents: the key is folded.
pub(crate) const ALWAYS: u64 = 1;
/// Also an ordinary word when folded; a name only with a capital and these accents: the key is the lower-case form.
pub(crate) const SPELLED: u64 = 2;
/// With [`SPELLED`]: an ordinary word in this very spelling too, so that a capital at a sentence start proves nothing.
pub(crate) const COMMON: u64 = 4;
/// Has an apostrophe of its own (N'Djamena), which is no elision.
pub(crate) const APOSTROPHE: u64 = 8;
