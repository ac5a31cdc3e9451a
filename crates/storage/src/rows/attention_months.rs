//! What wants attention by months: what the month comes to, and its days, in one row.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use diesel::prelude::*;
use tollgate_domain::ports::AttentionRow;
use tollgate_domain::{AttentionId, AttentionSubject, AttentionValues, JournalId, Timestamp, UpstreamId};

use super::attention::known_kind;
use crate::error::Corrupt;
use crate::packed::{Packer, Unpacker};
use crate::pending::Gathered;
use crate::schema::attention_months;
use crate::value::{At, Id};

/// Sums of a thing over some time. Stored as its values, when it was first seen, and how many microseconds later last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) values: AttentionValues,
    pub(crate) first_at: Timestamp,
    pub(crate) last_at: Timestamp,
}

/// Sums of a thing by the day of a month. Stored as each day with its sums. A day that came to nothing stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct SeenDays(BTreeMap<u8, Seen>);

/// A row of `attention_months`, as it is written.
#[derive(Debug, Insertable)]
#[diesel(table_name = attention_months, treat_none_as_default_value = false)]
pub(crate) struct SeenMonthRow {
    month: At,
    writer: Id,
    id: String,
    kind: &'static str,
    upstream_id: Option<Id>,
    upstream_name: Option<String>,
    provider: Option<String>,
    model_sent: Option<String>,
    model_served: Option<String>,
    journal_id: Option<Id>,
    sums: Vec<u8>,
    days: Vec<u8>,
}

/// What a thing is about, and its sums or its days in a month.
#[derive(Debug, Queryable)]
pub(crate) struct ThingRow {
    pub(crate) id: String,
    kind: String,
    upstream_id: Option<Id>,
    upstream_name: Option<String>,
    provider: Option<String>,
    model_sent: Option<String>,
    model_served: Option<String>,
    journal_id: Option<Id>,
    pub(crate) packed: Vec<u8>,
}

impl Seen {
    /// Adds what was seen at another time, or by another writer.
    ///
    /// # Errors
    /// Sums past the exact range.
    pub(crate) fn add(&mut self, other: &Self) -> Result<(), Corrupt> {
        let sum = self.values.checked_add(other.values);
        self.values = sum.map_err(Corrupt::of("attention"))?;
        self.first_at = self.first_at.min(other.first_at);
        self.last_at = self.last_at.max(other.last_at);
        Ok(())
    }

    fn pack(&self, packer: &mut Packer) {
        packer.attention(&self.values);
        packer.at(self.first_at);
        let later = self.last_at - self.first_at;
        packer.signed(i128::from(later.num_microseconds().unwrap_or(0)));
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<Self, Corrupt> {
        let (values, first_at) = (unpacker.take_attention()?, unpacker.at()?);
        let later = chrono::TimeDelta::microseconds(unpacker.count()?);
        let last_at = first_at.checked_add_signed(later);
        Ok(Self {
            values,
            first_at,
            last_at: last_at.ok_or_else(|| Corrupt::new("attention", "an instant is out of range"))?,
        })
    }

    /// What a month comes to, as stored.
    ///
    /// # Errors
    /// Bytes that were not made by [`SeenDays::to_bytes`].
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut unpacker = Unpacker::new(bytes);
        let seen = Self::unpack(&mut unpacker)?;
        if unpacker.is_empty() {
            Ok(seen)
        } else {
            Err(Corrupt::new("attention", "there is more than its sums"))
        }
    }
}

impl From<&Gathered> for Seen {
    fn from(gathered: &Gathered) -> Self {
        Self {
            values: gathered.values,
            first_at: gathered.first_at,
            last_at: gathered.last_at,
        }
    }
}

impl SeenDays {
    /// Adds to a day.
    ///
    /// # Errors
    /// Sums past the exact range.
    pub(crate) fn add(&mut self, day: u8, seen: &Seen) -> Result<(), Corrupt> {
        match self.0.entry(day) {
            Entry::Vacant(entry) => {
                entry.insert(*seen);
                Ok(())
            }
            Entry::Occupied(mut entry) => entry.get_mut().add(seen),
        }
    }

    /// Adds the days that are stored.
    ///
    /// # Errors
    /// Bytes that were not made by [`Self::to_bytes`], or sums past the exact range.
    pub(crate) fn add_bytes(&mut self, bytes: &[u8]) -> Result<(), Corrupt> {
        let mut unpacker = Unpacker::new(bytes);
        while !unpacker.is_empty() {
            let day = unpacker.byte()?;
            self.add(day, &Seen::unpack(&mut unpacker)?)?;
        }
        Ok(())
    }

    /// The sums and the days, as stored.
    ///
    /// # Errors
    /// Sums past the exact range.
    pub(crate) fn to_bytes(&self) -> Result<(Vec<u8>, Vec<u8>), Corrupt> {
        let mut days = Packer::default();
        for (day, seen) in &self.0 {
            days.byte(*day);
            seen.pack(&mut days);
        }
        let mut sums = Packer::default();
        if let Some(sum) = self.since(0)? {
            sum.pack(&mut sums);
        }
        Ok((sums.into_bytes(), days.into_bytes()))
    }

    /// What the days from one on come to; `None` where there are none.
    ///
    /// # Errors
    /// Sums past the exact range.
    pub(crate) fn since(&self, day: u8) -> Result<Option<Seen>, Corrupt> {
        let mut days = self.0.range(day..).map(|(_, seen)| seen);
        let Some(mut sum) = days.next().copied() else {
            return Ok(None);
        };
        for seen in days {
            sum.add(seen)?;
        }
        Ok(Some(sum))
    }
}

impl SeenMonthRow {
    /// The days of a thing in a month, as one writer has them.
    ///
    /// # Errors
    /// Sums past the exact range.
    pub(crate) fn new(
        (month, writer): (Timestamp, JournalId),
        (id, subject): (&AttentionId, &AttentionSubject),
        upstream: Option<&(String, String)>,
        days: &SeenDays,
    ) -> Result<Self, Corrupt> {
        let (upstream_name, provider) = upstream.cloned().unzip();
        let (sums, days) = days.to_bytes()?;
        Ok(Self {
            month: At(month),
            writer: Id(writer.uuid()),
            id: id.to_string(),
            kind: subject.kind.as_str(),
            upstream_id: subject.upstream_id.map(|id| Id(id.uuid())),
            upstream_name,
            provider,
            model_sent: subject.model_sent.clone(),
            model_served: subject.model_served.clone(),
            journal_id: subject.journal_id.map(|id| Id(id.uuid())),
            sums,
            days,
        })
    }
}

impl ThingRow {
    /// The thing as it was seen in the month.
    ///
    /// # Errors
    /// An id or a kind that is not known.
    pub(crate) fn into_row(self, seen: &Seen) -> Result<AttentionRow, Corrupt> {
        let kind = known_kind(&self.kind)?;
        Ok(AttentionRow {
            id: self.id.parse().map_err(Corrupt::of("attention id"))?,
            subject: AttentionSubject {
                kind,
                upstream_id: self.upstream_id.map(|id| UpstreamId::new(id.0)),
                model_sent: self.model_sent,
                model_served: self.model_served,
                journal_id: self.journal_id.map(|id| JournalId::new(id.0)),
                release_id: None,
            },
            upstream_name: self.upstream_name,
            provider: self.provider,
            values: seen.values,
            first_seen: seen.first_at,
            last_seen: seen.last_at,
        })
    }

    /// Adds what was seen of the thing in this month; its upstream goes by the name it had last.
    ///
    /// # Errors
    /// Sums past the exact range.
    pub(crate) fn add_to(self, row: &mut AttentionRow, seen: &Seen) -> Result<(), Corrupt> {
        let sum = row.values.checked_add(seen.values);
        row.values = sum.map_err(Corrupt::of("attention"))?;
        row.first_seen = row.first_seen.min(seen.first_at);
        if seen.last_at >= row.last_seen {
            row.last_seen = seen.last_at;
            (row.upstream_name, row.provider) = (self.upstream_name, self.provider);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use tollgate_domain::Usd;

    use super::*;

    fn seen(count: i64, at_stake: i128, (first, last): (i64, i64)) -> Seen {
        let at = |micros| Timestamp::UNIX_EPOCH + TimeDelta::microseconds(micros);
        Seen {
            values: AttentionValues {
                count,
                at_stake: Usd::from_pico(at_stake),
                ..AttentionValues::default()
            },
            first_at: at(first),
            last_at: at(last),
        }
    }

    #[test]
    fn days_are_read_as_they_were_written_and_add_up() {
        let mut days = SeenDays::default();
        days.add(31, &seen(2, 7, (50, 60))).unwrap();
        days.add(1, &seen(1, -5, (10, 10))).unwrap();
        let (sums, bytes) = days.to_bytes().unwrap();
        assert_eq!(Seen::from_bytes(&sums).unwrap(), seen(3, 2, (10, 60)));
        let mut twice = SeenDays::default();
        twice.add_bytes(&bytes).unwrap();
        assert_eq!(twice, days);
        twice.add_bytes(&bytes).unwrap();
        assert_eq!(twice.since(0).unwrap(), Some(seen(6, 4, (10, 60))));
        assert_eq!(twice.since(2).unwrap(), Some(seen(4, 14, (50, 60))));
        assert_eq!(days.since(32).unwrap(), None);
    }

    #[test]
    fn what_was_cut_off_is_refused() {
        let mut days = SeenDays::default();
        days.add(3, &seen(1 << 40, 1 << 50, (1, 2))).unwrap();
        let (sums, bytes) = days.to_bytes().unwrap();
        for end in 1..bytes.len() {
            SeenDays::default().add_bytes(&bytes[..end]).unwrap_err();
        }
        for end in 0..sums.len() {
            Seen::from_bytes(&sums[..end]).unwrap_err();
        }
        Seen::from_bytes(&bytes).unwrap_err();
    }
}
