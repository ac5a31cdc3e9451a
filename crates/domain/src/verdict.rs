//! Billing verdicts: what we can say about an attempt's cost.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether an attempt's cost is known, and if not, why. The closed set of statuses and reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "status", content = "reason", rename_all = "snake_case")]
pub enum Verdict {
    /// Usage and price are known; the amounts are there (a zero says why).
    Billed,
    /// It may have cost money and we cannot say how much.
    Unbilled(UnbilledReason),
    /// Known to have cost nothing.
    NoCharge(NoChargeReason),
}

/// The status alone, as stored and filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingStatus {
    /// See [`Verdict::Billed`].
    Billed,
    /// See [`Verdict::Unbilled`].
    Unbilled,
    /// See [`Verdict::NoCharge`].
    NoCharge,
}

/// Why an attempt that may have cost money has no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnbilledReason {
    /// Neither request nor response names a model.
    ModelMissing,
    /// The answer carries no usage.
    UsageMissing,
    /// No rule prices the model, the tier or a meter; the detail names it.
    PriceNotFound,
    /// Counters or amounts outside what can be computed; the detail names the input.
    CalculationError,
    /// The gateway stopped before the attempt ended.
    Interrupted,
    /// The endpoint is carried but not metered.
    NotMetered,
}

/// Why an attempt is known to cost nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoChargeReason {
    /// Refused or failed before any output, without usage.
    Rejected,
    /// The provider does not bill this endpoint.
    FreeEndpoint,
}

/// A whole request's status over its attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestStatus {
    /// Every attempt that may have cost money is billed.
    Billed,
    /// Some are, some are not.
    PartlyBilled,
    /// None is.
    Unbilled,
    /// Nothing was sent, or everything sent is known to be free.
    NoCharge,
}

/// How the usage was learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsageSource {
    /// The provider's final counters.
    Reported,
    /// The provider's counters up to where the answer was cut.
    Partial,
    /// Our own estimate.
    Estimated,
    /// Not known.
    None,
}

/// A stored status or reason that is not of the closed set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown verdict {status:?} with reason {reason:?}")]
pub struct UnknownVerdict {
    /// The stored status.
    pub status: String,
    /// The stored reason.
    pub reason: Option<String>,
}

/// A request's status from its attempts' latest verdicts; no attempts means nothing was sent.
pub fn request_status(verdicts: impl IntoIterator<Item = Verdict>) -> RequestStatus {
    let (mut billed, mut unbilled) = (false, false);
    for verdict in verdicts {
        match verdict {
            Verdict::Billed => billed = true,
            Verdict::Unbilled(_) => unbilled = true,
            Verdict::NoCharge(_) => {}
        }
    }
    match (billed, unbilled) {
        (true, true) => RequestStatus::PartlyBilled,
        (true, false) => RequestStatus::Billed,
        (false, true) => RequestStatus::Unbilled,
        (false, false) => RequestStatus::NoCharge,
    }
}

impl Verdict {
    /// The status alone.
    pub const fn status(self) -> BillingStatus {
        match self {
            Self::Billed => BillingStatus::Billed,
            Self::Unbilled(_) => BillingStatus::Unbilled,
            Self::NoCharge(_) => BillingStatus::NoCharge,
        }
    }

    /// The reason's stable name, where there is one.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Billed => None,
            Self::Unbilled(reason) => Some(reason.as_str()),
            Self::NoCharge(reason) => Some(reason.as_str()),
        }
    }

    /// From the stored pair.
    ///
    /// # Errors
    /// [`UnknownVerdict`] for a pair outside the closed set.
    pub fn from_parts(status: &str, reason: Option<&str>) -> Result<Self, UnknownVerdict> {
        Self::all()
            .find(|verdict| verdict.status().as_str() == status && verdict.reason() == reason)
            .ok_or_else(|| UnknownVerdict {
                status: status.to_owned(),
                reason: reason.map(ToOwned::to_owned),
            })
    }

    /// Every verdict there is.
    pub fn all() -> impl Iterator<Item = Self> {
        let unbilled = UnbilledReason::ALL.into_iter().map(Self::Unbilled);
        let no_charge = NoChargeReason::ALL.into_iter().map(Self::NoCharge);
        std::iter::once(Self::Billed).chain(unbilled).chain(no_charge)
    }
}

impl UnbilledReason {
    /// All reasons.
    pub const ALL: [Self; 6] = [
        Self::ModelMissing,
        Self::UsageMissing,
        Self::PriceNotFound,
        Self::CalculationError,
        Self::Interrupted,
        Self::NotMetered,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ModelMissing => "model_missing",
            Self::UsageMissing => "usage_missing",
            Self::PriceNotFound => "price_not_found",
            Self::CalculationError => "calculation_error",
            Self::Interrupted => "interrupted",
            Self::NotMetered => "not_metered",
        }
    }
}

impl NoChargeReason {
    /// All reasons.
    pub const ALL: [Self; 2] = [Self::Rejected, Self::FreeEndpoint];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::FreeEndpoint => "free_endpoint",
        }
    }
}

impl BillingStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Billed, Self::Unbilled, Self::NoCharge];

    /// From its stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Billed => "billed",
            Self::Unbilled => "unbilled",
            Self::NoCharge => "no_charge",
        }
    }
}

impl RequestStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Billed, Self::PartlyBilled, Self::Unbilled, Self::NoCharge];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Billed => "billed",
            Self::PartlyBilled => "partly_billed",
            Self::Unbilled => "unbilled",
            Self::NoCharge => "no_charge",
        }
    }

    /// From its stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

impl UsageSource {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Reported, Self::Partial, Self::Estimated, Self::None];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Partial => "partial",
            Self::Estimated => "estimated",
            Self::None => "none",
        }
    }

    /// From its stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == name)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason() {
            Some(reason) => write!(f, "{} ({reason})", self.status().as_str()),
            None => f.write_str(self.status().as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_survives_its_stored_pair() {
        for verdict in Verdict::all() {
            assert_eq!(
                Verdict::from_parts(verdict.status().as_str(), verdict.reason()),
                Ok(verdict)
            );
        }
        assert!(Verdict::from_parts("billed", Some("rejected")).is_err());
    }

    #[test]
    fn a_request_is_partly_billed_only_when_both_kinds_occur() {
        let (billed, free) = (Verdict::Billed, Verdict::NoCharge(NoChargeReason::Rejected));
        let lost = Verdict::Unbilled(UnbilledReason::UsageMissing);
        assert_eq!(request_status([free, billed]), RequestStatus::Billed);
        assert_eq!(request_status([lost, billed]), RequestStatus::PartlyBilled);
        assert_eq!(request_status([lost, free]), RequestStatus::Unbilled);
        assert_eq!(request_status([free]), RequestStatus::NoCharge);
        assert_eq!(request_status([]), RequestStatus::NoCharge);
    }
}
