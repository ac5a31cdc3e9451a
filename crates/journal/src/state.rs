//! What the lock guards, and appending under it.

use std::collections::BTreeMap;
use std::fs::File;
use std::mem;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::JournalConfig;
use crate::error::JournalError;
use crate::frame::{Frame, Stamp};
use crate::mark::Mark;
use crate::record::Lane;
use crate::reserve;
use crate::segment::{self, SegmentHeader, SegmentWriter};

pub(crate) struct State {
    pub(crate) config: JournalConfig,
    pub(crate) id: [u8; 16],
    pub(crate) writer: SegmentWriter,
    /// First position and size of every segment that is no longer written.
    pub(crate) closed: BTreeMap<u64, u64>,
    pub(crate) lanes: BTreeMap<Lane, u64>,
    pub(crate) last_position: u64,
    /// Bytes of all segments.
    pub(crate) segment_bytes: u64,
    pub(crate) reserve: Reserve,
    pub(crate) mark: Mark,
    pub(crate) pending: Pending,
    pub(crate) counters: Counters,
    /// The last append was refused for lack of room.
    pub(crate) full: bool,
    pub(crate) closing: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reserve {
    Held,
    Lost,
    /// Lost, and an append was refused for it: the sync thread tries to take it back.
    Wanted,
}

/// What the sync thread still has to do.
#[derive(Default)]
pub(crate) struct Pending {
    /// Highest position a sync has been attempted for.
    pub(crate) synced: u64,
    /// Highest position somebody waits for: it is synced at once.
    pub(crate) wanted: u64,
    /// Closed segments that have records after `synced`.
    pub(crate) files: Vec<Arc<File>>,
    /// A segment was created and its directory entry is not synced.
    pub(crate) directory: bool,
    /// After a failed sync the kernel may take lost pages for clean, so nothing more goes into that file.
    pub(crate) distrusted: bool,
}

#[derive(Clone, Copy, Default)]
pub(crate) struct Counters {
    pub(crate) appended: u64,
    pub(crate) syncs: u64,
    pub(crate) sync_failures: u64,
    pub(crate) refused: u64,
    pub(crate) removed_early: u64,
}

/// Whether an append may go into the reserve.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Budget,
    Reserve,
}

/// Where to read a record.
pub(crate) struct Place {
    /// First position of the segment.
    pub(crate) first: u64,
    /// First position of the segment after it, if there is one.
    pub(crate) next: Option<u64>,
    pub(crate) path: PathBuf,
}

impl State {
    /// Writes the record and returns its stamp.
    pub(crate) fn append(
        &mut self,
        lane: Lane,
        frame: &mut Frame,
        room: Room,
    ) -> Result<Stamp, JournalError> {
        if self.closing {
            return Err(JournalError::Closed);
        }
        let result = self.place(lane, frame, room);
        match &result {
            Ok(stamp) => {
                self.lanes.insert(lane, stamp.lane_seq);
                self.last_position = stamp.position;
                self.segment_bytes += frame.byte_len();
                self.counters.appended += 1;
                // A record in the reserve says nothing about room for the others.
                self.full &= room == Room::Reserve;
            }
            Err(JournalError::Full) => {
                self.full = true;
                self.counters.refused += 1;
            }
            Err(_) => {}
        }
        result
    }

    fn place(&mut self, lane: Lane, frame: &mut Frame, room: Room) -> Result<Stamp, JournalError> {
        match room {
            Room::Budget => {
                self.make_room(frame.byte_len())?;
                self.write(lane, frame)
            }
            Room::Reserve => {
                if self.over_budget(frame.byte_len()) {
                    self.release_reserve()?;
                    if self.segment_bytes + frame.byte_len() > self.config.disk_budget_bytes {
                        return Err(JournalError::Full);
                    }
                }
                match self.write(lane, frame) {
                    Err(JournalError::Full) if self.reserve == Reserve::Held => {
                        self.release_reserve()?;
                        self.write(lane, frame)
                    }
                    result => result,
                }
            }
        }
    }

    fn make_room(&mut self, bytes: u64) -> Result<(), JournalError> {
        if self.reserve != Reserve::Held {
            // Room that others freed goes to the reserve first.
            self.reserve = Reserve::Wanted;
            return Err(JournalError::Full);
        }
        let written = self.last_position >= self.writer.first();
        let filled = self.writer.byte_len() + bytes > self.config.segment_bytes;
        let roll = written && (filled || self.pending.distrusted);
        let header = if roll { Some(self.next_header()) } else { None };
        let header_bytes = header.as_ref().map_or(0, |header| header.encode().len() as u64);
        if self.over_budget(header_bytes + bytes) {
            return Err(JournalError::Full);
        }
        header.map_or(Ok(()), |header| self.roll(&header))
    }

    fn over_budget(&self, bytes: u64) -> bool {
        self.segment_bytes + self.config.reserve_bytes + bytes > self.config.disk_budget_bytes
    }

    fn write(&mut self, lane: Lane, frame: &mut Frame) -> Result<Stamp, JournalError> {
        let stamp = Stamp {
            lane,
            position: self.last_position + 1,
            lane_seq: self.lanes.get(&lane).copied().unwrap_or(0) + 1,
            synced: self.pending.synced,
        };
        self.writer.append(frame.seal(stamp))?;
        Ok(stamp)
    }

    fn next_header(&self) -> SegmentHeader {
        SegmentHeader {
            journal: self.id,
            base: self.last_position,
            synced: self.pending.synced,
            lanes: self.lanes.clone(),
        }
    }

    /// Begins a new segment. Nothing is synced here: appending never waits for the disk, and recovery can tell a
    /// lost tail from damage by the `synced` fields.
    fn roll(&mut self, header: &SegmentHeader) -> Result<(), JournalError> {
        self.writer.cut_torn_bytes()?;
        let next = SegmentWriter::create(&self.config.dir, header)?;
        self.segment_bytes += next.byte_len();
        let old = mem::replace(&mut self.writer, next);
        self.closed.insert(old.first(), old.byte_len());
        if self.last_position > self.pending.synced {
            self.pending.files.push(old.file());
        }
        self.pending.directory = true;
        self.pending.distrusted = false;
        Ok(())
    }

    pub(crate) fn release_reserve(&mut self) -> Result<(), JournalError> {
        if self.reserve == Reserve::Held {
            reserve::release(&self.config.dir)?;
            self.reserve = Reserve::Lost;
            tracing::warn!("the journal gave up its disk reserve");
        }
        Ok(())
    }

    /// Whether the reserve is missing and the budget has room for it again.
    pub(crate) fn reserve_affordable(&self) -> bool {
        self.reserve != Reserve::Held && !self.over_budget(0)
    }

    /// The segment that holds `position`, or the oldest one if that is already removed.
    pub(crate) fn locate(&self, position: u64) -> Place {
        let active = self.writer.first();
        let holding = self
            .closed
            .range(..=position)
            .next_back()
            .or_else(|| self.closed.iter().next());
        let first = match holding {
            Some((first, _)) if position < active => *first,
            _ => active,
        };
        let next = self
            .closed
            .range(first + 1..)
            .next()
            .map_or(active, |(next, _)| *next);
        Place {
            first,
            next: (next > first).then_some(next),
            path: segment::path(&self.config.dir, first),
        }
    }
}
