//! What the handlers work with.

use std::sync::Arc;

use billing_core::PriceBook;
use tollgate_domain::ports::{JobControl, Runtime, Store, System, TestCalls};
use tollgate_domain::{AccountingZone, Clock, IdSource, Multiplier};

use crate::billing::{BookNames, PastMeans};
use crate::{AccessPolicy, LiveStreams, TokenSource};

/// The price book that requests are dispatched with at the moment.
pub trait CurrentPrices: Send + Sync {
    /// The book; it stays as it is while it is held.
    fn book(&self) -> Arc<PriceBook>;
}

/// Everything the management API needs; cheap to clone.
#[derive(Clone)]
pub struct AdminState {
    /// The database.
    pub store: Arc<dyn Store>,
    /// The running gateway.
    pub runtime: Arc<dyn Runtime>,
    /// What the process says of itself.
    pub system: Arc<dyn System>,
    /// Its background jobs.
    pub jobs: Arc<dyn JobControl>,
    /// Test calls to upstreams.
    pub tests: Arc<dyn TestCalls>,
    /// The prices in force.
    pub prices: Arc<dyn CurrentPrices>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Fresh ids.
    pub ids: Arc<dyn IdSource>,
    /// Fresh key tokens.
    pub tokens: Arc<dyn TokenSource>,
    /// Rules today and this month.
    pub zone: AccountingZone,
    /// By how much an edit may move a price, up or down, without a confirmation; above 1.
    pub guard_factor: Multiplier,
    /// What estimates keep of past days; empty at first.
    pub past_means: PastMeans,
    /// What estimates keep of the price book's names; empty at first.
    pub book_names: BookNames,
    /// The live streams.
    pub live: LiveStreams,
    /// How people come in.
    pub access: AccessPolicy,
}
