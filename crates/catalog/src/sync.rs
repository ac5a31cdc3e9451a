//! Keeps the catalog in step with a public price map: fetches it, compares, puts in force what the guard lets pass.
//!
//! A failed or held run leaves every price as it was. Among all processes on one database one runs at a time.

mod fetch;
mod in_use;
mod reading;
mod runner;
mod service;
mod settings;
mod tls;
mod unpack;

pub use fetch::{FetchError, Fetched, Fetcher};
pub use runner::SyncRunner;
pub use service::PriceSync;
pub use settings::{DEFAULT_URL, SyncSettings};
