//! The labelled passages of the sample corpus: `sample_corpus.tsv`, read row by row.

use chrono::NaiveDate;

const COLUMNS: [&str; 7] = ["report", "passage", "groups", "regions", "dates", "neutral", "opening"];

/// What the text of a passage says by itself.
#[derive(Debug, PartialEq)]
pub(crate) struct Passage {
    /// The id of its report.
    pub(crate) report: String,
    /// Its number in the report, from 1.
    pub(crate) ordinal: u32,
    /// Facets of `schema/actors.csv`, `/category/…/name`.
    pub(crate) groups: Vec<String>,
    /// Paths of `schema/places.csv`; of each label any one path is right.
    pub(crate) regions: Vec<Vec<String>>,
    /// When what it tells happened.
    pub(crate) dates: Vec<Span>,
    /// What is neither right nor wrong to find.
    pub(crate) neutral: Neutral,
    /// Its first five words.
    pub(crate) opening: String,
}

impl Passage {
    /// The id that a hit gives the passage.
    pub(crate) fn id(&self) -> String {
        format!("{}#{}", self.report, self.ordinal)
    }
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Neutral {
    pub(crate) groups: Vec<String>,
    pub(crate) regions: Vec<String>,
    pub(crate) dates: Vec<Span>,
}

/// Days, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span {
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
}

impl Span {
    /// A span of `2024-08-15` or `2024-08-14..2024-08-15`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let day = |text: &str| {
            let day = text.parse::<NaiveDate>().map_err(|why| format!("{text}: {why}"))?;
            // The parser takes 2024-8-5 too.
            if day.to_string() == text { Ok(day) } else { Err(format!("{text}: not an ISO day")) }
        };
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        Ok(Self { from: day(from)?, to: day(to)? })
    }
}

/// Passages of a table with a header. An error names its line.
pub(crate) fn parse(table: &str) -> Result<Vec<Passage>, String> {
    let mut lines = (1..).zip(table.lines());
    if lines.next().is_none_or(|(_, header)| !header.split('\t').eq(COLUMNS)) {
        return Err(format!("line 1: the columns are {}", COLUMNS.join(", ")));
    }
    lines.map(|(number, line)| row(line).map_err(|why| format!("line {number}: {why}"))).collect()
}

fn row(line: &str) -> Result<Passage, String> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [report, ordinal, groups, regions, dates, neutral, opening] = cells[..] else {
        return Err(format!("{} columns, not {}", cells.len(), COLUMNS.len()));
    };
    let values = |cell: &str| cell.split(';').filter(|value| !value.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let paths = |value: &String| value.split('=').map(str::to_owned).collect::<Vec<_>>();
    let mut other = Neutral::default();
    for value in values(neutral) {
        if value.starts_with('/') {
            other.groups.push(value);
        } else if value.starts_with(|first: char| first.is_ascii_digit()) {
            other.dates.push(Span::parse(&value)?);
        } else {
            other.regions.extend(paths(&value));
        }
    }
    Ok(Passage {
        report: report.to_owned(),
        ordinal: ordinal.parse().map_err(|why| format!("{ordinal}: {why}"))?,
        groups: values(groups),
        regions: values(regions).iter().map(paths).collect(),
        dates: values(dates).iter().map(|value| Span::parse(value)).collect::<Result<_, _>>()?,
        neutral: other,
        opening: opening.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(row: &str) -> String {
        format!("{}\n{row}\n", COLUMNS.join("\t"))
    }

    fn span(from: &str, to: &str) -> Span {
        Span { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    #[test]
    fn a_row() {
        let row = "e1\t2\t/a/X;/b/Y\tMali/Gao/Bourem/Bamba=Mali/Gao/Bamba;Niger\t2024-08-14..2024-08-15\t\
                   2024-08-16;/c/Z;Bénin\tHier soir, à Bamba,";
        let owned = |values: &[&str]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
        let passage = Passage {
            report: "e1".to_owned(),
            ordinal: 2,
            groups: owned(&["/a/X", "/b/Y"]),
            regions: vec![owned(&["Mali/Gao/Bourem/Bamba", "Mali/Gao/Bamba"]), owned(&["Niger"])],
            dates: vec![span("2024-08-14", "2024-08-15")],
            neutral: Neutral {
                groups: owned(&["/c/Z"]),
                regions: owned(&["Bénin"]),
                dates: vec![span("2024-08-16", "2024-08-16")],
            },
            opening: "Hier soir, à Bamba,".to_owned(),
        };
        assert_eq!(passage.id(), "e1#2");
        assert_eq!(parse(&table(row)), Ok(vec![passage]));
    }

    #[test]
    fn rows_that_cannot_be_read() {
        let cases = [
            ("e1\t2\t\t\t\tHier", "line 2: 6 columns, not 7"),
            ("e1\tdeux\t\t\t\t\tHier", "line 2: deux: invalid digit found in string"),
            ("e1\t2\t\t\t2024-06-31\t\tHier", "line 2: 2024-06-31: input is out of range"),
            ("e1\t2\t\t\t\t2024-8-5\tHier", "line 2: 2024-8-5: not an ISO day"),
        ];
        for (row, why) in cases {
            assert_eq!(parse(&table(row)).unwrap_err(), why);
        }
        assert!(parse("report\tpassage\n").unwrap_err().starts_with("line 1: "));
    }
}
