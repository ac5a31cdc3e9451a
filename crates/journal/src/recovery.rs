//! Reads the journal as the last process left it and decides what a damaged place means.
//!
//! Every record and segment header carries the highest position known to be synced when it was written, and so does
//! the mark. Damage at a position that something proves synced is corruption and stops here with an error; damage
//! nothing vouches for is a tail that never reached the disk, and is cut off.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::Disk;
use crate::error::JournalError;
use crate::files;
use crate::mark_file::MarkFile;
use crate::record::Lane;
use crate::scan::{Scanner, Step, proves_synced};
use crate::segment::{self, SegmentHeader, SegmentWriter};

/// What opening found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// Records read and checked. Segments no replay needs are not read.
    pub records: u64,
    /// Position of the last record; 0 if there is none.
    pub last_position: u64,
    /// Bytes of the tail that were cut off because they never were whole on disk.
    pub truncated_bytes: u64,
}

/// A journal ready to be appended to.
pub(crate) struct Recovery {
    pub(crate) writer: SegmentWriter,
    pub(crate) closed: BTreeMap<u64, u64>,
    pub(crate) lanes: BTreeMap<Lane, u64>,
    pub(crate) recovered: Recovered,
}

struct Found {
    first: u64,
    length: u64,
    path: PathBuf,
    /// With its length; `None` if damaged.
    header: Option<(SegmentHeader, u64)>,
}

struct Damage {
    offset: u64,
    problem: &'static str,
}

/// Where the walk over the segments stands.
struct Walk<'a> {
    id: [u8; 16],
    marks: &'a MarkFile,
    /// Good segments so far, by first position, with their size.
    good: BTreeMap<u64, u64>,
    lanes: BTreeMap<Lane, u64>,
    recovered: Recovered,
}

pub(crate) fn recover(
    dir: &Path,
    id: [u8; 16],
    marks: &MarkFile,
    disk: Arc<dyn Disk>,
) -> Result<Recovery, JournalError> {
    let found = find(dir)?;
    let mut walk = Walk {
        id,
        marks,
        good: BTreeMap::new(),
        lanes: BTreeMap::new(),
        recovered: Recovered::default(),
    };
    let mut rest = found.as_slice();
    while let [current, after @ ..] = rest {
        if let Some(damage) = walk.step(current, after.first())? {
            let position = walk.recovered.last_position + 1;
            if marks.synced >= position || vouched_for(current, after, &damage, position)? {
                return Err(JournalError::corrupt(
                    &current.path,
                    damage.offset,
                    damage.problem,
                ));
            }
            walk.cut(current, after, &damage)?;
            break;
        }
        rest = after;
    }
    walk.finish(dir, disk)
}

fn find(dir: &Path) -> Result<Vec<Found>, JournalError> {
    segment::list(dir)?
        .into_iter()
        .map(|(first, length)| {
            let path = segment::path(dir, first);
            let mut file = File::open(&path).map_err(JournalError::io("open", &path))?;
            let header = SegmentHeader::read(&mut file, &path)?;
            Ok(Found {
                first,
                length,
                path,
                header,
            })
        })
        .collect()
}

/// Whether anything behind the damage was written when `position` was already synced.
fn vouched_for(
    current: &Found,
    after: &[Found],
    damage: &Damage,
    position: u64,
) -> Result<bool, JournalError> {
    let read = |path: &Path| fs::read(path).map_err(JournalError::io("read", path));
    let bytes = read(&current.path)?;
    let start = usize::try_from(damage.offset)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    if bytes
        .get(start..)
        .is_some_and(|rest| proves_synced(rest, position))
    {
        return Ok(true);
    }
    for found in after {
        let header = found.header.as_ref();
        if header.is_some_and(|(header, _)| header.synced >= position)
            || proves_synced(&read(&found.path)?, position)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Walk<'_> {
    /// Takes one segment in, or says where it is damaged.
    fn step(&mut self, found: &Found, next: Option<&Found>) -> Result<Option<Damage>, JournalError> {
        let damaged = |offset, problem| Ok(Some(Damage { offset, problem }));
        let Some((header, header_length)) = &found.header else {
            return damaged(0, "the segment's header is damaged");
        };
        if header.journal != self.id {
            return Err(JournalError::corrupt(
                &found.path,
                0,
                "the segment belongs to another journal",
            ));
        }
        if self.good.is_empty() {
            // Older segments are only ever removed once a mark no longer needs them.
            if header.base > 0 && header.base >= self.marks.mark.low_water {
                return Err(JournalError::corrupt(
                    &found.path,
                    0,
                    "the segment before this one is missing",
                ));
            }
            self.recovered.last_position = header.base;
            self.lanes.clone_from(&header.lanes);
        }
        let continues = header.base == self.recovered.last_position && header.lanes == self.lanes;
        if !continues || header.base + 1 != found.first {
            return damaged(0, "the segment does not continue the one before it");
        }
        let next_header = next.and_then(|next| next.header.as_ref());
        if let Some((next, _)) = next_header
            && next.base < self.marks.mark.low_water
            && next.journal == self.id
        {
            // No replay needs it; whoever reads it all the same checks it then.
            self.recovered.last_position = next.base;
            self.lanes.clone_from(&next.lanes);
            self.good.insert(found.first, found.length);
            return Ok(None);
        }
        self.scan(found, *header_length)
    }

    fn scan(&mut self, found: &Found, header_length: u64) -> Result<Option<Damage>, JournalError> {
        let io = |error| JournalError::io("read", &found.path)(error);
        let mut file = File::open(&found.path).map_err(io)?;
        std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(header_length)).map_err(io)?;
        // What only the page cache had must be on disk before any reader sees it.
        file.sync_data().map_err(io)?;
        let mut scanner = Scanner::new(BufReader::with_capacity(1 << 18, file), header_length);
        let mut payload = Vec::new();
        self.good.insert(found.first, found.length);
        loop {
            let offset = scanner.offset();
            let problem = match scanner.next(&mut payload).map_err(io)? {
                Step::End => return Ok(None),
                Step::Damaged(problem) => problem,
                Step::Record(stamp) => {
                    let seq = self.lanes.get(&stamp.lane).copied().unwrap_or(0) + 1;
                    if stamp.position == self.recovered.last_position + 1 && stamp.lane_seq == seq {
                        self.recovered.records += 1;
                        self.recovered.last_position = stamp.position;
                        self.lanes.insert(stamp.lane, stamp.lane_seq);
                        continue;
                    }
                    "the record is out of sequence"
                }
            };
            return Ok(Some(Damage { offset, problem }));
        }
    }

    /// Removes everything from the damage on.
    fn cut(&mut self, current: &Found, after: &[Found], damage: &Damage) -> Result<(), JournalError> {
        if self.good.is_empty() && damage.offset == 0 && current.first != 1 {
            // Only this header knew where the sequences stood.
            return Err(JournalError::corrupt(&current.path, 0, damage.problem));
        }
        // From the end, so that a crash half-way leaves a shorter tail and not a hole.
        for found in after.iter().rev() {
            files::remove_if_present(&found.path)?;
            self.recovered.truncated_bytes += found.length;
        }
        self.recovered.truncated_bytes += current.length.saturating_sub(damage.offset);
        if damage.offset == 0 {
            return files::remove_if_present(&current.path);
        }
        self.good.insert(current.first, damage.offset);
        OpenOptions::new()
            .write(true)
            .open(&current.path)
            .and_then(|file| {
                file.set_len(damage.offset)?;
                file.sync_all()
            })
            .map_err(JournalError::io("truncate", &current.path))
    }

    fn finish(mut self, dir: &Path, disk: Arc<dyn Disk>) -> Result<Recovery, JournalError> {
        let last = self.recovered.last_position;
        if self.marks.synced > last {
            return Err(JournalError::corrupt(
                dir,
                0,
                "records the mark vouches for are missing at the end",
            ));
        }
        let writer = if let Some((first, length)) = self.good.pop_last() {
            SegmentWriter::resume(dir, first, length, disk)?
        } else {
            let header = SegmentHeader {
                journal: self.id,
                base: last,
                synced: last,
                lanes: self.lanes.clone(),
            };
            let writer = SegmentWriter::create(dir, &header, disk)?;
            writer.file().sync_all().map_err(JournalError::io("sync", dir))?;
            writer
        };
        files::sync_dir(dir)?;
        Ok(Recovery {
            writer,
            closed: self.good,
            lanes: self.lanes,
            recovered: self.recovered,
        })
    }
}

#[cfg(test)]
mod tests;
