//! Prices cases read from standard input, one JSON object a line, with the bundled snapshot:
//!
//! `{"id": 1, "model": "gpt-4o", "tier": "flex", "at": "2026-11-25T08:30:00Z", "usage": {"input": 1000}}` becomes
//! `{"id": 1, "cost": "0.00125", "lines": [["input", 1000, "1.25"]]}` (units charged) or `{"id": 1, "error": "…"}`.
//!
//! The model is a key of the map, matched exactly. `cargo xtask oracle` compares the answers with those of others.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, BufRead as _, Write as _};

use billing_core::{Meter, PriceBook, Request, Timestamp, Usage};
use serde_json::{Value, json};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    id: u64,
    model: String,
    #[serde(default)]
    tier: String,
    #[serde(default)]
    modifiers: Vec<String>,
    at: Option<Timestamp>,
    usage: BTreeMap<Meter, u64>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let book = PriceBook::bundled()?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let case: Case = serde_json::from_str(&line?)?;
        serde_json::to_writer(&mut out, &price(&book, &case)?)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

fn price(book: &PriceBook, case: &Case) -> Result<Value, Box<dyn Error>> {
    let usage = case
        .usage
        .iter()
        .try_fold(Usage::new(), |usage, (meter, count)| usage.with(*meter, *count))?;
    // No provider: the very entry is meant, not one that a prefix leads to.
    let mut request = Request::new("", case.model.as_str()).tier(&case.tier);
    if let Some(at) = case.at {
        request = request.at(at);
    }
    for modifier in &case.modifiers {
        request = request.modifier(modifier.as_str());
    }
    Ok(match request.price(book, &usage) {
        Ok(charge) => {
            let lines = charge.lines.iter();
            let lines = lines.map(|line| json!([line.meter, line.charged_count(), line.usd_per_million]));
            json!({"id": case.id, "cost": charge.amounts.list_cost, "lines": lines.collect::<Vec<_>>()})
        }
        Err(error) => json!({"id": case.id, "error": error.to_string()}),
    })
}
