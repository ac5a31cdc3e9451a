//! The chain over what was written: later edits and missing rows become provable.

use sha2::{Digest, Sha256};

use crate::{JournalId, JournaledEntry, Timestamp, Usd};

/// A link of a journal's chain: SHA-256, 32 bytes.
pub type BatchDigest = [u8; 32];

/// One committed batch of a journal's entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerBatch {
    /// The journal.
    pub journal_id: JournalId,
    /// Its first sequence number.
    pub first_seq: u64,
    /// Its last.
    pub last_seq: u64,
    /// How many entries.
    pub entry_count: u32,
    /// The sum of their costs (unknown ones add nothing).
    pub cost: Usd,
    /// The digest of the batch before; zeros for the first.
    pub previous: BatchDigest,
    /// SHA-256 over previous digest, journal, range, count, cost and every entry's sequence and content hash.
    pub digest: BatchDigest,
    /// When it was committed.
    pub recorded_at: Timestamp,
}

impl LedgerBatch {
    /// Chains entries (sorted by sequence) to what went before; `None` for no entries or a cost sum past the
    /// exact range.
    pub fn seal(previous: BatchDigest, entries: &[&JournaledEntry], recorded_at: Timestamp) -> Option<Self> {
        let (first, last) = (entries.first()?, entries.last()?);
        let costs = entries
            .iter()
            .filter_map(|entry| entry.entry.amounts)
            .map(|amounts| amounts.cost);
        let cost = Usd::checked_sum(costs).ok()?;
        let entry_count = u32::try_from(entries.len()).ok()?;
        let mut hash = Sha256::new();
        hash.update(previous);
        hash.update(first.journal_id.uuid().as_bytes());
        hash.update(first.journal_seq.to_be_bytes());
        hash.update(last.journal_seq.to_be_bytes());
        hash.update(entry_count.to_be_bytes());
        hash.update(cost.pico().to_be_bytes());
        for entry in entries {
            hash.update(entry.journal_seq.to_be_bytes());
            hash.update(entry.entry.content_hash());
        }
        Some(Self {
            journal_id: first.journal_id,
            first_seq: first.journal_seq,
            last_seq: last.journal_seq,
            entry_count,
            cost,
            previous,
            digest: hash.finalize().into(),
            recorded_at,
        })
    }
}
