//! How much one request may ask for.

use super::problem::Problem;
use crate::search::Request;

/// Values of filters in one request: each is looked up among all names.
const MOST_VALUES: usize = 200;

/// What a request may at most ask for, and bring along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body.
    pub body: usize,
    /// Characters of a query.
    pub query: usize,
    /// Hits of an answer.
    pub hits: usize,
    /// Searches that wait for their turn.
    pub queue: usize,
    /// Connections that are open at the same time.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body: 1 << 20, query: 2000, hits: 1000, queue: 256, connections: 512 }
    }
}

impl Limits {
    /// Checks what a request asks for, its number of hits too.
    ///
    /// # Errors
    /// The first thing that is too much: nothing is cut down in silence.
    pub(super) fn check(&self, request: &Request) -> Result<(), Problem> {
        self.check_query(request)?;
        let most = self.hits;
        if request.limit == 0 || request.limit > most {
            let why = format!("“limit” is {}; this server gives from 1 to {most} hits at a time", request.limit);
            let hint = "go on with “offset”, or export all with `vigie search --limit 0`".to_owned();
            return Err(Problem::bad(why, Some(hint)));
        }
        Ok(())
    }

    /// Checks the query and the filters of a request that gives no hits.
    ///
    /// # Errors
    /// As [`Limits::check`].
    pub(super) fn check_query(&self, request: &Request) -> Result<(), Problem> {
        let (characters, most) = (request.query.chars().count(), self.query);
        if characters > most {
            let why = format!("the query has {characters} characters; this server takes {most} at most");
            return Err(Problem::bad(why, Some("ask for less at a time".to_owned())));
        }
        let values = [&request.groups, &request.regions, &request.sources, &request.dates];
        let values: usize = values.iter().map(|values| values.len()).sum();
        if values > MOST_VALUES {
            let why = format!("the filters have {values} values; this server takes {MOST_VALUES} at most");
            return Err(Problem::bad(why, Some("name broader groups or regions: they hold all below them".to_owned())));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(request: &Request) -> Option<String> {
        let limits = Limits { query: 10, hits: 20, ..Limits::default() };
        limits.check(request).err().map(|problem| problem.detail)
    }

    #[test]
    fn what_is_too_much_is_told_with_how_much_may_be() {
        let request = |query: &str, limit| Request { query: query.to_owned(), limit, ..Request::default() };
        // Characters, not bytes.
        assert_eq!(told(&request("éééééééééé", 20)), None);
        assert!(told(&request("éééééééééée", 20)).is_some_and(|why| why.contains("11 characters")));
        assert!(told(&request("", 21)).is_some_and(|why| why.contains("from 1 to 20")));
        assert!(told(&request("", 0)).is_some());
        let many = Request { groups: vec!["JNIM".to_owned(); MOST_VALUES + 1], ..Request::default() };
        assert!(told(&many).is_some());
    }
}
