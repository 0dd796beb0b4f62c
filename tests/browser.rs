//! What only a browser can tell of the page: runs `tests/web` with Node and Chromium where both are there, and says so
//! where they are not. `VIGIE_BROWSER=required` makes their absence a failure.
//!
//! A program of its own (`harness = false`), so that what was left out is seen without asking.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const NAME: &str = "the_page_in_a_browser";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut out = io::stdout();
    if arguments.iter().any(|argument| argument == "--list") {
        writeln!(out, "{NAME}: test").unwrap();
        return ExitCode::SUCCESS;
    }
    let mut filters = arguments.iter().filter(|argument| !argument.starts_with('-')).peekable();
    if filters.peek().is_some() && !filters.any(|filter| NAME.contains(filter.as_str())) {
        return ExitCode::SUCCESS;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web");
    let chromium = match missing(&folder) {
        Ok(chromium) => chromium,
        Err(missing) if std::env::var_os("VIGIE_BROWSER").is_some_and(|value| value == "required") => {
            writeln!(out, "{NAME}: FAILED: {missing}").unwrap();
            return ExitCode::FAILURE;
        }
        Err(missing) => {
            writeln!(out, "{NAME}: left out: {missing}").unwrap();
            return ExitCode::SUCCESS;
        }
    };
    // One file after the other: each has a server and a browser of its own.
    let tests = Command::new("node")
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .current_dir(&folder)
        .env("VIGIE_BIN", env!("CARGO_BIN_EXE_vigie"))
        .env("CHROMIUM", chromium)
        .status();
    if tests.is_ok_and(|status| status.success()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The browser, or what there is not of all that the tests need.
fn missing(folder: &Path) -> Result<PathBuf, String> {
    if !Command::new("node").arg("--version").output().is_ok_and(|run| run.status.success()) {
        return Err("no node; install Node.js from version 20 on".to_owned());
    }
    if !folder.join("node_modules/playwright-core").is_dir() {
        return Err("no playwright-core; run `npm ci` in tests/web".to_owned());
    }
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from);
    let found = named.into_iter().chain(places).find(|place| place.is_file());
    found.ok_or_else(|| "no chromium; install it, or name one in CHROMIUM".to_owned())
}
