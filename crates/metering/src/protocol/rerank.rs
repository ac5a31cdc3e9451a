//! Reranking. Cohere bills search units (`meta.billed_units`), most others tokens (`usage`). What is billed is
//! counted: the tokens beside billed search units are not.
//!
//! # Source
//! <https://docs.cohere.com/reference/rerank>, the SDK's `ApiMeta`; <https://jina.ai/reranker>

use tollgate_domain::Meter;

use super::Wire;
use crate::counters::{Path, Reader};
use crate::flags;
use crate::scan::{Slot, present, value};

pub(super) static WIRE: Wire = Wire {
    fields: &[
        value(&["meta"], Slot::Usage),
        value(&["usage"], Slot::Usage),
        value(&["model"], Slot::Model),
        value(&["id"], Slot::ResponseId),
        value(&["error"], Slot::Error),
        value(&["message"], Slot::Error),
        present(&["results"], Slot::Content),
        present(&["data"], Slot::Content),
    ],
    extract: |reader, variant, _| {
        extract(reader);
        (variant.extras)(reader);
    },
    ..Wire::silent()
};

const UNITS: &[Path] = &[
    &["billed_units", "search_units"],
    &["search_units"],
    &["rerank_units"],
];
const INPUT: &[Path] = &[
    &["billed_units", "input_tokens"],
    &["billed_units", "total_tokens"],
    &["prompt_tokens"],
    &["input_tokens"],
    &["total_tokens"],
    &["tokens", "input_tokens"],
];
const OUTPUT: &[Path] = &[
    &["billed_units", "output_tokens"],
    &["completion_tokens"],
    &["output_tokens"],
];

fn extract(reader: &mut Reader<'_>) {
    if let Some(units) = reader.first(UNITS).filter(|units| *units > 0) {
        reader.add(Meter::Queries, units);
        return;
    }
    let (input, output) = (reader.first(INPUT), reader.first(OUTPUT).unwrap_or(0));
    let total = reader.count(&["total_tokens"]);
    if total.is_some_and(|total| total != input.unwrap_or(total) + output) {
        reader.flag(flags::TOTAL_MISMATCH);
    }
    reader.add(Meter::Input, input.unwrap_or(0));
    reader.add(Meter::Output, output);
}
