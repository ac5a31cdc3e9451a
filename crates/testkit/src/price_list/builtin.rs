//! Prices of a handful of real models.
//!
//! # Source
//! The providers' public price pages, as listed in LiteLLM's price map. Literals in micro-USD per million
//! units, so `2_500_000` is 2.50 USD per million tokens.

use super::PriceRow;
use crate::counts::Meter::{
    self, AudioCacheRead, AudioInput, AudioOutput, CacheRead, CacheWrite1h, CacheWrite5m, CharactersIn,
    ImageInput, ImageOutput, ImagesOut, Input, Output, Queries, SecondsIn, WebSearch,
};

/// Pico-USD in one micro-USD.
const PICO_PER_MICRO: i128 = 1_000_000;

/// Model, tier, context above, rates.
type Row = (&'static str, &'static str, u64, &'static [(Meter, i128)]);

// One row a line, as on a price page.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("gpt-4o", "standard", 0, &[(Input, 2_500_000), (CacheRead, 1_250_000), (Output, 10_000_000)]),
    ("gpt-4o", "priority", 0, &[(Input, 4_250_000), (CacheRead, 2_125_000), (Output, 17_000_000)]),
    ("gpt-4o", "batch", 0, &[(Input, 1_250_000), (Output, 5_000_000)]),
    ("gpt-4o-mini", "batch", 0, &[(Input, 75_000), (Output, 300_000)]),
    ("gpt-4o-mini", "standard", 0, &[(Input, 150_000), (CacheRead, 75_000), (Output, 600_000)]),
    ("gpt-4o-mini", "priority", 0, &[(Input, 250_000), (CacheRead, 125_000), (Output, 1_000_000)]),
    ("gpt-4.1", "standard", 0, &[(Input, 2_000_000), (CacheRead, 500_000), (Output, 8_000_000)]),
    ("gpt-4.1", "priority", 0, &[(Input, 3_500_000), (CacheRead, 875_000), (Output, 14_000_000)]),
    ("gpt-4.1-mini", "standard", 0, &[(Input, 400_000), (CacheRead, 100_000), (Output, 1_600_000)]),
    ("gpt-4.1-mini", "priority", 0, &[(Input, 700_000), (CacheRead, 175_000), (Output, 2_800_000)]),
    ("gpt-5", "standard", 0, &[(Input, 1_250_000), (CacheRead, 125_000), (Output, 10_000_000), (WebSearch, 10_000_000_000)]),
    ("gpt-5", "priority", 0, &[(Input, 2_500_000), (CacheRead, 250_000), (Output, 20_000_000)]),
    ("gpt-5", "flex", 0, &[(Input, 625_000), (CacheRead, 62_500), (Output, 5_000_000)]),
    ("gpt-5-mini", "standard", 0, &[(Input, 250_000), (CacheRead, 25_000), (Output, 2_000_000), (WebSearch, 10_000_000_000)]),
    ("gpt-5-mini", "priority", 0, &[(Input, 450_000), (CacheRead, 45_000), (Output, 3_600_000)]),
    ("gpt-5-mini", "flex", 0, &[(Input, 125_000), (CacheRead, 12_500), (Output, 1_000_000)]),
    ("gpt-5.6", "standard", 0, &[(Input, 4_000_000), (CacheRead, 400_000), (CacheWrite5m, 5_000_000), (Output, 20_000_000)]),
    ("gpt-5.6", "standard", 272_000, &[(Input, 8_000_000), (CacheRead, 800_000), (CacheWrite5m, 10_000_000), (Output, 30_000_000)]),
    ("gpt-5.6", "flex", 0, &[(Input, 2_000_000), (CacheRead, 200_000), (CacheWrite5m, 2_500_000), (Output, 10_000_000)]),
    ("gpt-5.6", "flex", 272_000, &[(Input, 4_000_000), (CacheRead, 400_000), (CacheWrite5m, 5_000_000), (Output, 15_000_000)]),
    ("gpt-5.6", "priority", 0, &[(Input, 8_000_000), (CacheRead, 800_000), (CacheWrite5m, 10_000_000), (Output, 40_000_000)]),
    ("gpt-5.6", "priority", 272_000, &[(Input, 16_000_000), (CacheRead, 1_600_000), (CacheWrite5m, 20_000_000), (Output, 60_000_000)]),
    ("o3", "standard", 0, &[(Input, 2_000_000), (CacheRead, 500_000), (Output, 8_000_000)]),
    ("o3", "priority", 0, &[(Input, 3_500_000), (CacheRead, 875_000), (Output, 14_000_000)]),
    ("o3", "flex", 0, &[(Input, 1_000_000), (CacheRead, 250_000), (Output, 4_000_000)]),
    ("o3-mini", "standard", 0, &[(Input, 1_100_000), (CacheRead, 550_000), (Output, 4_400_000)]),
    ("text-embedding-3-small", "standard", 0, &[(Input, 20_000)]),
    ("claude-sonnet-4-5", "batch", 0, &[
        (Input, 1_500_000), (CacheRead, 150_000), (CacheWrite5m, 1_875_000), (CacheWrite1h, 3_000_000),
        (Output, 7_500_000),
    ]),
    ("claude-sonnet-4-5", "standard", 0, &[
        (Input, 3_000_000), (CacheRead, 300_000), (CacheWrite5m, 3_750_000), (CacheWrite1h, 6_000_000),
        (Output, 15_000_000), (WebSearch, 10_000_000_000),
    ]),
    ("claude-haiku-4-5", "standard", 0, &[
        (Input, 1_000_000), (CacheRead, 100_000), (CacheWrite5m, 1_250_000), (CacheWrite1h, 2_000_000),
        (Output, 5_000_000),
    ]),
    ("claude-opus-4-5", "standard", 0, &[
        (Input, 5_000_000), (CacheRead, 500_000), (CacheWrite5m, 6_250_000), (CacheWrite1h, 10_000_000),
        (Output, 25_000_000),
    ]),
    ("gemini-2.5-pro", "standard", 0, &[(Input, 1_250_000), (CacheRead, 125_000), (Output, 10_000_000)]),
    ("gemini-2.5-pro", "standard", 200_000, &[(Input, 2_500_000), (CacheRead, 250_000), (Output, 15_000_000)]),
    ("gemini-2.5-pro", "priority", 0, &[(Input, 2_250_000), (CacheRead, 225_000), (Output, 18_000_000)]),
    ("gemini-2.5-pro", "priority", 200_000, &[(Input, 4_500_000), (CacheRead, 450_000), (Output, 27_000_000)]),
    ("gemini-2.5-flash", "standard", 0, &[
        (Input, 300_000), (CacheRead, 30_000), (AudioInput, 1_000_000), (AudioCacheRead, 100_000),
        (Output, 2_500_000),
    ]),
    ("gemini-2.5-flash", "batch", 0, &[
        (Input, 150_000), (CacheRead, 30_000), (AudioInput, 500_000), (Output, 1_250_000),
    ]),
    ("gpt-3.5-turbo-instruct", "standard", 0, &[(Input, 1_500_000), (Output, 2_000_000)]),
    ("gpt-image-1", "standard", 0, &[(Input, 5_000_000), (ImageInput, 10_000_000), (ImageOutput, 40_000_000)]),
    ("low/1024-x-1024/gpt-image-1-mini", "standard", 0, &[(ImagesOut, 5_000_000_000)]),
    ("low/1024-x-1536/gpt-image-1-mini", "standard", 0, &[(ImagesOut, 6_000_000_000)]),
    ("whisper-1", "standard", 0, &[(SecondsIn, 100_000_000)]),
    ("gpt-4o-transcribe", "standard", 0, &[(Input, 2_500_000), (AudioInput, 2_500_000), (Output, 10_000_000)]),
    ("tts-1", "standard", 0, &[(CharactersIn, 15_000_000)]),
    ("tts-1-hd", "standard", 0, &[(CharactersIn, 30_000_000)]),
    ("gpt-4o-mini-tts", "standard", 0, &[(Input, 600_000), (AudioOutput, 12_000_000)]),
    ("omni-moderation-latest", "standard", 0, &[]),
    ("rerank-v3.5", "standard", 0, &[(Queries, 2_000_000_000)]),
    ("jina-reranker-v2-base-multilingual", "standard", 0, &[(Input, 50_000)]),
    ("gemini-embedding-001", "standard", 0, &[(Input, 150_000)]),
];

pub(super) fn rows() -> Vec<(&'static str, PriceRow)> {
    ROWS.iter()
        .map(|(model, tier, above, rates)| {
            let rates = rates
                .iter()
                .map(|(meter, micros)| (*meter, micros * PICO_PER_MICRO))
                .collect();
            (
                *model,
                PriceRow {
                    tier: (*tier).to_owned(),
                    above: *above,
                    rates,
                },
            )
        })
        .collect()
}
