//! Counters of the `OpenAI` family: input includes cached, written, audio and image tokens; output includes reasoning
//! and audio.

use crate::counters::{InputParts, OutputParts, Path, Reader};
use crate::flags;
use crate::variant::{ReasoningIs, Variant};

/// Where one protocol of the family keeps its counters.
pub(super) struct Names {
    pub(super) input: Path,
    pub(super) input_details: &'static str,
    pub(super) output: Path,
    pub(super) output_details: &'static str,
}

const TOTAL: Path = &["total_tokens"];

/// Reads input, output and their parts.
pub(super) fn extract(reader: &mut Reader<'_>, names: &Names, variant: &Variant) {
    let (input, output, total) = (
        reader.count(names.input),
        reader.count(names.output),
        reader.count(TOTAL),
    );
    if input.is_none() && output.is_none() && total.is_none() {
        return;
    }
    let (input, output) = complete(reader, input, output, total);
    input_parts(reader, names, variant, input).settle(reader);

    let details = names.output_details;
    let own = reader.first(variant.reasoning);
    let mut reasoning = own
        .or_else(|| reader.count(&[details, "reasoning_tokens"]))
        .unwrap_or(0);
    if variant.total_rest_is_reasoning && reasoning == 0 {
        reasoning = total.unwrap_or(0).saturating_sub(input + output);
        if reasoning > 0 {
            reader.flag(flags::REASONING_FROM_TOTAL);
        }
    }
    let beside = is_beside(reader, variant, reasoning, input + output, total);
    let parts = OutputParts {
        total: if beside { output + reasoning } else { output },
        reasoning,
        audio: reader.count(&[details, "audio_tokens"]).unwrap_or(0),
        image: reader.count(&[details, "image_tokens"]).unwrap_or(0),
        video: reader.count(&[details, "video_tokens"]).unwrap_or(0),
    };
    parts.settle(reader);
    if total.is_some_and(|total| total != input + output && total != input + parts.total) {
        reader.flag(flags::TOTAL_MISMATCH);
    }
}

/// One missing counter follows from the total; without a total it is flagged.
fn complete(
    reader: &mut Reader<'_>,
    input: Option<u64>,
    output: Option<u64>,
    total: Option<u64>,
) -> (u64, u64) {
    let rest = |known: u64| total.and_then(|total| total.checked_sub(known));
    match (input, output) {
        (Some(input), Some(output)) => (input, output),
        (None, known) => {
            let found = rest(known.unwrap_or(0));
            reader.flag(if found.is_some() {
                flags::INPUT_FROM_TOTAL
            } else {
                flags::INPUT_MISSING
            });
            (found.unwrap_or(0), known.unwrap_or(0))
        }
        (Some(known), None) => {
            let found = rest(known);
            reader.flag(if found.is_some() {
                flags::OUTPUT_FROM_TOTAL
            } else {
                flags::OUTPUT_MISSING
            });
            (known, found.unwrap_or(0))
        }
    }
}

pub(super) fn input_parts(
    reader: &mut Reader<'_>,
    names: &Names,
    variant: &Variant,
    total: u64,
) -> InputParts {
    let details = names.input_details;
    let cached = reader.largest(variant.cached);
    let cached = cached.max(reader.count(&[details, "cached_tokens"]));
    let lifetimes = [
        "cache_write_tokens",
        "cache_creation_tokens",
        "cache_creation_input_tokens",
    ];
    let written = lifetimes
        .into_iter()
        .find_map(|name| reader.count(&[details, name]));
    let cache_type = reader.node().text(&[details, "cache_type"]);
    let mut of = |path: &[&str]| reader.count(path).unwrap_or(0);
    let short = of(&[details, "cache_write_tokens_details", "ttl_30m_tokens"])
        + of(&[details, "cache_creation", "ephemeral_5m_input_tokens"]);
    let long = of(&[details, "cache_write_tokens_details", "ttl_12h_tokens"])
        + of(&[details, "cache_creation", "ephemeral_1h_input_tokens"]);
    let written = written.unwrap_or(short + long);
    let cached_image = of(&[details, "cached_tokens_details", "image_tokens"]).max(of(&[
        details,
        "cached_tokens_details",
        "cached_image_tokens",
    ]));
    let parts = InputParts {
        total,
        cached: cached.unwrap_or(0),
        cached_audio: of(&[details, "cached_tokens_details", "audio_tokens"]),
        cached_image,
        explicit_cache: variant.explicit_caches && cache_type.as_deref() == Some("ephemeral"),
        cached_video: of(&[details, "cached_tokens_details", "video_tokens"]),
        written,
        written_long: long,
        audio: of(&[details, "audio_tokens"]),
        image: of(&[details, "image_tokens"]),
        video: of(&[details, "video_tokens"]),
    };
    if short + long > 0 && short + long != written {
        reader.flag(flags::CACHE_WRITE_BREAKDOWN_MISMATCH);
    }
    parts
}

/// Whether reasoning is counted beside the output. A total that holds only with it added proves it.
fn is_beside(
    reader: &mut Reader<'_>,
    variant: &Variant,
    reasoning: u64,
    sum: u64,
    total: Option<u64>,
) -> bool {
    let proven = reasoning > 0 && total == Some(sum + reasoning);
    if proven && variant.reasoning_is == ReasoningIs::Inside {
        reader.flag(flags::REASONING_BESIDE_OUTPUT);
    }
    proven || variant.reasoning_is == ReasoningIs::Beside
}
