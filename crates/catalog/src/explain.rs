//! Why a price won, and what the others were.

use serde::Serialize;
use tollgate_domain::{
    CardId, ModelName, Multiplier, NameForm, NameRole, PriceRule, PriceVersion, ServiceTier,
};

use crate::resolve::candidates;
use crate::{PriceBook, PricingContext, resolve};

/// How a price was found, or why none was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The book's version.
    pub version: PriceVersion,
    /// The card that prices the request.
    pub winner: Option<Winner>,
    /// Why there is no winner; the same text as the entry's detail.
    pub problem: Option<String>,
    /// Every place that was looked at, strongest first.
    pub candidates: Vec<CandidateReport>,
}

/// The card that prices the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Winner {
    /// The rule that won.
    pub rule: PriceRule,
    /// Which of the request's names led there.
    pub name_role: NameRole,
    /// In which form.
    pub name_form: NameForm,
    /// The catalog or override name that matched.
    pub priced_as: ModelName,
    /// Its content address.
    pub card_id: CardId,
    /// Whether the model is gone from the map.
    pub stale: bool,
    /// The tier its rates are taken from.
    pub tier: ServiceTier,
    /// The context band, as its threshold in tokens.
    pub band_above_tokens: Option<u64>,
    /// The price window that was open, as the card writes it.
    pub window: Option<String>,
    /// The upstream's input multiplier as it applies.
    pub input_multiplier: Multiplier,
    /// The upstream's output multiplier as it applies.
    pub output_multiplier: Multiplier,
    /// The model pattern the multipliers were set for.
    pub multiplier_pattern: Option<ModelName>,
}

/// One place that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CandidateReport {
    /// The source.
    pub rule: PriceRule,
    /// Which of the request's names.
    pub name_role: NameRole,
    /// In which form.
    pub name_form: NameForm,
    /// The name looked for: with prefix, as it is, or what the alias stands for.
    pub name: String,
    /// What came of it.
    pub outcome: CandidateOutcome,
    /// The card found there.
    pub card_id: Option<CardId>,
}

/// What came of looking at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CandidateOutcome {
    /// It has a card and nothing stronger has one.
    Won,
    /// It has a card, but a stronger place has one too.
    Outranked,
    /// The strongest place with a card, and the card does not know the tier or a modifier of the request.
    Unusable,
    /// It has no card under this name.
    NoPrice,
    /// The name has no alias in this scope.
    NoAlias,
}

/// The same decision as [`resolve`](crate::resolve()), with everything that was considered.
pub fn explain(book: &PriceBook, context: &PricingContext<'_>) -> Explanation {
    let resolution = resolve(book, context);
    let first = if resolution.is_ok() {
        CandidateOutcome::Won
    } else {
        CandidateOutcome::Unusable
    };
    let mut decided = false;
    let candidates = candidates(context)
        .map(|candidate| {
            let found = candidate.look_up(book, context);
            let name = candidate.text(book, context);
            let outcome = match (&name, found) {
                (None, _) => CandidateOutcome::NoAlias,
                (Some(_), None) => CandidateOutcome::NoPrice,
                (Some(_), Some(_)) if decided => CandidateOutcome::Outranked,
                (Some(_), Some(_)) => first,
            };
            decided |= found.is_some();
            CandidateReport {
                rule: candidate.rule,
                name_role: candidate.role,
                name_form: candidate.form(),
                name: name.unwrap_or_else(|| candidate.name.to_string()),
                outcome,
                card_id: found.map(|priced| priced.card_id),
            }
        })
        .collect();
    Explanation {
        version: book.version(),
        problem: resolution.as_ref().err().map(ToString::to_string),
        winner: resolution.ok().map(|resolved| Winner {
            rule: resolved.rule,
            name_role: resolved.name_role,
            name_form: resolved.name_form,
            priced_as: resolved.priced_as.clone(),
            card_id: resolved.card_id,
            stale: resolved.stale,
            tier: context.tier.clone(),
            band_above_tokens: resolved.band_above_tokens,
            window: resolved.window.map(ToString::to_string),
            input_multiplier: resolved.multipliers.input,
            output_multiplier: resolved.multipliers.output,
            multiplier_pattern: resolved.multipliers.pattern.cloned(),
        }),
        candidates,
    }
}
