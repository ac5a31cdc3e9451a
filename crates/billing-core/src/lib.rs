#![doc = include_str!("../README.md")]

mod card_builder;
mod charge;
mod component;
mod cost;
mod error;
mod fallbacks;
mod modifiers;
mod rates;
mod receipt;
mod reported;
mod request;
mod totals;
mod usage;

pub use card_builder::{CardBuilder, CardError};
pub use charge::{Charge, explain_usage, price};
pub use cost::{Cost, cost};
pub use error::PriceError;
pub use reported::price_reported;
pub use request::Request;
pub use usage::usage_from_response;

pub use tollgate_catalog::{
    Alias, AppliedMultipliers, CandidateOutcome, CandidateReport, CatalogError, Explanation, NearMiss,
    NearNames, PriceBook, PricedName, PricingContext, Resolved, Suggester, Suggestion, Unresolved, Winner,
    explain, resolve,
};
pub use tollgate_domain::{
    Amounts, BillBy, CardId, CardRate, ChargeLine, Count, Fallback, FixedZone, HourSpan, MediaFormat, Meter,
    ModelMultipliers, ModelName, MoneyError, Multiplier, NameForm, NameRole, PriceAlias, PriceBookData,
    PriceOverride, PriceRule, PriceSource, PriceVersion, PriceWindow, PricedModel, Pricing, Protocol,
    ProviderName, RateCard, RateCardError, SearchUnit, ServiceTier, Side, Timestamp, Unit, UpstreamId,
    UpstreamMultipliers, Usage, UsageError, UsageSource, Usd, UsdPerMillion, ZeroReason, component_amount,
};
#[cfg(feature = "estimate")]
pub use tollgate_metering::Estimator;
pub use tollgate_metering::{
    BodyKind, ContentCoding, GeneratedText, IncludeUsage, MeterSpec, PeekError, Progress, PromptText,
    Reading, RequestPeek, ResponseMeter, Splice, UsageEventFilter, audio_seconds, peek_request, prompt_text,
    rewrite, with_include_usage, with_model,
};
