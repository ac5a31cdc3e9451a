//! A simulated provider.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::TestkitError;
use crate::invoice::{Invoice, InvoiceLine};
use crate::price_list::PriceList;

mod anthropic;
mod auth;
mod body;
mod compression;
mod connection;
mod control;
mod count_tokens;
mod embeddings;
mod errors;
mod exchange;
mod form;
mod gemini;
mod hold;
mod images;
mod models;
mod moderations;
mod nameless;
mod objects;
mod openai_chat;
mod openai_completions;
mod openai_responses;
mod operation;
mod presets;
mod reply;
mod request;
mod rerank;
mod router;
mod script;
mod scripts;
mod seen;
mod speech;
mod state;
mod stored;
mod transcriptions;
mod usage_plan;
mod wire;

pub use script::{Chunking, Compression, Ending, Fault, HoldPoint, Report, Script};
pub use seen::SeenRequest;
pub use state::Stats;

use scripts::ANY_MODEL;
use state::State;

/// Sets up a [`Simulator`].
#[derive(Debug, Clone)]
pub struct SimulatorBuilder {
    listen: String,
    credentials: Vec<String>,
    prices: PriceList,
    invoice_file: Option<PathBuf>,
}

/// A running provider on a loopback port; it stops when this value is dropped.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    credential: String,
    state: Arc<State>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Default for SimulatorBuilder {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:0".to_owned(),
            credentials: vec![Simulator::DEFAULT_CREDENTIAL.to_owned()],
            prices: PriceList::builtin(),
            invoice_file: None,
        }
    }
}

impl SimulatorBuilder {
    /// Listens on this address; `127.0.0.1:0` (the default) takes a free port.
    #[must_use]
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.listen = address.into();
        self
    }

    /// Accepts exactly these credentials.
    #[must_use]
    pub fn credentials<I: IntoIterator<Item = S>, S: Into<String>>(mut self, credentials: I) -> Self {
        self.credentials = credentials.into_iter().map(Into::into).collect();
        self
    }

    /// Bills from this list.
    #[must_use]
    pub fn prices(mut self, prices: PriceList) -> Self {
        self.prices = prices;
        self
    }

    /// Appends every change of the invoice to a JSON Lines file too.
    #[must_use]
    pub fn invoice_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.invoice_file = Some(path.into());
        self
    }

    /// Starts to listen.
    pub async fn start(self) -> Result<Simulator, TestkitError> {
        let listen = |source| TestkitError::Listen {
            address: self.listen.clone(),
            source,
        };
        let listener = TcpListener::bind(&self.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let invoice = Invoice::new(self.invoice_file.as_deref())?;
        let credential = self.credentials.first().cloned().unwrap_or_default();
        let state = Arc::new(State::new(self.credentials, self.prices, invoice));
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(connection::accept(
            listener,
            Arc::clone(&state),
            stop.clone(),
            tasks.clone(),
        ));
        Ok(Simulator {
            address,
            credential,
            state,
            stop,
            tasks,
        })
    }
}

impl Simulator {
    /// What a simulator accepts unless told otherwise.
    pub const DEFAULT_CREDENTIAL: &'static str = "sim-credential";

    /// A builder with the defaults.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::default()
    }

    /// Starts with the defaults.
    pub async fn start() -> Result<Self, TestkitError> {
        Self::builder().start().await
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`, without a path and without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The first credential it accepts.
    pub fn credential(&self) -> &str {
        &self.credential
    }

    /// What every request for `model` gets from now on.
    pub fn script(&self, model: &str, script: Script) {
        self.state.scripts().set(model, script);
    }

    /// What every request gets that no other script matches.
    pub fn script_all(&self, script: Script) {
        self.state.scripts().set(ANY_MODEL, script);
    }

    /// What the next request for `model` gets; calls queue up.
    pub fn script_next(&self, model: &str, script: Script) {
        self.state.scripts().push(model, script, 1);
    }

    /// What the next request for any model gets; calls queue up.
    pub fn script_next_any(&self, script: Script) {
        self.state.scripts().push(ANY_MODEL, script, 1);
    }

    /// Every request so far that carried the provider's own credential or tried to, in order of arrival.
    pub fn invoice(&self) -> Vec<InvoiceLine> {
        self.state.invoice().lines()
    }

    /// The last requests as they came in (at most [`SeenRequest::KEPT`]), oldest first.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.state.seen().all()
    }

    /// Counters.
    pub fn stats(&self) -> Stats {
        self.state.stats()
    }

    /// Lets every answer go on that waits at a [`HoldPoint`].
    pub fn release(&self) {
        self.state.hold.release();
    }

    /// Returns once at least `count` answers wait at a [`HoldPoint`].
    pub async fn wait_until_held(&self, count: usize) {
        self.state.hold.wait_until_held(count).await;
    }

    /// Returns once at least `count` model requests have arrived since the start or the last reset.
    pub async fn wait_until_received(&self, count: u64) {
        self.state.wait_until_received(count).await;
    }

    /// Returns once no request is in flight.
    pub async fn wait_until_idle(&self) {
        self.state.wait_until_idle().await;
    }

    /// Lets every background response and batch end, however often it was to be found going on.
    pub fn end_deferred(&self) {
        self.state.objects().end_all();
    }

    /// Forgets invoice, scripts and requests, and releases what is held.
    pub fn reset(&self) {
        self.state.reset();
    }

    /// Stops listening, closes every connection and returns when all tasks have ended.
    pub async fn shutdown(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.cancel();
        self.tasks.close();
    }
}
