//! The fields of the index and what a report becomes in them. `schema/index.md` describes them for people.

use tantivy::schema::{
    FAST, FacetOptions, Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing,
    TextOptions,
};

use super::terms::TOKENIZER;

/// Raised by hand whenever an index written before can no longer be read.
pub(crate) const FORMAT_VERSION: u32 = 5;

/// Names of the fast columns, which tantivy reads by name.
pub(crate) mod column {
    /// The report id: its length in bytes, then its bytes by eights, little-endian.
    pub(crate) const ID: &str = "id_bytes";
    /// First half of the content hash.
    pub(crate) const HASH: &str = "hash";
    /// Which file, and which record of it, the report was read from, hashed.
    pub(crate) const ORIGIN: &str = "origin";
    /// Number of the commit that brought the report with this content.
    pub(crate) const COMMIT: &str = "commit";
    /// Position of the first token of each passage, then where a further passage would start.
    pub(crate) const PASSAGE: &str = "passage";
    /// Days to filter by, numbered from the Common Era.
    pub(crate) const DAY: &str = "day";
    /// Months to filter by, of dates known to the month: year × 12 + month − 1.
    pub(crate) const MONTH: &str = "month";
    /// Years to filter by, of dates known to the year.
    pub(crate) const YEAR: &str = "year";
    /// As `DAY`, of dates that are only mentioned.
    pub(crate) const MENTIONED_DAY: &str = "mentioned_day";
    /// As `MONTH`, of dates that are only mentioned.
    pub(crate) const MENTIONED_MONTH: &str = "mentioned_month";
    /// As `YEAR`, of dates that are only mentioned.
    pub(crate) const MENTIONED_YEAR: &str = "mentioned_year";
    /// Day of publication, numbered as `DAY`.
    pub(crate) const PUBLISHED_DAY: &str = "published_day";
    /// First day of all dates, for sorting.
    pub(crate) const FIRST_DAY: &str = "first_day";
    /// Last day of all dates, for sorting.
    pub(crate) const LAST_DAY: &str = "last_day";
}

/// The columns that dates go to, by how finely they are known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DayFields {
    pub(crate) day: Field,
    pub(crate) month: Field,
    pub(crate) year: Field,
}

/// The fields, by handle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub(crate) id: Field,
    pub(crate) id_bytes: Field,
    pub(crate) hash: Field,
    pub(crate) origin: Field,
    pub(crate) commit: Field,
    pub(crate) title: Field,
    pub(crate) body: Field,
    pub(crate) lead: Field,
    pub(crate) mention: Field,
    pub(crate) acronym: Field,
    pub(crate) group: Field,
    pub(crate) region: Field,
    pub(crate) date: Field,
    pub(crate) source: Field,
    pub(crate) mentioned_group: Field,
    pub(crate) mentioned_region: Field,
    pub(crate) mentioned_date: Field,
    pub(crate) lang: Field,
    pub(crate) passage: Field,
    pub(crate) days: DayFields,
    pub(crate) mentioned_days: DayFields,
    pub(crate) published_day: Field,
    pub(crate) first_day: Field,
    pub(crate) last_day: Field,
    pub(crate) stored: Field,
}

/// The schema of the index.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = |fieldnorms| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions)
            .set_fieldnorms(fieldnorms);
        TextOptions::default().set_indexing_options(indexing)
    };
    let lead = TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(IndexRecordOption::Basic);
    let lead = TextOptions::default().set_indexing_options(lead.set_fieldnorms(true));
    let whole = || {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false);
        TextOptions::default().set_indexing_options(indexing)
    };
    let number = || NumericOptions::from(FAST);
    let fields = Fields {
        id: builder.add_text_field("id", STRING),
        id_bytes: builder.add_u64_field(column::ID, number()),
        hash: builder.add_u64_field(column::HASH, number()),
        origin: builder.add_u64_field(column::ORIGIN, number()),
        commit: builder.add_u64_field(column::COMMIT, number()),
        title: builder.add_text_field("title", words(true)),
        body: builder.add_text_field("body", words(true)),
        // Read for its document frequencies and lengths alone: where its words stand, `title` and `body` know.
        lead: builder.add_text_field("lead", lead),
        // Names and dates of the text, each facet with its ancestors at the position of its first word.
        mention: builder.add_text_field("mention", words(false)),
        // Acronyms that the report explains, each pair as it is asked for from either side (`acronyms.rs`).
        acronym: builder.add_text_field("acronym", whole()),
        group: builder.add_facet_field("group", FacetOptions::default()),
        region: builder.add_facet_field("region", FacetOptions::default()),
        date: builder.add_facet_field("date", FacetOptions::default()),
        source: builder.add_facet_field("source", FacetOptions::default()),
        mentioned_group: builder.add_facet_field("mentioned_group", FacetOptions::default()),
        mentioned_region: builder.add_facet_field("mentioned_region", FacetOptions::default()),
        mentioned_date: builder.add_facet_field("mentioned_date", FacetOptions::default()),
        lang: builder.add_text_field("lang", STRING),
        passage: builder.add_u64_field(column::PASSAGE, number()),
        days: DayFields {
            day: builder.add_i64_field(column::DAY, number()),
            month: builder.add_i64_field(column::MONTH, number()),
            year: builder.add_i64_field(column::YEAR, number()),
        },
        mentioned_days: DayFields {
            day: builder.add_i64_field(column::MENTIONED_DAY, number()),
            month: builder.add_i64_field(column::MENTIONED_MONTH, number()),
            year: builder.add_i64_field(column::MENTIONED_YEAR, number()),
        },
        published_day: builder.add_i64_field(column::PUBLISHED_DAY, number()),
        first_day: builder.add_i64_field(column::FIRST_DAY, number()),
        last_day: builder.add_i64_field(column::LAST_DAY, number()),
        // Record and text (`record.rs`).
        stored: builder.add_bytes_field("stored", STORED),
    };
    (builder.build(), fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_described_for_people() {
        let page = include_str!("../../schema/index.md");
        let described = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
        let described: Vec<&str> =
            described.map(|(name, _)| name).filter(|name| !["~", "@", ">", "<"].contains(name)).collect();
        let (schema, _) = schema();
        let fields: Vec<&str> = schema.fields().map(|(_, entry)| entry.name()).collect();
        let (mut a, mut b) = (described.clone(), fields.clone());
        a.sort_unstable();
        b.sort_unstable();
        assert_eq!(a, b);
    }
}
