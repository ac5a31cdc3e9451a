//! Asking the book.

use billing_core::{PriceBook, PriceError, PricingContext, explain, price};
use tollgate_domain::{
    BillBy, MediaFormat, ModelName, ProviderName, ServiceTier, Timestamp, UnbilledReason, Upstream,
    UpstreamId, Usage,
};
use uuid::Uuid;

use super::json::SimulationResult;

/// What is asked.
pub(super) struct Question {
    pub(super) model: ModelName,
    pub(super) model_served: Option<ModelName>,
    pub(super) bill_by: BillBy,
    pub(super) usage: Usage,
    pub(super) tier: ServiceTier,
    pub(super) at: Timestamp,
    pub(super) format: Option<MediaFormat>,
    pub(super) modifiers: Vec<String>,
}

/// Where it is asked.
pub(super) struct Place {
    pub(super) upstream: Option<Upstream>,
    pub(super) provider: ProviderName,
    /// What would be sent there.
    pub(super) model_sent: ModelName,
}

/// The upstreams a question is about.
pub(super) fn places(
    question: &Question,
    upstreams: Vec<Upstream>,
    upstream_id: Option<Uuid>,
    provider: Option<ProviderName>,
) -> Vec<Place> {
    if let Some(provider) = provider {
        let (upstream, model_sent) = (None, question.model.clone());
        return vec![Place {
            upstream,
            provider,
            model_sent,
        }];
    }
    let asked = upstreams
        .into_iter()
        .filter(|upstream| upstream_id.is_none_or(|id| upstream.id.uuid() == id));
    let places = asked.filter_map(|upstream| {
        let served = upstream.serves(&question.model);
        // Who asks for one upstream wants an answer even where it would not be routed there.
        let model_sent = served.or_else(|| upstream_id.map(|_| question.model.clone()))?;
        Some(Place {
            provider: upstream.provider.clone(),
            model_sent,
            upstream: Some(upstream),
        })
    });
    places.collect()
}

impl Question {
    /// What it would cost at one place.
    pub(super) fn ask(&self, book: &PriceBook, place: &Place) -> SimulationResult {
        let upstream = place.upstream.as_ref();
        let context = PricingContext {
            upstream_id: upstream.map_or(UpstreamId::NONE, |upstream| upstream.id),
            provider: &place.provider,
            model_served: self.model_served.as_ref(),
            model_sent: Some(&place.model_sent),
            bill_by: upstream.map_or(self.bill_by, |upstream| upstream.bill_by),
            tier: &self.tier,
            context_tokens: self.usage.context_tokens(),
            at: self.at,
            format: self.format.as_ref(),
            modifiers: &self.modifiers,
            upstream_modifiers: upstream.map_or(&[][..], |upstream| upstream.price_modifiers.as_slice()),
        };
        let explanation = explain(book, &context);
        let outcome = price(book, &context, &self.usage).map_err(|error| {
            let reason = match &error {
                PriceError::ModelMissing => UnbilledReason::ModelMissing,
                PriceError::NotFound { .. } => UnbilledReason::PriceNotFound,
                _ => UnbilledReason::CalculationError,
            };
            (reason.as_str(), error.to_string())
        });
        SimulationResult::new(place, explanation, outcome)
    }
}
