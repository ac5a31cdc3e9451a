//! One change of an override or an alias.

use billing_core::PriceBook;
use tollgate_domain::ports::{RuleBefore, RuleChange};
use tollgate_domain::{ModelName, PriceAlias, PriceOverride, Timestamp, UpstreamId};
use uuid::Uuid;

use crate::billing::effect::names_leading_to;
use crate::problem::{Problem, ProblemType};

/// What to do with which rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::billing) enum Step {
    /// Puts an override in force.
    PutOverride {
        price: PriceOverride,
        effective_from: Option<Timestamp>,
        before: RuleBefore,
    },
    /// Ends an override.
    EndOverride {
        price: PriceOverride,
        before: RuleBefore,
    },
    /// Puts an alias in force.
    PutAlias {
        alias: PriceAlias,
        effective_from: Option<Timestamp>,
        before: RuleBefore,
    },
    /// Ends an alias.
    EndAlias { alias: PriceAlias, before: RuleBefore },
}

impl Step {
    /// A book with the change made.
    pub(in crate::billing) fn onto(&self, book: PriceBook) -> PriceBook {
        match self {
            Self::PutOverride { price, .. } => book.with_price_override(price.clone()),
            Self::EndOverride { price, .. } => book.without_price_override(price.upstream_id, &price.model),
            Self::PutAlias { alias, .. } => book.with_price_alias(alias.clone()),
            Self::EndAlias { alias, .. } => book.without_price_alias(alias.upstream_id, &alias.alias),
        }
    }

    /// The names whose price it may change.
    pub(super) fn names(&self, book: &PriceBook) -> Vec<ModelName> {
        match self {
            Self::PutOverride { price, .. } | Self::EndOverride { price, .. } => {
                names_leading_to(book, &price.model)
            }
            Self::PutAlias { alias, .. } | Self::EndAlias { alias, .. } => vec![alias.alias.clone()],
        }
    }

    /// The only upstream it concerns.
    pub(in crate::billing) const fn upstream_id(&self) -> Option<UpstreamId> {
        match self {
            Self::PutOverride { price, .. } | Self::EndOverride { price, .. } => price.upstream_id,
            Self::PutAlias { alias, .. } | Self::EndAlias { alias, .. } => alias.upstream_id,
        }
    }

    /// As the store takes it.
    pub(super) fn change(&self) -> RuleChange {
        match self.clone() {
            Self::PutOverride {
                price,
                effective_from,
                before,
            } => RuleChange::PutOverride {
                price,
                effective_from,
                before,
            },
            Self::EndOverride { price, before } => RuleChange::EndOverride { id: price.id, before },
            Self::PutAlias {
                alias,
                effective_from,
                before,
            } => RuleChange::PutAlias {
                alias,
                effective_from,
                before,
            },
            Self::EndAlias { alias, before } => RuleChange::EndAlias { id: alias.id, before },
        }
    }

    /// The answer where another rule is in force for its name and upstream.
    pub(in crate::billing) fn taken(&self, by: Uuid) -> Problem {
        let scope = match self.upstream_id() {
            Some(upstream) => format!("upstream {upstream}"),
            None => "all upstreams".to_owned(),
        };
        let detail = match self {
            Self::PutOverride { price, .. } | Self::EndOverride { price, .. } => format!(
                "override {by} is in force for model {:?} at {scope}; change that one instead",
                price.model.as_str()
            ),
            Self::PutAlias { alias, .. } | Self::EndAlias { alias, .. } => format!(
                "alias {by} is in force for {:?} at {scope}; change that one instead",
                alias.alias.as_str()
            ),
        };
        Problem::new(ProblemType::RuleExists, detail)
    }
}
