//! Each file reads as it says.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use tollgate_domain::{Side, Unit, Usage};
use tollgate_metering::{BodyKind, ContentCoding, Reading};

use crate::case::Case;

#[test]
fn every_exchange_reads_as_expected() {
    let cases = Case::all();
    assert!(cases.len() >= 360, "{} files", cases.len());
    for case in cases {
        check(case);
    }
}

fn check(case: &Case) {
    let found = case.read();
    let shown = Reading {
        provider_usage: None,
        ..found.clone()
    };
    assert_eq!(shown, case.expected, "{}", case.name);
    let said_usage = found.usage.is_some() || found.problem.is_some();
    assert!(
        !said_usage || found.provider_usage.is_some(),
        "{}: the provider's counters are lost",
        case.name
    );
    if let Some(json) = &found.provider_usage {
        serde_json::from_str::<serde_json::Value>(json).unwrap_or_else(|_| panic!("{}: {json}", case.name));
    }
    if found.flags.is_empty()
        && let (Some(usage), Some(json)) = (&found.usage, &found.provider_usage)
    {
        check_sum(case, usage, &serde_json::from_str(json).unwrap());
    }
}

/// Where the provider gives a total, the tokens of the vector add up to it.
fn check_sum(case: &Case, usage: &Usage, reported: &serde_json::Value) {
    let of = |side| {
        let tokens = usage
            .iter()
            .filter(|(meter, _)| meter.unit() == Unit::Token && meter.side() == side);
        tokens.map(|(_, count)| count.get()).sum::<u64>()
    };
    let total = reported
        .get("total_tokens")
        .or_else(|| reported.get("totalTokenCount"));
    // Perplexity's total leaves out what it bills beside the answer; what is billed by time or query alone has no tokens.
    let tokens = of(Side::Input) + of(Side::Output);
    if let Some(total) = total
        .and_then(serde_json::Value::as_u64)
        .filter(|_| !case.name.contains("perplexity") && tokens > 0)
    {
        assert_eq!(tokens, total, "{}", case.name);
    }
}

#[test]
fn files_of_one_exchange_read_the_same_vector_streamed_or_not() {
    let mut exchanges = BTreeMap::<&str, Vec<&Case>>::new();
    for case in Case::all() {
        if let Some(exchange) = &case.exchange {
            exchanges.entry(exchange).or_default().push(case);
        }
    }
    assert!(exchanges.len() >= 75, "{}", exchanges.len());
    for (exchange, cases) in exchanges {
        let streamed = cases.iter().filter(|case| case.kind != BodyKind::Json).count();
        assert!(streamed > 0 && streamed < cases.len(), "{exchange} is not a pair");
        let first = cases[0].read();
        for case in &cases {
            let reading = case.read();
            assert_eq!(reading.usage, first.usage, "{}", case.name);
            assert_eq!(reading.tool_calls, first.tool_calls, "{}", case.name);
            assert_eq!(reading.free_refusal, first.free_refusal, "{}", case.name);
            assert_eq!(reading.finish_reason, first.finish_reason, "{}", case.name);
            assert_eq!(
                reading.provider_reported_cost, first.provider_reported_cost,
                "{}",
                case.name
            );
        }
    }
}

#[test]
fn a_compressed_answer_reads_like_a_plain_one() {
    for case in Case::all() {
        let plain = case.read();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&case.body).unwrap();
        zlib.write_all(&case.body).unwrap();
        raw.write_all(&case.body).unwrap();
        for (coding, body) in [
            (ContentCoding::Gzip, gzip.finish().unwrap()),
            (ContentCoding::Deflate, zlib.finish().unwrap()),
            (ContentCoding::Deflate, raw.finish().unwrap()),
            (ContentCoding::Brotli, brotli(&case.body)),
            (
                ContentCoding::Zstd,
                compress_to_vec(case.body.as_slice(), CompressionLevel::Fastest),
            ),
        ] {
            let mut meter = case.meter(coding);
            for piece in body.chunks(100) {
                meter.push(piece);
            }
            assert_eq!(meter.finish(), plain, "{} in {coding:?}", case.name);
        }
    }
}

#[test]
fn the_last_event_of_a_zstd_stream_is_read_before_its_frame_ends() {
    let case = Case::named("openai_chat/plain_stream");
    let mut meter = case.meter(ContentCoding::Zstd);
    // A window of 1 MiB; each event is a block as it is.
    meter.push(&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 10 << 3]);
    let text = String::from_utf8(case.body.clone()).unwrap();
    let (last, mut terminal) = (text.matches("\n\n").count(), Vec::new());
    for event in text
        .split_inclusive("\n\n")
        .filter(|event| event.ends_with("\n\n"))
    {
        let header = u32::try_from(event.len()).unwrap() << 3;
        meter.push(&header.to_le_bytes()[..3]);
        terminal.push(meter.push(event.as_bytes()).terminal);
    }
    assert_eq!(terminal.iter().position(|seen| *seen), Some(last - 1));
    assert_eq!(meter.finish(), case.read());
}

fn brotli(plain: &[u8]) -> Vec<u8> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 3, 20);
    encoder.write_all(plain).unwrap();
    encoder.into_inner()
}

#[test]
fn an_unsupported_coding_is_flagged_and_never_guessed_at() {
    let case = Case::named("openai_chat/plain");
    let mut meter = case.meter(ContentCoding::from_header(Some("compress")));
    meter.push(&case.body);
    let flags = vec!["unsupported_encoding".to_owned()];
    assert_eq!(
        meter.finish(),
        Reading {
            flags,
            ..Reading::default()
        }
    );
}

#[test]
fn a_damaged_compressed_answer_keeps_what_was_read_and_says_so() {
    let case = Case::named("anthropic_messages/plain_stream");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let (head, _) = case.body.split_at(case.body.len() / 2);
    encoder.write_all(head).unwrap();
    encoder.flush().unwrap();
    let mut meter = case.meter(ContentCoding::Gzip);
    meter.push(encoder.get_ref());
    meter.push(&[0xff; 64]);
    let reading = meter.finish();
    assert!(reading.usage.is_some() && !reading.complete);
    assert_eq!(reading.flags, ["undecodable_body"]);
}
