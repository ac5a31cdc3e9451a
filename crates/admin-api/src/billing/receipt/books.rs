//! The price books a request's entries were priced with.

use std::collections::BTreeMap;
use std::sync::Arc;

use billing_core::PriceBook;
use tollgate_domain::ports::RecordedEntry;
use tollgate_domain::{LedgerEntry, PriceVersion};

use super::entry::ReceiptEntry;
use crate::AdminState;
use crate::problem::Problem;

/// Books by version; one that cannot be rebuilt is not there.
pub(super) struct Books(BTreeMap<PriceVersion, Arc<PriceBook>>);

impl Books {
    /// Takes the book in force where it is the one, and rebuilds others from the database.
    pub(super) async fn of(state: &AdminState, entries: &[RecordedEntry]) -> Result<Self, Problem> {
        let mut books = BTreeMap::new();
        let current = state.prices.book();
        for entry in entries {
            let version = version(&entry.journaled.entry);
            if books.contains_key(&version) {
                continue;
            }
            if version == current.version() {
                books.insert(version, Arc::clone(&current));
                continue;
            }
            let data = state.store.price_book(Some(version)).await?;
            match data.map(PriceBook::build) {
                Some(Ok(book)) => drop(books.insert(version, Arc::new(book))),
                Some(Err(error)) => tracing::warn!(%error, %version, "a past price book cannot be rebuilt"),
                None => {}
            }
        }
        Ok(Self(books))
    }

    /// An entry with the places that were looked at for its price.
    pub(super) fn entry(&self, recorded: RecordedEntry) -> ReceiptEntry {
        let version = version(&recorded.journaled.entry);
        ReceiptEntry::of(recorded, self.0.get(&version).map(AsRef::as_ref))
    }
}

/// The version that priced an entry; the one it was dispatched with where nothing did.
fn version(entry: &LedgerEntry) -> PriceVersion {
    let pricing = entry.pricing.as_ref();
    pricing.map_or(entry.attempt.price_version, |pricing| pricing.version)
}
