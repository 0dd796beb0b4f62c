//! What each thread does that analyses reports: from a report to its document, and to what was found in it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::IndexError;
use super::batch::Pending;
use super::document::document;
use super::layout::Fields;
use super::pipeline::Share;
use super::record::Packer;
use super::summary::Found;
use super::target::Queued;
use super::writer::Stop;
use crate::annotate::{Annotator, Knowledge};

/// What reports are analysed with.
pub(super) struct Analyst<'a> {
    pub(super) knowledge: &'a Arc<Knowledge>,
    /// Whether names and dates are looked for.
    pub(super) annotates: bool,
    /// The fields of the documents to make, if they are to be written.
    pub(super) fields: Option<&'a Fields>,
    pub(super) stop: Option<&'a Stop>,
}

/// What came of a report.
pub(super) struct Analysed {
    pub(super) id: String,
    /// Whether the index may have a report of this id.
    pub(super) replaces: bool,
    /// What annotation found, if it looked.
    pub(super) found: Option<Found>,
    pub(super) document: Option<Queued>,
}

/// An error once a run is to stop.
pub(super) fn go_on(stop: Option<&Stop>) -> Result<(), IndexError> {
    let stopped = stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
    if stopped { Err(IndexError::Stopped) } else { Ok(()) }
}

impl Analyst<'_> {
    /// An error once the run is to stop.
    pub(super) fn go_on(&self) -> Result<(), IndexError> {
        go_on(self.stop)
    }

    /// What a thread analyses reports with, one batch after the other, each with its share of what may be under way.
    pub(super) fn start(&self) -> impl FnMut((Vec<Pending>, Arc<Share>)) -> Result<Vec<Analysed>, IndexError> {
        let mut annotator = Annotator::new(Arc::clone(self.knowledge)).looking(self.annotates);
        let mut packer = None;
        move |(reports, share)| {
            let packer = match &mut packer {
                Some(packer) => packer,
                None => packer.insert(Packer::new().map_err(|error| IndexError::io(Path::new("zstd"), error))?),
            };
            let analyse = |pending| self.analyse(&mut annotator, packer, pending, &share);
            reports.into_iter().map(analyse).collect()
        }
    }

    fn analyse(
        &self,
        annotator: &mut Annotator,
        packer: &mut Packer,
        pending: Pending,
        share: &Arc<Share>,
    ) -> Result<Analysed, IndexError> {
        self.go_on()?;
        let Pending { report, hash, origin, replaces, commit } = pending;
        let (title, tokens) = annotator.analyze(&report);
        self.go_on()?;
        let annotated = annotator.annotate_tokens(&report, title, tokens);
        self.go_on()?;
        let document =
            self.fields.map(|fields| document(&annotated, hash, &origin, commit, fields, packer)).transpose();
        let document = document.map_err(|error| IndexError::io(Path::new(&report.path), error))?;
        let found = self.annotates.then(|| Found::of(&annotated));
        drop(annotated);
        let document = document.map(|document| Queued::new(document, share));
        Ok(Analysed { id: report.id, replaces, found, document })
    }
}
