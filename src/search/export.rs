//! Whole reports of those that answer, one after the other.

use tantivy::DocAddress;

use super::matching::Matching;
use super::order::Columns;
use super::{Request, SearchError, Searcher, in_passage, warnings};
use crate::hit::Expansion;
use crate::index::StoredReport;

/// What is told of reports that were handed on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Reports that answer, exactly.
    pub total: u64,
    /// What the query was widened by.
    pub expanded: Vec<Expansion>,
    /// What the user should know.
    pub warnings: Vec<String>,
}

impl Searcher<'_> {
    /// Hands on the reports that answer a request, whole, in the order of the bytes of their ids; of the request's page
    /// only its offset and limit count. Eight bytes are held of each, and the text of one.
    ///
    /// # Errors
    /// As [`Searcher::search`], and what `each` fails with, which ends it.
    pub fn export<E: From<SearchError>>(
        &mut self,
        request: &Request,
        mut each: impl FnMut(StoredReport) -> Result<(), E>,
    ) -> Result<Exported, E> {
        let (found, exported) = self.found(request)?;
        let columns = Columns::open(self.reader)?;
        let wanted = if request.limit == 0 { usize::MAX } else { request.limit };
        for address in found.into_iter().skip(request.offset).take(wanted) {
            self.clock.check()?;
            each(self.reader.whole(address, columns.id(address)).map_err(SearchError::from)?)?;
        }
        Ok(exported)
    }

    /// All that answer, by id.
    fn found(&mut self, request: &Request) -> Result<(Vec<DocAddress>, Exported), SearchError> {
        let (plan, filters) = self.prepare(request)?;
        let clauses = filters.clauses(self.reader.fields(), None);
        let mut found: Vec<DocAddress> = Vec::new();
        if in_passage(&plan, request) {
            self.by_passage(&plan, &clauses, |evidence, _| found.push(evidence.address))?;
        } else {
            found = Matching::new(&plan, &self.dictionary, &clauses).addresses(self.clock)?;
        }
        self.reader.sort_by_id(&mut found)?;
        let total = found.len() as u64;
        let warnings = warnings(&plan, request, self.laxer(&plan, request, total)?);
        Ok((found, Exported { total, expanded: plan.expanded, warnings }))
    }
}
