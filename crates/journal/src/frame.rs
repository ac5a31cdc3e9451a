//! How one record lies on disk: `crc u32, length u32, lane u8, position u64, lane_seq u64, synced u64, payload`,
//! little-endian. The checksum covers the other header fields and the payload's own checksum, so that the payload
//! can be summed before the record has a position.

use crate::codec::Fields;
use crate::error::JournalError;
use crate::record::Lane;

pub(crate) const HEADER_LEN: usize = 33;

/// Most bytes one payload may have: 16 MiB.
pub const MAX_PAYLOAD: usize = 16 << 20;

/// The fields that are only known once the record has its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) lane: Lane,
    pub(crate) position: u64,
    pub(crate) lane_seq: u64,
    /// Highest position known to be synced when this record was written: proof, after a crash, that everything up
    /// to there must still be readable.
    pub(crate) synced: u64,
}

/// A record being prepared for writing.
pub(crate) struct Frame {
    bytes: Vec<u8>,
    length: u32,
    payload_crc: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct FrameHeader {
    crc: u32,
    length: u32,
    pub(crate) stamp: Stamp,
}

impl Frame {
    pub(crate) fn prepare(payload: &[u8]) -> Result<Self, JournalError> {
        let too_large = || JournalError::TooLarge {
            length: payload.len(),
            max: MAX_PAYLOAD,
        };
        if payload.len() > MAX_PAYLOAD {
            return Err(too_large());
        }
        let length = u32::try_from(payload.len()).map_err(|_| too_large())?;
        let mut bytes = Vec::with_capacity(HEADER_LEN + payload.len());
        bytes.resize(HEADER_LEN, 0);
        bytes.extend_from_slice(payload);
        Ok(Self {
            bytes,
            length,
            payload_crc: crc32fast::hash(payload),
        })
    }

    pub(crate) fn byte_len(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Fills in the header and returns the finished bytes.
    pub(crate) fn seal(&mut self, stamp: Stamp) -> &[u8] {
        let fields = header_fields(self.length, stamp);
        let crc = checksum(&fields, self.payload_crc);
        if let Some((slot, rest)) = self.bytes.split_first_chunk_mut::<4>() {
            *slot = crc.to_le_bytes();
            if let Some(slot) = rest.first_chunk_mut() {
                *slot = fields;
            }
        }
        &self.bytes
    }
}

impl FrameHeader {
    pub(crate) fn decode(bytes: &[u8; HEADER_LEN]) -> Option<Self> {
        let mut fields = Fields(bytes);
        Some(Self {
            crc: fields.u32()?,
            length: fields.u32()?,
            stamp: Stamp {
                lane: Lane(fields.u8()?),
                position: fields.u64()?,
                lane_seq: fields.u64()?,
                synced: fields.u64()?,
            },
        })
    }

    /// Payload bytes that follow, or `None` if no record can be that long.
    pub(crate) fn payload_len(&self) -> Option<usize> {
        usize::try_from(self.length)
            .ok()
            .filter(|length| *length <= MAX_PAYLOAD)
    }

    pub(crate) fn matches(&self, payload: &[u8]) -> bool {
        let fields = header_fields(self.length, self.stamp);
        self.crc == checksum(&fields, crc32fast::hash(payload))
    }
}

fn header_fields(length: u32, stamp: Stamp) -> [u8; HEADER_LEN - 4] {
    let mut fields = [0; HEADER_LEN - 4];
    fields[0..4].copy_from_slice(&length.to_le_bytes());
    fields[4] = stamp.lane.0;
    fields[5..13].copy_from_slice(&stamp.position.to_le_bytes());
    fields[13..21].copy_from_slice(&stamp.lane_seq.to_le_bytes());
    fields[21..29].copy_from_slice(&stamp.synced.to_le_bytes());
    fields
}

fn checksum(fields: &[u8; HEADER_LEN - 4], payload_crc: u32) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(fields);
    hasher.update(&payload_crc.to_le_bytes());
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAMP: Stamp = Stamp {
        lane: Lane(3),
        position: 9,
        lane_seq: 4,
        synced: 7,
    };

    #[test]
    fn a_sealed_frame_decodes_to_what_went_in() {
        let mut frame = Frame::prepare(b"payload").unwrap();
        let bytes = frame.seal(STAMP).to_vec();
        let (head, payload) = bytes.split_first_chunk::<HEADER_LEN>().unwrap();
        let header = FrameHeader::decode(head).unwrap();
        assert_eq!(header.stamp, STAMP);
        assert_eq!(header.payload_len(), Some(7));
        assert_eq!(payload, b"payload");
        assert!(header.matches(payload));
    }

    #[test]
    fn any_flipped_bit_fails_the_checksum() {
        let mut frame = Frame::prepare(b"payload").unwrap();
        let good = frame.seal(STAMP).to_vec();
        for bit in 0..good.len() * 8 {
            let mut bytes = good.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let (head, payload) = bytes.split_first_chunk::<HEADER_LEN>().unwrap();
            assert!(!FrameHeader::decode(head).unwrap().matches(payload), "bit {bit}");
        }
    }

    #[test]
    fn zeros_are_not_a_record() {
        assert!(!FrameHeader::decode(&[0; HEADER_LEN]).unwrap().matches(b""));
    }

    #[test]
    fn a_payload_over_the_limit_is_refused() {
        let payload = vec![0; MAX_PAYLOAD + 1];
        assert!(matches!(
            Frame::prepare(&payload),
            Err(JournalError::TooLarge { .. })
        ));
    }
}
