//! The help of the program, in parts.

use super::{Desk, Run};

/// What the program says, without the directory that the test named in the environment.
pub(crate) fn reference(args: &[&str]) -> String {
    let mut command = Desk::new().command(args);
    command.env_remove("VIGIE_INDEX").current_dir(env!("CARGO_MANIFEST_DIR"));
    let run = Run::of(command, "");
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{args:?}");
    // Lines that only separate end in white space.
    run.out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// The options of every command stand below this.
pub(crate) const COMMON: &str = "Options of every command:";
/// The filters of the commands that ask an index stand below this.
pub(crate) const FILTERS: &str = "Filters (repeatable):";

/// The help of a command in parts: a heading that stands alone begins another.
fn sections(command: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    for line in reference(&["help", command]).lines() {
        let heading = line.ends_with(':') && !line.starts_with(' ');
        match sections.last_mut() {
            Some(last) if !(heading && last.ends_with("\n\n")) => last.extend([line, "\n"]),
            _ => sections.push(format!("{line}\n")),
        }
    }
    sections
}

/// The part of a command's help under a heading.
pub(crate) fn section(command: &str, heading: &str) -> String {
    let found = sections(command).into_iter().find(|section| section.starts_with(heading));
    found.unwrap_or_else(|| panic!("no {heading} in the help of {command}")).trim_end().to_owned()
}

/// The help of a command without the parts that it shares with others.
pub(crate) fn own(command: &str) -> String {
    let shared = |section: &String| section.starts_with(COMMON) || section.starts_with(FILTERS);
    sections(command).into_iter().filter(|section| !shared(section)).collect()
}

/// The filters of a command, where it has some.
pub(crate) fn filters(command: &str) -> String {
    sections(command).into_iter().find(|section| section.starts_with(FILTERS)).unwrap_or_default()
}
