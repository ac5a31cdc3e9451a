//! Gemini `generateContent`. `promptTokenCount` includes cached content; tool-use prompts are beside it; thoughts are
//! beside the candidates. A counter that is not there is zero. Streams have no terminal event: a chunk with a finish
//! reason is the last but for counters.
//!
//! # Source
//! <https://ai.google.dev/api/generate-content#UsageMetadata>

use tollgate_domain::Meter;

use super::{AlsoComplete, Wire};
use crate::counters::{InputParts, Node, OutputParts, Reader};
use crate::flags;
use crate::scan::{Field, Needle, Slot, present, text, value};
use crate::tools::ToolCalls;

pub(super) static WIRE: Wire = Wire {
    fields: FIELDS,
    needles: &[
        Needle::Text("\"finishReason\""),
        Needle::Text("\"groundingMetadata\""),
        Needle::Text("\"error\""),
    ],
    running: Some("\"usageMetadata\""),
    also_complete: AlsoComplete::WithFinishReason,
    extract: |reader, variant, tools| {
        extract(reader);
        (variant.extras)(reader);
        grounding(reader, tools);
        tools.flag(reader);
    },
    told: &[
        text(&["candidates", "content", "parts", "text"], Slot::Told),
        text(
            &["candidates", "content", "parts", "functionCall", "name"],
            Slot::Told,
        ),
        value(
            &["candidates", "content", "parts", "functionCall", "args"],
            Slot::Told,
        ),
        text(
            &["response", "candidates", "content", "parts", "text"],
            Slot::Told,
        ),
        value(
            &[
                "response",
                "candidates",
                "content",
                "parts",
                "functionCall",
                "args",
            ],
            Slot::Told,
        ),
    ],
    ..Wire::silent()
};

/// Each also within the envelope of the code-assist endpoints, `{"response": {...}}`.
const FIELDS: &[Field] = &[
    value(&["usageMetadata"], Slot::Usage),
    value(&["modelVersion"], Slot::Model),
    value(&["responseId"], Slot::ResponseId),
    value(&["candidates", "finishReason"], Slot::FinishReason),
    value(&["promptFeedback", "blockReason"], Slot::FinishReason),
    value(&["error"], Slot::Error),
    present(&["candidates", "content", "parts"], Slot::Content),
    value(
        &["candidates", "groundingMetadata", "webSearchQueries"],
        Slot::SearchQueries,
    ),
    value(
        &["candidates", "groundingMetadata", "imageSearchQueries"],
        Slot::SearchQueries,
    ),
    present(
        &["candidates", "groundingMetadata", "retrievalQueries"],
        Slot::Unmetered,
    ),
    present(
        &["candidates", "groundingMetadata", "groundingChunks", "maps"],
        Slot::Maps,
    ),
    value(&["response", "usageMetadata"], Slot::Usage),
    value(&["response", "modelVersion"], Slot::Model),
    value(&["response", "responseId"], Slot::ResponseId),
    value(&["response", "candidates", "finishReason"], Slot::FinishReason),
    value(&["response", "promptFeedback", "blockReason"], Slot::FinishReason),
    value(&["response", "error"], Slot::Error),
    present(&["response", "candidates", "content", "parts"], Slot::Content),
    value(
        &["response", "candidates", "groundingMetadata", "webSearchQueries"],
        Slot::SearchQueries,
    ),
    value(
        &[
            "response",
            "candidates",
            "groundingMetadata",
            "imageSearchQueries",
        ],
        Slot::SearchQueries,
    ),
    present(
        &[
            "response",
            "candidates",
            "groundingMetadata",
            "groundingChunks",
            "maps",
        ],
        Slot::Maps,
    ),
];

/// Tokens by modality; text and documents are what the others leave.
#[derive(Default)]
struct Modalities {
    audio: u64,
    image: u64,
    video: u64,
}

fn extract(reader: &mut Reader<'_>) {
    let usage = reader.node();
    let prompt = reader.count(&["promptTokenCount"]);
    let total = reader.count(&["totalTokenCount"]);
    let candidates = reader.first(&[&["candidatesTokenCount"], &["responseTokenCount"]]);
    let mut of = |name: &str| reader.count(&[name]).unwrap_or(0);
    let (tools, thoughts) = (of("toolUsePromptTokenCount"), of("thoughtsTokenCount"));
    if !reader.tally.counted {
        return;
    }
    if prompt.is_none() {
        reader.flag(flags::INPUT_MISSING);
    }
    let input = prompt.unwrap_or(0) + tools;
    prompt_parts(reader, input).settle(reader);

    let rest = total.unwrap_or(0).saturating_sub(input + thoughts);
    let visible = candidates.unwrap_or(rest);
    if candidates.is_none() && rest > 0 {
        reader.flag(flags::OUTPUT_FROM_TOTAL);
    }
    let out = modalities(reader, &["candidatesTokensDetails", "responseTokensDetails"]);
    reader.add(Meter::Reasoning, thoughts);
    let parts = OutputParts {
        total: visible,
        reasoning: 0,
        audio: out.audio,
        image: out.image,
        video: out.video,
    };
    parts.settle(reader);
    if total.is_some_and(|total| total != input + visible + thoughts) {
        reader.flag(flags::TOTAL_MISMATCH);
    }
    reader.tally.tier = tier(usage);
}

/// The parts of all input tokens, tool use included.
pub(super) fn prompt_parts(reader: &mut Reader<'_>, total: u64) -> InputParts {
    let sent = modalities(reader, &["promptTokensDetails", "toolUsePromptTokensDetails"]);
    let cached = modalities(reader, &["cacheTokensDetails"]);
    InputParts {
        total,
        cached: reader.count(&["cachedContentTokenCount"]).unwrap_or(0),
        cached_audio: cached.audio,
        cached_image: cached.image,
        cached_video: cached.video,
        audio: sent.audio,
        image: sent.image,
        video: sent.video,
        ..InputParts::default()
    }
}

/// What several lists say together.
fn modalities(reader: &mut Reader<'_>, names: &[&str]) -> Modalities {
    let mut found = Modalities::default();
    let usage = reader.node();
    for node in names.iter().flat_map(|name| usage.objects(&[name])) {
        let count = reader.count_in(&node, &["tokenCount"]).unwrap_or(0);
        match node
            .text(&["modality"])
            .unwrap_or_default()
            .to_ascii_uppercase()
            .as_str()
        {
            "AUDIO" => found.audio += count,
            "IMAGE" => found.image += count,
            "VIDEO" => found.video += count,
            _ => {}
        }
    }
    found
}

/// The tier as the Gemini API names it, or as Vertex's traffic type says it: `ON_DEMAND_PRIORITY` is the priority
/// tier; provisioned throughput is paid for elsewhere and stays a name no rate card knows.
fn tier(usage: &Node) -> Option<String> {
    let named = |text: &String| !text.to_ascii_lowercase().ends_with("unspecified");
    if let Some(tier) = usage.text(&["serviceTier"]).filter(named) {
        return Some(tier);
    }
    let traffic = usage.text(&["trafficType"]).filter(named)?;
    let paid_tier = traffic.strip_prefix("ON_DEMAND_").map(str::to_ascii_lowercase);
    Some(paid_tier.unwrap_or(traffic))
}

/// Distinct queries are counted; whether each is billed or the prompt once is the rate card's to say.
fn grounding(reader: &mut Reader<'_>, tools: &ToolCalls) {
    let queries = u64::try_from(tools.queries.len()).unwrap_or(u64::MAX);
    reader.add(Meter::GroundingQueries, queries);
    if tools.has(Slot::Maps) {
        reader.add(Meter::MapsGrounding, 1);
    }
}
