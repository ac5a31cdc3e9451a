//! Moderations. `OpenAI` has no counters and asks no money; a vendor that has counters is read like a chat.
//!
//! # Source
//! <https://platform.openai.com/docs/api-reference/moderations>

use super::Wire;
use super::openai_chat::CHAT_COUNTERS;
use super::openai_counters::extract;
use crate::scan::{Slot, present, value};

pub(super) static WIRE: Wire = Wire {
    fields: &[
        value(&["usage"], Slot::Usage),
        value(&["model"], Slot::Model),
        value(&["id"], Slot::ResponseId),
        value(&["error"], Slot::Error),
        present(&["results"], Slot::Content),
    ],
    extract: |reader, variant, _| {
        extract(reader, &CHAT_COUNTERS, variant);
        (variant.extras)(reader);
    },
    ..Wire::silent()
};
