//! Amounts as text: JSON numbers are not wide enough for them.

use serde::{Deserialize as _, Deserializer, Serializer, de};

/// Decimal USD of an amount in pico-USD, without trailing zeros.
///
/// ```
/// assert_eq!(tollgate_testkit::usd_text(2_500_000_000), "0.0025");
/// assert_eq!(tollgate_testkit::usd_text(-3_000_000_000_000), "-3");
/// ```
pub fn usd_text(pico_usd: i128) -> String {
    let sign = if pico_usd < 0 { "-" } else { "" };
    let digits = format!("{:013}", pico_usd.unsigned_abs());
    let (whole, part) = digits.split_at(digits.len() - 12);
    let part = part.trim_end_matches('0');
    if part.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{part}")
    }
}

pub(super) fn serialize<S: Serializer>(value: &i128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i128, D::Error> {
    String::deserialize(deserializer)?
        .parse()
        .map_err(de::Error::custom)
}

pub(super) mod optional {
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    #[expect(clippy::ref_option, reason = "the signature serde asks for")]
    pub(in crate::invoice) fn serialize<S: Serializer>(
        value: &Option<i128>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::invoice) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<i128>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(de::Error::custom))
            .transpose()
    }
}
