//! Whoever counts what passes.

use tollgate_domain::{LedgerEntry, RequestLog};

/// Is told of every entry and every request when they are journaled. Called on the way of an answer: it must be quick
/// and must not block.
pub trait Observer: Send + Sync {
    /// An attempt was settled.
    fn entry(&self, entry: &LedgerEntry);

    /// An admitted request is over.
    fn request(&self, log: &RequestLog);

    /// A request was answered with an error before it was admitted; the reason is of a small set of names.
    fn refused(&self, reason: &'static str);
}
