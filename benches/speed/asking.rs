//! Queries: the best ten and the number of all that answer, their texts with marks, and how both grow.

use tantivy::tokenizer::TextAnalyzer;
use vigie::index::IndexReader;
use vigie::search::{Request, Searcher};

use super::clock::{Tell, median, medians};
use super::queries::{Ask, Class, Classes};
use super::stock::{self, Form, Stock};
use super::table::{Asked, Row, Unit};

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

impl Both {
    /// Times the questions of a class. Stock tantivy may have the form that is faster for the class.
    fn ask(&self, class: &Class) -> Taken {
        let mut columns: [Vec<f64>; 6] = std::array::from_fn(|_| Vec::new());
        for ask in &class.asks {
            let request = ask.request();
            let (mut searcher, mut gatherer) = (Searcher::new(&self.reader), Searcher::new(&self.reader));
            let (mut one, mut two) = (stock::analyzer(), stock::analyzer());
            let found = [
                searcher.candidates(&request).expect("a question of our own").0 as f64,
                self.total(ask, &mut one, Form::OnePass) as f64,
            ];
            let times = medians([
                Box::new(|| searcher.search_only(&request).expect("a question of our own").total),
                Box::new(|| gatherer.candidates(&request).expect("a question of our own").0),
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
            let (mut a, mut b, mut c) = (Searcher::new(&self.reader), Searcher::new(&self.reader), stock::analyzer());
            let search = |searcher: &mut Searcher<'_>, request| {
                searcher.search_only(request).expect("a question of our own").hits.len() as u64
            };
            let times = medians([
                Box::new(|| search(&mut a, &whole)),
                Box::new(|| search(&mut b, &bare)),
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
pub(crate) fn rows(both: &Both, classes: &Classes, small: Option<&Both>, tell: &mut Tell<'_>) -> Vec<Row> {
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
    for at in [2, 4, 5] {
        rows.push(Row {
            work: format!("{}: passages ranked, on top", classes.all[at].name),
            unit: Unit::Micros,
            vigie: taken[at].vigie - taken[at].first,
            stock: None,
            asked: Asked::Value(1000.0),
        });
        let [whole, bare, snippets] = both.whole(&classes.all[at].asks);
        rows.push(Row {
            work: format!("{}: ten hits with texts and marks, on top", classes.all[at].name),
            unit: Unit::Micros,
            vigie: whole - bare,
            stock: None,
            asked: Asked::Value(1000.0),
        });
        rows.push(Row {
            work: format!("{}: ten hits with texts and marks, whole", classes.all[at].name),
            unit: Unit::Micros,
            vigie: whole,
            stock: Some(snippets),
            asked: Asked::Nothing,
        });
        tell("hits with texts");
    }
    if let Some(small) = small {
        rows.extend(growth(&classes.all, &taken, small));
        tell("growth");
    }
    rows
}

/// How much longer the same questions take here than in a smaller corpus: a rare word by itself, all else against how
/// many more reports answer.
fn growth(classes: &[Class], taken: &[Taken], small: &Both) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, (class, here)) in classes.iter().zip(taken).enumerate() {
        let there = small.ask(class);
        let more = (here.found[0] / there.found[0].max(1.0)).max(1.0);
        let (by, bound) = if at == 0 { (1.0, 2.0) } else { (more, 1.0) };
        let what = if at == 0 { "time".to_owned() } else { format!("time against {more:.0} × the answers") };
        rows.push(Row {
            work: format!("{}: growth of {what}", class.name),
            unit: Unit::Times,
            vigie: here.vigie / there.vigie / by,
            stock: Some(here.stock / there.stock / by),
            asked: Asked::Value(bound),
        });
    }
    rows
}
