//! The baseline: tantivy as it comes, with its French analyzer, one stemmed field of title and text, the same stored
//! fields as vigie, and facets that are given. Asked in whichever way of its own is the fastest.

use std::ops::Bound;
use std::path::Path;

use tantivy::aggregation::AggContextParams;
use tantivy::aggregation::AggregationCollector;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::collector::{Count, FacetCollector, TopDocs};
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, InvertedIndexRangeQuery, PhraseQuery, Query, RangeQuery, TermQuery};
use tantivy::schema::{
    FAST, Facet, FacetOptions, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer};
use tantivy::{DateTime, DocAddress, Index, IndexSettings, Searcher, TantivyDocument, Term};

use super::corpus::read_given;
use super::queries::Ask;

/// The name of the analyzer in the schema.
const FRENCH: &str = "fr";
/// The column of ids. All are of eight bytes, and so one number: strings would be looked up in a dictionary, which takes
/// longer than most queries. vigie keeps its ids in numbers too.
const IDS: &str = "id_bytes";
/// Bytes of a block of the document store, as in vigie.
const STORE_BLOCK: usize = 4096;

/// Tantivy's French analyzer.
pub(crate) fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(40))
        .filter(LowerCaser)
        .filter(Stemmer::new(Language::French))
        .build()
}

/// The fields, by handle.
#[derive(Clone, Copy)]
struct Fields {
    id: Field,
    id_bytes: Field,
    title: Field,
    text: Field,
    words: Field,
    source: Field,
    url: Field,
    published: Field,
    day: Field,
    group: Field,
    region: Field,
    date: Field,
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words =
        TextFieldIndexing::default().set_tokenizer(FRENCH).set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let fields = Fields {
        id: builder.add_text_field("id", STRING | STORED),
        id_bytes: builder.add_u64_field(IDS, FAST),
        title: builder.add_text_field("title", STORED),
        text: builder.add_text_field("text", STORED),
        words: builder.add_text_field("words", TextOptions::default().set_indexing_options(words)),
        source: builder.add_text_field("source", STORED),
        url: builder.add_text_field("url", STORED),
        published: builder.add_date_field("published", FAST | STORED),
        day: builder.add_i64_field("day", FAST),
        group: builder.add_facet_field("group", FacetOptions::default()),
        region: builder.add_facet_field("region", FacetOptions::default()),
        date: builder.add_facet_field("date", FacetOptions::default()),
    };
    (builder.build(), fields)
}

/// Indexes the reports of a file into an empty directory, with one writing thread.
pub(crate) fn build(dir: &Path, given: &Path, memory: usize) -> tantivy::Result<()> {
    std::fs::create_dir_all(dir)?;
    let (schema, fields) = schema();
    let settings = IndexSettings { docstore_blocksize: STORE_BLOCK, ..IndexSettings::default() };
    let index = Index::builder().schema(schema).settings(settings).create_in_dir(dir)?;
    index.tokenizers().register(FRENCH, analyzer());
    let mut writer = index.writer_with_num_threads(1, memory)?;
    for report in read_given(given) {
        let mut doc = TantivyDocument::new();
        doc.add_text(fields.words, &report.title);
        doc.add_text(fields.words, &report.text);
        for (field, paths) in
            [(fields.group, &report.groups), (fields.region, &report.regions), (fields.date, &report.date_facets)]
        {
            for path in paths {
                doc.add_facet(field, path.as_str());
            }
        }
        for day in report.days {
            doc.add_i64(fields.day, day);
        }
        let day = report.published.parse::<chrono::NaiveDate>().expect("a day");
        let seconds = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
        doc.add_date(fields.published, DateTime::from_timestamp_secs(seconds));
        doc.add_u64(
            fields.id_bytes,
            u64::from_le_bytes(report.id.as_bytes().try_into().expect("an id of eight bytes")),
        );
        for (field, text) in [
            (fields.id, report.id),
            (fields.title, report.title),
            (fields.text, report.text),
            (fields.source, report.source),
            (fields.url, report.url),
        ] {
            doc.add_text(field, text);
        }
        writer.add_document(doc)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()
}

/// How the best ten and their number are found together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Both in one pass, which looks at every report.
    OnePass,
    /// The number first, of one word from the dictionary alone; then the best, leaving out what cannot be among them.
    TwoPasses,
}

/// An open index.
pub(crate) struct Stock {
    searcher: Searcher,
    fields: Fields,
    /// The column of ids of each segment.
    ids: Vec<Column<u64>>,
}

impl Stock {
    /// Opens an index.
    pub(crate) fn open(dir: &Path) -> tantivy::Result<Self> {
        let index = Index::open_in_dir(dir)?;
        index.tokenizers().register(FRENCH, analyzer());
        let searcher = index.reader()?.searcher();
        let ids = searcher.segment_readers().iter().map(|segment| segment.fast_fields().u64(IDS));
        let ids = ids.collect::<tantivy::Result<Vec<_>>>()?;
        Ok(Self { searcher, fields: schema().1, ids })
    }

    /// The ids of the best ten reports and the number of all that answer.
    pub(crate) fn ask(
        &self,
        ask: &Ask,
        analyzer: &mut TextAnalyzer,
        form: Form,
    ) -> tantivy::Result<(Vec<String>, usize)> {
        let query = self.query(ask, analyzer);
        let best = TopDocs::with_limit(10).order_by_score();
        let (best, total) = match (form, ask) {
            (Form::OnePass, _) => self.searcher.search(&query, &(best, Count))?,
            (Form::TwoPasses, Ask::Word(word)) => {
                let total = self.searcher.doc_freq(&self.term(word, analyzer))?;
                (self.searcher.search(&query, &best)?, usize::try_from(total).unwrap_or(usize::MAX))
            }
            (Form::TwoPasses, _) => {
                let total = self.searcher.search(&query, &Count)?;
                (self.searcher.search(&query, &best)?, total)
            }
        };
        let ids = best.into_iter().map(|(_, address)| self.id(address));
        Ok((ids.collect(), total))
    }

    /// Reads the texts of the best ten reports and marks the words of the query in them, as tantivy does.
    pub(crate) fn snippets(&self, ask: &Ask, analyzer: &mut TextAnalyzer) -> tantivy::Result<usize> {
        let query = self.query(ask, analyzer);
        let best = self.searcher.search(&query, &TopDocs::with_limit(10).order_by_score())?;
        let generator = tantivy::snippet::SnippetGenerator::create(&self.searcher, &*query, self.fields.words)?;
        let mut marked = 0;
        for (_, address) in best {
            let doc: TantivyDocument = self.searcher.doc(address)?;
            let text = doc.get_first(self.fields.text).and_then(|value| tantivy::schema::Value::as_str(&value));
            marked += generator.snippet(text.unwrap_or_default()).highlighted().len();
        }
        Ok(marked)
    }

    /// Counts the reports that answer a query by the first names of their groups, regions and dates.
    pub(crate) fn facets(&self, ask: &Ask, analyzer: &mut TextAnalyzer) -> tantivy::Result<u64> {
        let of = |field: &str| {
            let mut collector = FacetCollector::for_field(field);
            collector.add_facet("/");
            collector
        };
        let query = self.query(ask, analyzer);
        let (groups, regions, dates) = self.searcher.search(&query, &(of("group"), of("region"), of("date")))?;
        let counts = [groups, regions, dates];
        Ok(counts.iter().flat_map(|counts| counts.get("/")).map(|(_, count)| count).sum())
    }

    /// Counts all reports by the same, as the dictionary tells of each name; the names below one are leapt over.
    pub(crate) fn facets_of_all(&self) -> tantivy::Result<u64> {
        let mut sum = 0;
        for segment in self.searcher.segment_readers() {
            for field in [self.fields.group, self.fields.region, self.fields.date] {
                let inverted = segment.inverted_index(field)?;
                // The root is the empty term; a name ends at a zero byte.
                let mut from = vec![1];
                loop {
                    let mut terms = inverted.terms().range().ge(&from).into_stream()?;
                    if !terms.advance() {
                        break;
                    }
                    sum += u64::from(terms.value().doc_freq);
                    from.clear();
                    from.extend(terms.key().split(|&byte| byte == 0).next().unwrap_or_default());
                    from.push(1);
                }
            }
        }
        Ok(sum)
    }

    /// Counts the reports that answer a query by spans of thirty days of their publication.
    pub(crate) fn histogram(&self, ask: &Ask, analyzer: &mut TextAnalyzer) -> tantivy::Result<usize> {
        let wanted = serde_json::json!({
            "days": { "date_histogram": { "field": "published", "fixed_interval": "30d" } }
        });
        let wanted: Aggregations = serde_json::from_value(wanted).expect("a request of our own");
        let collector = AggregationCollector::from_aggs(wanted, AggContextParams::default());
        let found = self.searcher.search(&self.query(ask, analyzer), &collector)?;
        Ok(found.0.len())
    }

    fn query(&self, ask: &Ask, analyzer: &mut TextAnalyzer) -> Box<dyn Query> {
        let one = |term: Term, read| Box::new(TermQuery::new(term, read)) as Box<dyn Query>;
        let mut word = |text: &str| one(self.term(text, analyzer), IndexRecordOption::WithFreqs);
        match ask {
            Ask::Word(text) => word(text),
            Ask::Both(a, b) => Box::new(BooleanQuery::intersection(vec![word(a), word(b)])),
            Ask::Phrase(a, b) => Box::new(PhraseQuery::new(vec![self.term(a, analyzer), self.term(b, analyzer)])),
            Ask::Prefix(start) => {
                let [from, to] = [start.clone(), format!("{start}\u{10FFFF}")]
                    .map(|text| Bound::Included(Term::from_field_text(self.fields.words, &text)));
                Box::new(InvertedIndexRangeQuery::new(from, to))
            }
            Ask::OfGroup(text, path) => {
                let facet = Term::from_facet(self.fields.group, &Facet::from(path.as_str()));
                Box::new(BooleanQuery::intersection(vec![word(text), one(facet, IndexRecordOption::Basic)]))
            }
            Ask::Between(text, from, to) => {
                let [from, to] = [from, to]
                    .map(|&day| Bound::Included(Term::from_field_i64(self.fields.day, super::corpus::day_number(day))));
                Box::new(BooleanQuery::intersection(vec![word(text), Box::new(RangeQuery::new(from, to))]))
            }
        }
    }

    /// The term of a word.
    fn term(&self, word: &str, analyzer: &mut TextAnalyzer) -> Term {
        let mut term = Term::from_field_text(self.fields.words, "");
        analyzer.token_stream(word).process(&mut |token| {
            term = Term::from_field_text(self.fields.words, &token.text);
        });
        term
    }

    fn id(&self, address: DocAddress) -> String {
        let column = self.ids.get(address.segment_ord as usize);
        let bytes = column.and_then(|column| column.first(address.doc_id)).unwrap_or_default().to_le_bytes();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
