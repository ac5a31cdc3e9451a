//! What the tests, benches and demo of Tollgate stand on (development only).
//!
//! - [`Simulator`]: a simulated provider that speaks `OpenAI`, Anthropic and Gemini, does what a
//!   [`Script`] says, and **keeps its own [`invoice`](InvoiceLine)** from its own [`PriceList`] with its
//!   own integer arithmetic. It shares no code with the gateway, so agreement between the two is evidence.
//! - [`MapServer`]: serves price maps, and everything a server can do wrong at it.
//! - [`load`]: a driver that sends mixed traffic and reports what came back.
//! - [`postgres`]: a temporary `PostgreSQL` cluster and one fresh database per test.
//!
//! Invariant: this crate depends on no other crate of the workspace.

mod counts;
mod error;
mod invoice;
mod map_server;
mod price_list;
mod protocol;
mod simulator;

pub mod load;
pub mod postgres;

pub use counts::{Counts, Meter};
pub use error::TestkitError;
pub use invoice::{Component, InvoiceLine, Outcome, total_pico_usd, usd_text};
pub use map_server::{MapReply, MapRequest, MapServer};
pub use price_list::{PriceList, PriceRow, component_amount};
pub use protocol::{Dialect, Protocol};
pub use simulator::{
    Chunking, Compression, Ending, Fault, HoldPoint, Report, Script, SeenRequest, Simulator,
    SimulatorBuilder, Stats,
};
