//! How long it takes to read the price map, to price a request, and to meter a stream.
//!
//! `cargo bench -p billing-core`. What it should come to, in release on a quiet machine: the whole map below 60 ms,
//! resolving and pricing below 1 microsecond.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot be set up has nothing to measure"
)]

use std::hint::black_box;

use billing_core::{Meter, PriceBook, Protocol, Request, Usage, cost, price, resolve};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tollgate_catalog::{parse_map, snapshot};

fn usage(counts: &[(Meter, u64)]) -> Usage {
    let with = |usage: Usage, (meter, count): &(Meter, u64)| usage.with(*meter, *count).unwrap();
    counts.iter().fold(Usage::new(), with)
}

/// Reading the whole map.
fn map(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("map");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(snapshot::BUNDLED.len() as u64));
    group.bench_function("parse", |bencher| {
        bencher.iter(|| parse_map(snapshot::BUNDLED).unwrap());
    });
    group.bench_function("parse and build the book", |bencher| {
        bencher.iter(|| PriceBook::from_litellm_json(snapshot::BUNDLED).unwrap());
    });
    group.finish();
}

/// Pricing one request.
fn pricing(criterion: &mut Criterion) {
    let book = PriceBook::bundled().unwrap();
    let plain = usage(&[
        (Meter::Input, 1_200),
        (Meter::CacheRead, 1_000),
        (Meter::Output, 300),
    ]);
    let rich = usage(&[
        (Meter::Input, 250_000),
        (Meter::CacheRead, 9_000),
        (Meter::CacheWrite5m, 700),
        (Meter::CacheWrite1h, 300),
        (Meter::Output, 500),
        (Meter::Reasoning, 400),
        (Meter::WebSearch, 3),
    ]);
    let mut group = criterion.benchmark_group("request");
    for (name, request, usage) in [
        ("gpt-4o, 3 meters", Request::new("openai", "gpt-4o"), &plain),
        (
            "claude above its band, 7 meters",
            Request::new("anthropic", "claude-sonnet-4-5-20250929"),
            &rich,
        ),
    ] {
        let context = request.context(usage);
        group.bench_function(format!("resolve, {name}"), |bencher| {
            bencher.iter(|| resolve(&book, black_box(&context)).unwrap());
        });
        group.bench_function(format!("resolve and price, {name}"), |bencher| {
            bencher.iter(|| cost(&book, black_box(&context), black_box(usage)).unwrap());
        });
        group.bench_function(format!("with a receipt, {name}"), |bencher| {
            bencher.iter(|| price(&book, black_box(&context), black_box(usage)).unwrap());
        });
    }
    group.finish();
}

/// Metering a stream of 100 chunks, each pushed as it would arrive.
fn stream(criterion: &mut Criterion) {
    let mut chunks: Vec<String> = (0..98)
        .map(|n| {
            format!(
                "data: {{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1730000000,\
                 \"model\":\"gpt-4o-2024-08-06\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"word {n} \"}},\
                 \"finish_reason\":null}}]}}\n\n"
            )
        })
        .collect();
    chunks.push(
        "data: {\"id\":\"chatcmpl-1\",\"model\":\"gpt-4o-2024-08-06\",\"choices\":[],\"usage\":{\"prompt_tokens\":1200,\
         \"completion_tokens\":98,\"total_tokens\":1298}}\n\n"
            .to_owned(),
    );
    chunks.push("data: [DONE]\n\n".to_owned());
    let request = Request::new("openai", "gpt-4o");
    let bytes: usize = chunks.iter().map(String::len).sum();
    let mut group = criterion.benchmark_group("meter");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("a stream of 100 chunks", |bencher| {
        bencher.iter(|| {
            let mut meter = request.stream(Protocol::OpenaiChat);
            for chunk in &chunks {
                meter.push(black_box(chunk.as_bytes()));
            }
            meter.finish().usage.unwrap()
        });
    });
    group.finish();
}

criterion_group!(benches, map, pricing, stream);
criterion_main!(benches);
