//! Where a vendor departs from the wire protocol it speaks. One file per vendor; a protocol without a variant is read
//! as documented by whoever defined it.

use tollgate_domain::{ProviderName, Usd};

use crate::counters::{Node, Path, Reader, cost};
use crate::scan::Field;

mod anthropic;
mod bedrock;
mod dashscope;
mod deepseek;
mod gemini;
mod groq;
mod llama_cpp;
mod mistral;
mod moonshot;
mod openai;
mod openrouter;
mod perplexity;
mod xai;

/// A vendor's departures, as data.
pub(crate) struct Variant {
    /// Where cached input tokens are counted, before the protocol's own places.
    pub(crate) cached: &'static [Path],
    /// Whether an input detail `cache_type` of `ephemeral` tells that the cache is one the caller created.
    pub(crate) explicit_caches: bool,
    /// Where reasoning tokens are counted, before the protocol's own place.
    pub(crate) reasoning: &'static [Path],
    /// Whether reasoning is part of the output counter.
    pub(crate) reasoning_is: ReasoningIs,
    /// Whether what the total leaves beside input and output is reasoning that no counter shows.
    pub(crate) total_rest_is_reasoning: bool,
    /// Whether a refusal without output is not billed.
    pub(crate) free_refusals: bool,
    /// Where the vendor says what the request cost.
    pub(crate) cost: &'static [CostField],
    /// What has to be added to it.
    pub(crate) cost_beside: Option<CostBeside>,
    /// Values wanted from the body besides the protocol's.
    pub(crate) fields: &'static [Field],
    /// Meters only this vendor reports.
    pub(crate) extras: fn(&mut Reader<'_>),
}

/// How reasoning relates to the output counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReasoningIs {
    /// Part of it. Where the total proves otherwise, the numbers win and the reading is flagged.
    Inside,
    /// Beside it where the total says so, else part of it.
    BesideWhenTotalSaysSo,
    /// Always beside it, and not in the total.
    Beside,
}

/// What a request cost at another place on top of the reported cost.
pub(crate) struct CostBeside {
    /// The field that says so by being true.
    pub(crate) when: Path,
    pub(crate) cost: CostField,
}

fn amount(usage: &Node, field: &CostField) -> Result<Option<Usd>, ()> {
    match usage.get(field.path) {
        Some(Node::Leaf(json)) => cost(json, field.scale).map(Some).ok_or(()),
        _ => Ok(None),
    }
}

/// A reported cost in units of 10^-`scale` USD.
pub(crate) struct CostField {
    pub(crate) path: Path,
    pub(crate) scale: u32,
}

/// No departures.
static STANDARD: Variant = Variant::standard();

impl Variant {
    const fn standard() -> Self {
        Self {
            cached: &[],
            explicit_caches: false,
            reasoning: &[],
            reasoning_is: ReasoningIs::Inside,
            total_rest_is_reasoning: false,
            free_refusals: false,
            cost: &[],
            cost_beside: None,
            fields: &[],
            extras: |_| {},
        }
    }

    /// The variant of a provider, by its name in LiteLLM's vocabulary.
    pub(crate) fn of(provider: &ProviderName) -> &'static Self {
        match provider.as_str() {
            "anthropic" => &anthropic::VARIANT,
            "bedrock" | "bedrock_converse" | "bedrock_mantle" => &bedrock::VARIANT,
            "dashscope" | "qwencloud" | "qwen_ai_platform" => &dashscope::VARIANT,
            "deepseek" => &deepseek::VARIANT,
            "gemini" | "vertex_ai" | "vertex_ai-language-models" => &gemini::VARIANT,
            "groq" => &groq::VARIANT,
            "llama_cpp" | "llamafile" => &llama_cpp::VARIANT,
            "mistral" | "codestral" => &mistral::VARIANT,
            "moonshot" => &moonshot::VARIANT,
            "openai" | "azure" => &openai::VARIANT,
            "openrouter" => &openrouter::VARIANT,
            "perplexity" => &perplexity::VARIANT,
            "xai" => &xai::VARIANT,
            _ => &STANDARD,
        }
    }

    /// One name of each variant.
    #[cfg(test)]
    pub(crate) const NAMES: &[&str] = &[
        "anthropic",
        "bedrock",
        "dashscope",
        "deepseek",
        "gemini",
        "groq",
        "llama_cpp",
        "mistral",
        "moonshot",
        "openai",
        "openrouter",
        "perplexity",
        "xai",
        "anything else",
    ];

    /// The reported cost: `None` where there is none, an error where it is no amount.
    pub(crate) fn reported_cost(&self, usage: &Node) -> Result<Option<Usd>, ()> {
        let mut found = self.cost.iter().map(|field| amount(usage, field));
        let first = found
            .find(|amount| !matches!(amount, Ok(None)))
            .unwrap_or(Ok(None))?;
        let own_key = |flag: Path| matches!(usage.get(flag), Some(Node::Leaf(json)) if json == "true");
        match &self.cost_beside {
            Some(beside) if own_key(beside.when) => match (first, amount(usage, &beside.cost)?) {
                (Some(fee), Some(more)) => fee.checked_add(more).map(Some).map_err(|_| ()),
                (fee, more) => Ok(fee.or(more)),
            },
            _ => Ok(first),
        }
    }
}
