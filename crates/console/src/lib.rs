//! The web console, embedded in the binary.
//!
//! The sources are in `ui`; the build script builds them with npm. Where that was not possible the crate has no
//! [`Asset`] but a page that says how to get the console; all else in the gateway is the same.
//!
//! The crate holds data and two functions from data to text. Who serves it brings HTTP and randomness.

mod asset;
mod document;
mod html;
mod language;
mod messages;
mod policy;

pub use asset::{Asset, Encoding, asset, is_built};
pub use document::document;
pub use language::Language;
pub use policy::content_security_policy;

/// The first segments of the paths the console answers at, besides `/` itself. Everything below them is the console's.
pub const PATHS: &[&str] = include!(concat!(env!("OUT_DIR"), "/paths.rs"));
