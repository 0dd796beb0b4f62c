//! Command lines to be pasted into a shell.

use super::verbatim;

/// A word as a POSIX shell reads it back: in quotes where it needs them. Control characters become U+FFFD, since the
/// line is shown on a terminal first.
pub(crate) fn quoted(word: &str) -> String {
    let word = verbatim(word);
    let bare = |c: char| c.is_alphanumeric() || "-_./:,+".contains(c);
    if !word.is_empty() && word.chars().all(bare) {
        word
    } else if word.contains('\'') && !word.contains(['"', '$', '`', '\\', '!']) {
        // « l'armée » is easier to read between double quotes.
        format!("\"{word}\"")
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A command with a query behind it.
pub(super) fn asking(command: &str, query: &str) -> String {
    // What begins with a dash would be taken for a flag.
    let end_of_flags = if query.starts_with('-') { " --" } else { "" };
    format!("{command}{end_of_flags} {}", quoted(query))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_stand_where_a_shell_needs_them() {
        for (word, want) in [
            ("embuscade", "embuscade"),
            ("2024-08..2024-10", "2024-08..2024-10"),
            ("Gourma-Rharous", "Gourma-Rharous"),
            ("mosquée", "mosquée"),
            ("", "''"),
            ("embuscade Bankass", "'embuscade Bankass'"),
            ("!JNIM", "'!JNIM'"),
            ("\"forces armées\"", "'\"forces armées\"'"),
            ("l'armée", "\"l'armée\""),
            ("l'armée \"forces\"", r#"'l'\''armée "forces"'"#),
            ("l'$HOME", r"'l'\''$HOME'"),
            ("frappe~", "'frappe~'"),
            ("a\u{1b}[31m\nb", "'a\u{fffd}[31m\u{fffd}b'"),
        ] {
            assert_eq!(quoted(word), want);
        }
    }

    #[test]
    fn a_query_is_never_taken_for_a_flag() {
        assert_eq!(asking("vigie search --match=any", "-civils"), "vigie search --match=any -- -civils");
        assert_eq!(asking("vigie search", "embuscade -civils"), "vigie search 'embuscade -civils'");
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_the_word_back() {
        for word in [
            "",
            "a b",
            "l'armée",
            "'",
            "l'armée \"x\"",
            "$HOME `id` \\",
            "l'a\\b",
            "!x'",
            "*?[a]{b,c}",
            "~",
            "#",
            "é;&|<>()",
        ] {
            let script = format!("printf %s {}", quoted(word));
            let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), word, "{script}");
        }
    }
}
