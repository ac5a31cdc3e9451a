//! The one thread that writes. Whatever was appended while a write ran goes out with the next one, so that a disk
//! that stalls inside `write` holds up this thread only, and many records cost one system call.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

use crate::error::JournalError;
use crate::frame::Stamp;
use crate::journal::Appended;
use crate::progress::Ticket;
use crate::queue::{Item, Room, Submission};
use crate::segment::SegmentWriter;
use crate::shared::Shared;
use crate::state::Admission;

/// A group is written at this size even if more is waiting.
const GROUP_BYTES: usize = 1 << 20;

struct Appender<'a> {
    shared: &'a Arc<Shared>,
    writer: SegmentWriter,
    /// Admitted and not written yet.
    group: Vec<Submission>,
    group_bytes: u64,
    /// The group's bytes in one piece.
    buffer: Vec<u8>,
}

/// Runs until the queue is closed and written.
pub(crate) fn run(shared: &Arc<Shared>, writer: SegmentWriter) {
    let _end = End(shared);
    let mut appender = Appender {
        shared,
        writer,
        group: Vec::new(),
        group_bytes: 0,
        buffer: Vec::new(),
    };
    let mut items = VecDeque::new();
    while shared.queue.take(&mut items) {
        for item in items.drain(..) {
            match item {
                Item::Record(record) => appender.append(record),
                Item::Barrier(reached) => {
                    appender.write_group();
                    // Whoever asked may have gone.
                    reached.send(shared.state().last_position).ok();
                }
            }
        }
        appender.write_group();
    }
}

impl Appender<'_> {
    /// Admits a record to the group, or refuses it.
    fn append(&mut self, record: Submission) {
        let bytes = record.frame.byte_len();
        let mut room = record.room;
        loop {
            let length = self.writer.byte_len() + self.group_bytes;
            let admission = self
                .shared
                .state()
                .admit(room, bytes, length, !self.group.is_empty());
            let prepared = match admission {
                Admission::Granted => break,
                Admission::NeedsSegment => {
                    self.write_group();
                    self.roll(bytes)
                }
                Admission::NeedsReserve => self.shared.release_reserve(),
                Admission::Full => Err(JournalError::Full),
            };
            match prepared {
                Ok(()) => {}
                Err(JournalError::Full) if room == Room::BudgetThenReserve => {
                    self.shared.state().refuse();
                    room = Room::Reserve;
                }
                Err(error) => return self.refuse(record, error),
            }
        }
        self.group_bytes += bytes;
        self.group.push(Submission { room, ..record });
        if self.group_bytes >= GROUP_BYTES as u64 {
            self.write_group();
        }
    }

    /// Answers in order: what was admitted before is written first.
    fn refuse(&mut self, record: Submission, error: JournalError) {
        self.write_group();
        if matches!(error, JournalError::Full) {
            self.shared.state().refuse();
        }
        self.shared.queue.written(record.frame.byte_len());
        // A caller that waits for refusals has the sync thread look for room.
        self.shared.work.notify_one();
        (record.done)(Err(error));
    }

    fn roll(&mut self, bytes: u64) -> Result<(), JournalError> {
        self.writer.cut_torn_bytes()?;
        let (dir, header) = self.shared.state().next_segment(bytes)?;
        let next = SegmentWriter::create(&dir, &header, self.writer.disk())?;
        let old = mem::replace(&mut self.writer, next);
        self.shared.state().rolled(&old, &self.writer);
        Ok(())
    }

    fn write_group(&mut self) {
        let mut group = mem::take(&mut self.group);
        let bytes = mem::take(&mut self.group_bytes);
        if group.is_empty() {
            return;
        }
        if let Err(error) = self.write(&mut group) {
            // It was undone as a whole. One record at a time, only those at fault fail.
            if group.len() == 1 {
                self.fail(group.pop(), error);
            } else {
                for record in group.drain(..) {
                    let mut alone = vec![record];
                    if let Err(error) = self.write(&mut alone) {
                        self.fail(alone.pop(), error);
                    }
                }
            }
        }
        self.shared.queue.written(bytes);
        // Keeps the allocation.
        group.clear();
        self.group = group;
    }

    /// Writes all of the records and empties the list, or leaves it and the segment as they were.
    fn write(&mut self, records: &mut Vec<Submission>) -> Result<(), JournalError> {
        let stamps = self
            .shared
            .state()
            .stamps(records.iter().map(|record| record.lane));
        self.buffer.clear();
        let written = match (records.as_mut_slice(), stamps.as_slice()) {
            ([record], [stamp]) => self.writer.append(record.frame.seal(*stamp)),
            (records, stamps) => {
                for (record, stamp) in records.iter_mut().zip(stamps) {
                    self.buffer.extend_from_slice(record.frame.seal(*stamp));
                }
                self.writer.append(&self.buffer)
            }
        };
        self.buffer.shrink_to(2 * GROUP_BYTES);
        written?;
        let room = records.iter().all(|record| record.room == Room::Reserve);
        let idle = self
            .shared
            .state()
            .appended(&stamps, self.writer.byte_len(), !room);
        // With records pending already the sync thread knows; waking it for each would cost more than the append.
        if idle {
            self.shared.work.notify_one();
        }
        for (record, stamp) in records.drain(..).zip(stamps) {
            (record.done)(Ok(self.placed(stamp)));
        }
        Ok(())
    }

    fn placed(&self, stamp: Stamp) -> Appended {
        Appended {
            position: stamp.position,
            lane_seq: stamp.lane_seq,
            ticket: Ticket::new(Arc::clone(self.shared), stamp.position),
        }
    }

    /// A record that cannot be written where it was admitted. What may use the reserve is tried once more with the
    /// room that gives.
    fn fail(&mut self, record: Option<Submission>, error: JournalError) {
        let Some(record) = record else { return };
        let reserve = record.room != Room::Budget && self.shared.state().holds_reserve();
        if matches!(error, JournalError::Full) && reserve && self.shared.release_reserve().is_ok() {
            let mut again = vec![record];
            let Err(error) = self.write(&mut again) else {
                return;
            };
            return self.fail(again.pop(), error);
        }
        let bytes = record.frame.byte_len();
        self.shared.state().withdraw(bytes, &error);
        self.shared.work.notify_one();
        (record.done)(Err(error));
    }
}

/// However the thread ends, nobody waits for it in vain, and the sync thread may end after it.
struct End<'a>(&'a Arc<Shared>);

impl Drop for End<'_> {
    fn drop(&mut self) {
        for item in self.0.queue.abandon() {
            if let Item::Record(record) = item {
                (record.done)(Err(JournalError::Closed));
            }
        }
        self.0.state().closing = true;
        self.0.work.notify_one();
    }
}
