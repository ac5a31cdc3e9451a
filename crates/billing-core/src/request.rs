//! What is priced, for programs that keep no upstreams of their own.

use std::sync::Arc;

use tollgate_catalog::{Explanation, PriceBook, PricingContext, resolve};
use tollgate_domain::{
    BillBy, MediaFormat, ModelName, Protocol, ProviderName, ServiceTier, Timestamp, UpstreamId, Usage,
};
use tollgate_metering::{BodyKind, ContentCoding, MeterSpec, Reading, ResponseMeter};

use crate::component::naming;
use crate::{Charge, PriceError, price};

/// A request to a model, and all that decides its price besides what it used.
///
/// Made from the provider and the model that was asked for; what the answer says of itself (the model that served,
/// the service tier, modifiers) comes in with [`answered`](Self::answered) or by hand.
///
/// ```
/// use billing_core::{Meter, PriceBook, Request, Usage};
///
/// let book = PriceBook::from_litellm_json(
///     r#"{"gpt-4o": {"input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05}}"#,
/// )?;
/// let usage = Usage::new().with(Meter::Input, 1_000)?.with(Meter::Output, 100)?;
/// let charge = Request::new("openai", "gpt-4o").price(&book, &usage)?;
/// assert_eq!(charge.amounts.cost.to_string(), "0.0035"); // 1,000 x 2.5 + 100 x 10 USD per million
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    provider: ProviderName,
    sent: ModelName,
    served: Option<ModelName>,
    bill_by: BillBy,
    upstream_id: UpstreamId,
    tier: ServiceTier,
    at: Option<Timestamp>,
    format: Option<MediaFormat>,
    modifiers: Vec<String>,
}

impl Request {
    /// A request for `model` at `provider`, in the standard tier.
    ///
    /// The provider is a word of LiteLLM's (`openai`, `anthropic`, `gemini`, `azure`, `deepseek` …): its prices are
    /// looked for as `<provider>/<model>` and then as `<model>`, and it decides where counters depart from the wire
    /// protocol. A provider nobody knows is one without prefixed prices and without departures.
    pub fn new(provider: impl Into<Arc<str>>, model: impl Into<Arc<str>>) -> Self {
        Self {
            provider: ProviderName::new(provider),
            sent: ModelName::new(model),
            served: None,
            bill_by: BillBy::Served,
            upstream_id: UpstreamId::NONE,
            tier: ServiceTier::Standard,
            at: None,
            format: None,
            modifiers: Vec::new(),
        }
    }

    /// The model that answered, where it is known to differ. Its price is looked for before that of the model asked
    /// for.
    #[must_use]
    pub fn served(mut self, model: impl Into<Arc<str>>) -> Self {
        self.served = Some(ModelName::new(model));
        self
    }

    /// Which of the two names counts; by default the one that served, then the one sent.
    #[must_use]
    pub const fn bill_by(mut self, bill_by: BillBy) -> Self {
        self.bill_by = bill_by;
        self
    }

    /// The service tier that was served, in the provider's word (`default`, `priority`, `flex`, `batch` …).
    #[must_use]
    pub fn tier(mut self, name: &str) -> Self {
        self.tier = ServiceTier::from_name(name);
        self
    }

    /// When the request was dispatched. Models whose price depends on the hour have none without it.
    #[must_use]
    pub const fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    /// The size and quality of the images or video asked for.
    #[must_use]
    pub fn format(mut self, format: MediaFormat) -> Self {
        self.format = Some(format);
        self
    }

    /// Switches on a price modifier of the card (`fast`, `us` …). A card that does not name it has no price.
    #[must_use]
    pub fn modifier(mut self, name: impl Into<String>) -> Self {
        self.modifiers.push(name.into());
        self
    }

    /// The upstream, for books with prices, aliases or multipliers of single upstreams. Without it the book's common
    /// ones apply.
    #[must_use]
    pub const fn upstream(mut self, upstream_id: UpstreamId) -> Self {
        self.upstream_id = upstream_id;
        self
    }

    /// With what an answer says of itself: model served, tier, modifiers. What it does not say stays as it was.
    #[must_use]
    pub fn answered(mut self, reading: &Reading) -> Self {
        if let Some(model) = &reading.model_served {
            self.served = Some(model.clone());
        }
        if let Some(tier) = &reading.tier_served {
            self.tier = ServiceTier::from_name(tier);
        }
        for modifier in &reading.modifiers {
            if !self.modifiers.contains(modifier) {
                self.modifiers.push(modifier.clone());
            }
        }
        self
    }

    /// Reads a whole answer: one JSON body as it was received, not compressed.
    ///
    /// Never fails: what cannot be read is said in the [`Reading`].
    pub fn read(&self, protocol: Protocol, body: &[u8]) -> Reading {
        let mut meter = self.meter(protocol, BodyKind::Json, ContentCoding::Identity);
        meter.push(body);
        meter.finish()
    }

    /// A meter for a streamed answer (server-sent events, not compressed): push chunks as they come, then
    /// [`finish`](ResponseMeter::finish).
    pub fn stream(&self, protocol: Protocol) -> ResponseMeter {
        self.meter(protocol, BodyKind::Sse, ContentCoding::Identity)
    }

    /// A meter for any kind of body in any coding.
    pub fn meter(&self, protocol: Protocol, kind: BodyKind, coding: ContentCoding) -> ResponseMeter {
        let provider = self.provider.clone();
        ResponseMeter::new(&MeterSpec { protocol, provider }, kind, coding)
    }

    /// Prices usage.
    ///
    /// # Errors
    /// As [`price`](crate::price()).
    pub fn price(&self, book: &PriceBook, usage: &Usage) -> Result<Charge, PriceError> {
        let context = self.context(usage);
        if self.at.is_none() {
            refuse_prices_by_the_hour(book, &context, usage)?;
        }
        price(book, &context, usage)
    }

    /// Prices what an answer used, as [`answered`](Self::answered).
    ///
    /// # Errors
    /// [`PriceError::UsageMissing`] where the answer has no counters, [`PriceError::Calculation`] where they cannot
    /// be, else as [`price`](crate::price()).
    pub fn price_answer(&self, book: &PriceBook, reading: &Reading) -> Result<Charge, PriceError> {
        let usage = crate::usage::of_reading(reading)?;
        self.clone().answered(reading).price(book, usage)
    }

    /// Every place a price is looked for, and what comes of it.
    pub fn explain(&self, book: &PriceBook, usage: &Usage) -> Explanation {
        crate::explain_usage(book, &self.context(usage), usage)
    }

    /// The borrowed form that [`price`](crate::price()) and [`resolve`](crate::resolve()) take.
    pub fn context(&self, usage: &Usage) -> PricingContext<'_> {
        PricingContext {
            upstream_id: self.upstream_id,
            provider: &self.provider,
            model_served: self.served.as_ref(),
            model_sent: Some(&self.sent),
            bill_by: self.bill_by,
            tier: &self.tier,
            context_tokens: usage.context_tokens(),
            at: self.at.unwrap_or(Timestamp::UNIX_EPOCH),
            format: self.format.as_ref(),
            modifiers: &self.modifiers,
            upstream_modifiers: &[],
        }
    }
}

/// Without a time, no price by the hour is guessed.
fn refuse_prices_by_the_hour(
    book: &PriceBook,
    context: &PricingContext<'_>,
    usage: &Usage,
) -> Result<(), PriceError> {
    let resolved = resolve(book, &naming(context, usage))?;
    if resolved.card.windows().is_empty() {
        return Ok(());
    }
    let model = resolved.priced_as;
    Err(PriceError::NotFound {
        detail: format!("{model} is priced by the hour, and when the request was made is not known"),
    })
}
