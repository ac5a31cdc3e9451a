//! `OpenAI` speech. The answer is audio and tells nothing; as a stream of events it ends with counters, whose output is
//! audio. Models billed by the character are metered from the request.
//!
//! # Source
//! <https://platform.openai.com/docs/api-reference/audio/createSpeech>, its `speech.audio.done` event

use tollgate_domain::Meter;

use super::Wire;
use crate::counters::{OutputParts, Reader};
use crate::flags;
use crate::scan::{Needle, Slot, present, value};

pub(super) static WIRE: Wire = Wire {
    fields: &[
        value(&["usage"], Slot::FinalUsage),
        value(&["model"], Slot::Model),
        value(&["error"], Slot::Error),
        value(&["message"], Slot::ErrorText),
        value(&["type"], Slot::EventType),
        present(&["audio"], Slot::Content),
    ],
    needles: &[
        Needle::Text(".done\""),
        Needle::Set("\"usage\""),
        Needle::Text("\"error\""),
    ],
    done_marker: true,
    closing_types: &["speech.audio.done"],
    extract: |reader, variant, _| {
        extract(reader);
        (variant.extras)(reader);
    },
    ..Wire::silent()
};

fn extract(reader: &mut Reader<'_>) {
    let (input, output) = (reader.count(&["input_tokens"]), reader.count(&["output_tokens"]));
    let total = reader.count(&["total_tokens"]);
    if !reader.tally.counted {
        return;
    }
    if input.is_none() {
        reader.flag(flags::INPUT_MISSING);
    }
    let input = input.unwrap_or(0);
    let output = output.unwrap_or_else(|| {
        reader.flag(flags::OUTPUT_FROM_TOTAL);
        total.unwrap_or(0).saturating_sub(input)
    });
    reader.add(Meter::Input, input);
    let parts = OutputParts {
        total: output,
        audio: output,
        ..OutputParts::default()
    };
    parts.settle(reader);
    if total.is_some_and(|total| total != input + output) {
        reader.flag(flags::TOTAL_MISMATCH);
    }
}
