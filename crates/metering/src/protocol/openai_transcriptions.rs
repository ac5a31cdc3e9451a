//! `OpenAI` transcriptions and translations: metered by tokens or by the audio's length, as the counters' `type` says.
//! A verbose answer without counters gives the length, subtitles the end of what was heard; plain text gives nothing.
//!
//! # Source
//! <https://platform.openai.com/docs/api-reference/audio>, the SDK's `Transcription`, `TranscriptionVerbose`,
//! `TranslationVerbose` and `TranscriptionTextDoneEvent`, Mistral's `TranscriptionStreamDone`

use tollgate_domain::Meter;

use super::{AlsoComplete, Wire};
use crate::counters::{OutputParts, Reader};
use crate::flags;
use crate::scan::{Needle, Slot, present, text, value};
use crate::tools::ToolCalls;
use crate::variant::Variant;

pub(super) static WIRE: Wire = Wire {
    fields: &[
        value(&["usage"], Slot::Usage),
        value(&["duration"], Slot::Duration),
        value(&["model"], Slot::Model),
        value(&["id"], Slot::ResponseId),
        value(&["error"], Slot::Error),
        value(&["message"], Slot::ErrorText),
        value(&["type"], Slot::EventType),
        present(&["text"], Slot::Content),
        present(&["delta"], Slot::Content),
        present(&["segments"], Slot::Content),
        // Some servers stream transcripts like chats.
        value(&["choices", "finish_reason"], Slot::FinishReason),
        present(&["choices", "delta", "content"], Slot::Content),
    ],
    needles: &[
        Needle::Set("\"usage\""),
        Needle::Text(".done\""),
        Needle::Set("\"finish_reason\""),
        Needle::Text("\"error\""),
    ],
    done_marker: true,
    closing_types: &["transcript.text.done", "transcription.done"],
    also_complete: AlsoComplete::WithFinishReasonAndUsage,
    extract,
    subtitles: true,
    told: &[
        text(&["text"], Slot::Told),
        text(&["delta"], Slot::Told),
        text(&["choices", "delta", "content"], Slot::Told),
    ],
    ..Wire::silent()
};

fn extract(reader: &mut Reader<'_>, variant: &Variant, tools: &ToolCalls) {
    let seconds = reader
        .seconds(&["seconds"])
        .or_else(|| reader.seconds(&["prompt_audio_seconds"]))
        .or_else(|| reader.seconds(&["duration"]));
    if let Some(seconds) = seconds {
        reader.add(Meter::SecondsIn, seconds);
    } else {
        tokens(reader);
    }
    (variant.extras)(reader);
    tools.flag(reader);
}

/// What is sent is audio, but for the part the details call text.
fn tokens(reader: &mut Reader<'_>) {
    let input = reader.first(&[&["input_tokens"], &["prompt_tokens"]]);
    let output = reader.first(&[&["output_tokens"], &["completion_tokens"]]);
    let total = reader.count(&["total_tokens"]);
    if !reader.tally.counted {
        return;
    }
    let details = [
        &["input_token_details"],
        &["input_tokens_details"],
        &["prompt_tokens_details"],
    ];
    let mut part = |name: &'static str| details.iter().find_map(|[parent]| reader.count(&[parent, name]));
    let (audio, text) = (part("audio_tokens"), part("text_tokens"));
    let input = input.unwrap_or_else(|| audio.unwrap_or(0) + text.unwrap_or(0));
    let audio = match (audio, text) {
        (Some(audio), _) => audio,
        (None, Some(text)) => input.saturating_sub(text),
        (None, None) => {
            reader.flag(flags::MODALITY_ASSUMED);
            input
        }
    };
    if audio > input {
        reader.flag(flags::DETAILS_EXCEED_INPUT);
    }
    reader.add(Meter::AudioInput, audio);
    reader.add(Meter::Input, input.saturating_sub(audio));
    if output.is_none() {
        reader.flag(flags::OUTPUT_MISSING);
    }
    let output = output.unwrap_or(0);
    OutputParts {
        total: output,
        ..OutputParts::default()
    }
    .settle(reader);
    if total.is_some_and(|total| total != input + output) {
        reader.flag(flags::TOTAL_MISMATCH);
    }
}
