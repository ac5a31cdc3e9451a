//! Where a vendor departs from the wire protocol it speaks. One file per vendor; a protocol without a variant is read
//! as documented by whoever defined it.

use tollgate_domain::{ProviderName, Usd};

use crate::counters::{Node, Path, Reader, cost};
use crate::scan::Field;

mod deepseek;
mod groq;
mod moonshot;
mod openrouter;
mod perplexity;
mod xai;

/// A vendor's departures, as data.
pub(crate) struct Variant {
    /// Where cached input tokens are counted, before the protocol's own places.
    pub(crate) cached: &'static [Path],
    /// Where reasoning tokens are counted, before the protocol's own place.
    pub(crate) reasoning: &'static [Path],
    /// Whether reasoning is part of the output counter.
    pub(crate) reasoning_is: ReasoningIs,
    /// Where the vendor says what the request cost.
    pub(crate) cost: &'static [CostField],
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
            reasoning: &[],
            reasoning_is: ReasoningIs::Inside,
            cost: &[],
            fields: &[],
            extras: |_| {},
        }
    }

    /// The variant of a provider, by its name in LiteLLM's vocabulary.
    pub(crate) fn of(provider: &ProviderName) -> &'static Self {
        match provider.as_str() {
            "deepseek" => &deepseek::VARIANT,
            "groq" => &groq::VARIANT,
            "moonshot" => &moonshot::VARIANT,
            "openrouter" => &openrouter::VARIANT,
            "perplexity" => &perplexity::VARIANT,
            "xai" => &xai::VARIANT,
            _ => &STANDARD,
        }
    }

    /// The reported cost: `None` where there is none, an error where it is no amount.
    pub(crate) fn reported_cost(&self, usage: &Node) -> Result<Option<Usd>, ()> {
        let leaf = |field: &CostField| match usage.get(field.path) {
            Some(Node::Leaf(json)) => Some((json.clone(), field.scale)),
            _ => None,
        };
        match self.cost.iter().find_map(leaf) {
            None => Ok(None),
            Some((json, scale)) => cost(&json, scale).map(Some).ok_or(()),
        }
    }
}
