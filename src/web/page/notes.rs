//! What is told of an answer beside its hits: what the query was widened by, what was mended, what to know.

use super::state::State;
use super::words;
use crate::hit::{Answer, ExpansionKind};
use crate::lang::Lang;
use crate::render;
use crate::search::{Request, Scope};

/// A sentence, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) text: String,
    /// A label and an address.
    pub(super) link: Option<(String, String)>,
}

/// All of them; those that widen the query are undone by the link of the last of them.
pub(super) fn notes(state: &State, answer: &Answer, lang: Lang) -> Vec<Note> {
    let told = |message: &String| words::text(&lang.tell(message.as_str()));
    let linked = |text: &'static str, label: &'static str, next: State| Note {
        text: lang.tell(text).into_owned(),
        link: Some((lang.tell(label).into_owned(), next.at("/"))),
    };
    // What the command line does by an option, a link does here.
    let (scoped, warnings): (Vec<_>, Vec<_>) =
        answer.warnings.iter().cloned().partition(|warning| warning.contains("--in passage"));
    let sentences = render::notes(&answer.expanded, &warnings, false);
    let mut notes: Vec<Note> = sentences.iter().map(|text| Note { text: told(text), link: None }).collect();
    let widened = sentences.len().saturating_sub(warnings.len());
    let mended = answer.expanded.iter().filter(|told| told.kind == ExpansionKind::Spelling).count();
    // Spellings are told by the first warnings.
    if let Some(last) = (widened + mended).checked_sub(1).and_then(|last| notes.get_mut(last)) {
        let label = lang.tell("search only what is written").into_owned();
        last.link = Some((label, state.with(|next| next.expand = false).at("/")));
    }
    if !scoped.is_empty() {
        let anywhere = state.with(|next| next.scope = Scope::Report);
        notes.push(linked("no single passage has all of it", "look in whole reports", anywhere));
    } else if state.0.scope == Scope::Passage && state.is_filtered() {
        notes.push(Note { text: lang.tell("counts are those of whole reports").into_owned(), link: None });
    }
    notes.extend(answer.suggestions.iter().map(|other| {
        let next = state.with(|next| *next = Request { query: other.query.clone(), ..next.clone() });
        let found = lang.tell(format!("{} report{}", other.total, if other.total == 1 { "" } else { "s" }));
        Note {
            text: lang.tell("Did you mean").into_owned(),
            link: Some((format!("{} ({found})", words::text(&other.query)), next.at("/"))),
        }
    }));
    notes
}
