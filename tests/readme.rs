//! Runs every command of README.md and compares what it prints with what README.md shows.
//!
//! `VIGIE_UPDATE=1 cargo test --test readme` writes the outputs anew.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A folder where the commands run: the sample corpus, and nothing else of the repository.
fn workplace() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy(&Path::new(ROOT).join("sample_corpus"), &dir.path().join("sample_corpus"));
    dir
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Where a server listens that is told nothing.
const DEFAULT: &str = "127.0.0.1:8080";

/// The server of README.md, on a port that is free.
struct Server {
    process: Child,
    /// Where README.md has it listen.
    shown: String,
    address: String,
}

impl Server {
    fn start(dir: &Path, command: &str) -> Self {
        let shown = command.split("--listen ").nth(1).map_or(DEFAULT, |rest| rest.split(' ').next().unwrap());
        let free = format!("--listen {}:0", shown.split(':').next().unwrap());
        let command = command.replace(&format!("--listen {shown}"), "");
        let mut shell = shell(dir, &format!("exec {command} {free}"));
        let mut process = shell.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        assert!(!address.is_empty(), "{command} does not serve");
        Self { process, shown: shown.to_owned(), address }
    }

    /// What `curl` would print: README.md uses it with `-s`, `-H`, `-d` and an address alone.
    fn curl(&self, line: &str) -> String {
        let mut words = line.split('\'').enumerate().flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        });
        let (mut address, mut data, mut headers) = (None, None, Vec::new());
        while let Some(word) = words.next() {
            match word {
                "-s" => {}
                "-d" => data = words.next(),
                "-H" => headers.push(words.next().unwrap().split_once(": ").unwrap()),
                word => assert!(address.replace(word.replace(&self.shown, &self.address)).is_none(), "{line}"),
            }
        }
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let address = address.unwrap();
        let mut answer = match data {
            None => headers.iter().fold(agent.get(address), |get, (name, value)| get.header(*name, *value)).call(),
            Some(data) => {
                headers.iter().fold(agent.post(address), |post, (name, value)| post.header(*name, *value)).send(data)
            }
        }
        .unwrap();
        answer.body_mut().read_to_string().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What a command prints, without what differs from run to run.
fn output(dir: &Path, command: &str, server: &mut Option<Server>) -> String {
    let text = if command.starts_with("vigie serve") {
        format!("http://{}/\n", server.insert(Server::start(dir, command)).shown)
    } else if let Some(line) = command.strip_prefix("curl ") {
        let server = server.as_ref().unwrap();
        server.curl(line).replace(&server.address, &server.shown)
    } else {
        let output = shell(dir, &format!("{{ {command}\n}} 2>&1")).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    text.lines().flat_map(|line| [steady(line.trim_end()), "\n".to_owned()]).collect()
}

/// A shell in which vigie is found, and nothing of the caller's decides what it does.
fn shell(dir: &Path, command: &str) -> Command {
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_vigie"));
    let path = std::env::join_paths(
        std::iter::once(binary.parent().unwrap().to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).current_dir(dir).env("PATH", path.unwrap());
    let settings = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("VIGIE_"));
    let language = ["LANG", "LC_ALL", "LC_MESSAGES", "COLUMNS"].map(std::ffi::OsString::from);
    for name in settings.map(|(name, _)| name).chain(language) {
        shell.env_remove(name);
    }
    shell.env("NO_COLOR", "1");
    shell
}

/// Times are shown as 0.
fn steady(line: &str) -> String {
    let line = match (line.find("MB of text in "), line.strip_suffix(" s")) {
        (Some(at), Some(_)) => format!("{}MB of text in 0.1 s", &line[..at]),
        _ => line.to_owned(),
    };
    match line.split_once("\"took_us\":") {
        Some((before, after)) => {
            format!("{before}\"took_us\":0{}", after.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' '))
        }
        None => line,
    }
}

#[test]
fn commands_print_what_is_shown() {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let dir = workplace();
    let mut written = String::new();
    let mut lines = readme.lines().peekable();
    let mut inside = false;
    let mut commands = 0;
    let mut server = None;
    while let Some(line) = lines.next() {
        written.extend([line, "\n"]);
        inside = line == "```console" || inside && line != "```";
        if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            while lines.next_if(|next| !next.starts_with("$ ") && *next != "```").is_some() {}
            written += &output(dir.path(), command, &mut server);
            commands += 1;
        }
    }
    assert!(commands > 10);
    if std::env::var_os("VIGIE_UPDATE").is_some() {
        fs::write(Path::new(ROOT).join("README.md"), written).unwrap();
    } else {
        similar_asserts(&readme, &written);
    }
}

/// The first line that differs, for people.
fn similar_asserts(shown: &str, printed: &str) {
    let differs = shown.lines().zip(printed.lines()).find(|(shown, printed)| shown != printed);
    assert_eq!(differs, None, "README.md shows the left, vigie prints the right; VIGIE_UPDATE=1 writes it anew");
    assert_eq!(shown.lines().count(), printed.lines().count());
}

#[test]
fn ci_runs_the_commands_on_top() {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let ci = fs::read_to_string(Path::new(ROOT).join(".ci/run")).unwrap();
    let top: Vec<&str> = readme.split("```sh\n").skip(1).take(2).map(|block| block.lines().next().unwrap()).collect();
    assert_eq!(top.len(), 2);
    for command in top {
        assert!(ci.contains(command), ".ci/run does not run `{command}`");
    }
}

/// The commands of a job: of GitHub the lines of `run:`, of GitLab the items of `script:`.
fn commands<'t>(text: &'t str, before: &str) -> Vec<&'t str> {
    text.lines().filter_map(|line| line.trim_start().strip_prefix(before)).collect()
}

#[test]
fn jobs_for_github_and_gitlab_are_those_that_ci_runs() {
    let read = |name: &str| fs::read_to_string(Path::new(ROOT).join(name)).unwrap();
    let readme = read("README.md");
    let blocks: Vec<&str> = readme.split("```yaml\n").skip(1).map(|block| block.split("```").next().unwrap()).collect();
    let [github, gitlab] = blocks[..] else { panic!("two jobs, not {}", blocks.len()) };
    assert_eq!(github, read(".github/workflows/index.yml"));
    let script = gitlab.split("  script:\n").nth(1).unwrap().split("  artifacts:").next().unwrap();
    assert_eq!(commands(github, "run: "), commands(script, "- "));
    assert!(read(".ci/run").contains("s/^ *run: //p' .github/workflows/index.yml | bash -euxo pipefail"));
    // What a command is given has to be there.
    assert!(commands(github, "run: ").iter().any(|command| command.contains("tests/expectations/sample_corpus.toml")));
    assert!(Path::new(ROOT).join("tests/expectations/sample_corpus.toml").exists());
}
