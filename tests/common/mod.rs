//! What the tests of the command line share: a desk to work at, the program, and what a run of it gave.

#![allow(dead_code, reason = "each test binary uses some of it")]
#![allow(clippy::unwrap_used, reason = "a test may")]

pub(crate) mod help;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// Where an index stands on a desk.
pub(crate) const INDEX: &str = "ix";

/// A folder that goes away with the test. The program runs in it, so that paths in its output are short and the same
/// on every machine.
pub(crate) struct Desk {
    dir: TempDir,
    /// Where the program runs, if not in the folder.
    root: Option<PathBuf>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { dir: TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap(), root: None }
    }

    /// A desk with these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let desk = Self::new();
        for (name, text) in files {
            desk.write(name, text);
        }
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// The program, ready to run here; nothing of the caller's environment decides what it does.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args(args).current_dir(self.root.as_deref().unwrap_or(self.dir.path()));
        without_settings(&mut command);
        // A panic that is caught and told on one line shows its backtrace all the same.
        command.env("VIGIE_INDEX", self.path(INDEX)).env("RUST_BACKTRACE", "1");
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.fed(args, "")
    }

    /// Runs the program with a text on its standard input.
    pub(crate) fn fed(&self, args: &[&str], input: impl Into<Vec<u8>>) -> Run {
        Run::of(self.command(args), input)
    }

    /// Indexes and expects that all went well.
    pub(crate) fn index(&self, args: &[&str]) -> Value {
        let run = self.run(&[&["index", "--format", "json"], args].concat());
        assert_eq!(run.status, 0, "{run:?}");
        run.json()
    }

    /// What a search answers, without what differs from run to run.
    pub(crate) fn search(&self, args: &[&str]) -> Value {
        let run = self.run(&[&["search", "--format", "json"], args].concat());
        assert!(run.status <= 1, "{run:?}");
        let mut answer = run.json();
        answer.as_object_mut().unwrap().remove("took_us");
        answer
    }

    /// Ids of the reports that a search answers with, in order.
    pub(crate) fn ids(&self, args: &[&str]) -> Vec<String> {
        ids(&self.search(&[&["-n", "0"], args].concat()))
    }

    /// Every file below a folder with its content.
    pub(crate) fn files(&self, below: &str) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.path(below)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(self.dir.path()).unwrap().to_string_lossy().into_owned();
                    found.insert(name, fs::read(path).unwrap());
                }
            }
        }
        found
    }

    /// The generations of the index: every folder in its directory.
    pub(crate) fn generations(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.path(INDEX)) else { return Vec::new() };
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
    }
}

/// Takes from a command what the caller's environment would decide: settings, language and look.
pub(crate) fn without_settings(command: &mut Command) {
    // What CI sets counts as a terminal with colours.
    let names = ["CI", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM", "LANG", "LC_ALL", "LC_MESSAGES"];
    for name in names {
        command.env_remove(name);
    }
    let settings = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("VIGIE_"));
    for (name, _) in settings {
        command.env_remove(name);
    }
}

/// A desk with the sample corpus indexed, for all tests that only read. The program runs in the repository.
///
/// What is static is never dropped, so this one stays below `target/tmp` until `cargo clean`.
pub(crate) fn sample() -> &'static Desk {
    static SAMPLE: OnceLock<Desk> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let desk = Desk { root: Some(PathBuf::from(env!("CARGO_MANIFEST_DIR"))), ..Desk::new() };
        assert_eq!(desk.index(&["sample_corpus"])["added"], 82);
        desk
    })
}

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(command: Command, input: impl Into<Vec<u8>>) -> Self {
        // Long enough for a busy machine; it only ends what would never end.
        let output =
            assert_cmd::Command::from_std(command).write_stdin(input).timeout(Duration::from_mins(2)).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let run =
            Self { status: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) };
        assert!(!run.err.contains("panicked") && !run.err.contains("backtrace"), "{}", run.err);
        assert!((0..=3).contains(&run.status), "no such exit status: {run:?}");
        run
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// One JSON value a line.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let parse =
            |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}: {self:?}"));
        self.out.lines().map(parse).collect()
    }

    /// Expects a fatal error: status 2, nothing on standard output, what and why on one line, then details of at
    /// most a line each. Gives what stands on standard error.
    #[track_caller]
    pub(crate) fn fails(&self) -> &str {
        assert_eq!((self.status, self.out.as_str()), (2, ""), "{self:?}");
        let mut lines = self.err.lines();
        assert!(lines.next().is_some_and(|line| line.starts_with("vigie: ")), "{}", self.err);
        for line in lines {
            assert!(line.starts_with("hint: ") || line.starts_with("  "), "{}", self.err);
        }
        assert!(!self.err.chars().any(|c| c.is_control() && c != '\n'), "{:?}", self.err);
        &self.err
    }

    /// As [`Run::fails`], with a hint.
    #[track_caller]
    pub(crate) fn fails_with_hint(&self) -> &str {
        assert!(self.err.lines().any(|line| line.starts_with("hint: ")), "no hint: {self:?}");
        self.fails()
    }
}

/// Ids of the reports of an answer's hits.
pub(crate) fn ids(answer: &Value) -> Vec<String> {
    let hits = answer["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["report"]["id"].as_str().unwrap().to_owned()).collect()
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn schema(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(repository("schema").join(name)).unwrap()).unwrap()
}

/// What a schema of `schema/` finds wrong with a value.
pub(crate) fn faults(name: &str, value: &Value) -> Vec<String> {
    let known = ["answer", "hit", "facets", "timeline", "cite"].map(|name| schema(&format!("{name}.schema.json")));
    let mut registry = jsonschema::Registry::new();
    for known in &known {
        registry = registry.add(known["$id"].as_str().unwrap(), known).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let validator =
        jsonschema::options().with_registry(&registry).should_validate_formats(true).build(&schema(name)).unwrap();
    validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect()
}

/// What a definition of a schema finds wrong with a value.
pub(crate) fn definition_faults(name: &str, definition: &str, value: &Value) -> Vec<String> {
    let schema = serde_json::json!({ "$defs": schema(name)["$defs"], "$ref": format!("#/$defs/{definition}") });
    assert!(!schema["$defs"][definition].is_null(), "{name} does not define {definition}");
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect()
}

#[track_caller]
pub(crate) fn validate(name: &str, value: &Value) {
    let faults = faults(name, value);
    assert!(faults.is_empty(), "{name}: {faults:?} in {value}");
}
