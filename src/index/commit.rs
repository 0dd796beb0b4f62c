//! What a commit says of itself: versions, the digest of all reports, the commits before it, the manifest of the files, the
//! counts of all reports.

use serde::{Deserialize, Serialize};

use super::layout::FORMAT_VERSION;
use crate::annotate::ANNOTATION_VERSION;
use crate::french::Analyzer;
use crate::vocabulary::Vocabulary;

/// Commits that are remembered.
const REMEMBERED: usize = 500;
/// What stands for the layout in a digest. Unlike [`FORMAT_VERSION`] it is raised only where the same reports would be
/// found otherwise: a digest that was cited stays good when reports are only packed otherwise.
const DIGEST_FORMAT: u32 = 4;
/// Hex digits of a digest.
const DIGITS: usize = 32;

/// What a commit says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payload {
    #[serde(flatten)]
    pub(crate) versions: Versions,
    /// Reports at the commit.
    pub(crate) reports: u64,
    /// The last commits, the newest last, which is this one. Empty in an index of another format.
    #[serde(default)]
    pub(crate) history: Vec<Commit>,
    /// The file that tells which files were read, if it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) manifest: Option<String>,
    /// The file of the counts of all reports by their facets; none where an older vigie wrote the commit, or where the run was
    /// killed right after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) counts: Option<String>,
}

/// What has to agree between an index and who reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Versions {
    /// Version of the layout.
    pub(crate) format: u32,
    /// Version of the analysis chain and hash of its tables.
    pub(crate) chain: String,
    /// Version of the rules that find names and dates; 0 where none were looked for.
    #[serde(default)]
    pub(crate) annotation: u32,
    /// Hash of the vocabulary that the reports were annotated with.
    #[serde(default)]
    pub(crate) vocabulary: String,
}

/// A state of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Commit {
    /// Counted from 1; reports remember the number of the commit that brought them.
    pub(crate) number: u64,
    /// Digest of the reports at the commit.
    pub(crate) digest: String,
}

impl Versions {
    /// Those of this program; `annotated` tells whether names and dates are looked for.
    pub(crate) fn now(vocabulary: &Vocabulary, annotated: bool) -> Self {
        let vocabulary = vocabulary.fingerprint().to_owned();
        let annotation = if annotated { ANNOTATION_VERSION } else { 0 };
        Self { format: FORMAT_VERSION, chain: Analyzer::fingerprint(), annotation, vocabulary }
    }

    /// Whether names and dates were looked for in the reports.
    pub(crate) fn annotated(&self) -> bool {
        self.annotation != 0
    }

    /// For people.
    pub(crate) fn told(&self) -> String {
        let Self { format, chain, annotation, vocabulary } = self;
        let vocabulary = if vocabulary.is_empty() { "none" } else { vocabulary };
        let annotation = if self.annotated() { annotation.to_string() } else { "none".to_owned() };
        format!("format {format}, analysis {chain}, annotation {annotation}, vocabulary {vocabulary}")
    }

    /// The digest of reports, given by id and content hash in any order: 32 hex digits, the same wherever and however
    /// an index of these versions came to hold just them.
    pub(crate) fn digest<'r>(&self, reports: impl Iterator<Item = (&'r str, u64)>) -> String {
        let mut reports: Vec<(&str, u64)> = reports.collect();
        reports.sort_unstable();
        let mut hasher = blake3::Hasher::new();
        let mut part = |text: &str| {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        };
        part(&Self { format: DIGEST_FORMAT, ..self.clone() }.told());
        for (id, hash) in reports {
            part(id);
            part(&format!("{hash:016x}"));
        }
        hasher.finalize().to_hex().chars().take(DIGITS).collect()
    }
}

impl Payload {
    pub(crate) fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// The digest of the reports at the commit.
    pub(crate) fn digest(&self) -> &str {
        self.history.last().map_or("", |commit| &commit.digest)
    }

    /// The number that reports of the next commit have.
    pub(crate) fn next(&self) -> u64 {
        self.history.last().map_or(1, |commit| commit.number + 1)
    }

    /// The history with a new state, unless it is that of the last commit.
    pub(crate) fn history_with(&self, digest: &str) -> Vec<Commit> {
        let mut history = self.history.clone();
        if self.digest() != digest {
            history.push(Commit { number: self.next(), digest: digest.to_owned() });
        }
        history.drain(..history.len().saturating_sub(REMEMBERED));
        history
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_knows_reports_and_versions_and_no_order() {
        let versions = Versions { format: 1, ..Versions::default() };
        let digest = |reports: &[(&str, u64)]| versions.digest(reports.iter().copied());
        assert_eq!(digest(&[("a", 1), ("b", 2)]), digest(&[("b", 2), ("a", 1)]));
        assert_eq!(digest(&[]).len(), DIGITS);
        let others = [digest(&[("a", 1)]), digest(&[("a", 2)]), digest(&[("b", 1)]), digest(&[("a", 1), ("b", 2)])];
        assert!(others.iter().enumerate().all(|(at, one)| !others[at + 1..].contains(one)), "{others:?}");
        let later = Versions { annotation: 1, ..versions.clone() };
        assert_ne!(later.digest([("a", 1)].into_iter()), others[0]);
    }

    #[test]
    fn history_is_bounded_and_counts_on() {
        let mut payload = Payload::default();
        assert_eq!(payload.next(), 1);
        for n in 0..REMEMBERED + 3 {
            payload.history = payload.history_with(&n.to_string());
            payload.history = payload.history_with(&n.to_string());
        }
        assert_eq!(payload.history.len(), REMEMBERED);
        assert_eq!(payload.history.last().map(|commit| commit.number), Some(REMEMBERED as u64 + 3));
    }
}
