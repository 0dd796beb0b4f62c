//! vigie is a full-text search engine over French-language conflict reporting. It indexes reports and answers with
//! ranked, highlighted passages, filtered and counted by armed group, region and date.
//!
//! # The way data takes
//!
//! ```text
//! vigie index:   files → corpus (bytes → Report) → annotate (tokens, passages, facets) → index (tantivy)
//! vigie search:  text  → query (tree) → search (plan, tantivy, rank) → highlight (byte ranges) → render
//! ```
//!
//! One direction, no way back. A report is read, normalized, split and analysed once; its tokens serve the index,
//! the passages and the highlighter alike.
//!
//! # Rooms, from the top; each imports only rooms below it
//!
//! | room | owns |
//! | --- | --- |
//! | `main.rs` | parse, call, exit code |
//! | [`commands`] | one file a command: its arguments and what it calls |
//! | [`render`] | one file an output format; sees results only |
//! | [`search`] | the path of a query: plan, first pass, second pass, hits; counts over the same plan |
//! | [`highlight`] | tokens and patterns → byte ranges; the best sentences |
//! | [`query`] | the query language: text → syntax tree, errors with a span and a hint |
//! | [`index`] | the tantivy layout, writing, committing, opening. Only it and `search` name tantivy |
//! | [`annotate`] | what of a report is searched and counted |
//! | [`passages`] | where passages begin and end |
//! | [`corpus`] | walking, decoding, one reader a format |
//! | [`report`] | what enters |
//! | [`hit`], [`counts`] | what leaves |
//! | [`date`], [`facet`] | values checked at the boundary |
//! | [`french`] | the analysis chain, sentences, date expressions |
//!
//! # How an index is laid out
//!
//! One document a report, so that counts and facets are exact; the passage, a range of token positions and of bytes,
//! is the unit of ranking and display. Exact terms, stems and protected names share one field and one row of
//! positions (`index/terms.rs`); a gap parts passages, so that no phrase crosses; a numeric column holds the first
//! position of each. A query first finds reports with stock boolean queries, then reads the positions of its terms
//! in the best few hundred, which give the score and the best passages. Stored text is read for the hits that are
//! shown, and for nothing else. Counts of facets and periods go over the columns of all reports that answer.
//!
//! # Invariants
//!
//! 1. [`french`] has the only analyzer. Index, query and highlighter all call it.
//! 2. Offsets are bytes into the report's stored text (normalized NFC at ingest), everywhere, always on character
//!    boundaries.
//! 3. Everything below `commands` returns values; it never prints, never exits. Renderers write to a `Write`.
//! 4. One query path: the command line and batches give the same hits for the same request, and a count is what a
//!    search of reports with that filter finds.
//! 5. A directory that holds an index always holds a complete, readable index: before, during and after any crash
//!    (`index/home.rs`).
//! 6. Nothing is dropped in silence: every input that was skipped, left out or undated is counted, named and told.
//! 7. User input never panics. A query error has a span, a reason and, where there is one, a hint.
//! 8. An index records the version of its format and of the analysis chain with its tables; opening it with others
//!    says so and what to do.

pub mod commands;
pub mod render;
pub mod search;

pub mod highlight;
pub mod query;

pub mod index;

pub mod annotate;
pub mod passages;

pub mod corpus;

pub mod counts;
pub mod hit;
pub mod report;

pub mod vocabulary;

pub mod date;
pub mod facet;

pub mod french;
