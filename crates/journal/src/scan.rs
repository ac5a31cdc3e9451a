use std::io::{self, Read};

use crate::frame::{FrameHeader, HEADER_LEN, Stamp};

/// Reads records one after the other, checking each one.
pub(crate) struct Scanner<R> {
    input: R,
    offset: u64,
}

/// What lies at the scanner's place.
pub(crate) enum Step {
    /// A good record; its payload is in the buffer given to [`Scanner::next`].
    Record(Stamp),
    /// Nothing: the file ends here.
    End,
    /// Bytes that are not a good record.
    Damaged(&'static str),
}

impl<R: Read> Scanner<R> {
    /// `offset` is where `input` stands, in bytes from the start of the file.
    pub(crate) fn new(input: R, offset: u64) -> Self {
        Self { input, offset }
    }

    /// Where the next record begins; stays before a damaged one.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    pub(crate) fn next(&mut self, payload: &mut Vec<u8>) -> io::Result<Step> {
        payload.clear();
        let mut head = Vec::with_capacity(HEADER_LEN);
        self.input
            .by_ref()
            .take(HEADER_LEN as u64)
            .read_to_end(&mut head)?;
        if head.is_empty() {
            return Ok(Step::End);
        }
        let Some(header) = head.first_chunk().and_then(FrameHeader::decode) else {
            return Ok(Step::Damaged("the record's header is cut off"));
        };
        let Some(length) = header.payload_len() else {
            return Ok(Step::Damaged("the record's length is impossible"));
        };
        // Through `take`, so that a damaged length cannot ask for memory the file does not fill.
        self.input.by_ref().take(length as u64).read_to_end(payload)?;
        if payload.len() < length {
            return Ok(Step::Damaged("the record is cut off"));
        }
        if !header.matches(payload) {
            return Ok(Step::Damaged("the record's checksum does not match"));
        }
        self.offset += (HEADER_LEN + length) as u64;
        Ok(Step::Record(header.stamp))
    }
}

/// Whether `bytes` hold, at any offset, a good record written when `position` was already synced. If so, damage at
/// `position` cannot be a write that power failure cut short.
pub(crate) fn proves_synced(bytes: &[u8], position: u64) -> bool {
    bytes.windows(HEADER_LEN).enumerate().any(|(start, window)| {
        let Some(header) = window.first_chunk().and_then(FrameHeader::decode) else {
            return false;
        };
        // The checksum is only worth computing where the cheap fields can be true.
        if header.stamp.synced < position || header.stamp.position <= header.stamp.synced {
            return false;
        }
        let payload = header
            .payload_len()
            .and_then(|length| bytes.get(start + HEADER_LEN..)?.get(..length));
        payload.is_some_and(|payload| header.matches(payload))
    })
}
