//! What a price depends on besides the book.

use tollgate_domain::{
    BillBy, MediaFormat, ModelName, NameRole, ProviderName, ServiceTier, Timestamp, UpstreamId,
};

/// The properties of one attempt that choose its price. Borrowed, so that asking costs nothing.
#[derive(Debug, Clone, Copy)]
pub struct PricingContext<'a> {
    /// The upstream that served: its overrides, aliases and multipliers apply.
    pub upstream_id: UpstreamId,
    /// The upstream's provider in LiteLLM's vocabulary; `<provider>/<name>` is tried before the bare name.
    pub provider: &'a ProviderName,
    /// The model the response says it came from.
    pub model_served: Option<&'a ModelName>,
    /// The model that was sent to the upstream.
    pub model_sent: Option<&'a ModelName>,
    /// Whether the served name counts at all.
    pub bill_by: BillBy,
    /// The tier the response says was served.
    pub tier: &'a ServiceTier,
    /// All input tokens, cached or not; chooses the context band.
    pub context_tokens: u64,
    /// When the request was dispatched; chooses among prices by the hour.
    pub at: Timestamp,
    /// The size and quality of the images or video asked for; `None` where there are none or they are not known. They
    /// choose among a card's rates by size, and among names that carry a size.
    pub format: Option<&'a MediaFormat>,
    /// Names of price modifiers the response switched on (`fast`, `us` …).
    pub modifiers: &'a [String],
    /// Names of price modifiers that are always on at this upstream (data residency, regional endpoints …). They
    /// apply where the card names them and change nothing elsewhere.
    pub upstream_modifiers: &'a [String],
}

impl<'a> PricingContext<'a> {
    /// The names to look for, strongest first, each once.
    pub(crate) fn names(self) -> impl Iterator<Item = (NameRole, &'a ModelName)> {
        let served = match self.bill_by {
            BillBy::Served => self.model_served,
            BillBy::Sent => None,
        };
        let sent = self.model_sent.filter(|sent| served != Some(*sent));
        let served = served.map(|name| (NameRole::Served, name));
        served
            .into_iter()
            .chain(sent.map(|name| (NameRole::Sent, name)))
            .filter(|(_, name)| !name.as_str().is_empty())
    }
}
