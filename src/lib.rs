//! vigie: full-text search over French-language conflict reporting.
pub mod corpus;
pub mod date;
pub mod facet;
pub mod french;
pub mod report;
