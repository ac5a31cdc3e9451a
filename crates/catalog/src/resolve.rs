//! Which card prices a request.

mod candidates;
mod multipliers;
mod sized;

use tollgate_domain::{
    CardId, ModelName, NameForm, NameRole, PriceRule, PriceWindow, ProviderName, RateCard, ServiceTier,
};

use crate::book::Priced;
use crate::{PriceBook, PricingContext};

use candidates::{Candidate, Spelling};

pub(crate) use candidates::candidates;
pub use multipliers::AppliedMultipliers;

/// The card that prices a request, and the rule by which.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Resolved<'b> {
    /// The rule that won.
    pub rule: PriceRule,
    /// Which of the request's names led there.
    pub name_role: NameRole,
    /// In which form.
    pub name_form: NameForm,
    /// The catalog or override name that matched.
    pub priced_as: &'b ModelName,
    /// The card.
    pub card: &'b RateCard,
    /// Its content address.
    pub card_id: CardId,
    /// LiteLLM's `litellm_provider` of a synced card.
    pub provider: Option<&'b ProviderName>,
    /// Whether the model is gone from the map and its last price still serves.
    pub stale: bool,
    /// The context band, as its threshold in tokens.
    pub band_above_tokens: Option<u64>,
    /// The window that was open at dispatch; its rates stand before the card's own.
    pub window: Option<&'b PriceWindow>,
    /// The upstream's multipliers as they apply: 1 and 1 where the price is already what the upstream charges.
    pub multipliers: AppliedMultipliers<'b>,
}

/// Why no card prices a request. Displayed, it is the entry's detail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unresolved {
    /// Neither a served nor a sent model is known.
    #[error("no model name is known")]
    ModelMissing,
    /// No source has any of the names.
    #[error("no price for {names}")]
    NoPrice {
        /// The names tried, provider prefix included, separated by commas.
        names: String,
    },
    /// The card has no prices for the tier at all. It is not guessed.
    #[error("{model} has no prices for service tier {tier}")]
    UnknownTier {
        /// The catalog or override name that matched.
        model: ModelName,
        /// The tier that was served.
        tier: ServiceTier,
    },
    /// The response switched on a price modifier the synced card has no factor for. It is not guessed.
    #[error("{model} has no factor for price modifier {modifier}")]
    UnknownModifier {
        /// The catalog name that matched.
        model: ModelName,
        /// The modifier.
        modifier: String,
    },
}

/// Finds the card that prices a request: for each source in turn (override for this upstream, global override,
/// synced card) all names (served, then sent), each as `<provider>/<name>`, as it is, and through an alias
/// (the upstream's, then a global one). Where the size of what was made is known, each is looked for as
/// `<quality>/<size>/<name>` and `<size>/<name>` first. Exact matches only. The first hit wins, and stands even where it cannot
/// price the request: an override replaces the whole card.
///
/// A tier the winning card does not know leaves the request unpriced, and so does a modifier a **synced** card
/// has no factor for, if the response switched it on; one of the upstream's own changes nothing there. On an override an unnamed modifier changes nothing: the operator's price is the price.
///
/// # Errors
/// [`Unresolved`], which says what is missing.
///
/// # Source
/// `docs/adr/0006-price-book-versions.md`.
pub fn resolve<'b>(book: &'b PriceBook, context: &PricingContext<'_>) -> Result<Resolved<'b>, Unresolved> {
    let Some((candidate, priced)) = candidates::first_hit(book, context) else {
        return Err(nothing_found(book, context));
    };
    check(candidate.rule, priced, context)?;
    Ok(resolved(book, context, candidate, priced))
}

fn nothing_found(book: &PriceBook, context: &PricingContext<'_>) -> Unresolved {
    let spelled_out = |candidate: &Candidate<'_>| {
        candidate.rule == PriceRule::SyncedCard && !matches!(candidate.spelling, Spelling::Alias(_))
    };
    let names: Vec<String> = candidates(context)
        .filter(spelled_out)
        .filter_map(|candidate| candidate.text(book, context))
        .collect();
    if names.is_empty() {
        Unresolved::ModelMissing
    } else {
        Unresolved::NoPrice {
            names: names.join(", "),
        }
    }
}

/// Whether the card can price this tier and these modifiers.
fn check(rule: PriceRule, priced: &Priced, context: &PricingContext<'_>) -> Result<(), Unresolved> {
    let model = || priced.name.clone();
    if !priced.card.knows_tier(context.tier) {
        let (model, tier) = (model(), context.tier.clone());
        return Err(Unresolved::UnknownTier { model, tier });
    }
    let known = priced.card.modifiers();
    match context.modifiers.iter().find(|name| !known.contains_key(*name)) {
        Some(modifier) if rule == PriceRule::SyncedCard => Err(Unresolved::UnknownModifier {
            model: model(),
            modifier: modifier.clone(),
        }),
        _ => Ok(()),
    }
}

fn resolved<'b>(
    book: &'b PriceBook,
    context: &PricingContext<'_>,
    candidate: Candidate<'_>,
    priced: &'b Priced,
) -> Resolved<'b> {
    Resolved {
        rule: candidate.rule,
        name_role: candidate.role,
        name_form: candidate.form(),
        priced_as: &priced.name,
        card: &priced.card,
        card_id: priced.card_id,
        provider: priced.provider.as_ref(),
        stale: priced.stale,
        band_above_tokens: priced.card.band(context.context_tokens),
        window: priced.card.window(context.at),
        multipliers: if priced.multiplied {
            AppliedMultipliers::of(book, context)
        } else {
            AppliedMultipliers::ONES
        },
    }
}
