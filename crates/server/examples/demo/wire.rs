//! What the admin API answers, as far as the demo shows it.

use serde::Deserialize;
use serde_json::value::RawValue;
use tollgate_domain::Usd;

#[derive(Debug, Deserialize)]
pub(crate) struct Overview {
    pub(crate) accounting_zone: String,
    pub(crate) month: Period,
    pub(crate) catalog: Option<Catalog>,
    pub(crate) price_version: Option<i64>,
    pub(crate) journal: Journal,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Period {
    pub(crate) list_cost: Usd,
    pub(crate) cost: Usd,
    pub(crate) charge: Usd,
    pub(crate) attempts: i64,
    pub(crate) billed: i64,
    pub(crate) unbilled: i64,
    pub(crate) no_charge: i64,
    pub(crate) input_tokens: i64,
    pub(crate) cache_read_tokens: i64,
    pub(crate) output_tokens: i64,
    pub(crate) reasoning_tokens: i64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Catalog {
    pub(crate) models: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Journal {
    pub(crate) pending_entries: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct LogPage {
    pub(crate) items: Vec<LogRow>,
    pub(crate) next_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct LogRow {
    pub(crate) request_id: String,
    pub(crate) ended_at: Option<String>,
    pub(crate) attempts: usize,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Receipt {
    pub(crate) request_id: String,
    pub(crate) attempts: Vec<Attempt>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Attempt {
    #[serde(rename = "attempt")]
    pub(crate) number: u16,
    pub(crate) occurred_at: String,
    pub(crate) key: Named,
    pub(crate) upstream: Named,
    pub(crate) stream: bool,
    pub(crate) model_requested: Option<String>,
    pub(crate) price_version: i64,
    pub(crate) billing_status: String,
    pub(crate) reason: Option<String>,
    pub(crate) detail: Option<String>,
    pub(crate) list_cost: Option<Usd>,
    pub(crate) cost: Option<Usd>,
    pub(crate) entries: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Named {
    pub(crate) name: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    pub(crate) outcome: Outcome,
    pub(crate) provider_usage: Option<Box<RawValue>>,
    pub(crate) pricing: Option<Pricing>,
    pub(crate) lines: Vec<Line>,
    pub(crate) formula: Option<String>,
    pub(crate) journal_seq: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) http_status: Option<u16>,
    pub(crate) response_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Pricing {
    pub(crate) price_source: String,
    pub(crate) rule: String,
    pub(crate) priced_as: String,
    pub(crate) tier: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    pub(crate) meter: String,
    pub(crate) count: u64,
    pub(crate) usd_per_million: String,
    pub(crate) multiplier: String,
    pub(crate) cost: Usd,
}
