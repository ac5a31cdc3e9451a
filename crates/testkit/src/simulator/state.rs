//! What all connections of one simulator share.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::invoice::{Invoice, InvoiceLine, Outcome};
use crate::price_list::PriceList;

use super::hold::Hold;
use super::objects::Objects;
use super::scripts::Scripts;
use super::seen::SeenLog;

/// Counters of a simulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    /// Model requests read whole since the start or the last reset.
    pub received: u64,
    /// Model requests not ended yet.
    pub in_flight: u64,
    /// Answers waiting at a hold point.
    pub held: usize,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) credentials: Vec<String>,
    pub(super) prices: PriceList,
    pub(super) hold: Hold,
    /// Makes ids of two simulators differ.
    nonce: u64,
    invoice: Mutex<Invoice>,
    scripts: Mutex<Scripts>,
    seen: Mutex<SeenLog>,
    objects: Mutex<Objects>,
    numbers: AtomicU64,
    received: watch::Sender<u64>,
    in_flight: watch::Sender<u64>,
}

/// One request in flight. Dropped before [`Ticket::end`], it records its fallback outcome.
#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) number: u64,
    /// Unique over all simulators.
    pub(super) unique: String,
    pub(super) state: Arc<State>,
    fallback: Outcome,
}

impl State {
    pub(super) fn new(credentials: Vec<String>, prices: PriceList, invoice: Invoice) -> Self {
        Self {
            credentials,
            prices,
            hold: Hold::new(),
            nonce: RandomState::new().build_hasher().finish(),
            invoice: Mutex::new(invoice),
            scripts: Mutex::default(),
            seen: Mutex::default(),
            objects: Mutex::default(),
            numbers: AtomicU64::new(1),
            received: watch::Sender::new(0),
            in_flight: watch::Sender::new(0),
        }
    }

    pub(super) fn invoice(&self) -> MutexGuard<'_, Invoice> {
        self.invoice.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn scripts(&self) -> MutexGuard<'_, Scripts> {
        self.scripts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn seen(&self) -> MutexGuard<'_, SeenLog> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn objects(&self) -> MutexGuard<'_, Objects> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn stats(&self) -> Stats {
        Stats {
            received: *self.received.borrow(),
            in_flight: *self.in_flight.borrow(),
            held: self.hold.held(),
        }
    }

    pub(super) fn reset(&self) {
        self.invoice().clear();
        self.scripts().clear();
        self.seen().clear();
        self.objects().clear();
        self.received.send_replace(0);
        self.hold.release();
    }

    pub(super) async fn wait_until_received(&self, count: u64) {
        self.received
            .subscribe()
            .wait_for(|received| *received >= count)
            .await
            .ok();
    }

    pub(super) async fn wait_until_idle(&self) {
        self.in_flight
            .subscribe()
            .wait_for(|in_flight| *in_flight == 0)
            .await
            .ok();
    }

    /// Numbers an arriving request.
    pub(super) fn admit(self: &Arc<Self>) -> Ticket {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        self.in_flight.send_modify(|count| *count += 1);
        let unique = format!("{:016x}{number:08x}", self.nonce);
        Ticket {
            number,
            unique,
            state: Arc::clone(self),
            fallback: Outcome::Dropped,
        }
    }
}

impl Ticket {
    /// Puts the request on the invoice; from here on it counts as received.
    pub(super) fn record(&self, line: InvoiceLine) {
        self.state.invoice().put(line);
        self.state.received.send_modify(|count| *count += 1);
    }

    /// What to record when the request is dropped without an end.
    pub(super) fn fall_back_to(&mut self, outcome: Outcome) {
        self.fallback = outcome;
    }

    /// Records how it ended; the first end counts.
    pub(super) fn end(&self, outcome: Outcome) {
        self.state.invoice().end(self.number, outcome);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.end(self.fallback);
        self.state
            .in_flight
            .send_modify(|count| *count = count.saturating_sub(1));
    }
}
