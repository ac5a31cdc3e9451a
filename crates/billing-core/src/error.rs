//! Why usage cannot be priced.

use tollgate_catalog::Unresolved;
use tollgate_domain::MoneyError;

/// Why usage has no price. A request is priced whole or not at all: one meter without a rate leaves all of it
/// unpriced, never partly billed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PriceError {
    /// Neither a served nor a sent model is known.
    #[error("no model name is known")]
    ModelMissing,
    /// The answer carries no usage that could be priced.
    #[error("{detail}")]
    UsageMissing {
        /// What the answer says instead.
        detail: String,
    },
    /// No card, or none for this tier, modifier or meter.
    #[error("{detail}")]
    NotFound {
        /// What is missing, with the names that were tried.
        detail: String,
    },
    /// The amounts cannot be computed or may not be billed.
    #[error("{detail}")]
    Calculation {
        /// What went wrong, with the input named.
        detail: String,
    },
}

impl From<Unresolved> for PriceError {
    fn from(unresolved: Unresolved) -> Self {
        match unresolved {
            Unresolved::ModelMissing => Self::ModelMissing,
            missing => Self::NotFound {
                detail: missing.to_string(),
            },
        }
    }
}

impl From<MoneyError> for PriceError {
    fn from(error: MoneyError) -> Self {
        Self::Calculation {
            detail: error.to_string(),
        }
    }
}
