//! What each wire protocol's answers look like and what its counters include.

use tollgate_domain::Protocol;

use crate::counters::Reader;
use crate::scan::{Field, Needle};
use crate::tools::ToolCalls;
use crate::variant::Variant;

mod anthropic_messages;
mod gemini_embed;
mod gemini_generate;
mod openai_chat;
mod openai_completions;
mod openai_counters;
mod openai_embeddings;
mod openai_images;
mod openai_moderations;
mod openai_responses;
mod openai_speech;
mod openai_transcriptions;
mod rerank;

/// A wire protocol, as data and one function.
pub(crate) struct Wire {
    /// Values wanted from its bodies and events.
    pub(crate) fields: &'static [Field],
    /// What an event that matters contains, once there was content.
    pub(crate) needles: &'static [Needle],
    /// A key that every event has, with counters that run on: of a row of events only the last need be parsed.
    pub(crate) running: Option<&'static str>,
    /// Whether `[DONE]` ends its streams.
    pub(crate) done_marker: bool,
    /// Event types that end its streams.
    pub(crate) terminal_types: &'static [&'static str],
    /// Event types after which a stream may end in order, though more may come.
    pub(crate) closing_types: &'static [&'static str],
    /// When a stream without its terminal event is complete all the same.
    pub(crate) also_complete: AlsoComplete,
    /// Whether a complete stream must have shown final counters, those before being provisional.
    pub(crate) needs_final_usage: bool,
    /// Turns counters into the disjoint vector.
    pub(crate) extract: fn(&mut Reader<'_>, &Variant, &ToolCalls),
    /// Whether a body that is neither JSON nor events may be subtitles.
    pub(crate) subtitles: bool,
    /// Where generated text is, for estimates.
    pub(crate) told: &'static [Field],
}

impl Wire {
    /// Nothing wanted; a base for literals.
    const fn silent() -> Self {
        Self {
            fields: &[],
            needles: &[],
            running: None,
            done_marker: false,
            terminal_types: &[],
            closing_types: &[],
            also_complete: AlsoComplete::Never,
            needs_final_usage: false,
            extract: |_, _, _| {},
            subtitles: false,
            told: &[],
        }
    }
}

/// When a stream without a terminal event is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AlsoComplete {
    Never,
    /// A finish reason was seen: the protocol has no terminal event.
    WithFinishReason,
    /// A finish reason and counters were seen: some servers leave the terminal event out.
    WithFinishReasonAndUsage,
}

/// A protocol the domain knows and the meter does not read yet: its answers stay without usage, never guessed at.
static UNREAD: Wire = Wire::silent();

impl Wire {
    pub(crate) fn of(protocol: Protocol) -> &'static Self {
        match protocol {
            Protocol::OpenaiChat => &openai_chat::WIRE,
            Protocol::OpenaiCompletions => &openai_completions::WIRE,
            Protocol::OpenaiResponses => &openai_responses::WIRE,
            Protocol::OpenaiEmbeddings => &openai_embeddings::WIRE,
            Protocol::OpenaiImages => &openai_images::WIRE,
            Protocol::OpenaiTranscriptions => &openai_transcriptions::WIRE,
            Protocol::OpenaiSpeech => &openai_speech::WIRE,
            Protocol::OpenaiModerations => &openai_moderations::WIRE,
            Protocol::Rerank => &rerank::WIRE,
            Protocol::AnthropicMessages => &anthropic_messages::WIRE,
            Protocol::GeminiGenerate => &gemini_generate::WIRE,
            Protocol::GeminiEmbed => &gemini_embed::WIRE,
            _ => &UNREAD,
        }
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::ProviderName;

    use super::*;

    #[test]
    fn the_scanner_has_room_for_every_field() {
        for protocol in Protocol::ALL {
            for provider in Variant::NAMES {
                let extra = Variant::of(&ProviderName::new(*provider)).fields.len();
                let wire = Wire::of(protocol);
                assert!(
                    wire.fields.len() + extra + wire.told.len() <= 64,
                    "{protocol} {provider}"
                );
            }
        }
    }
}
