//! Queries: the best ten and the number of all that answer, their texts with marks, and how both grow.

use tantivy::tokenizer::TextAnalyzer;
use vigie::french::Analyzer;
use vigie::index::IndexReader;
use vigie::search::{Request, SearchError, Searcher};

use super::clock::{Tell, median, medians};
use super::queries::{Ask, Class, Classes, spread};
use super::stock::{self, Form, Stock};
use super::table::{Asked, Row, Unit};

/// Words of so many reports are asked for in corpora of two sizes.
const FEW: std::ops::RangeInclusive<u64> = 8..=12;
const OF_FEW: &str = "word of few reports";

/// Both indexes of one corpus, open.
pub(crate) struct Both {
    /// vigie's.
    pub(crate) reader: IndexReader,
    /// That of stock tantivy.
    pub(crate) stock: Stock,
}

/// What the questions of a class take, each in the middle.
struct Taken {
    vigie: f64,
    /// The first pass alone, which counts the reports that answer and gathers the best.
    first: f64,
    stock: f64,
    /// Reports that answer, by either.
    found: [f64; 2],
}

/// Asks vigie as its server does: each question of a searcher of its own, with an analyzer that has met the words.
struct Asker<'i> {
    reader: &'i IndexReader,
    analyzer: Analyzer,
}

impl<'i> Asker<'i> {
    fn new(reader: &'i IndexReader) -> Self {
        Self { reader, analyzer: Analyzer::new() }
    }

    fn ask(&mut self, question: impl FnOnce(&mut Searcher<'i>) -> Result<u64, SearchError>) -> u64 {
        let mut searcher = Searcher::new(self.reader).with_analyzer(std::mem::take(&mut self.analyzer));
        let answer = question(&mut searcher).expect("a question of our own");
        self.analyzer = searcher.into_analyzer();
        answer
    }

    /// The first pass alone: the reports that answer.
    fn first(&mut self, request: &Request) -> u64 {
        self.ask(|searcher| Ok(searcher.candidates(request)?.0))
    }

    /// The hits of the page.
    fn hits(&mut self, request: &Request) -> u64 {
        self.ask(|searcher| Ok(searcher.search_only(request)?.hits.len() as u64))
    }
}

impl Both {
    /// Times the questions of a class. Stock tantivy may have the form that is faster for the class.
    fn ask(&self, class: &Class) -> Taken {
        let mut columns: [Vec<f64>; 6] = std::array::from_fn(|_| Vec::new());
        for ask in &class.asks {
            let request = ask.request();
            let (mut searcher, mut gatherer) = (Asker::new(&self.reader), Asker::new(&self.reader));
            let (mut one, mut two) = (stock::analyzer(), stock::analyzer());
            let found = [gatherer.first(&request) as f64, self.total(ask, &mut one, Form::OnePass) as f64];
            let times = medians([
                Box::new(|| searcher.hits(&request)),
                Box::new(|| gatherer.first(&request)),
                Box::new(|| self.total(ask, &mut one, Form::OnePass)),
                Box::new(|| self.total(ask, &mut two, Form::TwoPasses)),
            ]);
            for (column, figure) in columns.iter_mut().zip(times.into_iter().chain(found)) {
                column.push(figure);
            }
        }
        let [vigie, first, one, two, found, found_by_stock] = columns.map(median);
        Taken { vigie, first, stock: one.min(two), found: [found, found_by_stock] }
    }

    /// Words that a few reports have, about as many in any corpus.
    fn of_few(&self, classes: &Classes) -> Class {
        let mut analyzer = stock::analyzer();
        let is = |ask: &&Ask| FEW.contains(&self.total(ask, &mut analyzer, Form::TwoPasses));
        Class { name: OF_FEW, asks: spread(classes.words.iter().filter(is).cloned().collect()) }
    }

    fn total(&self, ask: &Ask, analyzer: &mut TextAnalyzer, form: Form) -> u64 {
        let (ids, total) = self.stock.ask(ask, analyzer, form).expect("an index of our own");
        assert!(ids.len() == total.min(10), "ten ids or all");
        total as u64
    }

    /// What ten hits take with their texts, marks and all, and what they take without.
    fn whole(&self, asks: &[Ask]) -> [f64; 3] {
        let mut columns: [Vec<f64>; 3] = std::array::from_fn(|_| Vec::new());
        for ask in asks {
            let bare = ask.request();
            let whole = Request { fields: None, ..bare.clone() };
            let (mut a, mut b, mut c) = (Asker::new(&self.reader), Asker::new(&self.reader), stock::analyzer());
            let times = medians([
                Box::new(|| a.hits(&whole)),
                Box::new(|| b.hits(&bare)),
                Box::new(|| self.stock.snippets(ask, &mut c).expect("an index of our own") as u64),
            ]);
            for (column, figure) in columns.iter_mut().zip(times) {
                column.push(figure);
            }
        }
        columns.map(median)
    }
}

/// The lines of all classes.
pub(crate) fn rows(both: &Both, classes: &Classes, small: Option<(&Both, &Classes)>, tell: &mut Tell<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut taken = Vec::new();
    for class in &classes.all {
        let here = both.ask(class);
        rows.push(Row {
            work: format!("{}: ten ids + count ({:.0} | {:.0} reports)", class.name, here.found[0], here.found[1]),
            unit: Unit::Micros,
            vigie: here.first,
            stock: Some(here.stock),
            asked: Asked::Ratio(1.5),
        });
        tell(class.name);
        taken.push(here);
    }
    for (at, class) in classes.all.iter().enumerate() {
        rows.push(Row {
            work: format!("{}: passages ranked, on top", class.name),
            unit: Unit::Micros,
            vigie: taken[at].vigie - taken[at].first,
            stock: None,
            asked: Asked::Value(1000.0),
        });
        let [whole, bare, snippets] = both.whole(&class.asks);
        rows.push(Row {
            work: format!("{}: ten hits with texts and marks, on top", class.name),
            unit: Unit::Micros,
            vigie: whole - bare,
            stock: None,
            asked: Asked::Value(1000.0),
        });
        rows.push(Row {
            work: format!("{}: ten hits with texts and marks, whole", class.name),
            unit: Unit::Micros,
            vigie: whole,
            stock: Some(snippets),
            asked: Asked::Nothing,
        });
        tell("hits with texts");
    }
    if let Some(small) = small {
        rows.extend(growth((both, classes), &taken, small));
        tell("growth");
    }
    rows
}

/// How much longer the same questions take here than in a smaller corpus: words that as many reports have in either by
/// itself, all else against how many more reports answer.
fn growth((both, classes): (&Both, &Classes), taken: &[Taken], (small, of_small): (&Both, &Classes)) -> Vec<Row> {
    let row = |work: String, here: &Taken, there: &Taken, by: f64, bound: f64| Row {
        work,
        unit: Unit::Times,
        vigie: here.vigie / there.vigie / by,
        stock: Some(here.stock / there.stock / by),
        asked: Asked::Value(bound),
    };
    let [here, there] = [both.ask(&both.of_few(classes)), small.ask(&small.of_few(of_small))];
    let found = |taken: &Taken| format!("{:.0}", taken.found[0]);
    let work = format!("{OF_FEW} ({} there, {} here): growth of time", found(&there), found(&here));
    let mut rows = vec![row(work, &here, &there, 1.0, 2.0)];
    for (class, here) in classes.all.iter().zip(taken) {
        let there = small.ask(class);
        let more = (here.found[0] / there.found[0].max(1.0)).max(1.0);
        let work = format!("{}: growth of time against {more:.0} × the answers", class.name);
        rows.push(row(work, here, &there, more, 1.0));
    }
    rows
}
