//! Variables that look like settings and are none: slips, for other tools may use names that begin alike.

use clap::Command;

use super::error::near;
use super::{CONFIG, options, tables, variable};

/// What all variables of settings begin with.
pub(super) const PREFIX: &str = "VIGIE_";

/// What to tell of variables of the environment by these names: of those that begin as the settings of a command do,
/// and of those that are one edit from a setting.
pub(super) fn notes(root: &Command, names: impl Iterator<Item = String>) -> Vec<String> {
    let mut slips: Vec<String> = names.filter(|name| name.starts_with(PREFIX)).collect();
    if slips.is_empty() {
        return Vec::new();
    }
    let commons = [variable(None, CONFIG)];
    let known: Vec<String> = tables(root)
        .flat_map(|(command, definition)| options(definition).map(move |(_, name)| variable(command, name)))
        .chain(commons)
        .collect();
    let tables: Vec<String> = root
        .get_subcommands()
        .filter(|command| options(command).next().is_some())
        .map(|command| variable(None, command.get_name()) + "_")
        .collect();
    slips.retain(|name| !known.contains(name));
    slips.sort_unstable();
    let note = |name: String| {
        let one_edit = |other: &&String| strsim::osa_distance(&name, other) == 1;
        let edited = known.iter().find(one_edit).map(String::as_str);
        let table = tables.iter().find(|table| name.starts_with(table.as_str()));
        let meant = edited.or_else(|| {
            let table = table?;
            let keys = known.iter().filter_map(|other| Some(other.strip_prefix(table.as_str())?.to_lowercase()));
            let keys: Vec<String> = keys.map(|key| key.replace('_', "-")).collect();
            let meant = near(name.strip_prefix(table.as_str())?, &keys)?;
            known
                .iter()
                .find(|other| **other == variable(None, &format!("{}{meant}", &table[PREFIX.len()..])))
                .map(String::as_str)
        });
        match (meant, table) {
            (Some(meant), _) => Some(format!("{name} is no setting; did you mean {meant}?")),
            (None, Some(_)) => Some(format!("{name} is no setting")),
            (None, None) => None,
        }
    };
    slips.into_iter().filter_map(note).collect()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::Cli;
    use super::*;

    #[test]
    fn slips_are_told_and_names_of_others_are_not() {
        for (name, want) in [
            ("VIGIE_SEARCH_LIMT", Some("VIGIE_SEARCH_LIMT is no setting; did you mean VIGIE_SEARCH_LIMIT?")),
            ("VIGIE_SERCH_LIMIT", Some("VIGIE_SERCH_LIMIT is no setting; did you mean VIGIE_SEARCH_LIMIT?")),
            ("VIGIE_INDX", Some("VIGIE_INDX is no setting; did you mean VIGIE_INDEX?")),
            ("VIGIE_CONFG", Some("VIGIE_CONFG is no setting; did you mean VIGIE_CONFIG?")),
            ("VIGIE_EVAL_PERQUERY", Some("VIGIE_EVAL_PERQUERY is no setting; did you mean VIGIE_EVAL_PER_QUERY?")),
            ("VIGIE_EVAL_PREQUERY", Some("VIGIE_EVAL_PREQUERY is no setting; did you mean VIGIE_EVAL_PER_QUERY?")),
            ("VIGIE_SEARCH_ZZZ", Some("VIGIE_SEARCH_ZZZ is no setting")),
            ("VIGIE_SEARCH_LIMIT", None),
            ("VIGIE_CONFIG", None),
            ("VIGIE_UPDATE", None),
            ("VIGIE_COLLECTIONS", None),
            ("VIGIEX_SEARCH_LIMT", None),
            ("SEARCH_LIMT", None),
        ] {
            let told = notes(&Cli::command(), [name.to_owned()].into_iter());
            assert_eq!(told, want.map(str::to_owned).into_iter().collect::<Vec<_>>(), "{name}");
        }
    }
}
