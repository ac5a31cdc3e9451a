use bytes::Bytes;

/// One numbered stream of records inside a journal. Each lane counts its own records from 1 without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane(pub u8);

/// A record as it was appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Place in the whole journal, counted from 1 without a gap.
    pub position: u64,
    /// The lane it was appended to.
    pub lane: Lane,
    /// Place in its lane, counted from 1 without a gap.
    pub lane_seq: u64,
    /// The bytes that were appended.
    pub payload: Bytes,
}
