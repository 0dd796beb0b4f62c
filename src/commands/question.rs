//! What every command that asks an index takes: a query, filters, and how they combine.

use clap::{Args, ValueEnum};

use crate::lang::Lang;
use crate::render::{Dialect, quoted};
use crate::search::{Match, Request, Scope};

/// What to ask for.
#[derive(Debug, Args)]
pub(super) struct Question {
    /// The query, in the language that `vigie help query` tells; leave it out for all that the filters hold
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    manner: Manner,
}

/// How queries are read, and which reports count.
#[derive(Debug, Args)]
pub(super) struct Manner {
    /// Where every word must hold
    #[arg(long = "in", value_name = "SCOPE", default_value = "report")]
    scope: Scope,
    /// Whether all words must be there, or any will do
    #[arg(long = "match", value_name = "HOW", default_value = "all")]
    matching: Match,
    /// Look for the words of the query alone, not for other names, synonyms or spellings
    #[arg(long)]
    no_expand: bool,
    // Last, because what follows a heading stands below it.
    #[command(flatten)]
    filters: Filters,
}

/// Which reports count.
#[derive(Debug, Args)]
#[command(next_help_heading = "Filters (repeatable)")]
pub(super) struct Filters {
    /// Armed group by name or path; '!JNIM' excludes
    #[arg(long = "group", value_name = "NAME")]
    groups: Vec<String>,
    /// Place by name or path, such as Mopti or Mali/Mopti
    #[arg(long = "region", value_name = "NAME")]
    regions: Vec<String>,
    /// Source by name
    #[arg(long = "source", value_name = "NAME")]
    sources: Vec<String>,
    /// First day: 2024, 2024-08, 2024-08-15, '15 août 2024'
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Last day
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Day, month, year or range, such as 2024-08..2024-10
    #[arg(long = "date", value_name = "DATE")]
    dates: Vec<String>,
    /// Take in groups, places and dates that are only mentioned: background, affiliation, dateline
    #[arg(long)]
    mentions: bool,
}

impl Question {
    /// What is asked for, in words of a language: the query and the filters.
    pub(super) fn subject(&self, lang: Lang) -> String {
        let Filters { groups, regions, sources, since, until, dates, mentions } = &self.manner.filters;
        let mut parts = vec![self.query.join(" ")];
        let lists = [("group", groups), ("region", regions), ("source", sources), ("date", dates)];
        parts.extend(
            lists
                .iter()
                .filter(|(_, values)| !values.is_empty())
                .map(|(kind, values)| format!("{} {}", lang.tell(*kind), values.join(", "))),
        );
        let ends = [("since", since), ("until", until)];
        parts.extend(ends.iter().filter_map(|(name, day)| Some(format!("{} {}", lang.tell(*name), day.as_ref()?))));
        parts.extend(mentions.then(|| lang.tell("with mentions").into_owned()));
        parts.retain(|part| !part.trim().is_empty());
        parts.join(" · ")
    }

    /// The flags that were given, as a shell reads them.
    pub(super) fn flags(&self) -> Vec<String> {
        let Manner { filters, scope, matching, no_expand } = &self.manner;
        let Filters { groups, regions, sources, since, until, dates, mentions } = filters;
        let lists = [("group", groups), ("region", regions), ("source", sources), ("date", dates)];
        let mut flags: Vec<String> =
            lists.iter().flat_map(|(name, values)| values.iter().map(|value| flag(name, value))).collect();
        let ends = [("since", since), ("until", until)];
        flags.extend(ends.iter().filter_map(|(name, day)| Some(flag(name, day.as_ref()?))));
        flags.extend(mentions.then(|| "--mentions".to_owned()));
        flags.extend(choice("in", scope));
        flags.extend(choice("match", matching));
        flags.extend(no_expand.then(|| "--no-expand".to_owned()));
        flags
    }

    /// The request that the flags make, with the defaults of all else.
    pub(super) fn request(&self) -> Request {
        self.manner.request(self.query.join(" "))
    }
}

impl Manner {
    /// The request that the flags make of a query, with the defaults of all else.
    pub(super) fn request(&self, query: String) -> Request {
        self.filters.narrow(Request {
            query,
            scope: self.scope,
            matching: self.matching,
            expand: !self.no_expand,
            ..Request::default()
        })
    }
}

impl Filters {
    /// A request with these filters.
    pub(super) fn narrow(&self, request: Request) -> Request {
        Request {
            groups: self.groups.clone(),
            regions: self.regions.clone(),
            sources: self.sources.clone(),
            since: self.since.clone(),
            until: self.until.clone(),
            dates: self.dates.clone(),
            mentions: self.mentions,
            ..request
        }
    }
}

/// A flag and its value as a shell reads them.
pub(super) fn flag(name: &str, value: &str) -> String {
    format!("--{name}={}", quoted(value))
}

/// A flag that chooses, unless it chooses what is chosen without it.
pub(super) fn choice<V: ValueEnum + Default + PartialEq>(name: &str, value: &V) -> Option<String> {
    let named = value.to_possible_value().filter(|_| *value != V::default())?;
    Some(flag(name, named.get_name()))
}

/// How CSV is written: as RFC 4180 has it, or for a French Excel.
///
/// # Errors
/// If the latter is wanted of another format.
pub(super) fn dialect(excel_fr: bool, is_csv: bool) -> anyhow::Result<Dialect> {
    anyhow::ensure!(is_csv || !excel_fr, "--excel-fr: only CSV is written for a spreadsheet; add --format csv");
    Ok(if excel_fr { Dialect::EXCEL_FR } else { Dialect::CSV })
}
