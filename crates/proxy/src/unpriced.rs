//! Requests that nothing prices: served all the same, or kept from upstreams that have no price for them.

use std::sync::Arc;

use billing_core::{PriceBook, PricingContext, Unresolved, resolve};
use tollgate_domain::{
    BillBy, OnUnpriced, ReportedCostPolicy, RoutingDecision, RoutingResult, ServiceTier, Timestamp,
};

use crate::admit::Call;
use crate::attempt::billing;
use crate::error::ProxyError;
use crate::select::Target;
use crate::state::Shared;

/// The policy for one request.
pub(crate) struct Unpriced {
    book: Arc<PriceBook>,
    at: Timestamp,
    key: Option<OnUnpriced>,
    installation: OnUnpriced,
}

impl Unpriced {
    pub(crate) fn of(shared: &Shared, key: Option<OnUnpriced>) -> Self {
        Self {
            book: shared.prices.load_full(),
            at: shared.clock.now(),
            key,
            installation: shared.config.on_unpriced,
        }
    }

    /// The upstreams the request may go to, in their order; the others are noted.
    ///
    /// # Errors
    /// [`ProxyError::ModelUnpriced`] when none is left; it names what the first one has no price for.
    pub(crate) fn keep(
        &self,
        targets: Vec<Target>,
        call: &Call,
        routing: &mut RoutingDecision,
    ) -> Result<Vec<Target>, ProxyError> {
        let mut refusal = None;
        let mut kept = Vec::with_capacity(targets.len());
        for target in targets {
            match self.problem(&target, call) {
                None => kept.push(target),
                Some(problem) => {
                    refusal.get_or_insert_with(|| unpriced(&target, &problem));
                    routing.add(target.route.candidate(RoutingResult::NoPrice));
                }
            }
        }
        match (kept.is_empty(), refusal) {
            (true, Some(refusal)) => Err(refusal),
            _ => Ok(kept),
        }
    }

    /// Why the request may not go to an upstream.
    fn problem(&self, target: &Target, call: &Call) -> Option<Unresolved> {
        let upstream = &target.route.upstream;
        let policy = OnUnpriced::decide(self.key, upstream.on_unpriced, self.installation);
        // Where the provider's own figure may become the bill, no price is needed.
        if policy == OnUnpriced::Serve || upstream.reported_cost != ReportedCostPolicy::Never {
            return None;
        }
        // Nor where nothing is billed by a price at all.
        if !billing(&call.path, &upstream.provider).is_metered() {
            return None;
        }
        let asked = ServiceTier::from_name(call.peek.tier.as_deref().unwrap_or_default());
        self.unresolved(target, &ServiceTier::Standard)
            .or_else(|| self.unresolved(target, &asked))
    }

    fn unresolved(&self, target: &Target, tier: &ServiceTier) -> Option<Unresolved> {
        let upstream = &target.route.upstream;
        let context = PricingContext {
            upstream_id: upstream.id,
            provider: &upstream.provider,
            model_served: None,
            model_sent: target.model_sent.as_ref(),
            bill_by: BillBy::Sent,
            tier,
            context_tokens: 0,
            at: self.at,
            format: None,
            modifiers: &[],
            upstream_modifiers: &upstream.price_modifiers,
        };
        resolve(&self.book, &context).err()
    }
}

fn unpriced(target: &Target, problem: &Unresolved) -> ProxyError {
    let model = match &target.model_sent {
        Some(model) => format!("the model \"{model}\""),
        None => "a request that names no model".to_owned(),
    };
    ProxyError::ModelUnpriced {
        model,
        problem: format!("upstream {}: {problem}", target.route.upstream.name),
    }
}
