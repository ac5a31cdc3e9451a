use std::fs::File;
use std::io::{self, BufReader, Seek, SeekFrom};
use std::mem;
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::watch;
use tokio::task;

use crate::error::JournalError;
use crate::progress::{Progress, wait};
use crate::record::Record;
use crate::scan::{Scanner, Step};
use crate::segment::SegmentHeader;
use crate::shared::Shared;
use crate::state::Place;

const BUFFER_BYTES: usize = 1 << 17;

/// Follows a journal from a position on, across segments and restarts, in constant memory.
///
/// Only records that were synced are shown, so that nothing downstream can know a record that a power failure
/// takes back and whose position is then given to another one.
pub struct Reader {
    shared: Arc<Shared>,
    progress: watch::Receiver<Progress>,
    after: u64,
    /// `None` until the first batch, and again if a batch was cancelled: `after` is enough to find back.
    cursor: Option<Cursor>,
}

/// An open segment and the place in it.
struct Cursor {
    file: File,
    /// First position of the segment.
    first: u64,
    offset: u64,
    /// Position of the record that ends at `offset`.
    position: u64,
}

struct Batch {
    records: Vec<Record>,
    bytes: usize,
    after: u64,
    upto: u64,
    max_records: usize,
    max_bytes: usize,
}

impl Reader {
    pub(crate) fn new(shared: Arc<Shared>, after: u64) -> Self {
        let progress = shared.progress.subscribe();
        Self {
            shared,
            progress,
            after,
            cursor: None,
        }
    }

    /// Position of the last record returned, or the one the reader was made with.
    pub fn position(&self) -> u64 {
        self.after
    }

    /// The next records in order, at least one; waits for one if need be. Ends a batch at `max_records` or once
    /// its payloads reach `max_bytes`. Cancel-safe: a cancelled call has taken nothing.
    ///
    /// # Errors
    /// [`JournalError::Closed`] once the journal is closed and everything in it has been returned;
    /// [`JournalError::Corrupt`] if a record is damaged; [`JournalError::Io`].
    pub async fn next_batch(
        &mut self,
        max_records: usize,
        max_bytes: usize,
    ) -> Result<Vec<Record>, JournalError> {
        let progress = wait(&mut self.progress, self.after + 1).await?;
        if progress.released <= self.after {
            return Err(JournalError::Closed);
        }
        let batch = Batch::new(self.after, progress.released, max_records, max_bytes);
        let shared = Arc::clone(&self.shared);
        let cursor = self.cursor.take();
        let read = task::spawn_blocking(move || batch.fill(&shared, cursor)).await;
        let (batch, cursor) = read.map_err(|_| JournalError::Closed)??;
        Ok(self.take(batch, cursor))
    }

    /// Like [`next_batch`](Self::next_batch), but returns nothing at the end instead of waiting. Reads the files on
    /// the calling thread.
    ///
    /// # Errors
    /// [`JournalError::Corrupt`], [`JournalError::Io`].
    pub fn try_next_batch(
        &mut self,
        max_records: usize,
        max_bytes: usize,
    ) -> Result<Vec<Record>, JournalError> {
        let batch = Batch::new(self.after, self.shared.released(), max_records, max_bytes);
        let cursor = self.cursor.take();
        let (batch, cursor) = batch.fill(&self.shared, cursor)?;
        Ok(self.take(batch, cursor))
    }

    fn take(&mut self, batch: Batch, cursor: Option<Cursor>) -> Vec<Record> {
        self.cursor = cursor;
        self.after = batch.after;
        batch.records
    }
}

impl Batch {
    fn new(after: u64, upto: u64, max_records: usize, max_bytes: usize) -> Self {
        Self {
            records: Vec::new(),
            bytes: 0,
            after,
            upto,
            max_records: max_records.max(1),
            max_bytes,
        }
    }

    fn wants_more(&self) -> bool {
        let room =
            self.records.is_empty() || (self.records.len() < self.max_records && self.bytes < self.max_bytes);
        room && self.after < self.upto
    }

    fn fill(
        mut self,
        shared: &Shared,
        mut cursor: Option<Cursor>,
    ) -> Result<(Self, Option<Cursor>), JournalError> {
        while self.wants_more() {
            let place = shared.state().locate(self.after + 1);
            let mut current = match cursor.take().filter(|cursor| cursor.first == place.first) {
                Some(cursor) => cursor,
                None => match Cursor::open(&place)? {
                    Some(cursor) => cursor,
                    // A mark removed the segment in between: look again.
                    None if shared.state().locate(self.after + 1).first != place.first => continue,
                    None => return Err(JournalError::corrupt(&place.path, 0, "the segment is missing")),
                },
            };
            self.read_segment(&mut current, &place)?;
            cursor = Some(current);
        }
        Ok((self, cursor))
    }

    /// Reads on in one segment until the batch is full or the segment ends.
    fn read_segment(&mut self, cursor: &mut Cursor, place: &Place) -> Result<(), JournalError> {
        let io = |error| JournalError::io("read", &place.path)(error);
        let end = place.next.map_or(self.upto, |next| self.upto.min(next - 1));
        // A new buffer each time: an old one may hold bytes that were still being written.
        cursor.file.seek(SeekFrom::Start(cursor.offset)).map_err(io)?;
        let input = BufReader::with_capacity(BUFFER_BYTES, &cursor.file);
        let mut scanner = Scanner::new(input, cursor.offset);
        let mut payload = Vec::new();
        while self.wants_more() && cursor.position < end {
            let problem = match scanner.next(&mut payload).map_err(io)? {
                Step::Record(stamp) if stamp.position == cursor.position + 1 => {
                    cursor.position = stamp.position;
                    cursor.offset = scanner.offset();
                    if stamp.position > self.after {
                        self.after = stamp.position;
                        self.bytes += payload.len();
                        self.records.push(Record {
                            position: stamp.position,
                            lane: stamp.lane,
                            lane_seq: stamp.lane_seq,
                            payload: Bytes::from(mem::take(&mut payload)),
                        });
                    }
                    continue;
                }
                Step::Record(_) => "the record is out of sequence",
                Step::End => "records are missing at the end of the segment",
                Step::Damaged(problem) => problem,
            };
            return Err(JournalError::corrupt(&place.path, cursor.offset, problem));
        }
        Ok(())
    }
}

impl Cursor {
    /// Before the first record of the segment, or `None` if its file is gone.
    fn open(place: &Place) -> Result<Option<Self>, JournalError> {
        let mut file = match File::open(&place.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(JournalError::io("open", &place.path)(error)),
        };
        let Some((header, offset)) = SegmentHeader::read(&mut file, &place.path)? else {
            return Err(JournalError::corrupt(
                &place.path,
                0,
                "the segment's header is damaged",
            ));
        };
        Ok(Some(Self {
            file,
            first: place.first,
            offset,
            position: header.base,
        }))
    }
}
