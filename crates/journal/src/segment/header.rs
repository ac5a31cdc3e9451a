use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::codec::Fields;
use crate::error::JournalError;
use crate::record::Lane;

const MAGIC: [u8; 8] = *b"tollseg1";
/// Magic, checksum and length: what is needed to read the rest.
const PREFIX_LEN: usize = 16;
/// 256 lanes and the fixed fields; a longer header is not one of ours.
const MAX_LEN: usize = 4096;

/// Where the journal stood when the segment was begun, so that sequences continue even if every older segment is
/// gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SegmentHeader {
    pub(crate) journal: [u8; 16],
    /// Position of the last record before this segment.
    pub(crate) base: u64,
    /// Highest position known to be synced when the segment was begun.
    pub(crate) synced: u64,
    /// Last sequence number of every lane used so far.
    pub(crate) lanes: BTreeMap<Lane, u64>,
}

impl SegmentHeader {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut body = Vec::new();
        body.extend_from_slice(&self.journal);
        body.extend_from_slice(&self.base.to_le_bytes());
        body.extend_from_slice(&self.synced.to_le_bytes());
        let lanes = u16::try_from(self.lanes.len()).unwrap_or(u16::MAX);
        body.extend_from_slice(&lanes.to_le_bytes());
        for (lane, seq) in &self.lanes {
            body.push(lane.0);
            body.extend_from_slice(&seq.to_le_bytes());
        }
        let length = u32::try_from(PREFIX_LEN + body.len())
            .unwrap_or(u32::MAX)
            .to_le_bytes();
        let mut bytes = Vec::with_capacity(PREFIX_LEN + body.len());
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&checksum(length, &body).to_le_bytes());
        bytes.extend_from_slice(&length);
        bytes.extend_from_slice(&body);
        bytes
    }

    /// The header and its length in bytes, or `None` if it is damaged. Leaves `file` behind the header.
    pub(crate) fn read(file: &mut File, path: &Path) -> Result<Option<(Self, u64)>, JournalError> {
        let mut prefix = Vec::with_capacity(PREFIX_LEN);
        let mut body = Vec::new();
        let read = |file: &mut File, length: usize, into: &mut Vec<u8>| {
            file.take(length as u64)
                .read_to_end(into)
                .map_err(JournalError::io("read", path))
        };
        read(file, PREFIX_LEN, &mut prefix)?;
        let Some((crc, length)) = parse_prefix(&prefix) else {
            return Ok(None);
        };
        read(file, length - PREFIX_LEN, &mut body)?;
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        if checksum(length.to_le_bytes(), &body) != crc {
            return Ok(None);
        }
        Ok(parse_body(&body).map(|header| (header, u64::from(length))))
    }
}

fn checksum(length: [u8; 4], body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length);
    hasher.update(body);
    hasher.finalize()
}

fn parse_prefix(bytes: &[u8]) -> Option<(u32, usize)> {
    let mut fields = Fields(bytes);
    let magic: [u8; 8] = fields.array()?;
    let crc = fields.u32()?;
    let length = usize::try_from(fields.u32()?).ok()?;
    (magic == MAGIC && (PREFIX_LEN..=MAX_LEN).contains(&length)).then_some((crc, length))
}

fn parse_body(bytes: &[u8]) -> Option<SegmentHeader> {
    let mut fields = Fields(bytes);
    let journal = fields.array()?;
    let base = fields.u64()?;
    let synced = fields.u64()?;
    let mut lanes = BTreeMap::new();
    for _ in 0..fields.u16()? {
        lanes.insert(Lane(fields.u8()?), fields.u64()?);
    }
    Some(SegmentHeader {
        journal,
        base,
        synced,
        lanes,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Seek;

    use super::*;

    fn read_back(bytes: &[u8]) -> Option<(SegmentHeader, u64)> {
        let mut file = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut file, bytes).unwrap();
        file.rewind().unwrap();
        SegmentHeader::read(&mut file, Path::new("segment")).unwrap()
    }

    #[test]
    fn a_header_reads_back_with_every_lane() {
        let lanes = (0..=255)
            .map(|lane| (Lane(lane), u64::MAX - u64::from(lane)))
            .collect();
        let header = SegmentHeader {
            journal: [9; 16],
            base: 77,
            synced: 70,
            lanes,
        };
        let bytes = header.encode();
        assert_eq!(read_back(&bytes), Some((header, bytes.len() as u64)));
    }

    #[test]
    fn a_header_that_is_cut_off_or_altered_is_not_one() {
        let header = SegmentHeader {
            journal: [9; 16],
            base: 77,
            synced: 70,
            lanes: BTreeMap::new(),
        };
        let good = header.encode();
        for length in 0..good.len() {
            assert_eq!(read_back(&good[..length]), None, "cut at {length}");
            let mut altered = good.clone();
            altered[length] ^= 1;
            assert_eq!(read_back(&altered), None, "altered at {length}");
        }
    }
}
