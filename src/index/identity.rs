//! Which report is which: the file a report comes from, and what becomes of ids that meet.
//!
//! A record's own id is its identity: where two records bear one, the later holds, and it is told. An id that was made
//! of a path is only a name for the file: the same file keeps its id however it is reached, and another file of the
//! same name below another root gets a longer one.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::IndexError;
use super::base::Base;
use super::document::half;
use super::manifest::Recorded;
use super::reader::IndexReader;
use crate::report::Report;

/// Where a report comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Of the file and the record in it.
    pub(super) hash: u64,
    /// The file, as the index names it ([`Base::name`]); nothing for standard input.
    pub(super) file: Option<PathBuf>,
}

impl Origin {
    /// The hash of the file and the record in it.
    pub(super) fn hash(&self) -> u64 {
        self.hash
    }
}

/// A report as the index had it when a run began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Before {
    /// Of its content.
    pub(super) hash: u64,
    /// Of its origin.
    pub(super) origin: u64,
    /// The number of the commit that brought its content.
    pub(super) commit: u64,
}

/// Where a run met a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Number of the path among those of the run.
    path: u32,
    /// Which of the reports of its file it is, from 1.
    nth: u32,
}

/// What is known of an id during a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) hash: u64,
    pub(super) origin: u64,
    /// Where this run met it, if it did.
    pub(super) seen: Option<Place>,
    /// How the index had it when the run began.
    pub(super) before: Option<Before>,
    /// Whether the index has a date of it.
    pub(super) dated: bool,
}

impl Known {
    /// What it is to the index that the run began with.
    fn meeting(&self) -> Meeting {
        match self.before {
            None => Meeting::New,
            Some(before) if (before.hash, before.origin) == (self.hash, self.origin) => Meeting::Same,
            Some(_) => Meeting::Changed,
        }
    }
}

/// The ids of an index and of a run over it.
pub(super) struct Identities {
    base: Base,
    known: FxHashMap<String, Known>,
    /// Origin → id.
    origins: FxHashMap<u64, String>,
    /// Files that this run read.
    files: FxHashSet<PathBuf>,
    /// The paths that this run met reports of, as given, each time it came to one.
    paths: Vec<String>,
    /// Which report of the last of them was met last, from 1.
    nth: u32,
    /// Whether standard input gave reports.
    piped: bool,
    /// The path met last, as given and as the index names it: the records of one file come in a row.
    last: Option<(String, PathBuf)>,
}

/// What a report is to the index that a run began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meeting {
    /// Not there.
    New,
    /// There as it is.
    Same,
    /// There with other content.
    Changed,
}

/// What came of entering a report.
pub(super) struct Entry {
    /// Whether the index has a date of the report.
    pub(super) dated: bool,
    pub(super) meeting: Meeting,
    /// The commit that brought this content, if the index had it when the run began.
    pub(super) commit: Option<u64>,
    /// What another record of this run was that bears the same id, and does not hold any more.
    pub(super) replaced: Option<Meeting>,
    /// Where that was met, if it had other content, which is lost, and where this one.
    pub(super) lost: Option<(Place, Place)>,
    /// Whether a record of another file that is still there bore the id.
    pub(super) elsewhere: bool,
}

impl Identities {
    /// No ids yet, in an index of this directory.
    pub(super) fn new(base: Base) -> Self {
        Self {
            base,
            known: FxHashMap::default(),
            origins: FxHashMap::default(),
            files: FxHashSet::default(),
            paths: Vec::new(),
            nth: 0,
            piped: false,
            last: None,
        }
    }

    /// The ids of an index.
    ///
    /// # Errors
    /// If they cannot be read.
    pub(super) fn of(reader: &IndexReader, base: Base) -> Result<Self, IndexError> {
        let mut identities = Self::new(base);
        for (id, known) in reader.known()? {
            identities.origins.insert(known.origin, id.clone());
            identities.known.insert(id, known);
        }
        Ok(identities)
    }

    /// Id and content hash of all reports.
    pub(super) fn contents(&self) -> impl Iterator<Item = (&str, u64)> {
        self.known.iter().map(|(id, known)| (id.as_str(), known.hash))
    }

    /// Forgets an id.
    pub(super) fn remove(&mut self, id: &str) {
        self.known.remove(id);
    }

    /// Whether all these reports of one file are there just as they were recorded, each under its own id; `untouched`
    /// wants them as the run found them, so that nothing of it would be lost if they were met.
    pub(super) fn hold(&self, reports: &[Recorded], untouched: bool) -> bool {
        let mut ids = FxHashSet::default();
        reports.iter().all(|report| {
            let held = self.known.get(&report.id).is_some_and(|known| {
                let before = known.before.map(|before| (before.hash, before.origin));
                let now = (known.hash, known.origin) == (report.hash, report.origin);
                now && !(untouched && (known.seen.is_some() || before != Some((report.hash, report.origin))))
            });
            held && ids.insert(report.id.as_str())
        })
    }

    /// Takes note that a report of a file was met, by the path of that as given.
    pub(super) fn meet(&mut self, path: &str) {
        if self.paths.last().is_none_or(|last| last != path) {
            self.paths.push(path.to_owned());
            self.nth = 0;
        }
        self.nth += 1;
        self.piped |= path == "-";
        if let Some(file) = self.file(path)
            && !self.files.contains(&file)
        {
            self.files.insert(file);
        }
    }

    /// Where the report that is being met stands.
    fn place(&self) -> Place {
        Place { path: u32::try_from(self.paths.len()).unwrap_or(u32::MAX).saturating_sub(1), nth: self.nth }
    }

    /// A place for people.
    pub(super) fn told(&self, place: Place) -> String {
        let path = self.paths.get(place.path as usize).map_or("-", String::as_str);
        format!("report {} of {path}", place.nth)
    }

    /// Where a recorded report of a file came from, which is met by that.
    pub(super) fn origin(&mut self, report: &Recorded, path: &str) -> Origin {
        self.meet(path);
        Origin { hash: report.origin, file: self.file(path) }
    }

    /// How many ids there are.
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// Finds out where a report comes from, and gives it the id by which that is known. Tells what is notable.
    pub(super) fn settle(&mut self, report: &mut Report, old: Option<&IndexReader>) -> (Origin, Option<String>) {
        self.meet(&report.path);
        let file = self.file(&report.path);
        let locator = locator(&report.id, &report.path).map(str::to_owned);
        let place = file.as_deref().unwrap_or(Path::new("-")).to_string_lossy().into_owned();
        let hash = half(&blake3::hash(format!("{place}\0{}", locator.as_deref().unwrap_or(&report.id)).as_bytes()));
        let origin = Origin { hash, file };
        let Some(locator) = locator else { return (origin, None) };
        if let Some(id) = self.origins.get(&origin.hash) {
            report.id.clone_from(id);
            return (origin, None);
        }
        if !self.is_of_another_file(&report.id, &origin, old) {
            return (origin, None);
        }
        let taken = report.id.clone();
        report.id = format!("{}{locator}", report.path);
        if self.is_of_another_file(&report.id, &origin, old) {
            report.id = format!("{place}{locator}");
        }
        let told = format!("the id “{taken}” is that of another file; this report is “{}”", report.id);
        (origin, Some(told))
    }

    /// Enters a report, and tells what it is to the index.
    pub(super) fn enter(&mut self, id: &str, hash: u64, origin: &Origin, old: Option<&IndexReader>) -> Entry {
        let elsewhere = self.is_of_another_file(id, origin, old);
        self.origins.insert(origin.hash, id.to_owned());
        let known = self.known.get(id).copied();
        let before = known.and_then(|known| known.before);
        let dated = known.is_some_and(|known| known.dated);
        let place = self.place();
        let entered = Known { hash, origin: origin.hash, seen: Some(place), before, dated };
        self.known.insert(id.to_owned(), entered);
        let replaced = known.filter(|known| known.seen.is_some());
        let lost = replaced.filter(|known| known.hash != hash).and_then(|known| Some((known.seen?, place)));
        let replaced = replaced.map(|known| known.meeting());
        let commit = before.filter(|before| before.hash == hash).map(|before| before.commit);
        let elsewhere = elsewhere && replaced.is_none();
        Entry { meeting: entered.meeting(), commit, dated, replaced, lost, elsewhere }
    }

    /// Ids that this run did not meet although it read their file (or standard input), or whose file is gone. Files with a skip keep all.
    pub(super) fn gone(&self, reader: &IndexReader, skipped: &[&str]) -> Result<Vec<String>, IndexError> {
        let mut gone = Vec::new();
        let unread = skipped.contains(&"-");
        let skipped: Vec<PathBuf> = skipped.iter().filter_map(|skip| std::fs::canonicalize(skip).ok()).collect();
        for (id, _) in self.known.iter().filter(|(_, known)| known.seen.is_none()) {
            let Some((record, _)) = reader.report(id)? else { continue };
            let read = match &record.file {
                Some(file) => self.files.contains(file),
                None => self.piped && record.path == "-",
            };
            // What cannot be looked at may still be there: nor can a path that is no Unicode, which is kept as it is told.
            let there = |path: &Path| {
                let named = path.to_str().is_some_and(|path| !path.contains('\u{fffd}'));
                path == Path::new("-") || !named || !matches!(path.try_exists(), Ok(false))
            };
            let file = record.file.as_deref().map(|name| self.base.find(name));
            let there = there(Path::new(&record.path)) || file.as_deref().is_some_and(there);
            let spared = match &file {
                Some(file) => skipped.iter().any(|skip| file.starts_with(skip)),
                None => unread,
            };
            if (read || !there) && !spared {
                gone.push(id.clone());
            }
        }
        gone.sort_unstable();
        Ok(gone)
    }

    /// Whether an id is taken by a file that is still there and is another one.
    fn is_of_another_file(&self, id: &str, origin: &Origin, old: Option<&IndexReader>) -> bool {
        let Some(known) = self.known.get(id).filter(|known| known.origin != origin.hash) else { return false };
        if known.seen.is_some() {
            return true;
        }
        let record = old.and_then(|old| old.report(id).ok().flatten());
        record
            .and_then(|(record, _)| record.file)
            .is_some_and(|file| origin.file.as_ref() != Some(&file) && self.base.find(&file).exists())
    }

    /// What the index calls the file of a path as given.
    fn file(&mut self, path: &str) -> Option<PathBuf> {
        if path == "-" {
            return None;
        }
        if let Some((last, name)) = &self.last
            && last == path
        {
            return Some(name.clone());
        }
        let name = self.base.name(&std::fs::canonicalize(path).or_else(|_| std::path::absolute(path)).ok()?);
        self.last = Some((path.to_owned(), name.clone()));
        Some(name)
    }
}

/// For an id that was made of a path, what it adds to the file's name: nothing, or `#L12`. Nothing at all for a
/// record's own id.
fn locator<'i>(id: &'i str, path: &str) -> Option<&'i str> {
    let names = |name: &str| {
        let rest = path.strip_suffix(name);
        !name.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    let cut = if names(id) { id.len() } else { id.rfind('#').filter(|&at| names(&id[..at]))? };
    Some(&id[cut..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_made_of_a_path_is_told_from_a_records_own() {
        assert_eq!(locator("a/b.txt", "docs/a/b.txt"), Some(""));
        assert_eq!(locator("b.jsonl#L12", "docs/b.jsonl"), Some("#L12"));
        assert_eq!(locator("e05-radio", "docs/b.jsonl"), None);
        assert_eq!(locator("b.txt", "docs/ab.txt"), None);
    }
}
