//! `OpenAI` embeddings: input only. Some vendors give nothing but the total.
//!
//! # Source
//! <https://platform.openai.com/docs/api-reference/embeddings>

use tollgate_domain::Meter;

use super::{AlsoComplete, Wire};
use crate::counters::Reader;
use crate::flags;
use crate::scan::{Slot, present, value};

pub(super) static WIRE: Wire = Wire {
    fields: &[
        value(&["usage"], Slot::Usage),
        value(&["model"], Slot::Model),
        value(&["id"], Slot::ResponseId),
        value(&["error"], Slot::Error),
        present(&["data"], Slot::Content),
    ],
    needles: &[],
    done_marker: false,
    terminal_types: &[],
    also_complete: AlsoComplete::Never,
    needs_final_usage: false,
    extract: |reader, variant, _| {
        extract(reader);
        (variant.extras)(reader);
    },
};

fn extract(reader: &mut Reader<'_>) {
    let (input, total) = (reader.count(&["prompt_tokens"]), reader.count(&["total_tokens"]));
    if let (Some(input), Some(total)) = (input, total)
        && input != total
    {
        reader.flag(flags::TOTAL_MISMATCH);
    }
    if let Some(count) = input.or(total) {
        reader.add(Meter::Input, count);
    }
}
