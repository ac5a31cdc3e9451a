//! What is used later than it is asked for: background responses and batches.
//!
//! ```text
//! POST ─► opened ─► answer names an object ─► handed over (journal, database)
//!                                                   │
//!              GET by the caller ──┐                ▼
//!              the gateway's own ──┴─► its end ─► claim ─► entry, once
//! ```
//!
//! An object is asked for at the upstream that made it, by the key that made it. Whoever sees its end first claims it in
//! the database and settles it; a `GET` itself never costs anything.

mod batch;
mod desk;
mod elements;
mod items;
mod models;
mod object;
mod pieces;
mod poller;
mod results_url;
mod scan;
mod upload;
mod watch;

pub(crate) use batch::path as batch_path;
pub(crate) use desk::{Desk, Lookup};
pub(crate) use models::{Asked, GeminiInput, gemini_batch, gemini_file, message_batch, openai_file};
pub(crate) use object::{ObjectScan, is_terminal};
pub(crate) use pieces::{Pieces, Unseen};
pub(crate) use poller::look_at;
pub use poller::{DeferredLooks, is_due, look_at_due, make_due, release_held};
pub(crate) use results_url::without_address;
pub(crate) use scan::{JsonScan, Path, Sink};
pub(crate) use upload::{begin as begin_upload, object_of as upload_object, owner as upload_owner};
pub(crate) use watch::{Plan, Watch};

use std::sync::Arc;
use std::time::Duration;

use tollgate_domain::JournalId;
use tollgate_domain::ports::{DeferredStore, ObjectListStore, PriceStore};

/// What may be used later than it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeferredUse {
    /// `POST /v1/responses` with `background: true`, and what belongs to it.
    BackgroundResponses,
    /// `/v1/batches`, `/v1/messages/batches`, Gemini's `:batchGenerateContent`, `:asyncBatchEmbedContent` and
    /// `/v1beta/batches`, lists of them too.
    Batches,
    /// `/v1/files`, `/upload/v1beta/files` and `/v1beta/files`, for the input and output of batches, and lists of them.
    Files,
}

/// How the gateway looks after deferred operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeferredConfig {
    /// The pause before it looks at an object for the first time; each further one is twice as long.
    pub first_look: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// When it gives up waiting for an object's end.
    pub expiry: Duration,
}

/// Where deferred operations are kept.
#[derive(Clone)]
pub struct DeferredParts {
    /// The database.
    pub store: Arc<dyn DeferredStore>,
    /// What its lists are read from: the same database.
    pub lists: Arc<dyn ObjectListStore>,
    /// Price books of the past: an operation is priced with the one it was dispatched with.
    pub prices: Arc<dyn PriceStore>,
    /// Names this process, over restarts.
    pub holder: JournalId,
}

impl Default for DeferredConfig {
    fn default() -> Self {
        Self {
            first_look: Duration::from_secs(15),
            longest_pause: Duration::from_mins(10),
            expiry: Duration::from_hours(72),
        }
    }
}
