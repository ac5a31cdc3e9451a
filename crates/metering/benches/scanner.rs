//! What metering costs: a stream read by the meter, beside copying its bytes and beside parsing each of its events.
//!
//! ```text
//! cargo bench -p tollgate-metering --bench scanner
//! ```
//!
//! Then a stream of one gigabyte, and the most memory the process ever had.

use std::hint::black_box;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use tollgate_domain::{Meter, Protocol, ProviderName};
use tollgate_metering::{BodyKind, ContentCoding, MeterSpec, Reading, ResponseMeter};

const TEN_MEGABYTES: usize = 10_000_000;
const GIGABYTE: usize = 1 << 30;

fn main() {
    say(&format!(
        "{:<34} {:>10} {:>12} {:>12} {:>14}",
        "stream", "bytes", "memcpy", "meter", "parse each"
    ));
    for protocol in [
        Protocol::OpenaiChat,
        Protocol::AnthropicMessages,
        Protocol::OpenaiResponses,
        Protocol::GeminiGenerate,
    ] {
        let short = Stream::new(protocol, 100, 4);
        compare(&format!("{protocol}, 100 chunks"), &short, 2000);
        let count = TEN_MEGABYTES / delta(protocol, &text(4)).len();
        compare(
            &format!("{protocol}, 10 MB"),
            &Stream::new(protocol, count, 4),
            10,
        );
    }
    gigabyte();
}

fn say(line: &str) {
    drop(writeln!(io::stdout(), "{line}"));
}

/// A stream as it arrives, an event a chunk.
struct Stream {
    protocol: Protocol,
    chunks: Vec<Vec<u8>>,
    bytes: usize,
}

impl Stream {
    /// `words` words of text in each of `count` events, and the protocol's own end.
    fn new(protocol: Protocol, count: usize, words: usize) -> Self {
        let mut chunks = vec![begin(protocol)];
        chunks.extend(std::iter::repeat_n(delta(protocol, &text(words)), count));
        chunks.push(end(protocol));
        let chunks: Vec<Vec<u8>> = chunks.into_iter().map(String::into_bytes).collect();
        let bytes = chunks.iter().map(Vec::len).sum();
        Self {
            protocol,
            chunks,
            bytes,
        }
    }

    fn meter(&self) -> ResponseMeter {
        let spec = MeterSpec {
            protocol: self.protocol,
            provider: ProviderName::new("openai"),
        };
        ResponseMeter::new(&spec, BodyKind::Sse, ContentCoding::Identity)
    }

    fn read(&self) -> Reading {
        let mut meter = self.meter();
        for chunk in &self.chunks {
            meter.push(chunk);
        }
        meter.finish()
    }

    fn copy(&self) -> usize {
        let mut out = Vec::with_capacity(64 * 1024);
        for chunk in &self.chunks {
            out.clear();
            out.extend_from_slice(black_box(chunk));
            black_box(&out);
        }
        out.len()
    }

    fn parse(&self) -> usize {
        let mut found = 0;
        for chunk in &self.chunks {
            for line in chunk.split(|byte| *byte == b'\n') {
                let Some(data) = line.strip_prefix(b"data: ") else {
                    continue;
                };
                let event: Option<serde_json::Value> = serde_json::from_slice(data).ok();
                found += usize::from(event.is_some_and(|event| event.get("usage").is_some()));
            }
        }
        found
    }
}

fn text(words: usize) -> String {
    "paid in full, ".repeat(words)
}

fn begin(protocol: Protocol) -> String {
    match protocol {
        Protocol::AnthropicMessages => "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"m\",\"usage\":{\"input_tokens\":25,\"output_tokens\":1}}}\n\n".to_owned(),
        Protocol::OpenaiResponses => "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"model\":\"m\",\"status\":\"in_progress\",\"usage\":null}}\n\n".to_owned(),
        _ => String::new(),
    }
}

fn delta(protocol: Protocol, text: &str) -> String {
    match protocol {
        Protocol::AnthropicMessages => format!(
            "event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":\"{text}\"}}}}\n\n"
        ),
        Protocol::OpenaiResponses => format!(
            "event: response.output_text.delta\ndata: {{\"type\":\"response.output_text.delta\",\"sequence_number\":7,\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\"{text}\"}}\n\n"
        ),
        Protocol::GeminiGenerate => format!(
            "data: {{\"candidates\":[{{\"content\":{{\"parts\":[{{\"text\":\"{text}\"}}],\"role\":\"model\"}},\"index\":0}}],\"usageMetadata\":{{\"promptTokenCount\":25,\"candidatesTokenCount\":7,\"totalTokenCount\":32}},\"modelVersion\":\"m\",\"responseId\":\"r\"}}\r\n\r\n"
        ),
        _ => format!(
            "data: {{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,\"model\":\"m\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_1\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\"logprobs\":null,\"finish_reason\":null}}],\"usage\":null}}\n\n"
        ),
    }
}

fn end(protocol: Protocol) -> String {
    match protocol {
        Protocol::AnthropicMessages => "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":7}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n".to_owned(),
        Protocol::OpenaiResponses => "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"model\":\"m\",\"status\":\"completed\",\"usage\":{\"input_tokens\":25,\"output_tokens\":7,\"total_tokens\":32}}}\n\n".to_owned(),
        Protocol::GeminiGenerate => "data: {\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":25,\"candidatesTokenCount\":7,\"totalTokenCount\":32}}\r\n\r\n".to_owned(),
        _ => "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":25,\"completion_tokens\":7,\"total_tokens\":32}}\n\ndata: [DONE]\n\n".to_owned(),
    }
}

fn compare(name: &str, stream: &Stream, rounds: u32) {
    let usage = stream.read().usage.unwrap_or_default();
    assert_eq!(
        (usage.get(Meter::Input).get(), usage.get(Meter::Output).get()),
        (25, 7),
        "{name}"
    );
    let speed = |work: &dyn Fn() -> usize| {
        let best = (0..5).map(|_| timed(rounds, work)).min().unwrap_or_default();
        format!("{:.0} MB/s", rate(stream.bytes, best))
    };
    say(&format!(
        "{name:<34} {:>10} {:>12} {:>12} {:>14}",
        stream.bytes,
        speed(&|| stream.copy()),
        speed(&|| stream.read().flags.len()),
        speed(&|| stream.parse()),
    ));
}

/// The mean time of one round.
fn timed(rounds: u32, work: &dyn Fn() -> usize) -> Duration {
    let started = Instant::now();
    for _ in 0..rounds {
        black_box(work());
    }
    started.elapsed() / rounds
}

#[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
fn rate(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / time.as_secs_f64() / 1e6
}

fn gigabyte() {
    let stream = Stream::new(Protocol::OpenaiChat, 1, 900);
    let (first, last) = (stream.chunks.get(1), stream.chunks.last());
    let (Some(chunk), Some(end)) = (first, last) else {
        return;
    };
    let (before, started) = (peak_memory(), Instant::now());
    let (mut meter, mut bytes) = (stream.meter(), 0);
    while bytes < GIGABYTE {
        meter.push(chunk);
        bytes += chunk.len();
    }
    meter.push(end);
    let usage = meter.finish().usage.unwrap_or_default();
    assert_eq!(usage.get(Meter::Output).get(), 7);
    say(&format!(
        "one gigabyte: {:.0} MB/s, peak memory {before} before, {} after",
        rate(bytes, started.elapsed()),
        peak_memory()
    ));
}

/// The most memory the process ever had, as Linux says it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap_or("unknown").trim().to_owned()
}
