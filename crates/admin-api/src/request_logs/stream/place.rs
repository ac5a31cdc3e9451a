//! Where in the order of changes a stream is, as the id of an event.

use std::fmt;

use tollgate_domain::ports::{ChangeCursor, LogRow};
use tollgate_domain::{RequestId, Timestamp};
use uuid::Uuid;

/// A place: microseconds since 1970, a dot, the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(pub(super) ChangeCursor);

impl Place {
    /// The place of a row; none of one that has not ended.
    pub(super) fn of(row: &LogRow) -> Option<Self> {
        Some(Self(ChangeCursor {
            changed_at: row.changed_at?,
            request_id: row.request_id,
        }))
    }

    /// Before everything of an instant.
    pub(super) fn at(changed_at: Timestamp) -> Self {
        Self(ChangeCursor {
            changed_at,
            request_id: RequestId::new(Uuid::nil()),
        })
    }

    /// Reads the id of an event; the error is a message for the caller.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let place = text.split_once('.').and_then(|(micros, id)| {
            Some(Self(ChangeCursor {
                changed_at: Timestamp::from_timestamp_micros(micros.parse().ok()?)?,
                request_id: id.parse().ok()?,
            }))
        });
        place.ok_or_else(|| format!("{text:?} is not the id of an event of this stream"))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}.{}",
            self.0.changed_at.timestamp_micros(),
            self.0.request_id
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_its_text_and_a_foreign_one_is_refused() {
        let place = Place::at("2026-11-05T08:00:00.000001Z".parse().unwrap());
        assert_eq!(Place::parse(&place.to_string()), Ok(place));
        for foreign in [
            "",
            "1",
            "x.y",
            "9223372036854775807.00000000-0000-0000-0000-000000000000",
        ] {
            assert!(Place::parse(foreign).is_err(), "{foreign:?}");
        }
    }
}
