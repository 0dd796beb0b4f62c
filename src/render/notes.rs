//! What is told of an answer in sentences: below the hits, or beside formats whose lines hold hits and nothing else.

use super::terminal::columns;
use super::{Context, counted};
use crate::hit::{Answer, Expansion, ExpansionKind, Explanation, Resolved, ResolvedTerm};

/// Columns that the names of one expansion take before the rest is counted.
const NAMED: usize = 60;

/// What the query was widened by, one sentence a term, with all names or the first few; then the warnings, which tell
/// other spellings.
#[must_use]
pub fn notes(expanded: &[Expansion], warnings: &[String], whole: bool) -> Vec<String> {
    let mut terms: Vec<Vec<&Expansion>> = Vec::new();
    for told in expanded.iter().filter(|told| told.kind != ExpansionKind::Spelling) {
        match terms.iter_mut().find(|known| known[0].term == told.term) {
            Some(known) => known.push(told),
            None => terms.push(vec![told]),
        }
    }
    terms.iter().map(|told| widened(told, whole)).chain(warnings.iter().cloned()).collect()
}

/// What else a term of the query finds: « JNIM » also finds GSIM, +8 more.
fn widened(told: &[&Expansion], whole: bool) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in told.iter().flat_map(|told| &told.to) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let mut ends = names.iter().scan(0, |end, name| {
        *end += columns(name) + columns(", ");
        Some(*end)
    });
    let first = ends.position(|end| end > NAMED && !whole).unwrap_or(names.len()).max(1);
    let mut shown: Vec<String> = names.iter().take(first).map(|&name| name.to_owned()).collect();
    if names.len() > first {
        shown.push(format!("+{} more", names.len() - first));
    }
    format!("« {} » also finds {}", told[0].term, shown.join(", "))
}

/// All that is to be told of an answer beside its hits, one sentence each: how the query was read, where that was asked
/// for; what it was widened by; the warnings; and what to ask instead where nothing answers.
#[must_use]
pub fn aside(context: &Context<'_>, answer: &Answer) -> Vec<String> {
    let mut told = Vec::new();
    if let Some(resolved) = &answer.resolved {
        told.push(format!("read as: {}", reading(resolved)));
        let words = resolved.words.iter().map(|word| {
            let finds: Vec<String> = word.finds.iter().filter(|term| !term.term.is_empty()).map(found).collect();
            let finds = if finds.is_empty() { "nothing in the index".to_owned() } else { finds.join(", ") };
            format!("« {} » is looked for as {finds}", word.term)
        });
        told.extend(words);
        told.extend(resolved.dropped.iter().map(|word| format!("« {word} » is not looked for")));
    }
    told.extend(notes(&answer.expanded, &answer.warnings, answer.resolved.is_some()));
    told.extend(answer.relaxed.iter().map(|laxer| {
        format!("all of it together is in no report; with --match {}, {} answer", laxer.matching, laxer.total)
    }));
    let suggested = answer
        .suggestions
        .iter()
        .map(|other| format!("{} finds {}", context.asking(&other.query), counted(other.total, "report")));
    told.extend(suggested);
    told
}

/// The query as it was read.
pub(super) fn reading(resolved: &Resolved) -> &str {
    if resolved.query.trim().is_empty() { "everything" } else { &resolved.query }
}

/// A score and what it is the sum of.
pub(super) fn sum(score: f32, explanation: &Explanation) -> String {
    let Explanation { report, lead, pairs, passage, .. } = explanation;
    format!("{score:.2} = report {report:.2} + lead {lead:.2} + pairs {pairs:.2} + passage {passage:.2}")
}

fn found(term: &ResolvedTerm) -> String {
    format!("{} (weight {:.2}, {})", term.term, term.weight, counted(term.reports, "report"))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::render::samples::{expansion, explained, fruitless};

    fn told(expanded: &[Expansion]) -> Vec<String> {
        notes(expanded, &[], false)
    }

    #[test]
    fn one_sentence_tells_all_that_a_word_finds() {
        let names = ["GSIM", "Groupe de soutien à l'islam et aux musulmans", "Jama'at Nusrat al-Islam", "Nusrat"];
        let expanded = vec![
            expansion("JNIM", 0, ExpansionKind::Name, &names),
            expansion("malien", 5, ExpansionKind::Demonym, &["Mali"]),
            // What stands in the query twice is told once.
            expansion("JNIM", 12, ExpansionKind::Acronym, &["GSIM", "un autre sens"]),
        ];
        assert_eq!(
            told(&expanded),
            [
                "« JNIM » also finds GSIM, Groupe de soutien à l'islam et aux musulmans, +3 more",
                "« malien » also finds Mali",
            ]
        );
    }

    #[test]
    fn a_long_name_is_told_all_the_same() {
        let long = "x".repeat(200);
        let expanded = vec![expansion("JNIM", 0, ExpansionKind::Name, &[&long, "GSIM"])];
        assert_eq!(told(&expanded), [format!("« JNIM » also finds {long}, +1 more")]);
    }

    #[test]
    fn a_spelling_is_told_by_its_warning_alone() {
        let warnings = vec!["« embuscde » lu comme « embuscade »".to_owned()];
        let expanded = vec![expansion("embuscde", 0, ExpansionKind::Spelling, &["embuscade"])];
        assert_eq!(notes(&expanded, &warnings, false), warnings);
    }

    #[test]
    fn beside_bare_hits_all_the_rest_is_told() {
        let context = Context { query: "q", request: &Value::Null, command: Some("vigie search --limit=3") };
        insta::assert_snapshot!(aside(&context, &fruitless()).join("\n"), @r#"
        all of it together is in no report; with --match any, 3 answer
        vigie search --limit=3 "l'embuscade Bankass" finds 12 reports
        vigie search --limit=3 -- '-"Bankas"' finds 1 report
        "#);
        insta::assert_snapshot!(aside(&context, &explained()).join("\n"), @r#"
        read as: (embuscade OU djihad*) "groupe de soutien à l'islam"
        « embuscade » is looked for as ~embuscad (weight 1.00, 12 reports), embuscade (weight 1.00, 7 reports)
        « djihad* » is looked for as djihad|djihadisme|djihadiste|djihadistes|djihadiser|djihadologue|… 3 more (weight 0.60, 1234 reports)
        « groupe de soutien à l'islam » is looked for as groupe de soutien a l islam (weight 1.00, 3 reports)
        « zanzibar* » is looked for as nothing in the index
        « de » is not looked for
        “le” was dropped
        "#);
    }
}
