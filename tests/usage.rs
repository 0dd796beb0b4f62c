//! What is said of a command line that cannot be read: one line and a hint, as of all that is wrong.

mod common;

use common::{Desk, Run};

#[test]
fn wrong_command_lines_are_told_on_one_line_with_a_hint() {
    let desk = Desk::new();
    for (args, want) in [
        (&["search", "x", "--formt", "json"][..], "unexpected argument “--formt”\nhint: did you mean --format?"),
        (&["search", "-n", "-1"], "unexpected argument “-1”\nhint: usage: vigie search [OPTIONS] [QUERY]..."),
        (
            &["search", "-civils"],
            "unexpected argument “-i”\nhint: what begins with a dash and is no option stands behind --",
        ),
        (&["--limit", "3", "search"], "unexpected argument “--limit”\nhint: did you mean vigie search --limit?"),
        (&["search", "--format", "jsn"], "“jsn” is no value of --format <FORMAT>\nhint: did you mean json?"),
        (&["search", "--in", "zzz"], "“zzz” is no value of --in <SCOPE>\nhint: write one of report, passage"),
        (&["search", "--in"], "a value is missing for --in <SCOPE>\nhint: write one of report, passage"),
        (
            &["search", "-n", "x"],
            "“x” is no value of --limit <N>: invalid digit found in string\nhint: for more, try `vigie search --help`",
        ),
        (
            &["search", "-n", "1", "-n", "2"],
            "--limit <N> stands more than once\nhint: usage: vigie search [OPTIONS] [QUERY]...",
        ),
        (
            &["index", "a", "--rebuild", "--prune"],
            "--rebuild cannot stand beside --prune\nhint: usage: vigie index [OPTIONS] <PATH>...",
        ),
        (&["index"], "missing on the command line: <PATH>...\nhint: usage: vigie index [OPTIONS] <PATH>..."),
        (&["serach"], "“serach” is no command of vigie\nhint: did you mean search?"),
        (&["-q"], "a command is missing\nhint: the commands are index, search, "),
        (&["zzzz"], "“zzzz” is no command of vigie\nhint: for more, try `vigie --help`"),
        (&["help", "zzzz"], "“zzzz” is no command of vigie\nhint: for more, try `vigie --help`"),
        (&["search", "--a\u{1b}[2J\u{202e}\nb"], "unexpected argument"),
        (&["index", "a", "--strict=\u{1b}[2J"], "“"),
    ] {
        let run = desk.run(args);
        let told = run.fails_with_hint();
        assert!(told.starts_with(&format!("vigie: {want}")), "{args:?}: {told}");
        assert_eq!(told.lines().count(), 2, "{told}");
    }
    // Nothing at all is no slip: it is told what there is.
    let mut command = desk.command(&[]);
    command.env_remove("VIGIE_INDEX");
    let run = Run::of(command, "");
    assert!(run.status == 2 && run.out.is_empty() && run.err.contains("\nCommands:\n"), "{run:?}");
}
