//! Time and identity are made at the edge and passed in.

use uuid::Uuid;

/// An instant in UTC, whole microseconds (what both databases keep).
pub type Timestamp = chrono::DateTime<chrono::Utc>;

/// Where the current time comes from.
pub trait Clock: Send + Sync {
    /// The current instant, truncated to microseconds.
    fn now(&self) -> Timestamp;
}

/// Where new ids come from.
pub trait IdSource: Send + Sync {
    /// A fresh UUIDv7 whose time part is `at`; ids made one after another sort in that order.
    fn new_id(&self, at: Timestamp) -> Uuid;
}
