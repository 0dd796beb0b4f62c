//! How expectations came out: for people, as the Test Anything Protocol, and as `JUnit` XML.

use std::io::{self, Write};
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{counted, line, verbatim};
use crate::expectations::{Outcome, Outcomes};
use crate::lang::Lang;

/// Writes a line an expectation, with what does not hold below it, then how many hold; `file` is where they stand.
///
/// # Errors
/// The writer's own.
pub(crate) fn text(out: &mut dyn Write, outcomes: &Outcomes, file: &str, lang: Lang) -> io::Result<()> {
    for outcome in &outcomes.expectations {
        if outcome.passed {
            writeln!(out, "ok      {}", name(outcome))?;
            continue;
        }
        let failed = lang.tell("FAILED");
        writeln!(out, "{failed:<8}{} ({}:{})", name(outcome), verbatim(file), outcome.line)?;
        writeln!(out, "        {}", verbatim(&outcome.request.to_string()))?;
        for failure in &outcome.failures {
            writeln!(out, "        {}", verbatim(&lang.tell(failure.what.as_str())))?;
        }
    }
    let all = counted(outcomes.expectations.len(), "expectation");
    line(out, lang, format!("{all}: {} passed, {} failed", outcomes.passed, outcomes.failed))
}

/// The name of an expectation on one line.
fn name(outcome: &Outcome) -> String {
    verbatim(&outcome.name.replace('\n', " "))
}

/// Writes the Test Anything Protocol, version 14 (<https://testanything.org/tap-version-14-specification.html>); what
/// does not hold stands in the YAML of its test.
///
/// # Errors
/// The writer's own.
pub(crate) fn tap(out: &mut dyn Write, outcomes: &Outcomes, file: &str) -> io::Result<()> {
    writeln!(out, "TAP version 14\n1..{}", outcomes.expectations.len())?;
    for (number, outcome) in (1..).zip(&outcomes.expectations) {
        let not = if outcome.passed { "" } else { "not " };
        // A number sign would begin a directive.
        let name = name(outcome).replace('\\', "\\\\").replace('#', "\\#");
        writeln!(out, "{not}ok {number} - {name}")?;
        if outcome.passed {
            continue;
        }
        // JSON is YAML.
        writeln!(out, "  ---")?;
        writeln!(out, "  at: {}", json(&format!("{file}:{}", outcome.line))?)?;
        writeln!(out, "  request: {}", outcome.request)?;
        writeln!(out, "  total: {}", outcome.total.map_or("null".to_owned(), |total| total.to_string()))?;
        writeln!(out, "  failures:")?;
        for failure in &outcome.failures {
            writeln!(out, "    - {}", json(&failure.what)?)?;
        }
        writeln!(out, "  ...")?;
    }
    Ok(())
}

fn json(text: &str) -> io::Result<String> {
    Ok(serde_json::to_string(text)?)
}

/// Writes `JUnit` XML: one suite, one case an expectation.
///
/// # Errors
/// The writer's own.
pub(crate) fn junit(out: &mut dyn Write, outcomes: &Outcomes, file: &str) -> io::Result<()> {
    let mut suite = TestSuite::new(file);
    suite.add_test_cases(outcomes.expectations.iter().map(|outcome| case(outcome, file)));
    let took = outcomes.expectations.iter().map(|outcome| outcome.took_us).sum();
    suite.set_time(Duration::from_micros(took));
    let mut report = Report::new("vigie check");
    report.set_time(Duration::from_micros(took)).add_test_suite(suite);
    let text = report.to_string().map_err(io::Error::other)?;
    out.write_all(text.trim_end().as_bytes())?;
    writeln!(out)
}

fn case(outcome: &Outcome, file: &str) -> TestCase {
    let status = match outcome.failures.first() {
        None => TestCaseStatus::success(),
        Some(first) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let whats: Vec<&str> = outcome.failures.iter().map(|failure| failure.what.as_str()).collect();
            let description = format!("{file}:{}\n{}\n{}", outcome.line, outcome.request, whats.join("\n"));
            status.set_message(first.what.as_str()).set_type(first.expected).set_description(description);
            status
        }
    };
    let mut case = TestCase::new(name(outcome), status);
    case.set_classname(file).set_time(Duration::from_micros(outcome.took_us));
    case
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::expectations::Failure;

    fn outcomes() -> Outcomes {
        let outcome = |name: &str, line, failures: &[&str]| Outcome {
            name: name.to_owned(),
            line,
            request: json!({ "query": "\"garde <b>\"" }),
            passed: failures.is_empty(),
            total: Some(3),
            failures: failures
                .iter()
                .map(|what| Failure { expected: "must", id: None, rank: None, what: (*what).to_owned() })
                .collect(),
            took_us: 1500,
        };
        let failures = ["r#1 stands at 12, not among the first 10 hits", "“b” & \u{1b}[31m is not found"];
        let expectations = vec![outcome("été # 1 \\ skip", 1, &[]), outcome("le <deux>\n\u{1b}[2J", 5, &failures)];
        Outcomes { passed: 1, failed: 1, expectations }
    }

    fn written(render: fn(&mut dyn Write, &Outcomes, &str) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        render(&mut out, &outcomes(), "a&b.toml").unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn for_people() {
        insta::assert_snapshot!(written(|out, outcomes, file| text(out, outcomes, file, Lang::En)), @r##"
        ok      été # 1 \ skip
        FAILED  le <deux> �[2J (a&b.toml:5)
                {"query":"\"garde <b>\""}
                r#1 stands at 12, not among the first 10 hits
                “b” & �[31m is not found
        2 expectations: 1 passed, 1 failed
        "##);
    }

    #[test]
    fn as_tap() {
        insta::assert_snapshot!(written(tap), @r##"
        TAP version 14
        1..2
        ok 1 - été \# 1 \\ skip
        not ok 2 - le <deux> �[2J
          ---
          at: "a&b.toml:5"
          request: {"query":"\"garde <b>\""}
          total: 3
          failures:
            - "r#1 stands at 12, not among the first 10 hits"
            - "“b” & \u001b[31m is not found"
          ...
        "##);
    }

    #[test]
    fn as_junit() {
        insta::assert_snapshot!(written(junit), @r##"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="vigie check" tests="2" skipped="0" failures="1" errors="0" time="0.003">
            <testsuite name="a&amp;b.toml" tests="2" skipped="0" errors="0" failures="1" time="0.003">
                <testcase name="été # 1 \ skip" classname="a&amp;b.toml" time="0.002"/>
                <testcase name="le &lt;deux&gt; �[2J" classname="a&amp;b.toml" time="0.002">
                    <failure message="r#1 stands at 12, not among the first 10 hits" type="must">a&amp;b.toml:5
        {&quot;query&quot;:&quot;\&quot;garde &lt;b&gt;\&quot;&quot;}
        r#1 stands at 12, not among the first 10 hits
        “b” &amp;  is not found</failure>
                </testcase>
            </testsuite>
        </testsuites>
        "##);
    }
}
