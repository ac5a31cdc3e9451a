//! Damages the corpus at random and reads it, for as many runs as asked for:
//!
//! ```text
//! cargo run --release -p tollgate-metering --example hammer -- 10000000 [seed]
//! ```
//!
//! Each run takes an exchange, damages it, picks protocol, vendor, framing and coding, and reads it whole and in random
//! pieces. It fails on a panic, on a reading that depends on the pieces, on usage and a problem at once, on counts
//! beyond the limit, and on a filter whose output depends on the pieces. The seed and run are said, so that it can be
//! repeated.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use fastrand::Rng;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use tollgate_domain::{Count, Protocol, ProviderName, Usage};
use tollgate_metering::{
    BodyKind, ContentCoding, MeterSpec, Reading, ResponseMeter, UsageEventFilter, audio_seconds,
    peek_request, prompt_text, rewrite,
};

const VENDORS: [&str; 14] = [
    "openai",
    "azure",
    "deepseek",
    "moonshot",
    "dashscope",
    "openrouter",
    "mistral",
    "xai",
    "groq",
    "perplexity",
    "bedrock",
    "gemini",
    "llamafile",
    "vertex_ai",
];
const KINDS: [BodyKind; 4] = [
    BodyKind::Json,
    BodyKind::Sse,
    BodyKind::JsonArray,
    BodyKind::Opaque,
];
const CODINGS: [ContentCoding; 5] = [
    ContentCoding::Identity,
    ContentCoding::Gzip,
    ContentCoding::Deflate,
    ContentCoding::Brotli,
    ContentCoding::Zstd,
];
/// Pieces of text that have hurt somewhere.
const NASTY: [&[u8]; 22] = [
    b"null",
    b"-1",
    b"1e999",
    b"0.5",
    b"18446744073709551616",
    b"\"7\"",
    b"{}",
    b"[]",
    b"[[[[[[[[",
    b"{\"usage\":{",
    b"\"usage\":",
    b"\n\n",
    b"\r",
    b"\r\n\r\n",
    b"data:",
    b": x\n",
    b"\xef\xbb\xbf",
    b"\\",
    b"\"",
    b"\\ud83d",
    b"\0",
    b"event: error\n",
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| {
        arguments
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let (runs, seed) = (number(1_000_000), number(0x70_11_6a_7e));
    let seeds = seeds();
    let started = Instant::now();
    for run in 0..runs {
        let mut rng = Rng::with_seed(seed ^ run.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        if let Err(fault) = one(&mut rng, &seeds) {
            say(&format!("seed {seed} run {run}: {fault}"));
            return ExitCode::FAILURE;
        }
    }
    say(&format!(
        "{runs} runs from {} exchanges in {:.0} s, nothing found",
        seeds.len(),
        started.elapsed().as_secs_f64()
    ));
    ExitCode::SUCCESS
}

fn say(line: &str) {
    drop(writeln!(io::stdout(), "{line}"));
}

/// The bodies of the corpus.
fn seeds() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let list = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    };
    let mut files: Vec<PathBuf> = list(&root).iter().flat_map(|folder| list(folder)).collect();
    files.sort();
    let texts = files.iter().filter_map(|file| fs::read_to_string(file).ok());
    texts
        .filter_map(|text| {
            text.split_once("\n---\n")
                .map(|(_, body)| body.as_bytes().to_vec())
        })
        .collect()
}

fn one(rng: &mut Rng, seeds: &[Vec<u8>]) -> Result<(), String> {
    let body = damaged(rng, seeds);
    let spec = MeterSpec {
        protocol: rng.choice(Protocol::ALL).unwrap_or(Protocol::OpenaiChat),
        provider: ProviderName::new(rng.choice(VENDORS).unwrap_or_default()),
    };
    let kind = rng.choice(KINDS).unwrap_or(BodyKind::Sse);
    let coding = if rng.u8(..) < 200 {
        ContentCoding::Identity
    } else {
        rng.choice(CODINGS).unwrap_or_default()
    };
    // A real frame, whole or damaged.
    let body = if coding == ContentCoding::Zstd && rng.bool() {
        let mut frame = compress_to_vec(body.as_slice(), CompressionLevel::Fastest);
        if rng.bool() {
            let at = rng.usize(..frame.len());
            frame
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte = rng.u8(..));
        }
        frame
    } else {
        body
    };
    let keep = rng.bool().then(|| rng.usize(..2000));
    let pieces = pieces(rng, &body);
    let whole = read(&spec, kind, coding, keep, &[&body]);
    let cut = read(&spec, kind, coding, keep, &pieces);
    // A damaged compressed body may fail earlier or later within a piece; plain ones read alike.
    if coding == ContentCoding::Identity && whole != cut {
        return Err(format!(
            "{spec:?} {kind:?}: {whole:?}\n is not {cut:?}\n{}",
            String::from_utf8_lossy(&body)
        ));
    }
    if whole.usage.is_some() && whole.problem.is_some() {
        return Err("usage and a problem".to_owned());
    }
    let counts = whole.usage.iter().flat_map(Usage::iter);
    if counts.into_iter().any(|(_, count)| count > Count::MAX) {
        return Err("a count beyond the limit".to_owned());
    }
    if filtered(&pieces) != filtered(&[&body]) {
        return Err("the filter depends on the pieces".to_owned());
    }
    if let Ok(peek) = peek_request(spec.protocol, &body) {
        drop(rewrite(&body, &peek, peek.model.as_ref(), true));
    }
    let _ = audio_seconds(&body);
    if rng.u8(..) < 32 {
        drop(prompt_text(spec.protocol, &body, rng.usize(..4000)));
    }
    Ok(())
}

fn read(
    spec: &MeterSpec,
    kind: BodyKind,
    coding: ContentCoding,
    keep: Option<usize>,
    pieces: &[&[u8]],
) -> Reading {
    let mut meter = match keep {
        Some(cap) => ResponseMeter::keeping_text(spec, kind, coding, cap),
        None => ResponseMeter::new(spec, kind, coding),
    };
    for piece in pieces {
        meter.push(piece);
    }
    meter.finish()
}

fn filtered(pieces: &[&[u8]]) -> Vec<u8> {
    let (mut filter, mut out) = (UsageEventFilter::new(), Vec::new());
    for piece in pieces {
        filter.push(piece, &mut out);
    }
    filter.finish(&mut out);
    out
}

fn damaged(rng: &mut Rng, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut body = rng.choice(seeds).cloned().unwrap_or_default();
    for _ in 0..rng.usize(..6) {
        let at = rng.usize(..=body.len());
        match rng.u8(..7) {
            0 => body.truncate(at),
            1 => {
                if let Some(byte) = body.get_mut(at) {
                    *byte = rng.u8(..);
                }
            }
            2 => {
                let nasty = rng.choice(NASTY).unwrap_or_default();
                body.splice(at..at, nasty.iter().copied());
            }
            3 => {
                let end = (at + rng.usize(..40)).min(body.len());
                body.drain(at..end);
            }
            4 => {
                let end = (at + rng.usize(..200)).min(body.len());
                let copy = body.get(at..end).unwrap_or_default().to_vec();
                let to = rng.usize(..=body.len());
                body.splice(to..to, copy);
            }
            5 => replace_a_number(rng, &mut body),
            _ => {
                let other = rng.choice(seeds).map(Vec::as_slice).unwrap_or_default();
                let start = rng.usize(..=other.len());
                let end = (start + rng.usize(..300)).min(other.len());
                body.splice(at..at, other.get(start..end).unwrap_or_default().iter().copied());
            }
        }
    }
    body
}

fn replace_a_number(rng: &mut Rng, body: &mut Vec<u8>) {
    let from = rng.usize(..=body.len());
    let tail = body.get(from..).unwrap_or_default();
    let Some(start) = tail.iter().position(u8::is_ascii_digit) else {
        return;
    };
    let length = tail
        .iter()
        .skip(start)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let nasty = rng
        .choice(NASTY.get(..6).unwrap_or_default())
        .copied()
        .unwrap_or_default();
    body.splice(from + start..from + start + length, nasty.iter().copied());
}

fn pieces<'a>(rng: &mut Rng, mut body: &'a [u8]) -> Vec<&'a [u8]> {
    let most = rng.choice([1, 7, 100, 2000]).unwrap_or(7);
    let mut pieces = Vec::new();
    while !body.is_empty() {
        let (piece, rest) = body.split_at(rng.usize(..=most).min(body.len()));
        pieces.push(piece);
        body = rest;
    }
    pieces
}
