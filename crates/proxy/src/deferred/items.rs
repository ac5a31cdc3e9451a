//! The results of a batch, read without holding them.

use billing_core::{BodyKind, ContentCoding, MeterSpec, Reading, ResponseMeter};
use tollgate_domain::{OutcomeKind, Protocol, ProviderName};
use tollgate_ledger::{AttemptEnd, DeferredEnd};

use super::elements::{Element, Elements};
use super::scan::{JsonScan, Path, Sink};

const CUSTOM_ID: usize = 0;
const STATUS_CODE: usize = 1;
const RESULT_TYPE: usize = 2;
const ERROR_CODE: usize = 3;
const ERROR_TYPE: usize = 4;

const WANTED: &[Path] = &[
    &["custom_id"],
    &["response", "status_code"],
    &["result", "type"],
    &["error", "code"],
    &["result", "error", "error", "type"],
];

/// The same of an item of Gemini's.
const GEMINI_WANTED: &[Path] = &[
    &["key"],
    &["metadata", "key"],
    &["error", "status"],
    &["error", "code"],
    &["error", "message"],
];
const INLINE_KEY: usize = 1;
const ERROR_STATUS: usize = 2;
const ERROR_MESSAGE: usize = 4;

/// Where Gemini's results are within the batch. It says them in its own description and once more as the operation's
/// response.
const GEMINI_LISTS: &[Path] = &[
    &["metadata", "output", "inlinedResponses", "inlinedResponses"],
    &[
        "metadata",
        "output",
        "inlinedEmbedContentResponses",
        "inlinedResponses",
    ],
    &["response", "inlinedResponses", "inlinedResponses"],
    &["response", "inlinedEmbedContentResponses", "inlinedResponses"],
];

/// The caller's own key of a request is kept this far: its place in the batch tells it apart already.
const KEY_CHARS: usize = 200;

/// Where the answer to one request stands, as the provider would have given it alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A line each: `{"custom_id", "response": {"status_code", "body"}, "error"}`
    Openai,
    /// A line each: `{"custom_id", "result": {"type", "message"}}`
    Anthropic,
    /// A line each: `{"key", "response"}` or `{"key", "error"}`, or the answer alone.
    GeminiFile,
    /// A list within the batch: `{"response", "metadata"}` or `{"error", "metadata"}`.
    GeminiInline,
}

/// Reads results.
pub(super) struct ItemReader {
    items: Items,
    /// Where the results are not lines, what finds them.
    lists: Option<JsonScan>,
}

/// One item after the other.
struct Items {
    shape: Shape,
    spec: MeterSpec,
    scan: JsonScan,
    item: Item,
    /// Of the file or list that is being read.
    number: u64,
    elements: Elements,
    /// How many items earlier lists had; they are the same ones.
    known: u64,
    ended: Vec<DeferredEnd>,
}

struct Item {
    values: [Option<String>; 5],
    meter: ResponseMeter,
    empty: bool,
}

impl ItemReader {
    pub(super) fn new(shape: Shape, protocol: Protocol, provider: &ProviderName) -> Self {
        let spec = MeterSpec {
            protocol,
            provider: provider.clone(),
        };
        let lists = (shape == Shape::GeminiInline).then(|| JsonScan::new(&[], GEMINI_LISTS));
        Self {
            items: Items {
                shape,
                scan: scan(shape, protocol),
                item: Item::new(&spec),
                spec,
                number: 0,
                elements: Elements::default(),
                known: 0,
                ended: Vec::new(),
            },
            lists,
        }
    }

    /// Reads the next piece; adds the items that end in it.
    pub(super) fn push(&mut self, bytes: &[u8], items: &mut Vec<DeferredEnd>) {
        if let Some(lists) = &mut self.lists {
            lists.push(bytes, &mut self.items);
        } else {
            for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
                self.items.piece(piece);
                if piece.ends_with(b"\n") {
                    self.items.end();
                }
            }
        }
        items.append(&mut self.items.ended);
    }

    /// The last item, where no line break ends it.
    pub(super) fn finish(mut self) -> Option<DeferredEnd> {
        if self.lists.is_none() {
            self.items.end();
        }
        self.items.ended.pop()
    }
}

/// The lists, as they are found.
impl Sink for Items {
    fn value(&mut self, _: usize, _: &[u8]) {}

    fn forwarded(&mut self, bytes: &[u8]) {
        let mut elements = std::mem::take(&mut self.elements);
        elements.push(bytes, |element| match element {
            Element::First => {
                self.known = self.known.max(self.number);
                self.number = 0;
            }
            Element::Piece(piece) => self.piece(piece),
            Element::End => self.end(),
        });
        self.elements = elements;
    }
}

impl Items {
    fn piece(&mut self, piece: &[u8]) {
        self.item.empty &= piece.iter().all(u8::is_ascii_whitespace);
        self.scan.push(piece, &mut self.item);
    }

    fn end(&mut self) {
        let item = std::mem::replace(&mut self.item, Item::new(&self.spec));
        let whole = self.scan.is_closed();
        self.scan = scan(self.shape, self.spec.protocol);
        let gemini = matches!(self.shape, Shape::GeminiFile | Shape::GeminiInline);
        if item.empty {
            self.number += u64::from(!gemini);
            return;
        }
        self.number += 1;
        if !whole {
            tracing::warn!(line = self.number, "a result of a batch is no JSON object");
            return;
        }
        if self.number <= self.known {
            return;
        }
        self.ended.push(DeferredEnd {
            item_id: Some(item.id(self.shape, self.number)),
            end: item.end(self.shape),
            ended_at: None,
        });
    }
}

fn scan(shape: Shape, protocol: Protocol) -> JsonScan {
    match shape {
        Shape::Openai => JsonScan::new(WANTED, &[&["response", "body"]]),
        Shape::Anthropic => JsonScan::new(WANTED, &[&["result", "message"]]),
        // The meter knows the answer alone as well as within `response`.
        Shape::GeminiFile if protocol == Protocol::GeminiGenerate => JsonScan::new(GEMINI_WANTED, &[&[]]),
        Shape::GeminiFile | Shape::GeminiInline => JsonScan::new(GEMINI_WANTED, &[&["response"]]),
    }
}

impl Item {
    fn new(spec: &MeterSpec) -> Self {
        Self {
            values: Default::default(),
            meter: ResponseMeter::new(spec, BodyKind::Json, ContentCoding::Identity),
            empty: true,
        }
    }

    fn get(&self, wanted: usize) -> Option<&str> {
        self.values.get(wanted)?.as_deref()
    }

    /// Unique within the batch. Nobody promises that for the keys that Gemini's callers choose, so there its place goes
    /// before.
    fn id(&self, shape: Shape, number: u64) -> String {
        let own = self.get(CUSTOM_ID);
        match shape {
            Shape::Openai | Shape::Anthropic => {
                own.map_or_else(|| format!("line-{number}"), ToOwned::to_owned)
            }
            Shape::GeminiFile | Shape::GeminiInline => match own.or_else(|| self.get(INLINE_KEY)) {
                Some(key) => {
                    let key: String = key.chars().take(KEY_CHARS).collect();
                    format!("{number}:{key}")
                }
                None => number.to_string(),
            },
        }
    }

    fn end(self, shape: Shape) -> AttemptEnd {
        let (status, trouble) = match shape {
            Shape::Openai => {
                let status = self.get(STATUS_CODE).and_then(|code| code.parse::<u16>().ok());
                (status, self.get(ERROR_CODE).map(ToOwned::to_owned))
            }
            Shape::Anthropic => {
                let kind = self.get(RESULT_TYPE).unwrap_or_default();
                let done = kind == "succeeded";
                let trouble = self.get(ERROR_TYPE).unwrap_or(kind).to_owned();
                (done.then_some(200), (!done).then_some(trouble))
            }
            Shape::GeminiFile | Shape::GeminiInline => {
                let said = [ERROR_STATUS, ERROR_CODE, ERROR_MESSAGE].map(|wanted| self.get(wanted));
                let trouble = said.into_iter().flatten().next().map(ToOwned::to_owned);
                (trouble.is_none().then_some(200), trouble)
            }
        };
        let done = status.is_some_and(|status| (200..300).contains(&status)) && trouble.is_none();
        let mut reading = self.meter.finish();
        // Whatever the answer says of its tier: it was made in a batch, and is priced as that.
        reading.tier_served = Some("batch".to_owned());
        AttemptEnd {
            kind: match (done, reading.stream_error.is_some()) {
                (true, false) => OutcomeKind::Completed,
                (true, true) => OutcomeKind::StreamError,
                (false, _) => OutcomeKind::UpstreamError,
            },
            http_status: status,
            ttft_us: None,
            reading: Some(if done { reading } else { unanswered(reading) }),
            detail: trouble.map(|trouble| format!("the item ended as {trouble}")),
        }
    }
}

/// What is kept of an item that was not answered.
fn unanswered(reading: Reading) -> Reading {
    Reading {
        response_id: reading.response_id,
        tier_served: reading.tier_served,
        ..Reading::default()
    }
}

impl Sink for Item {
    fn value(&mut self, wanted: usize, raw: &[u8]) {
        let text = match raw.first() {
            Some(b'"') => serde_json::from_slice(raw).ok(),
            _ if raw == b"null" => None,
            _ => std::str::from_utf8(raw).ok().map(ToOwned::to_owned),
        };
        if let Some(slot) = self.values.get_mut(wanted) {
            *slot = text;
        }
    }

    fn forwarded(&mut self, bytes: &[u8]) {
        self.meter.push(bytes);
    }
}

#[cfg(test)]
mod tests;
