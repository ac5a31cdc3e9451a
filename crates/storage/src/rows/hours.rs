//! Sums of the hours of a day, in one row.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Binary, Text};
use tollgate_domain::{JournalId, KeyId, MoneyError, RollupKey, RollupValues, UpstreamId};

use super::columns::PlaceColumns;
use crate::cube::Place;
use crate::error::Corrupt;
use crate::packed::{Packer, Unpacker};
use crate::schema::{rollup_hours, rollup_spans};
use crate::sql_type::Instant;
use crate::value::{At, Id, Money};

/// Sums by the hour of a UTC day. Stored as each hour with its sums.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Hours(BTreeMap<u8, RollupValues>);

/// A row of `rollup_hours`; the hours are all there are.
#[derive(Debug, Insertable)]
#[diesel(table_name = rollup_hours, treat_none_as_default_value = false)]
pub(crate) struct HoursRow {
    #[diesel(embed)]
    place: PlaceColumns,
    hours: Vec<u8>,
}

/// The hours of a member on a day, as one writer has them.
#[derive(Debug, QueryableByName)]
pub(crate) struct MemberHoursRow {
    #[diesel(sql_type = Instant)]
    pub(crate) bucket: At,
    #[diesel(sql_type = Text)]
    pub(crate) member: String,
    #[diesel(sql_type = Binary)]
    pub(crate) hours: Vec<u8>,
}

/// An hour of all combinations.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = rollup_spans)]
pub(crate) struct SpanHourRow {
    bucket: At,
    writer: Id,
    key_id: Id,
    team: String,
    upstream_id: Id,
    model: String,
    requests: i64,
    attempts: i64,
    billed: i64,
    unbilled: i64,
    no_charge: i64,
    estimated: i64,
    input_tokens: i64,
    cache_read_tokens: i64,
    cache_write_tokens: i64,
    output_tokens: i64,
    reasoning_tokens: i64,
    unbilled_input_tokens: i64,
    unbilled_output_tokens: i64,
    list_cost: Money,
    cost: Money,
    charge: Money,
    estimated_list_cost: Money,
    estimated_cost: Money,
    estimated_charge: Money,
}

impl Hours {
    /// Adds to an hour.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] when a sum passes the exact range.
    pub(crate) fn add(&mut self, hour: u8, values: RollupValues) -> Result<(), MoneyError> {
        let sum = self.0.entry(hour).or_default();
        *sum = sum.checked_add(values)?;
        Ok(())
    }

    /// Adds what is stored.
    ///
    /// # Errors
    /// Bytes that were not made by [`Self::to_bytes`], or a sum past the exact range.
    pub(crate) fn add_bytes(&mut self, bytes: &[u8]) -> Result<(), Corrupt> {
        Self::each(bytes, |hour, values| {
            self.add(hour, values).map_err(Corrupt::of("rollup"))
        })
    }

    /// As stored.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut packer = Packer::default();
        for (hour, values) in &self.0 {
            packer.byte(*hour);
            packer.values(values);
        }
        packer.into_bytes()
    }

    /// Hands out each hour of what is stored.
    ///
    /// # Errors
    /// Bytes that were not made by [`Self::to_bytes`], or what `take` fails with.
    pub(crate) fn each(
        bytes: &[u8],
        mut take: impl FnMut(u8, RollupValues) -> Result<(), Corrupt>,
    ) -> Result<(), Corrupt> {
        let mut unpacker = Unpacker::new(bytes);
        while !unpacker.is_empty() {
            let hour = unpacker.byte()?;
            take(hour, unpacker.take_values()?)?;
        }
        Ok(())
    }
}

impl HoursRow {
    /// The hours of a place.
    pub(crate) fn new(place: Place, hours: Vec<u8>) -> Self {
        Self {
            place: place.into(),
            hours,
        }
    }
}

impl SpanHourRow {
    /// What it is the sum of, and the sum.
    pub(crate) fn into_sum(self) -> (RollupKey, RollupValues) {
        let key = RollupKey {
            bucket: self.bucket.0,
            writer: JournalId::new(self.writer.0),
            key_id: KeyId::new(self.key_id.0),
            team: self.team,
            upstream_id: UpstreamId::new(self.upstream_id.0),
            model: self.model,
        };
        let values = RollupValues {
            requests: self.requests,
            attempts: self.attempts,
            billed: self.billed,
            unbilled: self.unbilled,
            no_charge: self.no_charge,
            estimated: self.estimated,
            input_tokens: self.input_tokens,
            cache_read_tokens: self.cache_read_tokens,
            cache_write_tokens: self.cache_write_tokens,
            output_tokens: self.output_tokens,
            reasoning_tokens: self.reasoning_tokens,
            unbilled_input_tokens: self.unbilled_input_tokens,
            unbilled_output_tokens: self.unbilled_output_tokens,
            list_cost: self.list_cost.0,
            cost: self.cost.0,
            charge: self.charge.0,
            estimated_list_cost: self.estimated_list_cost.0,
            estimated_cost: self.estimated_cost.0,
            estimated_charge: self.estimated_charge.0,
        };
        (key, values)
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::Usd;

    use super::*;

    #[test]
    fn hours_are_read_as_they_were_written_and_add_up() {
        let values = |attempts, cost| RollupValues {
            attempts,
            cost: Usd::from_pico(cost),
            ..RollupValues::default()
        };
        let mut hours = Hours::default();
        hours.add(23, values(2, 7)).unwrap();
        hours.add(0, values(1, -5)).unwrap();
        let mut twice = Hours::default();
        twice.add_bytes(&hours.to_bytes()).unwrap();
        assert_eq!(twice, hours);
        twice.add_bytes(&hours.to_bytes()).unwrap();
        let mut seen = Vec::new();
        Hours::each(&twice.to_bytes(), |hour, values| {
            seen.push((hour, values));
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, [(0, values(2, -10)), (23, values(4, 14))]);
        Hours::default().add_bytes(&hours.to_bytes()[..5]).unwrap_err();
    }
}
