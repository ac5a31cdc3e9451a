//! What a transaction adds to the sums, before it is added.

use std::collections::BTreeMap;

use tollgate_domain::{
    AttentionKind, AttentionSubject, AttentionValues, JournalId, KeyId, ReleaseId, RollupKey, RollupValues,
    Timestamp, UpstreamId,
};

use crate::error::Corrupt;
use crate::packed::{Packer, Unpacker};
use crate::rows::Tally;

/// How it is packed.
const VERSION: u8 = 1;

/// What is added for one thing on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gathered {
    /// The name and the provider of the latest upstream.
    pub(crate) upstream: Option<(String, String)>,
    pub(crate) values: AttentionValues,
    pub(crate) first_at: Timestamp,
    pub(crate) last_at: Timestamp,
}

/// What wants attention by day, writer and thing: the order of the primary key.
pub(crate) type Gathering = BTreeMap<(Timestamp, JournalId, AttentionSubject), Gathered>;

/// What is added to sums of quarter hours; those of hours and days, and with fewer dimensions, follow from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Delta {
    /// Amounts and counts.
    pub(crate) sums: BTreeMap<RollupKey, RollupValues>,
    /// Latencies, speed, caching and finished requests.
    pub(crate) tallies: BTreeMap<RollupKey, Tally>,
    /// What wants attention.
    pub(crate) gathering: Gathering,
}

impl Delta {
    pub(crate) fn is_empty(&self) -> bool {
        self.sums.is_empty() && self.tallies.is_empty() && self.gathering.is_empty()
    }

    /// As stored.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut packer = Packer::default();
        packer.byte(VERSION);
        packer.unsigned(self.sums.len() as u128);
        for (key, values) in &self.sums {
            put_key(&mut packer, key);
            packer.values(values);
        }
        packer.unsigned(self.tallies.len() as u128);
        for (key, tally) in &self.tallies {
            put_key(&mut packer, key);
            packer.extras(&tally.extras);
            packer.bytes(&tally.counts.to_bytes());
        }
        packer.unsigned(self.gathering.len() as u128);
        for (key, gathered) in &self.gathering {
            put_gathered(&mut packer, key, gathered);
        }
        packer.into_bytes()
    }

    /// # Errors
    /// Bytes that were not made by [`Self::to_bytes`].
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut unpacker = Unpacker::new(bytes);
        let version = unpacker.byte()?;
        if version != VERSION {
            return Err(Corrupt::new(
                "pending sums",
                format!("their version {version} is not known"),
            ));
        }
        let mut delta = Self::default();
        for _ in 0..unpacker.unsigned()? {
            let key = take_key(&mut unpacker)?;
            delta.sums.insert(key, unpacker.take_values()?);
        }
        for _ in 0..unpacker.unsigned()? {
            let key = take_key(&mut unpacker)?;
            let mut tally = Tally {
                extras: unpacker.take_extras()?,
                ..Tally::default()
            };
            tally.counts.add_bytes(unpacker.bytes()?)?;
            delta.tallies.insert(key, tally);
        }
        for _ in 0..unpacker.unsigned()? {
            let (key, gathered) = take_gathered(&mut unpacker)?;
            delta.gathering.insert(key, gathered);
        }
        if unpacker.is_empty() {
            Ok(delta)
        } else {
            Err(Corrupt::new("pending sums", "there is more than they say"))
        }
    }
}

fn put_key(packer: &mut Packer, key: &RollupKey) {
    packer.at(key.bucket);
    packer.id(key.writer.uuid());
    packer.id(key.key_id.uuid());
    packer.bytes(key.team.as_bytes());
    packer.id(key.upstream_id.uuid());
    packer.bytes(key.model.as_bytes());
}

fn take_key(unpacker: &mut Unpacker<'_>) -> Result<RollupKey, Corrupt> {
    Ok(RollupKey {
        bucket: unpacker.at()?,
        writer: JournalId::new(unpacker.id()?),
        key_id: KeyId::new(unpacker.id()?),
        team: unpacker.text()?,
        upstream_id: UpstreamId::new(unpacker.id()?),
        model: unpacker.text()?,
    })
}

fn put_text(packer: &mut Packer, text: &String) {
    packer.bytes(text.as_bytes());
}

fn put_gathered(
    packer: &mut Packer,
    (day, writer, subject): &(Timestamp, JournalId, AttentionSubject),
    gathered: &Gathered,
) {
    packer.at(*day);
    packer.id(writer.uuid());
    packer.bytes(subject.kind.as_str().as_bytes());
    packer.optional(subject.upstream_id, |packer, id| packer.id(id.uuid()));
    packer.optional(subject.model_sent.as_ref(), put_text);
    packer.optional(subject.model_served.as_ref(), put_text);
    packer.optional(subject.journal_id, |packer, id| packer.id(id.uuid()));
    packer.optional(subject.release_id, |packer, id| packer.id(id.uuid()));
    packer.optional(gathered.upstream.as_ref(), |packer, (name, provider)| {
        put_text(packer, name);
        put_text(packer, provider);
    });
    packer.attention(&gathered.values);
    packer.at(gathered.first_at);
    packer.at(gathered.last_at);
}

fn take_gathered(
    unpacker: &mut Unpacker<'_>,
) -> Result<((Timestamp, JournalId, AttentionSubject), Gathered), Corrupt> {
    let (day, writer) = (unpacker.at()?, JournalId::new(unpacker.id()?));
    let kind = unpacker.text()?;
    let subject = AttentionSubject {
        kind: AttentionKind::from_name(&kind)
            .ok_or_else(|| Corrupt::new("attention kind", format!("{kind:?} is not known")))?,
        upstream_id: unpacker.optional(Unpacker::id)?.map(UpstreamId::new),
        model_sent: unpacker.optional(Unpacker::text)?,
        model_served: unpacker.optional(Unpacker::text)?,
        journal_id: unpacker.optional(Unpacker::id)?.map(JournalId::new),
        release_id: unpacker.optional(Unpacker::id)?.map(ReleaseId::new),
    };
    let gathered = Gathered {
        upstream: unpacker.optional(|unpacker| Ok((unpacker.text()?, unpacker.text()?)))?,
        values: unpacker.take_attention()?,
        first_at: unpacker.at()?,
        last_at: unpacker.at()?,
    };
    Ok(((day, writer, subject), gathered))
}

#[cfg(test)]
mod tests {
    use tollgate_domain::{Histogram, LatencyBin, LatencyMetric, RollupExtras, Usd};
    use uuid::Uuid;

    use super::*;

    fn delta() -> Delta {
        let key = RollupKey {
            bucket: Timestamp::UNIX_EPOCH,
            writer: JournalId::new(Uuid::from_u128(1)),
            key_id: KeyId::new(Uuid::from_u128(2)),
            team: "größer".to_owned(),
            upstream_id: UpstreamId::new(Uuid::from_u128(3)),
            model: String::new(),
        };
        let values = RollupValues {
            attempts: -1,
            cost: Usd::from_pico(i128::MIN),
            ..RollupValues::default()
        };
        let mut tally = Tally {
            extras: RollupExtras {
                cache_saved_cost: Usd::from_pico(-5),
                cache_known: 1,
                ..RollupExtras::default()
            },
            ..Tally::default()
        };
        let bin = (LatencyMetric::Ttft, LatencyBin::of(90_000));
        tally.counts.add_latencies(&Histogram::from([(bin, 3)]));
        tally.counts.add_requests("upstream", 5, 2).unwrap();
        let subject = AttentionSubject {
            upstream_id: Some(key.upstream_id),
            model_served: Some("m".to_owned()),
            ..AttentionSubject::bare(AttentionKind::ServedNotSent)
        };
        let gathered = Gathered {
            upstream: Some(("main".to_owned(), "openai".to_owned())),
            values: AttentionValues {
                count: 2,
                at_stake: Usd::from_pico(9),
                ..AttentionValues::default()
            },
            first_at: Timestamp::UNIX_EPOCH,
            last_at: Timestamp::UNIX_EPOCH,
        };
        let day = (Timestamp::UNIX_EPOCH, key.writer, subject);
        Delta {
            sums: BTreeMap::from([(key.clone(), values)]),
            tallies: BTreeMap::from([(key, tally)]),
            gathering: Gathering::from([(day, gathered)]),
        }
    }

    #[test]
    fn it_is_read_as_it_was_stored() {
        assert_eq!(Delta::from_bytes(&delta().to_bytes()).unwrap(), delta());
        let empty = Delta::default();
        assert!(empty.is_empty());
        assert_eq!(Delta::from_bytes(&empty.to_bytes()).unwrap(), empty);
    }

    #[test]
    fn what_was_cut_off_or_is_of_another_version_is_refused() {
        let mut bytes = delta().to_bytes();
        for end in 0..bytes.len() {
            Delta::from_bytes(&bytes[..end]).unwrap_err();
        }
        bytes.push(0);
        Delta::from_bytes(&bytes).unwrap_err();
        bytes.pop();
        bytes[0] = 2;
        Delta::from_bytes(&bytes).unwrap_err();
    }
}
