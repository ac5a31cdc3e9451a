//! The mark as it is kept on disk: lines of text, closed by a checksum, replaced as a whole.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::JournalError;
use crate::files;
use crate::mark::Mark;

const NAME: &str = "mark";
const TITLE: &str = "tollgate-journal-mark 1";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MarkFile {
    pub(crate) mark: Mark,
    /// Highest position known to be synced when this was written.
    pub(crate) synced: u64,
    /// When each closed segment (by its first position) was first seen wholly committed, in Unix seconds.
    pub(crate) committed_at: BTreeMap<u64, u64>,
}

impl MarkFile {
    /// The mark in `dir`, or the empty one if none was ever written.
    pub(crate) fn load(dir: &Path) -> Result<Self, JournalError> {
        let path = dir.join(NAME);
        let Some(bytes) = files::read_if_present(&path)? else {
            return Ok(Self::default());
        };
        let text = String::from_utf8_lossy(&bytes);
        parse(&text).ok_or_else(|| JournalError::corrupt(&path, 0, "it is not a journal mark"))
    }

    pub(crate) fn store(&self, dir: &Path) -> Result<(), JournalError> {
        files::replace(dir, NAME, self.render().as_bytes())
    }

    fn render(&self) -> String {
        let Mark { committed, low_water } = self.mark;
        let mut lines = vec![
            TITLE.to_owned(),
            format!("committed {committed}"),
            format!("low_water {low_water}"),
            format!("synced {}", self.synced),
        ];
        lines.extend(
            self.committed_at
                .iter()
                .map(|(first, at)| format!("segment {first} {at}")),
        );
        let text = lines.join("\n") + "\n";
        let crc = crc32fast::hash(text.as_bytes());
        format!("{text}crc {crc:08x}\n")
    }
}

fn parse(text: &str) -> Option<MarkFile> {
    let (body, crc) = text.strip_suffix('\n')?.rsplit_once("crc ")?;
    if u32::from_str_radix(crc, 16).ok()? != crc32fast::hash(body.as_bytes()) {
        return None;
    }
    let mut lines = body.lines();
    if lines.next()? != TITLE {
        return None;
    }
    let mut file = MarkFile::default();
    for line in lines {
        match line.split_once(' ')? {
            ("committed", value) => file.mark.committed = value.parse().ok()?,
            ("low_water", value) => file.mark.low_water = value.parse().ok()?,
            ("synced", value) => file.synced = value.parse().ok()?,
            ("segment", value) => {
                let (first, at) = value.split_once(' ')?;
                file.committed_at.insert(first.parse().ok()?, at.parse().ok()?);
            }
            _ => return None,
        }
    }
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> MarkFile {
        MarkFile {
            mark: Mark {
                committed: 120,
                low_water: 80,
            },
            synced: 130,
            committed_at: BTreeMap::from([(1, 1_700_000_000), (60, 1_700_000_900)]),
        }
    }

    #[test]
    fn a_stored_mark_loads_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(MarkFile::load(dir.path()).unwrap(), MarkFile::default());
        sample().store(dir.path()).unwrap();
        assert_eq!(MarkFile::load(dir.path()).unwrap(), sample());
    }

    #[test]
    fn an_edited_mark_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let edited = sample().render().replace("committed 120", "committed 121");
        std::fs::write(dir.path().join("mark"), edited).unwrap();
        let error = MarkFile::load(dir.path()).unwrap_err();
        assert!(matches!(error, JournalError::Corrupt { file, .. } if file.ends_with("mark")));
    }
}
