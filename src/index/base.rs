//! Where the files of reports are, seen from the index, so that an index and its inputs can be moved together.

use std::path::{Component, Path, PathBuf};

/// The directory of an index, from which it names the files of its reports.
#[derive(Clone, Debug, Default)]
pub(super) struct Base(PathBuf);

impl Base {
    /// That of the index of a directory, which need not be there yet.
    pub(super) fn of(dir: &Path) -> Self {
        let dir = std::fs::canonicalize(dir).or_else(|_| std::path::absolute(dir));
        Self(dir.unwrap_or_default())
    }

    /// What the index calls a file, which is given absolute and without links: its path from the index; where there is
    /// none (another drive), as it is.
    pub(super) fn name(&self, file: &Path) -> PathBuf {
        pathdiff::diff_paths(file, &self.0).unwrap_or_else(|| file.to_owned())
    }

    /// The file of a name, absolute; it need not be there.
    pub(super) fn find(&self, name: &Path) -> PathBuf {
        let mut found = self.0.clone();
        for part in name.components() {
            match part {
                Component::ParentDir => drop(found.pop()),
                Component::CurDir => {}
                part => found.push(part),
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_its_name_and_moves_with_the_index() {
        let (here, there) = (Base("/a/ix".into()), Base("/b/c/ix".into()));
        for file in ["/a/corpus/été.txt", "/a/ix/x.txt", "/x.txt", "/a/ix"] {
            assert_eq!(here.find(&here.name(Path::new(file))), Path::new(file));
        }
        assert_eq!(there.find(&here.name(Path::new("/a/corpus/x.txt"))), Path::new("/b/c/corpus/x.txt"));
        assert_eq!(here.find(Path::new("/elsewhere/x.txt")), Path::new("/elsewhere/x.txt"));
    }
}
