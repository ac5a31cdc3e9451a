//! Where an export was cut, and how it goes on.

use std::fmt;
use std::str::FromStr;

use tollgate_domain::EventId;
use tollgate_domain::ports::{ExportFilter, RecordedEntry, Store};
use uuid::Uuid;

use crate::problem::Problem;

/// The place of an entry in an export, written `<event_id>.<revision>`: both are columns of its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EntryPlace {
    event_id: EventId,
    revision: u32,
}

impl EntryPlace {
    /// Of an entry.
    pub(super) fn of(entry: &RecordedEntry) -> Self {
        let entry = &entry.journaled.entry;
        Self {
            event_id: entry.attempt.event_id,
            revision: entry.revision,
        }
    }

    /// As the store has places.
    pub(super) const fn key(self) -> (EventId, u32) {
        (self.event_id, self.revision)
    }

    /// The place that this one is the next after; none before the first of all.
    fn before(self) -> Option<(EventId, u32)> {
        if let Some(revision) = self.revision.checked_sub(1) {
            return Some((self.event_id, revision));
        }
        let id = self.event_id.uuid().as_u128().checked_sub(1)?;
        Some((EventId::new(Uuid::from_u128(id)), u32::MAX))
    }

    /// Checks that an entry of the export is there: what was begun with other filters, as of another time or at another
    /// gateway is not continued, for rows would be missing or there twice.
    pub(super) async fn check(self, store: &dyn Store, filter: &ExportFilter) -> Result<(), Problem> {
        let found = store.export_entries(filter.clone(), self.before(), 1).await?;
        if found.first().map(Self::of) == Some(self) {
            return Ok(());
        }
        let message = format!(
            "{self} is no row of this export; continue it with the filters and the as_of it was begun with"
        );
        Err(Problem::invalid_field("after", message))
    }
}

impl fmt::Display for EntryPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.event_id, self.revision)
    }
}

impl FromStr for EntryPlace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('.');
        let place = parts.and_then(|(event, revision)| {
            let digits =
                (1..=9).contains(&revision.len()) && revision.bytes().all(|byte| byte.is_ascii_digit());
            Some(Self {
                event_id: EventId::new(event.parse().ok()?),
                revision: revision.parse().ok().filter(|_| digits)?,
            })
        });
        place.ok_or_else(|| {
            format!(
                "{text:?} is not the event_id and the revision of a row with a point between, such as \
                 \"0198f0a0-0000-7000-8000-000000000003.0\""
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0198f0a0-0000-7000-8000-000000000003";

    #[test]
    fn a_place_survives_its_text_and_another_text_is_none() {
        for revision in ["0", "7", "999999999"] {
            let text = format!("{ID}.{revision}");
            assert_eq!(text.parse::<EntryPlace>().unwrap().to_string(), text);
        }
        for wrong in [
            "",
            ID,
            &format!("{ID}."),
            &format!("{ID}.-1"),
            &format!("{ID}.+1"),
            &format!("{ID}.1.2"),
            &format!("{ID}.1000000000"),
            "x.0",
        ] {
            assert!(
                wrong.parse::<EntryPlace>().unwrap_err().contains("revision"),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn nothing_lies_between_a_place_and_the_one_before() {
        let place = |text: &str| text.parse::<EntryPlace>().unwrap();
        let event = |text: &str| EventId::new(text.parse().unwrap());
        assert_eq!(place(&format!("{ID}.3")).before(), Some((event(ID), 2)));
        let first = place(&format!("{ID}.0")).before();
        assert_eq!(
            first,
            Some((event("0198f0a0-0000-7000-8000-000000000002"), u32::MAX))
        );
        assert_eq!(place(&format!("{}.0", Uuid::nil())).before(), None);
    }
}
