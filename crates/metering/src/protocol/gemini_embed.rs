//! Gemini `embedContent` and `batchEmbedContents`. Where there are counters they are read; Vertex counts each input's
//! tokens, or the characters it bills; an embedding made in a batch has its tokens beside it; the Gemini API often says
//! nothing, and then nothing is known.
//!
//! # Source
//! <https://ai.google.dev/api/embeddings>, the SDK's `EmbedContentResponse` and `SingleEmbedContentResponse`

use tollgate_domain::Meter;

use super::Wire;
use super::gemini_generate::prompt_parts;
use crate::counters::Reader;
use crate::flags;
use crate::scan::{Slot, present, value};

pub(super) static WIRE: Wire = Wire {
    fields: &[
        value(&["usageMetadata"], Slot::Usage),
        value(&["modelVersion"], Slot::Model),
        value(&["responseId"], Slot::ResponseId),
        value(&["error"], Slot::Error),
        present(&["embedding"], Slot::Content),
        present(&["embeddings"], Slot::Content),
        value(&["tokenCount"], Slot::InputTokens),
        value(&["embedding", "statistics", "tokenCount"], Slot::InputTokens),
        value(&["embeddings", "statistics", "tokenCount"], Slot::InputTokens),
        value(&["metadata", "billableCharacterCount"], Slot::Characters),
    ],
    extract: |reader, variant, _| {
        extract(reader);
        (variant.extras)(reader);
    },
    ..Wire::silent()
};

fn extract(reader: &mut Reader<'_>) {
    let (prompt, total) = (
        reader.count(&["promptTokenCount"]),
        reader.count(&["totalTokenCount"]),
    );
    if let Some(input) = prompt.or(total) {
        prompt_parts(reader, input).settle(reader);
        if total.is_some_and(|total| total != input) {
            reader.flag(flags::TOTAL_MISMATCH);
        }
        return;
    }
    let tokens = reader.sum(&["tokenCounts"]);
    if tokens > 0 {
        reader.add(Meter::Input, tokens);
    } else if let Some(characters) = reader.count(&["billableCharacterCount"]) {
        reader.add(Meter::CharactersIn, characters);
    }
}
