use std::path::{Path, PathBuf};
use std::time::Duration;

use tollgate_journal::{Journal, JournalConfig, JournalError, Lane, Mark, Opened, Record};

pub(crate) const ID: [u8; 16] = [0xab; 16];
pub(crate) const A: Lane = Lane(1);
pub(crate) const B: Lane = Lane(2);
pub(crate) const DAY: Duration = Duration::from_hours(24);

/// Small segments, so that a few records cross their borders.
pub(crate) fn small(dir: &Path) -> JournalConfig {
    JournalConfig {
        segment_bytes: 1024,
        reserve_bytes: 1024,
        ..JournalConfig::new(dir)
    }
}

pub(crate) async fn open(config: &JournalConfig) -> Opened {
    try_open(config).await.unwrap()
}

pub(crate) async fn try_open(config: &JournalConfig) -> Result<Opened, JournalError> {
    Journal::open(config.clone(), ID).await
}

/// Everything that is in the journal now.
pub(crate) async fn read_all(journal: &Journal) -> Vec<Record> {
    journal.flush().await.unwrap();
    let mut reader = journal.reader(0);
    let mut records = Vec::new();
    loop {
        let batch = reader.try_next_batch(7, 1 << 20).unwrap();
        if batch.is_empty() {
            return records;
        }
        records.extend(batch);
    }
}

/// Appends `count` payloads of 100 bytes and waits until they are synced.
pub(crate) async fn append_hundreds(journal: &Journal, count: usize) {
    for _ in 0..count {
        journal.append(A, &[7; 100]).unwrap();
    }
    journal.flush().await.unwrap();
}

/// Everything up to `position` is done with.
pub(crate) fn done(position: u64) -> Mark {
    Mark {
        committed: position,
        low_water: position + 1,
    }
}

/// The segment files, oldest first.
pub(crate) fn segments(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "segment"))
        .collect();
    paths.sort();
    paths
}

pub(crate) fn byte_len(path: &Path) -> u64 {
    std::fs::metadata(path).unwrap().len()
}

pub(crate) fn cut_to(path: &Path, length: u64) {
    std::fs::OpenOptions::new()
        .write(true)
        .open(path)
        .unwrap()
        .set_len(length)
        .unwrap();
}

pub(crate) fn flip(path: &Path, offset: u64) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[usize::try_from(offset).unwrap()] ^= 1;
    std::fs::write(path, bytes).unwrap();
}
