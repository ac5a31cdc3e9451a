//! What the lock guards. It is only ever held for a moment, never over I/O.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::JournalConfig;
use crate::error::JournalError;
use crate::frame::Stamp;
use crate::mark::Mark;
use crate::queue::Room;
use crate::record::Lane;
use crate::segment::{self, SegmentHeader, SegmentWriter};

pub(crate) struct State {
    pub(crate) config: JournalConfig,
    pub(crate) id: [u8; 16],
    /// The segment that is being written.
    pub(crate) active: Active,
    /// First position and size of every segment that is no longer written.
    pub(crate) closed: BTreeMap<u64, u64>,
    pub(crate) lanes: BTreeMap<Lane, u64>,
    pub(crate) last_position: u64,
    /// Bytes of all segments, what is about to be written included.
    pub(crate) segment_bytes: u64,
    pub(crate) reserve: Reserve,
    pub(crate) mark: Mark,
    pub(crate) pending: Pending,
    pub(crate) counters: Counters,
    /// The last append was refused for lack of room.
    pub(crate) full: bool,
    pub(crate) closing: bool,
}

/// What others than the writing thread need to know of its segment.
pub(crate) struct Active {
    /// Position of its first record.
    pub(crate) first: u64,
    /// Bytes of whole records in it, and its header.
    pub(crate) length: u64,
    pub(crate) file: Arc<File>,
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
    pub(crate) last_sync: Option<std::time::Instant>,
    pub(crate) refused: u64,
    pub(crate) removed_early: u64,
}

/// What a record needs before it may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Nothing: its bytes are counted already.
    Granted,
    NeedsSegment,
    NeedsReserve,
    Full,
}

/// Where to read a record.
pub(crate) struct Place {
    /// First position of the segment.
    pub(crate) first: u64,
    /// First position of the segment after it, if there is one.
    pub(crate) next: Option<u64>,
    pub(crate) path: PathBuf,
}

impl Active {
    pub(crate) fn of(writer: &SegmentWriter) -> Self {
        Self {
            first: writer.first(),
            length: writer.byte_len(),
            file: writer.file(),
        }
    }
}

impl State {
    /// Whether a record of `bytes` may go behind `length` bytes of the active segment, `grouped` if others are to be
    /// written before it. What is granted is counted at once: the room is taken although the record is yet to be
    /// written.
    pub(crate) fn admit(&mut self, room: Room, bytes: u64, length: u64, grouped: bool) -> Admission {
        let begun = grouped || self.last_position >= self.active.first;
        let admission = match room {
            Room::Budget | Room::BudgetThenReserve => self.within_budget(bytes, length, begun),
            Room::Reserve if !self.over_budget(bytes) => Admission::Granted,
            Room::Reserve if self.reserve == Reserve::Held => Admission::NeedsReserve,
            Room::Reserve if self.segment_bytes + bytes > self.config.disk_budget_bytes => Admission::Full,
            Room::Reserve => Admission::Granted,
        };
        if admission == Admission::Granted {
            self.segment_bytes += bytes;
        }
        admission
    }

    fn within_budget(&mut self, bytes: u64, length: u64, begun: bool) -> Admission {
        if self.reserve != Reserve::Held {
            // Room that others freed goes to the reserve first.
            self.reserve = Reserve::Wanted;
            return Admission::Full;
        }
        let filled = length + bytes > self.config.segment_bytes;
        if begun && (filled || self.pending.distrusted) {
            return Admission::NeedsSegment;
        }
        if self.over_budget(bytes) {
            return Admission::Full;
        }
        Admission::Granted
    }

    fn over_budget(&self, bytes: u64) -> bool {
        self.segment_bytes + self.config.reserve_bytes + bytes > self.config.disk_budget_bytes
    }

    /// Takes a granted record back that could not be written.
    pub(crate) fn withdraw(&mut self, bytes: u64, error: &JournalError) {
        self.segment_bytes = self.segment_bytes.saturating_sub(bytes);
        if matches!(error, JournalError::Full) {
            self.refuse();
        }
    }

    /// A record was refused for lack of room.
    pub(crate) fn refuse(&mut self) {
        self.full = true;
        self.counters.refused += 1;
    }

    /// The next places, one for a record of each of these lanes.
    pub(crate) fn stamps(&self, lanes: impl Iterator<Item = Lane>) -> Vec<Stamp> {
        let mut taken: Vec<Stamp> = Vec::with_capacity(lanes.size_hint().0);
        for (position, lane) in (self.last_position + 1..).zip(lanes) {
            let before = taken.iter().rev().find(|stamp| stamp.lane == lane);
            let before = before.map_or_else(
                || self.lanes.get(&lane).copied().unwrap_or(0),
                |stamp| stamp.lane_seq,
            );
            taken.push(Stamp {
                lane,
                position,
                lane_seq: before + 1,
                synced: self.pending.synced,
            });
        }
        taken
    }

    /// Records with these stamps are written, after which the active segment has `length` bytes; `room` if one of
    /// them found room outside the reserve. Whether the sync thread had nothing to do before.
    pub(crate) fn appended(&mut self, stamps: &[Stamp], length: u64, room: bool) -> bool {
        let idle = self.last_position == self.pending.synced;
        for stamp in stamps {
            self.lanes.insert(stamp.lane, stamp.lane_seq);
            self.last_position = stamp.position;
        }
        self.active.length = length;
        self.counters.appended += stamps.len() as u64;
        // A record in the reserve says nothing about room for the others.
        self.full &= !room;
        idle
    }

    /// Where the next segment goes and what its header says, if there is room for that and for `bytes` of records.
    pub(crate) fn next_segment(&self, bytes: u64) -> Result<(PathBuf, SegmentHeader), JournalError> {
        let header = SegmentHeader {
            journal: self.id,
            base: self.last_position,
            synced: self.pending.synced,
            lanes: self.lanes.clone(),
        };
        if self.over_budget(header.encode().len() as u64 + bytes) {
            return Err(JournalError::Full);
        }
        Ok((self.config.dir.clone(), header))
    }

    /// A new segment is begun. Nothing is synced for it: appending never waits for that, and recovery can tell a
    /// lost tail from damage by the `synced` fields.
    pub(crate) fn rolled(&mut self, old: &SegmentWriter, next: &SegmentWriter) {
        self.segment_bytes += next.byte_len();
        self.closed.insert(old.first(), old.byte_len());
        if self.last_position > self.pending.synced {
            self.pending.files.push(old.file());
        }
        self.active = Active::of(next);
        self.pending.directory = true;
        self.pending.distrusted = false;
    }

    pub(crate) fn holds_reserve(&self) -> bool {
        self.reserve == Reserve::Held
    }

    /// Whether the reserve is missing and the budget has room for it again.
    pub(crate) fn reserve_affordable(&self) -> bool {
        self.reserve != Reserve::Held && !self.over_budget(0)
    }

    /// The segment that holds `position`, or the oldest one if that is already removed.
    pub(crate) fn locate(&self, position: u64) -> Place {
        let active = self.active.first;
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
