//! Sums as bytes.
//!
//! Numbers are in groups of seven bits, the lowest first, all but the last with the highest bit set; signed ones with
//! their sign in the lowest bit. Texts and bytes come after their length, ids are 16 bytes, instants are microseconds.

use tollgate_domain::{AttentionValues, RollupExtras, RollupValues, Timestamp, Usd};
use uuid::Uuid;

use crate::error::Corrupt;
use crate::sum_columns::with_columns;

/// Writes.
#[derive(Debug, Default)]
pub(crate) struct Packer(Vec<u8>);

/// Reads what [`Packer`] wrote.
#[derive(Debug)]
pub(crate) struct Unpacker<'b>(&'b [u8]);

impl Packer {
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(crate) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(crate) fn unsigned(&mut self, mut number: u128) {
        loop {
            let group = u8::try_from(number & 0x7f).unwrap_or(0);
            number >>= 7;
            if number == 0 {
                self.0.push(group);
                return;
            }
            self.0.push(group | 0x80);
        }
    }

    /// Two bytes, the higher first.
    pub(crate) fn index(&mut self, index: u16) {
        self.0.extend(index.to_be_bytes());
    }

    pub(crate) fn signed(&mut self, number: i128) {
        self.unsigned(((number << 1) ^ (number >> 127)).cast_unsigned());
    }

    pub(crate) fn id(&mut self, id: Uuid) {
        self.0.extend(id.as_bytes());
    }

    pub(crate) fn at(&mut self, at: Timestamp) {
        self.signed(i128::from(at.timestamp_micros()));
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.unsigned(bytes.len() as u128);
        self.0.extend(bytes);
    }

    /// A value that may be missing.
    pub(crate) fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.byte(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }
}

impl<'b> Unpacker<'b> {
    pub(crate) const fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Corrupt> {
        let (first, rest) = self.0.split_first().ok_or_else(cut)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(crate) fn unsigned(&mut self) -> Result<u128, Corrupt> {
        // Most numbers are short.
        let mut short = 0_u64;
        for (place, group) in self.0.iter().take(9).enumerate() {
            short |= u64::from(group & 0x7f) << (7 * place);
            if group & 0x80 == 0 {
                self.0 = self.0.get(place + 1..).unwrap_or_default();
                return Ok(u128::from(short));
            }
        }
        let (mut number, mut shift) = (0_u128, 0_u32);
        loop {
            let group = self.byte()?;
            let part = u128::from(group & 0x7f).checked_shl(shift);
            number |= part.ok_or_else(|| Corrupt::new("packed sums", "a number is too long"))?;
            shift += 7;
            if group & 0x80 == 0 {
                return Ok(number);
            }
        }
    }

    pub(crate) fn signed(&mut self) -> Result<i128, Corrupt> {
        let number = self.unsigned()?;
        Ok((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }

    pub(crate) fn count(&mut self) -> Result<i64, Corrupt> {
        i64::try_from(self.signed()?).map_err(Corrupt::of("packed sums"))
    }

    pub(crate) fn usd(&mut self) -> Result<Usd, Corrupt> {
        self.signed().map(Usd::from_pico)
    }

    /// What [`Packer::index`] wrote.
    pub(crate) fn index(&mut self) -> Result<u16, Corrupt> {
        self.chunk().map(u16::from_be_bytes)
    }

    pub(crate) fn id(&mut self) -> Result<Uuid, Corrupt> {
        self.chunk().map(Uuid::from_bytes)
    }

    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], Corrupt> {
        let (chunk, rest) = self.0.split_first_chunk().ok_or_else(cut)?;
        self.0 = rest;
        Ok(*chunk)
    }

    pub(crate) fn at(&mut self) -> Result<Timestamp, Corrupt> {
        let at = Timestamp::from_timestamp_micros(self.count()?);
        at.ok_or_else(|| Corrupt::new("packed sums", "an instant is out of range"))
    }

    pub(crate) fn bytes(&mut self) -> Result<&'b [u8], Corrupt> {
        let length = usize::try_from(self.unsigned()?).map_err(Corrupt::of("packed sums"))?;
        let (bytes, rest) = self.0.split_at_checked(length).ok_or_else(cut)?;
        self.0 = rest;
        Ok(bytes)
    }

    pub(crate) fn text(&mut self) -> Result<String, Corrupt> {
        String::from_utf8(self.bytes()?.to_vec()).map_err(Corrupt::of("packed sums"))
    }

    /// What is left.
    pub(crate) const fn rest(self) -> &'b [u8] {
        self.0
    }

    /// A value that may be missing.
    pub(crate) fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Corrupt>,
    ) -> Result<Option<T>, Corrupt> {
        match self.byte()? {
            0 => Ok(None),
            _ => read(self).map(Some),
        }
    }
}

fn cut() -> Corrupt {
    Corrupt::new("packed sums", "they end within a value")
}

/// Packs the columns of sums.
macro_rules! pack {
    ($put:ident, $take:ident: $type:ident: $($count:ident),+; $($amount:ident),+) => {
        impl Packer {
            pub(crate) fn $put(&mut self, values: &$type) {
                $(self.signed(i128::from(values.$count));)+
                $(self.signed(values.$amount.pico());)+
            }
        }

        impl Unpacker<'_> {
            pub(crate) fn $take(&mut self) -> Result<$type, Corrupt> {
                Ok($type {
                    $($count: self.count()?,)+
                    $($amount: self.usd()?,)+
                })
            }
        }
    };
}

with_columns!(values pack! values, take_values: RollupValues:);
with_columns!(extras pack! extras, take_extras: RollupExtras:);
with_columns!(attention pack! attention, take_attention: AttentionValues:);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_read_as_it_was_written() {
        let numbers = [
            0,
            1,
            -1,
            63,
            -64,
            64,
            i128::from(i64::MAX),
            i128::from(i64::MIN),
            i128::MAX,
            i128::MIN,
        ];
        let values = RollupValues {
            requests: 1,
            attempts: -2,
            unbilled_output_tokens: i64::MAX,
            list_cost: Usd::from_pico(-3),
            estimated_charge: Usd::from_pico(i128::MAX),
            ..RollupValues::default()
        };
        let mut packer = Packer::default();
        for number in numbers {
            packer.signed(number);
        }
        packer.values(&values);
        packer.id(Uuid::from_u128(7));
        packer.at(Timestamp::UNIX_EPOCH);
        packer.optional(None::<&str>, |packer, text| packer.bytes(text.as_bytes()));
        packer.optional(Some("größer"), |packer, text| packer.bytes(text.as_bytes()));
        let bytes = packer.into_bytes();

        let mut unpacker = Unpacker::new(&bytes);
        for number in numbers {
            assert_eq!(unpacker.signed().unwrap(), number);
        }
        assert_eq!(unpacker.take_values().unwrap(), values);
        assert_eq!(unpacker.id().unwrap(), Uuid::from_u128(7));
        assert_eq!(unpacker.at().unwrap(), Timestamp::UNIX_EPOCH);
        assert_eq!(unpacker.optional(Unpacker::text).unwrap(), None);
        assert_eq!(
            unpacker.optional(Unpacker::text).unwrap().as_deref(),
            Some("größer")
        );
        assert!(unpacker.is_empty());
    }

    #[test]
    fn what_was_cut_off_is_refused() {
        let mut packer = Packer::default();
        packer.values(&RollupValues {
            cost: Usd::from_pico(1 << 40),
            ..RollupValues::default()
        });
        let bytes = packer.into_bytes();
        for end in 0..bytes.len() {
            Unpacker::new(&bytes[..end]).take_values().unwrap_err();
        }
        Unpacker::new(&[5, b'a']).text().unwrap_err();
        Unpacker::new(&[0xff; 20]).unsigned().unwrap_err();
    }
}
