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
use crate::scan::{Needle, Slot, present, value};
use crate::tools::ToolCalls;

pub(super) static WIRE: Wire = Wire {
    fields: &[
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
        present(
            &["candidates", "groundingMetadata", "groundingChunks", "maps"],
            Slot::Maps,
        ),
    ],
    needles: &[
        Needle::Text("\"usageMetadata\""),
        Needle::Text("\"finishReason\""),
        Needle::Text("\"groundingMetadata\""),
        Needle::Text("\"error\""),
    ],
    done_marker: false,
    terminal_types: &[],
    also_complete: AlsoComplete::WithFinishReason,
    needs_final_usage: false,
    extract: |reader, variant, tools| {
        extract(reader);
        (variant.extras)(reader);
        grounding(reader, tools);
    },
};

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
    let candidates = reader.count(&["candidatesTokenCount"]);
    let mut of = |name: &str| reader.count(&[name]).unwrap_or(0);
    let (tools, cached, thoughts) = (
        of("toolUsePromptTokenCount"),
        of("cachedContentTokenCount"),
        of("thoughtsTokenCount"),
    );
    if !reader.tally.counted {
        return;
    }
    if prompt.is_none() {
        reader.flag(flags::INPUT_MISSING);
    }
    let input = prompt.unwrap_or(0) + tools;
    let in_prompt = modalities(reader, "promptTokensDetails");
    let in_tools = modalities(reader, "toolUsePromptTokensDetails");
    let in_cache = modalities(reader, "cacheTokensDetails");
    let parts = InputParts {
        total: input,
        cached,
        cached_audio: in_cache.audio,
        cached_image: in_cache.image,
        cached_video: in_cache.video,
        written: 0,
        audio: in_prompt.audio + in_tools.audio,
        image: in_prompt.image + in_tools.image,
        video: in_prompt.video + in_tools.video,
    };
    parts.settle(reader);

    let rest = total.unwrap_or(0).saturating_sub(input + thoughts);
    let visible = candidates.unwrap_or(rest);
    if candidates.is_none() && rest > 0 {
        reader.flag(flags::OUTPUT_FROM_TOTAL);
    }
    let out = modalities(reader, "candidatesTokensDetails");
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

fn modalities(reader: &mut Reader<'_>, name: &str) -> Modalities {
    let mut found = Modalities::default();
    for node in reader.node().objects(&[name]) {
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
    if let Some(tier) = usage.text(&["serviceTier"]) {
        return Some(tier);
    }
    let traffic = usage
        .text(&["trafficType"])
        .filter(|traffic| traffic != "TRAFFIC_TYPE_UNSPECIFIED")?;
    let paid_tier = traffic.strip_prefix("ON_DEMAND_").map(str::to_ascii_lowercase);
    Some(paid_tier.unwrap_or(traffic))
}

/// Grounding counts once per prompt, which is how most cards bill it. Several queries are flagged: some models are
/// billed by the query.
fn grounding(reader: &mut Reader<'_>, tools: &ToolCalls) {
    if !tools.queries.is_empty() {
        reader.add(Meter::WebSearch, 1);
    }
    if tools.queries.len() > 1 {
        reader.flag(flags::SEVERAL_SEARCH_QUERIES);
    }
    if tools.maps {
        reader.add(Meter::MapsGrounding, 1);
    }
}
