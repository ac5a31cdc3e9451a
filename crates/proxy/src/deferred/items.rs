//! The results of a batch, one JSON object a line, read without holding them.

use billing_core::{BodyKind, ContentCoding, MeterSpec, Reading, ResponseMeter};
use tollgate_domain::{OutcomeKind, ProviderName};
use tollgate_ledger::{AttemptEnd, DeferredEnd};

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

/// Where the answer to one request stands, as the provider would have given it alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `{"custom_id", "response": {"status_code", "body"}, "error"}`
    Openai,
    /// `{"custom_id", "result": {"type", "message"}}`
    Anthropic,
}

/// Reads lines.
pub(super) struct ItemReader {
    shape: Shape,
    spec: MeterSpec,
    scan: JsonScan,
    line: Line,
    number: u64,
}

struct Line {
    values: [Option<String>; 5],
    meter: ResponseMeter,
    empty: bool,
}

impl ItemReader {
    pub(super) fn new(shape: Shape, protocol: tollgate_domain::Protocol, provider: &ProviderName) -> Self {
        let spec = MeterSpec {
            protocol,
            provider: provider.clone(),
        };
        Self {
            shape,
            scan: scan(shape),
            line: Line::new(&spec),
            spec,
            number: 0,
        }
    }

    /// Reads the next piece; adds the items that end in it.
    pub(super) fn push(&mut self, bytes: &[u8], items: &mut Vec<DeferredEnd>) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.empty &= piece.iter().all(u8::is_ascii_whitespace);
            self.scan.push(piece, &mut self.line);
            if piece.ends_with(b"\n") {
                items.extend(self.end_of_line());
            }
        }
    }

    /// The last item, where no line break ends it.
    pub(super) fn finish(mut self) -> Option<DeferredEnd> {
        self.end_of_line()
    }

    fn end_of_line(&mut self) -> Option<DeferredEnd> {
        self.number += 1;
        let line = std::mem::replace(&mut self.line, Line::new(&self.spec));
        let whole = self.scan.is_closed();
        self.scan = scan(self.shape);
        if line.empty {
            return None;
        }
        if !whole {
            tracing::warn!(
                line = self.number,
                "a line of a batch's results is no JSON object"
            );
            return None;
        }
        let number = self.number;
        let id = line.values.get(CUSTOM_ID).cloned().flatten();
        Some(DeferredEnd {
            item_id: Some(id.unwrap_or_else(|| format!("line-{number}"))),
            end: line.end(self.shape),
            ended_at: None,
        })
    }
}

fn scan(shape: Shape) -> JsonScan {
    let forward: Path = match shape {
        Shape::Openai => &["response", "body"],
        Shape::Anthropic => &["result", "message"],
    };
    JsonScan::new(WANTED, Some(forward))
}

impl Line {
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

impl Sink for Line {
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
mod tests {
    use tollgate_domain::{Meter, Protocol};

    use super::*;

    fn read(shape: Shape, protocol: Protocol, text: &str, size: usize) -> Vec<DeferredEnd> {
        let mut reader = ItemReader::new(shape, protocol, &ProviderName::new("openai"));
        let mut items = Vec::new();
        for piece in text.as_bytes().chunks(size) {
            reader.push(piece, &mut items);
        }
        items.extend(reader.finish());
        items
    }

    fn told(item: &DeferredEnd) -> (Option<&str>, OutcomeKind, Option<(u64, u64)>) {
        let usage = item
            .end
            .reading
            .as_ref()
            .and_then(|reading| reading.usage.as_ref());
        let counts = usage.map(|usage| (usage.get(Meter::Input).get(), usage.get(Meter::Output).get()));
        (item.item_id.as_deref(), item.end.kind, counts)
    }

    #[test]
    fn every_line_of_a_file_is_an_item_in_any_pieces() {
        let text = concat!(
            r#"{"id":"batch_req_1","custom_id":"a","response":{"status_code":200,"request_id":"r","body":{"id":"chatcmpl-1","model":"gpt-4o","choices":[{"message":{"content":"{\"usage\":1}\n"}}],"usage":{"prompt_tokens":7,"completion_tokens":3}}},"error":null}"#,
            "\n\n",
            r#"{"id":"batch_req_2","custom_id":"b","response":{"status_code":400,"body":{"error":{"message":"no"}}},"error":null}"#,
            "\n",
            r#"{"id":"batch_req_3","custom_id":"c","response":null,"error":{"code":"batch_expired","message":"late"}}"#,
        );
        for size in [1, 13, 10_000] {
            let items = read(Shape::Openai, Protocol::OpenaiChat, text, size);
            let told: Vec<_> = items.iter().map(told).collect();
            assert_eq!(
                told,
                [
                    (Some("a"), OutcomeKind::Completed, Some((7, 3))),
                    (Some("b"), OutcomeKind::UpstreamError, None),
                    (Some("c"), OutcomeKind::UpstreamError, None),
                ],
                "{size}"
            );
            assert_eq!(
                items[2].end.detail.as_deref(),
                Some("the item ended as batch_expired")
            );
        }
    }

    #[test]
    fn every_line_of_a_message_batch_is_an_item() {
        let text = concat!(
            r#"{"custom_id":"a","result":{"type":"succeeded","message":{"id":"msg_1","type":"message","model":"claude","content":[],"stop_reason":"end_turn","usage":{"input_tokens":5,"output_tokens":2,"service_tier":"batch"}}}}"#,
            "\r\n",
            r#"{"custom_id":"b","result":{"type":"errored","error":{"type":"error","error":{"type":"overloaded_error","message":"busy"}}}}"#,
            "\n",
            r#"{"custom_id":"c","result":{"type":"expired"}}"#,
            "\n",
        );
        for size in [1, 13, 10_000] {
            let items = read(Shape::Anthropic, Protocol::AnthropicMessages, text, size);
            let told: Vec<_> = items.iter().map(told).collect();
            assert_eq!(
                told,
                [
                    (Some("a"), OutcomeKind::Completed, Some((5, 2))),
                    (Some("b"), OutcomeKind::UpstreamError, None),
                    (Some("c"), OutcomeKind::UpstreamError, None),
                ],
                "{size}"
            );
        }
    }
}
