//! What the page shows.

/// The state of a gateway, as text that the page escapes and shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageData {
    /// The gateway's version.
    pub version: String,
    /// The address clients connect to.
    pub listen: String,
    /// The IANA time zone that rules today.
    pub accounting_zone: String,
    /// Today's sums. The page needs no token, so whoever serves it gives them only where nobody else can look:
    /// on a loopback listener. Without them the page says how to ask.
    pub money: Option<Money>,
    /// The price version in use, once there is one.
    pub price_version: Option<String>,
    /// Models with a price, where known.
    pub models: Option<u64>,
    /// Entries settled but not yet in the database.
    pub journal_pending: u64,
    /// Attempts that were served while a journal had no room, if there are any: they have no entry.
    pub unrecorded: Option<Unrecorded>,
    /// Whether the database is reachable and everything fresh.
    pub ready: bool,
}

/// Today's sums in USD, as decimal text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// What the upstreams charge us.
    pub cost: String,
    /// At card rates, all multipliers 1.
    pub list_cost: String,
    /// What the keys' owners pay.
    pub charge: String,
    /// Attempts sent to upstreams.
    pub attempts: i64,
    /// Of those, with a cost we cannot tell.
    pub unbilled: i64,
}

/// Attempts without an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrecorded {
    /// How many.
    pub attempts: u64,
    /// When the first was dispatched.
    pub from: String,
    /// When the last was dispatched.
    pub until: String,
}
