//! The token that a server which can be reached from elsewhere wants.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::ServeError;

/// The name of the cookie that stands for the token.
pub(super) const COOKIE: &str = "vigie";
/// Characters of the shortest token.
const SHORTEST: usize = 16;
/// What the value of the cookie is derived for, as BLAKE3 wants it: nowhere else is it used.
const PURPOSE: &str = "vigie 2026-11-22 cookie that stands for the token";

/// What is known of the token: hashes, which are compared in constant time.
#[derive(Clone)]
pub struct Token {
    hash: blake3::Hash,
    cookie: String,
}

/// Nothing of it is shown.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

impl Token {
    /// The token that stands in a file, white space around it aside; and whether others than the owner may read it.
    ///
    /// # Errors
    /// If the file cannot be read, or holds no token that is long enough.
    pub fn read(file: &Path) -> Result<(Self, bool), ServeError> {
        let failed = |source| ServeError::TokenFile { file: file.to_owned(), source };
        let text = std::fs::read_to_string(file).map_err(failed)?;
        let token = text.trim();
        let plain = token.chars().all(|c| c.is_ascii_graphic());
        if token.chars().count() < SHORTEST || !plain {
            return Err(ServeError::Token { file: PathBuf::from(file), least: SHORTEST });
        }
        Ok((Self::new(token), is_open(file).map_err(failed)?))
    }

    fn new(token: &str) -> Self {
        let cookie = blake3::Hash::from(blake3::derive_key(PURPOSE, token.as_bytes())).to_hex().to_string();
        Self { hash: blake3::hash(token.as_bytes()), cookie }
    }

    /// Whether it is this text.
    pub(super) fn is(&self, given: &str) -> bool {
        blake3::hash(given.as_bytes()) == self.hash
    }

    /// Whether a cookie stands for it.
    pub(super) fn is_cookie(&self, given: &str) -> bool {
        blake3::hash(given.as_bytes()) == blake3::hash(self.cookie.as_bytes())
    }

    /// The value of the cookie that stands for it, from which it cannot be had.
    pub(super) fn cookie(&self) -> &str {
        &self.cookie
    }
}

/// Whether others than its owner may read a file.
#[cfg(unix)]
fn is_open(file: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::metadata(file)?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_and_its_cookie_hold() {
        let token = Token::new("correct-horse-battery");
        assert!(token.is("correct-horse-battery") && !token.is("correct-horse-batter") && !token.is(""));
        let cookie = token.cookie().to_owned();
        assert!(token.is_cookie(&cookie) && !token.is_cookie("correct-horse-battery") && !token.is(&cookie));
        assert_ne!(cookie, Token::new("another-horse-battery").cookie());
        assert_eq!(format!("{token:?}"), "Token");
    }
}
