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
//! the passages, the matcher of names and the highlighter alike.
//!
//! One thread reads, several analyse, one writes what they made, in the order in which it was read
//! (`index/pipeline.rs`): reports and digest are the same for any number of threads, and so are the files, but for where
//! little memory makes many segments, which are merged as they come. What is under way is bounded by its bytes.
//!
//! # Rooms, from the top; each imports only rooms below it
//!
//! | room | owns |
//! | --- | --- |
//! | `main.rs` | parse, call, exit code |
//! | [`commands`] | one file a command: its arguments and what it calls |
//! | [`web`] | the page and the API of `vigie serve`, over the same calls as the commands |
//! | [`render`] | one file an output format; sees results only |
//! | [`expectations`] | what a corpus expects of its searches, asked of an index |
//! | [`diff`] | what two indexes differ in |
//! | [`eval`] | how well runs rank, by judgements |
//! | [`search`] | the path of a query: what its words stand for, first pass, second pass, hits; counts over the same plan; what is like a report; suggestions while typing |
//! | [`highlight`] | tokens and patterns → byte ranges; the best sentences |
//! | [`query`] | the query language: text → syntax tree, errors with a span and a hint |
//! | [`index`] | the tantivy layout, writing, committing, opening. Only it and `search` name tantivy |
//! | [`annotate`] | groups, places and dates in a report's text, their roles, and the facets they give |
//! | [`passages`] | where passages begin and end |
//! | [`corpus`] | walking, decoding, one reader a format |
//! | [`report`] | what enters |
//! | [`hit`], [`whole`], [`counts`], [`suggestions`], [`citation`] | what leaves, and what tells where it is from, written and read back |
//! | [`vocabulary`] | actors and places with all their names, words that mean the same: the tables, checked and compiled |
//! | [`french`] | the analysis chain, sentences, date expressions, acronyms that a text explains |
//! | [`date`], [`facet`] | values checked at the boundary |
//! | [`lang`] | the table of messages in other languages; only `commands`, `web` and `render` speak through it |
//! | `fold`, `proximity` | what is left of a word when accents do not count; where words stand together |
//!
//! # How an index is laid out
//!
//! One document a report, so that counts and facets are exact; the passage, a range of token positions and of bytes,
//! is the unit of ranking and display. Exact terms, stems and protected names share one field and one row of
//! positions (`index/terms.rs`); a gap parts passages, so that no phrase crosses; a numeric column holds the first
//! position of each. The lead (title and first words) has a field of its own, for how rare words are there; acronyms that
//! a report explains have one too (`index/acronyms.rs`), so that what the corpus teaches goes with the reports that teach
//! it.
//!
//! Record and text of a report are stored together, each report compressed alone (`index/record.rs`), so that a hit reads
//! nothing of its neighbours.
//!
//! A commit says of itself (`index/commit.rs`) by which versions it was written, the digest of all its reports, and those
//! of the states before it; each report knows the commit that brought it. Beside it stand the manifest
//! (`index/manifest.rs`): the files that were read, by the hash of their bytes, so that they are not read again; and the
//! counts of all reports by their facets (`index/totals.rs`).
//!
//! # How a query is answered
//!
//! Its syntax tree (`query`) becomes a plan (`search/resolve.rs`): a boolean tree over slots, each with the variants that
//! it may stand for: stems and the exact word; other names, acronyms and synonyms; what a slip was meant for. Of variants
//! the best counts, never the sum. One walk over the reports, some thousands at a time as sets of bits, counts those that
//! answer and gathers the best few hundred; the positions of the terms in those give the score, the passages that answer
//! and the best of them. Stored text is read for the hits that are shown, and for how an acronym is written that is told.
//! Counts of facets and periods go over the columns of all reports that answer, by numbers: what these stand for is looked
//! up once an opened index (`index/facets.rs`). Those of all reports are read as the commit left them.
//!
//! # How names are found
//!
//! The tables of `schema/` are compiled when vigie is built (`build.rs`), others when an index is made, into one run of
//! bytes that is searched as it stands (`vocabulary/compile.rs`). One pass over the tokens finds every name,
//! leftmost-longest; what stands around it decides whether it holds, which of its bearers is meant, and in which role.
//! Groups, places and dates that happened or acted become facets of the report; with their positions they also stand in
//! a field of their own, so that a filter can ask for one passage.
//!
//! A name in a query, typed without its capitals, accents or function words, gives all other names of whom it stands
//! for (`vocabulary/names.rs`), a word those of its families (`vocabulary/synonyms.rs`). What has several bearers or
//! needs a cue that the query lacks gives nothing.
//!
//! # Invariants
//!
//! 1. [`french`] has the only analyzer. Index, query, highlighter and matcher all call it.
//! 2. Offsets are bytes into the report's stored text (normalized NFC at ingest), everywhere, always on character
//!    boundaries.
//! 3. Everything below `commands` and `web` returns values; it never prints, never exits. Renderers write to a `Write`.
//! 4. One query path: the command line, batches, the page and the API give the same hits for the same request, and a count is what a
//!    search of reports with that filter finds.
//! 5. A directory that holds an index always holds a complete, readable index: before, during and after any crash
//!    (`index/home.rs`).
//! 6. Nothing is dropped in silence: every input that was skipped, left out or undated is counted, named and told.
//! 7. User input never panics. A query error has a span, a reason and, where there is one, a hint.
//! 8. An index records the version of its format and of the analysis chain with its tables; opening it with others
//!    says so and what to do. It brings its vocabulary along where that is not the built-in one.

pub mod commands;
pub mod web;

pub mod render;

pub mod diff;
pub mod eval;
pub mod expectations;

pub mod search;

pub mod highlight;
pub mod query;

pub mod index;

pub mod annotate;
pub mod passages;

pub mod corpus;

pub mod citation;

pub mod counts;
pub mod hit;
pub mod report;
pub mod suggestions;
pub mod whole;

pub mod vocabulary;

pub mod french;

pub mod date;
pub mod facet;
pub mod lang;

mod fold;
mod proximity;
