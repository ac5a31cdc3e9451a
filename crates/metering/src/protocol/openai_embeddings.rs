//! `OpenAI` embeddings: input only. Some vendors give nothing but the total, Cohere what it bills.
//!
//! # Source
//! <https://platform.openai.com/docs/api-reference/embeddings>, the cohere SDK's `ApiMetaBilledUnits`

use super::Wire;
use super::openai_chat::CHAT_COUNTERS;
use super::openai_counters::input_parts;
use crate::counters::Reader;
use crate::flags;
use crate::scan::{Slot, present, value};
use crate::variant::Variant;

pub(super) static WIRE: Wire = Wire {
    fields: &[
        value(&["meta"], Slot::Usage),
        value(&["usage"], Slot::Usage),
        value(&["model"], Slot::Model),
        value(&["id"], Slot::ResponseId),
        value(&["error"], Slot::Error),
        present(&["data"], Slot::Content),
        present(&["embeddings"], Slot::Content),
    ],
    extract: |reader, variant, _| {
        extract(reader, variant);
        (variant.extras)(reader);
    },
    ..Wire::silent()
};

fn extract(reader: &mut Reader<'_>, variant: &Variant) {
    let input = reader.first(&[&["prompt_tokens"], &["billed_units", "input_tokens"]]);
    let total = reader.count(&["total_tokens"]);
    if let (Some(input), Some(total)) = (input, total)
        && input != total
    {
        reader.flag(flags::TOTAL_MISMATCH);
    }
    if let Some(count) = input.or(total) {
        input_parts(reader, &CHAT_COUNTERS, variant, count).settle(reader);
    }
}
