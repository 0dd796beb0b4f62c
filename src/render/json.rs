//! `json`: one object with the request and its answer; in a batch an array of them.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::{Context, Failure, Mode, Render};
use crate::hit::{Answer, Hit};

/// The renderer.
pub(super) struct Json {
    mode: Mode,
    written: usize,
    /// Of a single answer: what stands behind its hits.
    rest: String,
}

/// What stands before the hits of an answer, and nowhere else: no string holds a line end, no deeper key stands so far
/// to the left.
const HITS: &str = "\n  \"hits\": [";
/// What the lines of a hit are indented by.
const INDENT: &str = "\n    ";

/// The request before the fields of what came of it.
#[derive(Serialize)]
struct Exchange<'a, T> {
    request: &'a Value,
    #[serde(flatten)]
    outcome: &'a T,
}

/// Writes one object: the request, then what came of it.
///
/// # Errors
/// The writer's own.
pub fn exchange<T: Serialize>(out: &mut dyn Write, request: &Value, outcome: &T) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Exchange { request, outcome })?;
    Ok(())
}

impl Json {
    pub(super) fn new(mode: Mode) -> Self {
        Self { mode, written: 0, rest: String::new() }
    }

    /// Writes an answer up to its hits, of which there may be more than it has.
    fn open(&mut self, out: &mut dyn Write, context: &Context<'_>, answer: &Answer) -> io::Result<()> {
        let mut whole = Vec::new();
        exchange(&mut whole, context.request, &context.answer(&Answer { hits: Vec::new(), ..answer.clone() })?)?;
        let whole = String::from_utf8(whole).map_err(io::Error::other)?;
        let at = whole.find(HITS).ok_or_else(|| io::Error::other("an answer without hits"))? + HITS.len();
        let (before, rest) = whole.split_at(at);
        rest.clone_into(&mut self.rest);
        out.write_all(before.as_bytes())
    }

    fn write<T: Serialize>(&mut self, out: &mut dyn Write, context: &Context<'_>, outcome: &T) -> io::Result<()> {
        out.write_all(if self.written == 0 { b"[\n" } else { b",\n" })?;
        self.written += 1;
        // The end of the line waits for the comma or the bracket.
        exchange(out, context.request, outcome)
    }
}

impl Render for Json {
    fn answer(&mut self, out: &mut dyn Write, context: &Context<'_>, answer: &Answer) -> io::Result<()> {
        match self.mode {
            Mode::Single => {
                self.open(out, context, answer)?;
                self.more(out, context, &answer.hits)
            }
            Mode::Batch => self.write(out, context, &context.answer(answer)?),
        }
    }

    fn more(&mut self, out: &mut dyn Write, context: &Context<'_>, hits: &[Hit]) -> io::Result<()> {
        for hit in hits {
            let comma = if self.written == 0 { "" } else { "," };
            self.written += 1;
            let hit = serde_json::to_string_pretty(&context.hit(hit)?)?;
            write!(out, "{comma}{INDENT}{}", hit.replace('\n', INDENT))?;
        }
        Ok(())
    }

    fn failure(&mut self, out: &mut dyn Write, context: &Context<'_>, failure: &Failure) -> io::Result<()> {
        match self.mode {
            Mode::Single => {
                exchange(out, context.request, failure)?;
                out.write_all(b"\n")
            }
            Mode::Batch => self.write(out, context, failure),
        }
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        match (self.mode, self.written) {
            (Mode::Single, _) if self.rest.is_empty() => Ok(()),
            (Mode::Single, hits) => {
                writeln!(out, "{}{}", if hits == 0 { "" } else { "\n  " }, std::mem::take(&mut self.rest))
            }
            (Mode::Batch, 0) => out.write_all(b"[]\n"),
            (Mode::Batch, _) => out.write_all(b"\n]\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::samples::{answer, explained, failure, fruitless, run, validate, written};
    use super::super::{Context, Format, Mode, Style};
    use crate::hit::Answer;

    #[test]
    fn is_one_object_with_the_request() {
        let text = written(Format::Json, Style::default(), "embuscade", &answer());
        let value: Value = serde_json::from_str(&text).unwrap();
        validate("answer.schema.json", &value);
        assert!(text.starts_with("{\n  \"request\": {\n    \"query\": \"embuscade\"\n  },\n"), "{text}");
        assert!(text.ends_with("\n}\n"), "{text}");
        assert_eq!(serde_json::from_value::<Answer>(value).unwrap(), answer());
    }

    #[test]
    fn tells_all_that_an_answer_has() {
        for (answer, keys) in [(fruitless(), &["relaxed", "suggestions"][..]), (explained(), &["resolved"])] {
            let value: Value =
                serde_json::from_str(&written(Format::Json, Style::default(), "embuscade", &answer)).unwrap();
            validate("answer.schema.json", &value);
            assert!(keys.iter().all(|key| value.get(key).is_some()), "{value}");
            assert_eq!(serde_json::from_value::<Answer>(value).unwrap(), answer);
        }
    }

    #[test]
    fn hits_that_do_not_answer_are_cut_as_those_that_do() {
        let request = json!({ "fields": ["id", "rank"] });
        let context = Context { query: "", request: &request, command: None };
        let Answer { hits, .. } = answer();
        let cut = serde_json::to_value(context.answer(&Answer { hits, ..fruitless() }).unwrap()).unwrap();
        let want = json!([{ "id": "2025/depeche-1.txt", "rank": 1 }, { "id": "2025/depeche-2.txt", "rank": 2 }]);
        assert_eq!((&cut["hits"], &cut["relaxed"]["hits"]), (&want, &want));
        assert_eq!(cut["relaxed"]["total"], 3);
        let cut = serde_json::to_value(context.answer(&answer()).unwrap()).unwrap();
        assert_eq!(cut.get("relaxed"), None);
    }

    #[test]
    fn is_one_array_in_a_batch() {
        let (answer, fruitless, failure) = (answer(), fruitless(), failure());
        for outcomes in [&[Ok(&answer), Err(&failure), Ok(&fruitless)][..], &[]] {
            let text = run(Format::Json, Style::default(), Mode::Batch, "q", outcomes);
            let values: Vec<Value> = serde_json::from_str(&text).unwrap();
            assert_eq!(values.len(), outcomes.len());
            for value in &values {
                validate("answer.schema.json", value);
            }
            assert!(text.ends_with("]\n"));
        }
    }
}
