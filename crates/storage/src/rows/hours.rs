//! Sums of the hours of a day, in one row.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Binary, Text};
use tollgate_domain::{MoneyError, RollupValues};

use super::columns::PlaceColumns;
use crate::cube::Place;
use crate::error::Corrupt;
use crate::packed::{Packer, Unpacker};
use crate::schema::rollup_hours;
use crate::sql_type::Instant;
use crate::value::At;

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
