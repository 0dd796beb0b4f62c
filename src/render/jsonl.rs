//! `jsonl`: one hit a line; in a batch one answer or failure a line.
//!
//! For a single query the lines hold hits and nothing else, so all else that is told of it is the caller's to tell
//! ([`super::aside`]).

use std::io::{self, Write};

use serde::Serialize;

use super::{Context, Failure, Mode, Render};
use crate::hit::{Answer, Hit};

/// The renderer.
pub(super) struct Jsonl {
    mode: Mode,
}

impl Jsonl {
    pub(super) fn new(mode: Mode) -> Self {
        Self { mode }
    }
}

/// One value on one line: JSON writes the line ends inside strings as `\n`.
fn line<T: Serialize>(out: &mut dyn Write, value: &T) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

impl Render for Jsonl {
    fn answer(&mut self, out: &mut dyn Write, context: &Context<'_>, answer: &Answer) -> io::Result<()> {
        match self.mode {
            Mode::Single => self.more(out, context, &answer.hits),
            Mode::Batch => line(out, &context.answer(answer)?),
        }
    }

    fn more(&mut self, out: &mut dyn Write, context: &Context<'_>, hits: &[Hit]) -> io::Result<()> {
        hits.iter().try_for_each(|hit| line(out, &context.hit(hit)?))
    }

    fn failure(&mut self, out: &mut dyn Write, _context: &Context<'_>, failure: &Failure) -> io::Result<()> {
        line(out, failure)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::samples::{answer, any_answer, explained, failure, fruitless, run, validate, written};
    use super::super::{Failure, Format, Mode, Style};
    use crate::hit::{Answer, Hit};

    #[test]
    fn a_hit_has_the_shape_of_its_schema() {
        let text = written(Format::Jsonl, Style::default(), "embuscade", &answer());
        assert_eq!(text.lines().count(), 2);
        for line in text.lines() {
            validate("hit.schema.json", &serde_json::from_str(line).unwrap());
        }
        insta::assert_snapshot!(text.lines().nth(1).unwrap(), @r#"{"rank":2,"score":2.75,"report":{"id":"2025/depeche-2.txt","title":"Bilan de la semaine","source":"Échantillon A","url":null,"path":"corpus/2025/depeche-2.txt","published":"2025-01-09"},"passage":{"id":"2025/depeche-2.txt#3","ordinal":3,"start":812,"end":913,"text":"Bilan\n\nTrois civils ont été tués dans l'embuscade ; les FAMa évoquent\nune attaque « complexe ».","hash":"b3:26181202f48a"},"fragment":{"start":812,"end":913},"marks":[{"start":855,"end":864,"term":"embuscade"}],"groups":[],"regions":[],"dates":[],"passages_in_report":1,"cite":"Échantillon A, « Bilan de la semaine », 2025-01-09, corpus/2025/depeche-2.txt#3, octets 812-913, b3:26181202f48a"}"#);
    }

    #[test]
    fn hits_that_do_not_answer_are_no_lines() {
        assert_eq!(written(Format::Jsonl, Style::default(), "q", &fruitless()), "");
        let batch = run(Format::Jsonl, Style::default(), Mode::Batch, "q", &[Ok(&fruitless())]);
        assert_eq!(serde_json::from_str::<Answer>(&batch).unwrap(), fruitless());
    }

    #[test]
    fn a_hit_has_its_reasons() {
        let text = written(Format::Jsonl, Style::default(), "q", &explained());
        validate("hit.schema.json", &serde_json::from_str(&text).unwrap());
        assert_eq!(serde_json::from_str::<Hit>(&text).unwrap().explanation, explained().hits[0].explanation);
    }

    #[test]
    fn a_batch_has_one_line_a_request() {
        let answer = Answer { id: Some("q1".to_owned()), ..answer() };
        let failure = failure();
        let text = run(Format::Jsonl, Style::default(), Mode::Batch, "q", &[Ok(&answer), Err(&failure)]);
        let lines: Vec<&str> = text.lines().collect();
        for line in &lines {
            validate("answer.schema.json", &serde_json::from_str::<Value>(line).unwrap());
        }
        assert_eq!(serde_json::from_str::<Answer>(lines[0]).unwrap(), answer);
        assert_eq!(serde_json::from_str::<Failure>(lines[1]).unwrap(), failure);
        insta::assert_snapshot!(lines[1], @r#"{"id":"q2","error":{"message":"the quote is never closed","start":10,"end":17,"hint":"write \"forces armées\" with two quotes"}}"#);
    }

    proptest::proptest! {
        #[test]
        fn lines_parse_back_to_the_same_hits(answer in any_answer()) {
            let text = written(Format::Jsonl, Style::default(), "q", &answer);
            let hits: Vec<Hit> = text.split_terminator('\n').map(|line| serde_json::from_str(line).unwrap()).collect();
            proptest::prop_assert_eq!(&hits, &answer.hits);
            let text = run(Format::Jsonl, Style::default(), Mode::Batch, "q", &[Ok(&answer)]);
            let line = text.strip_suffix('\n').unwrap();
            proptest::prop_assert!(!line.contains('\n'));
            proptest::prop_assert_eq!(serde_json::from_str::<Answer>(line).unwrap(), answer);
        }
    }
}
