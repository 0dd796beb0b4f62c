//! vigie: full-text search over French-language conflict reporting.
pub mod corpus;
pub mod date;
pub mod annotate;
pub mod facet;
pub mod french;
pub mod hit;
pub mod passages;
pub mod render;
pub mod report;
