#![doc = include_str!("../README.md")]

mod api_key;
mod attempt;
mod batch;
mod card_diff;
mod card_id;
mod clock;
mod deferred;
mod entry;
mod facts;
mod fallback;
mod ids;
mod key_grants;
mod media;
mod meter;
mod money;
mod names;
mod on_unpriced;
mod price_book;
mod price_release;
mod price_window;
mod pricing;
mod protocol;
mod rate_card;
mod request_log;
mod routing;
mod tier;
mod upstream;
mod usage;
mod verdict;

#[cfg(feature = "gateway")]
mod access;
#[cfg(feature = "gateway")]
mod accounting;
#[cfg(feature = "gateway")]
mod attention;
#[cfg(feature = "gateway")]
mod cache_saving;
#[cfg(feature = "gateway")]
mod percentile;
#[cfg(feature = "gateway")]
pub mod ports;
#[cfg(feature = "gateway")]
mod posting;
#[cfg(feature = "gateway")]
mod rollup;
#[cfg(feature = "gateway")]
mod rollup_extras;
#[cfg(feature = "gateway")]
mod series;
#[cfg(feature = "gateway")]
mod summable;

pub use api_key::{ApiKey, KeyRef, RetiringToken, TokenHash};
pub use attempt::{AttemptContext, AttemptOutcome, CallerRef, OutcomeKind};
pub use batch::{BatchDigest, LedgerBatch};
pub use card_diff::{CardDiff, ModifierChange, RateChange, TermChange};
pub use card_id::CardId;
pub use clock::{Clock, IdSource, Timestamp};
pub use deferred::{DeferredKind, DeferredOperation, DeferredRef, UpstreamObject};
pub use entry::{AdjustmentRef, EntryKind, JournaledEntry, LedgerEntry, TokenTotals};
pub use facts::{EndpointBilling, RequestFacts};
pub use fallback::Fallback;
pub use ids::{
    AdminSessionId, AdminTokenId, AliasId, EventId, JobRunId, JournalId, KeyId, OverrideId, ReleaseId,
    RequestId, UpstreamId,
};
pub use key_grants::KeyGrants;
pub use media::MediaFormat;
pub use meter::{Meter, Side, Unit};
pub use money::{MoneyError, Multiplier, Usd, UsdPerMillion, component_amount};
pub use names::{ModelName, ProviderName};
pub use on_unpriced::OnUnpriced;
pub use price_book::{
    ModelLimits, ModelMode, ModelMultipliers, NewRelease, PriceAlias, PriceBookData, PriceOverride,
    PriceVersion, PricedModel, ReleaseCounts, ReleaseOrigin, UpstreamMultipliers,
};
pub use price_release::{
    CatalogWrite, HeldPrice, HoldCounts, HoldReason, HoldState, NewHold, PriceRelease, ReleaseState,
    RunTrigger, Validators,
};
pub use price_window::{FixedZone, HourSpan, PriceWindow, WindowError};
pub use pricing::{Amounts, ChargeLine, NameForm, NameRole, PriceRule, PriceSource, Pricing, ZeroReason};
pub use protocol::{Dialect, Protocol};
pub use rate_card::{CardRate, RateCard, RateCardError, SearchUnit};
pub use request_log::{ErrorOrigin, RequestLog, StatusClass};
pub use routing::{RoutingCandidate, RoutingDecision, RoutingResult};
pub use tier::ServiceTier;
pub use upstream::{BillBy, ModelRule, ReportedCostPolicy, Upstream, UpstreamRef};
pub use usage::{Count, Usage, UsageError};
pub use verdict::{
    BillingStatus, NoChargeReason, RequestStatus, UnbilledReason, UnknownVerdict, UsageSource, Verdict,
    request_status,
};

#[cfg(feature = "gateway")]
pub use access::{Actor, ActorOrigin, AdminRole};
#[cfg(feature = "gateway")]
pub use accounting::{AccountingPeriod, AccountingZone, UnknownZone};
#[cfg(feature = "gateway")]
pub use attention::{AttentionId, AttentionKind, AttentionSubject, AttentionValues, Concern, concerns};
#[cfg(feature = "gateway")]
pub use cache_saving::cache_saving;
#[cfg(feature = "gateway")]
pub use percentile::percentile;
#[cfg(feature = "gateway")]
pub use posting::{Posting, Standing};
#[cfg(feature = "gateway")]
pub use rollup::{
    AttemptChange, Histogram, LatencyBin, LatencyMetric, RollupKey, RollupSpan, RollupValues,
    collect_latencies, collect_rollups, hour_start, quarter_start,
};
#[cfg(feature = "gateway")]
pub use rollup_extras::{RollupExtras, collect_extras};
#[cfg(feature = "gateway")]
pub use series::{Interval, Piece, pieces, points};
