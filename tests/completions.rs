//! Completions and manual pages, which come of the same definitions as the help.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a test may")]

mod common;

use std::process::Command;

use common::Desk;

/// Whether a program is there; a test of what it would do says that it is not.
fn has(program: &str) -> bool {
    let there = Command::new("sh").args(["-c", &format!("command -v {program}")]).output().unwrap().status.success();
    if !there {
        println!("{program} is not installed: its part of this test is left out");
    }
    there
}

fn script(shell: &str) -> String {
    let run = Desk::new().run(&["completions", shell]);
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{shell}");
    run.out
}

#[test]
fn there_are_completions_for_four_shells() {
    for (shell, of_it) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef vigie"),
        ("fish", "complete -c vigie"),
        ("powershell", "Register-Arg"),
    ] {
        let script = script(shell);
        assert!(script.contains(of_it), "{shell}");
        for word in ["timeline", "no-expand", "collapse", "completions"] {
            assert!(script.contains(word), "{shell} does not complete {word}");
        }
    }
    assert_eq!(Desk::new().run(&["completions", "csh"]).status, 2);
    assert_eq!(Desk::new().run(&["completions"]).status, 2);
}

/// What a shell that has read the script says.
fn asked(shell: &str, file: &str, commands: &str) -> String {
    let desk = Desk::new();
    desk.write(file, script(shell));
    let output = Command::new(shell).args(["-c", commands]).current_dir(desk.path("")).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn bash_completes() {
    if !has("bash") {
        return;
    }
    let complete = |words: &str, place: usize| {
        let commands = format!(
            "source vigie.bash; COMP_WORDS=({words}); COMP_CWORD={place}; \
             _vigie vigie \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; echo \"${{COMPREPLY[@]}}\""
        );
        asked("bash", "vigie.bash", &commands).trim().to_owned()
    };
    asked("bash", "vigie.bash", "bash -n vigie.bash");
    assert_eq!(complete("vigie sea", 1), "search");
    assert_eq!(complete("vigie search --no", 2), "--no-expand");
    let topics = complete("vigie help ''", 2);
    assert!(topics.split(' ').any(|topic| topic == "timeline") && topics.ends_with(" query"), "{topics}");
    assert_eq!(complete("vigie help qu", 2), "query");
    assert_eq!(complete("vigie config ti", 2), "timeline");
    assert_eq!(complete("vigie man ti", 2), "timeline");
    assert_eq!(complete("vigie search --sort ''", 3), "relevance newest oldest");
}

#[test]
fn zsh_reads_its_script() {
    if has("zsh") {
        asked("zsh", "_vigie", "autoload -U compinit; compinit -u -d dump; source ./_vigie; whence _vigie >/dev/null");
    }
}

#[test]
fn fish_completes() {
    if has("fish") {
        let told = asked("fish", "vigie.fish", "source vigie.fish; complete -C 'vigie sea'");
        assert!(told.starts_with("search"), "{told}");
    }
}

#[test]
fn every_command_has_a_page() {
    let desk = Desk::new();
    let run = desk.run(&["man", "--dir", "man/man1"]);
    assert_eq!((run.status, run.out.as_str(), run.err.as_str()), (0, "", ""));
    let pages = desk.files("man");
    let help = desk.run(&["help"]).out;
    let commands = help.split("Commands:\n").nth(1).unwrap().lines().take_while(|line| !line.is_empty());
    let mut names = vec!["vigie".to_owned()];
    names.extend(commands.filter_map(|line| Some(format!("vigie-{}", line.split_whitespace().next()?))));
    assert!(names.len() > 8);
    assert_eq!(pages.len(), names.len(), "{:?}", pages.keys());
    for name in names {
        let page = String::from_utf8(pages[&format!("man/man1/{name}.1")].clone()).unwrap();
        assert!(page.contains(&format!(".TH {name} 1")), "{page}");
        // One page, wherever it is asked for.
        let alone = match name.strip_prefix("vigie-") {
            Some(command) => desk.run(&["man", command]).out,
            None => desk.run(&["man"]).out,
        };
        assert_eq!(alone, page, "{name}");
    }
    let search = desk.run(&["man", "search"]).out;
    for part in ["\\-\\-no\\-expand", ".SH EXAMPLES", "vigie search embuscade gendarme", "VIGIE_INDEX"] {
        assert!(search.contains(part), "{part}: {search}");
    }
    for (args, want) in [(&["man", "serach"][..], "serach"), (&["man", "search", "--dir", "x"], "--dir")] {
        let run = desk.run(args);
        assert!(run.status == 2 && run.err.contains(want), "{run:?}");
    }
    desk.write("file", "");
    assert!(desk.run(&["man", "--dir", "file/x"]).fails().contains("file/x"));
}

#[test]
fn readers_of_manuals_find_no_fault() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["man", "--dir", "."]).status, 0);
    let faults = |program: &str, flags: &[&str]| {
        let run = Command::new(program).args(flags).arg("vigie-search.1").current_dir(desk.path("")).output().unwrap();
        (run.status.success(), String::from_utf8_lossy(&run.stderr).into_owned())
    };
    if has("groff") {
        assert_eq!(faults("groff", &["-man", "-Tutf8", "-ww", "-z"]), (true, String::new()));
    }
    if has("mandoc") {
        assert!(faults("mandoc", &["-Tlint", "-Werror"]).0);
    }
}
