//! What has been seen of one answer so far.

use tollgate_domain::{Count, Meter, ModelName, Unit, UsageSource};

use self::cues::Cues;
use self::merged::MergedUsage;
use self::text::{describe_error, string};
use crate::Reading;
use crate::counters::{Reader, Tally};
use crate::flags::{self, Flags};
use crate::kept::Kept;
use crate::protocol::{AlsoComplete, Wire};
use crate::scan::{Events, Sink, Slot};
use crate::tools::{Items, ToolCalls};
use crate::variant::Variant;

mod cues;
mod merged;
pub(crate) mod text;

/// No context window holds as many tokens.
const ABSURD_TOKENS: u64 = 100_000_000;

/// Events whose text is none, or repeats what deltas have said.
const NOT_NEW_TEXT: [&str; 5] = [
    "audio.delta",
    "transcript.text.done",
    "transcript.text.segment",
    "transcription.done",
    "transcription.segment",
];

/// Collects the wanted values of one answer, event by event.
pub(crate) struct Observed {
    wire: &'static Wire,
    variant: &'static Variant,
    pub(crate) flags: Flags,
    usage: MergedUsage,
    model: Option<String>,
    response_id: Option<String>,
    tier: Option<String>,
    finish_reason: Option<String>,
    status: Option<String>,
    stream_error: Option<String>,
    tools: ToolCalls,
    terminal: bool,
    /// An event was seen after which the stream may end.
    closing: bool,
    content: bool,
    kept: Option<Kept>,
    cues: Cues,
    event: Event,
}

/// What the event being read has told.
#[derive(Default)]
struct Event {
    kind: Option<String>,
    error_text: Option<String>,
    items: Items,
}

impl Observed {
    /// `keep` is how many bytes of generated text to keep.
    pub(crate) fn new(wire: &'static Wire, variant: &'static Variant, keep: Option<usize>) -> Self {
        Self {
            wire,
            variant,
            flags: Flags::default(),
            usage: MergedUsage::default(),
            model: None,
            response_id: None,
            tier: None,
            finish_reason: None,
            status: None,
            stream_error: None,
            tools: ToolCalls::default(),
            terminal: false,
            closing: false,
            content: false,
            kept: keep.map(Kept::new),
            cues: Cues::default(),
            event: Event::default(),
        }
    }

    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal
    }

    pub(crate) fn has_content(&self) -> bool {
        self.content
    }

    /// A piece of a body that has no counters: something was generated, and subtitles tell how long it is.
    pub(crate) fn opaque(&mut self, piece: &[u8]) {
        self.content |= !piece.is_empty();
        if self.wire.subtitles {
            self.cues.push(piece);
        }
    }

    /// Whether a stream came to its end.
    pub(crate) fn stream_is_complete(&self) -> bool {
        let finished = self.finish_reason.is_some() && self.stream_error.is_none();
        self.terminal
            || self.closing
            || match self.wire.also_complete {
                AlsoComplete::Never => false,
                AlsoComplete::WithFinishReason => finished,
                AlsoComplete::WithFinishReasonAndUsage => finished && self.usage.is_some(),
            }
    }

    /// Everything that was learnt.
    pub(crate) fn into_reading(mut self, complete: bool) -> Reading {
        let mut reading = Reading::default();
        let mut source = if complete {
            UsageSource::Reported
        } else {
            UsageSource::Partial
        };
        self.tools.served.clone_from(&self.model);
        if let Some(seconds) = std::mem::take(&mut self.cues).seconds() {
            self.tools.take(Slot::Duration, seconds.as_bytes());
            self.flags.raise(flags::COUNTED_FROM_SUBTITLES);
        }
        let stand_in = self
            .usage
            .node()
            .is_none()
            .then(|| self.tools.stand_in())
            .flatten();
        if let Some(node) = self.usage.node().or(stand_in.as_ref()) {
            let mut reader = Reader::new(node);
            (self.wire.extract)(&mut reader, self.variant, &self.tools);
            let tally = reader.tally;
            match self.variant.reported_cost(node) {
                Ok(cost) => reading.provider_reported_cost = cost,
                Err(()) => self.flags.raise(flags::REPORTED_COST_INVALID),
            }
            if complete && self.wire.needs_final_usage && !self.usage.is_final() {
                source = UsageSource::Partial;
                self.flags.raise(flags::FINAL_USAGE_MISSING);
            }
            self.take_tally(tally, &mut reading);
        }
        if let Some(problem) = self.usage.problem() {
            reading.problem = Some(problem.to_owned());
            reading.usage = None;
        }
        if reading.usage.is_some() {
            reading.usage_source = source;
        }
        reading.provider_usage = self.usage.into_json().or(stand_in.map(|node| node.to_json()));
        reading.model_served = self.model.map(ModelName::new);
        reading.tier_served = reading.tier_served.or(self.tier);
        reading.response_id = self.response_id;
        reading.finish_reason = self.finish_reason.or(self.status);
        let refused = reading.finish_reason.as_deref() == Some("refusal") && !self.content;
        if refused && self.variant.free_refusals {
            self.flags.raise(flags::REFUSED_WITHOUT_OUTPUT);
            reading.free_refusal = true;
        }
        reading.flags = self.flags.into_names();
        reading.complete = complete;
        reading.stream_error = self.stream_error;
        reading.has_output = self.content;
        reading.media = self.tools.format();
        reading.generated = self.kept.map(Kept::into_generated);
        reading
    }

    /// A vector of zeros is no usage: an answer always uses something. What follows from an impossible counter is not
    /// worth a flag of its own.
    fn take_tally(&mut self, tally: Tally, reading: &mut Reading) {
        reading.tier_served = tally.tier;
        reading.modifiers = tally.modifiers;
        reading.problem = tally.problem;
        if reading.problem.is_some() {
            return;
        }
        self.flags.extend(&tally.flags);
        if !tally.usage.is_empty() {
            let absurd =
                |(meter, count): (Meter, Count)| meter.unit() == Unit::Token && count.get() > ABSURD_TOKENS;
            if tally.usage.iter().any(absurd) {
                self.flags.raise(flags::ABSURD_COUNT);
            }
            reading.usage = Some(tally.usage);
            reading.tool_calls = tally.tool_calls;
        } else if tally.counted {
            self.flags.raise(flags::ZERO_USAGE);
        } else {
            self.flags.raise(flags::UNKNOWN_COUNTERS);
        }
    }

    fn error(&mut self, json: &[u8]) {
        if let Some(error) = describe_error(json) {
            self.stream_error.get_or_insert(error);
        }
    }
}

impl Sink for Observed {
    fn captured(&mut self, slot: Slot, json: &[u8]) {
        match slot {
            Slot::Usage => self.usage.add(json, false, &mut self.flags),
            Slot::FinalUsage => self.usage.add(json, true, &mut self.flags),
            Slot::Model => replace(&mut self.model, json),
            Slot::ResponseId => replace(&mut self.response_id, json),
            Slot::Tier => replace(&mut self.tier, json),
            Slot::FinishReason => replace(&mut self.finish_reason, json),
            Slot::Status if json == b"\"in_progress\"" => {}
            Slot::Status => replace(&mut self.status, json),
            Slot::Error => self.error(json),
            Slot::ErrorText => self.event.error_text = string(json),
            Slot::EventType => self.event.kind = string(json),
            Slot::ItemType => self.event.items.item(&string(json).unwrap_or_default()),
            Slot::Container => self.event.items.container(&string(json).unwrap_or_default()),
            Slot::ActionType => self.event.items.action(&string(json).unwrap_or_default()),
            Slot::PartUsage => self.usage.add_part(json, &mut self.flags),
            Slot::Told => {
                if let Some(kept) = &mut self.kept {
                    kept.add_json(json);
                }
            }
            slot => self.tools.take(slot, json),
        }
    }

    fn present(&mut self, slot: Slot) {
        match slot {
            Slot::Content => self.content = true,
            slot => self.tools.see(slot),
        }
    }

    fn too_long(&mut self, slot: Slot) {
        match slot {
            Slot::Usage | Slot::FinalUsage | Slot::PartUsage => self.usage.too_large(),
            Slot::Error => {
                self.stream_error.get_or_insert_with(|| "error".to_owned());
            }
            _ => {}
        }
    }

    fn text(&mut self, slot: Slot, raw: &[u8]) {
        if let Some(kept) = &mut self.kept {
            kept.add(slot, raw);
        }
    }
}

impl Events for Observed {
    fn marker(&mut self, data: &[u8]) -> bool {
        let done = self.wire.done_marker && data == b"[DONE]";
        self.terminal |= done;
        done
    }

    /// Until there was content each event may bring it, and while text is kept each event may have some.
    fn wants_all(&self) -> bool {
        !self.content || self.kept.is_some()
    }

    fn event_ended(&mut self, name: &[u8], data: &[u8]) {
        let event = std::mem::take(&mut self.event);
        let kind = event.kind.as_deref().unwrap_or_default();
        self.terminal |= self.wire.terminal_types.contains(&kind);
        self.closing |= self.wire.closing_types.contains(&kind);
        if let Some(kept) = &mut self.kept {
            kept.event_ended(!NOT_NEW_TEXT.iter().any(|end| kind.ends_with(end)));
        }
        if (kind == "error" || name == b"error") && self.stream_error.is_none() {
            let raw = || {
                String::from_utf8_lossy(data)
                    .chars()
                    .take(text::MAX_ERROR_CHARS)
                    .collect()
            };
            self.stream_error = Some(event.error_text.unwrap_or_else(raw));
        }
        if !event.items.is_empty() {
            self.tools.replace(&event.items);
        }
    }
}

/// The latest text wins; null, empty and what is no text do not count.
fn replace(place: &mut Option<String>, json: &[u8]) {
    if let Some(text) = string(json) {
        *place = Some(text);
    }
}
