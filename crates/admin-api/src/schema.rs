//! OpenAPI schemas of values that the domain defines: decimal strings and closed sets of names.

use std::borrow::Cow;

use billing_core::{CandidateOutcome, NearMiss};
use tollgate_domain::ports::{JobOutcome, JobPhase, StatsBy};
use tollgate_domain::{
    ActorOrigin, AdminRole, AttentionKind, BillBy, EntryKind, ErrorOrigin, Fallback, HoldReason, HoldState,
    Interval, Meter, NoChargeReason, OnUnpriced, OutcomeKind, PriceRule, PriceSource, Protocol,
    ReleaseOrigin, ReleaseState, ReportedCostPolicy, RequestStatus, RoutingResult, RunTrigger, StatusClass,
    UnbilledReason, UsageSource, ZeroReason,
};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::export::ExportFormat;
use crate::problem::ProblemType;

/// The currency of every amount.
pub(crate) const CURRENCY: &str = "USD";

/// Types that only name a schema, for `value_type`.
macro_rules! schemas {
    ($($(#[$doc:meta])* $ident:ident as $name:literal = $schema:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) enum $ident {}

        impl PartialSchema for $ident {
            fn schema() -> RefOr<Schema> {
                $schema.into()
            }
        }

        impl ToSchema for $ident {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }
        }
    )*};
}

schemas! {
    /// An amount.
    UsdSchema as "Usd" = decimal("An exact amount in USD as a decimal string, at most 12 decimals", r"^-?[0-9]+(\.[0-9]{1,12})?$", "0.0025");
    /// A rate.
    RateSchema as "UsdPerMillion" = decimal("A price in USD per million units as a decimal string, at most 12 decimals", r"^[0-9]+(\.[0-9]{1,12})?$", "2.5");
    /// A price of a single unit.
    UnitRateSchema as "UsdPerUnit" = decimal("A price in USD per single unit as a decimal string, at most 18 decimals", r"^[0-9]+(\.[0-9]{1,18})?$", "0.04");
    /// What a guarded change is about.
    ChangeSubjectSchema as "ChangeSubject" = names("What a change moves", ["rate", "input_multiplier", "output_multiplier", "price"]);
    /// Why a change is guarded.
    ChangeReasonSchema as "ChangeReason" = names(
        "Why a change needs a confirmation: it moves by more than the guard's factor, becomes zero, or nothing is left",
        ["factor", "free", "no_price"],
    );
    /// How two names differ.
    NearMissSchema as "NearMiss" = names("In what a name differs from one that has a price", NearMiss::ALL.map(NearMiss::as_str));
    /// Where a listed price comes from.
    CatalogSourceSchema as "CatalogSource" = names("Where a price comes from: the synced catalog or a manual override", ["litellm", "manual"]);
    /// What came of looking for a price.
    CandidateOutcomeSchema as "CandidateOutcome" = names("What came of looking at a place for a price", CANDIDATE_OUTCOMES.iter().map(|(_, name)| *name));
    /// What happens without a price.
    OnUnpricedSchema as "OnUnpriced" = names("What happens to requests that nothing prices", OnUnpriced::ALL.map(OnUnpriced::as_str));
    /// A multiplier.
    MultiplierSchema as "Multiplier" = decimal("A factor from 0 to 100 as a decimal string, at most 6 decimals", r"^[0-9]{1,3}(\.[0-9]{1,6})?$", "0.85");
    /// Which problem.
    ProblemTypeSchema as "ProblemType" = names("Which problem; stable, for programs to branch on", ProblemType::ALL.iter().map(|kind| kind.uri()));
    /// An instant.
    TimestampSchema as "Timestamp" = timestamp();
    /// What somebody may do.
    AdminRoleSchema as "AdminRole" = names("What somebody may do: everything, prices and reading, reading", AdminRole::ALL.map(AdminRole::as_str));
    /// How somebody came in.
    ActorOriginSchema as "ActorOrigin" = names("How somebody came in: with a token, with a session, or the gateway itself", ActorOrigin::ALL.map(ActorOrigin::as_str));
    /// The currency.
    CurrencySchema as "Currency" = names("The currency of every amount", [CURRENCY]);
    /// A wire protocol.
    ProtocolSchema as "Protocol" = names("A wire protocol", Protocol::ALL.map(Protocol::as_str));
    /// Which name is billed.
    BillBySchema as "BillBy" = names("Which name sets the price: the one in the response, or the one sent", [BillBy::Served, BillBy::Sent].map(BillBy::as_str));
    /// Whether a provider's figure may become the bill.
    ReportedCostSchema as "ReportedCostPolicy" = names(
        "Whether the provider's own cost figure may become the bill: never, where no price is known, or always",
        [ReportedCostPolicy::Never, ReportedCostPolicy::Fallback, ReportedCostPolicy::Always].map(ReportedCostPolicy::as_str),
    );
    /// A request's status.
    RequestStatusSchema as "RequestStatus" = names("A request's billing status over its attempts", RequestStatus::ALL.map(RequestStatus::as_str));
    /// An attempt's status.
    BillingStatusSchema as "BillingStatus" = names("An attempt's billing status", ["billed", "unbilled", "no_charge"]);
    /// Why an attempt is unbilled.
    UnbilledReasonSchema as "UnbilledReason" = names("Why an attempt that may have cost money has no amount", UnbilledReason::ALL.map(UnbilledReason::as_str));
    /// Why an attempt is unbilled or free.
    ReasonSchema as "Reason" = names(
        "Why an attempt is unbilled, or known to be free",
        UnbilledReason::ALL.map(UnbilledReason::as_str).into_iter().chain(NoChargeReason::ALL.map(NoChargeReason::as_str)),
    );
    /// Whose error it was.
    ErrorOriginSchema as "ErrorOrigin" = names("Whose error it was", [ErrorOrigin::Client, ErrorOrigin::Upstream, ErrorOrigin::Gateway].map(ErrorOrigin::as_str));
    /// What the first digit of a status says.
    StatusClassSchema as "StatusClass" = names("A class of HTTP statuses; `none` where the end was never seen", StatusClass::ALL.map(StatusClass::as_str));
    /// Order of request logs.
    LogSortSchema as "LogSort" = names("An order of request logs", ["time_desc", "time_asc", "cost_desc", "cost_asc"]);
    /// Form of an export.
    ExportFormatSchema as "ExportFormat" = names("The form of an export: comma-separated values, or JSON Lines", ExportFormat::ALL.map(ExportFormat::as_str));
    /// Why an upstream was chosen.
    ChosenSchema as "Chosen" = names("Why an upstream was tried", ["first_choice", "failover"]);
    /// What came of an upstream.
    RoutingResultSchema as "RoutingResult" = names("What came of an upstream that a request could have gone to", RoutingResult::ALL.map(RoutingResult::as_str));
    /// What statistics are grouped by.
    StatsBySchema as "StatsBy" = names("What statistics are grouped by", StatsBy::ALL.map(StatsBy::as_str));
    /// A speed.
    TokensPerSecondSchema as "TokensPerSecond" = decimal("Output tokens a second as a decimal string", r"^[0-9]+\.[0-9]{3}$", "41.250");
    /// A share.
    ShareSchema as "Share" = decimal("A share from 0 to 1 as a decimal string", r"^[01]\.[0-9]{6}$", "0.812500");
    /// How an attempt ended.
    OutcomeSchema as "OutcomeKind" = names("How an attempt ended", OutcomeKind::ALL.map(OutcomeKind::as_str));
    /// How usage was learnt.
    UsageSourceSchema as "UsageSource" = names("How the usage was learnt", UsageSource::ALL.map(UsageSource::as_str));
    /// Where a price came from.
    PriceSourceSchema as "PriceSource" = names("Where a price came from", [PriceSource::Override, PriceSource::Litellm, PriceSource::ProviderReported].map(PriceSource::as_str));
    /// Which rule won.
    PriceRuleSchema as "PriceRule" = names(
        "Which kind of rule set the price, strongest first",
        [PriceRule::UpstreamOverride, PriceRule::GlobalOverride, PriceRule::SyncedCard, PriceRule::ProviderReported].map(PriceRule::as_str),
    );
    /// Which name matched.
    NameRoleSchema as "NameRole" = names("Which of the request's names the price was found by", ["served", "sent"]);
    /// In which form.
    NameFormSchema as "NameForm" = names("In which form the name matched", ["prefixed", "plain", "alias"]);
    /// Why a cost is zero.
    ZeroReasonSchema as "ZeroReason" = names("Why a billed cost is exactly zero", [ZeroReason::FreeModel, ZeroReason::FreeMultiplier, ZeroReason::BelowResolution].map(ZeroReason::as_str));
    /// Kind of a ledger row.
    EntryKindSchema as "EntryKind" = names("Kind of a ledger row", [EntryKind::Usage, EntryKind::Adjustment].map(EntryKind::as_str));
    /// What is counted.
    MeterSchema as "Meter" = names("What is counted", Meter::ALL.iter().map(|meter| meter.as_str()));
    /// Its unit.
    UnitSchema as "Unit" = names("What one count of a meter is", ["token", "image", "pixel", "second", "character", "page", "call"]);
    /// Its side.
    SideSchema as "Side" = names("Which upstream multiplier applies", ["input", "output"]);
    /// A rate taken from elsewhere.
    FallbackSchema as "Fallback" = names("Where a rate was taken from, if not from the meter's own place on the card", Fallback::ALL.iter().map(|fallback| fallback.as_str()));
    /// Origin of a release.
    ReleaseOriginSchema as "ReleaseOrigin" = names("How the price catalog's release came to be", [ReleaseOrigin::Bundled, ReleaseOrigin::Synced].map(ReleaseOrigin::as_str));
    /// Source of synced prices.
    PriceMapSourceSchema as "PriceMapSource" = names("Where synced prices come from", ["litellm"]);
    /// State of a release.
    ReleaseStateSchema as "ReleaseState" = names("What came of a run of the price sync", ReleaseState::ALL.iter().map(|state| state.as_str()));
    /// What set a run off.
    RunTriggerSchema as "RunTrigger" = names("What set a run of the price sync off", RunTrigger::ALL.iter().map(|trigger| trigger.as_str()));
    /// Why a price is held.
    HoldReasonSchema as "HoldReason" = names("Why a model's new price was not put in force by itself", HoldReason::ALL.iter().map(|reason| reason.as_str()));
    /// What became of a held price.
    HoldStateSchema as "HoldState" = names("What became of a held price", HoldState::ALL.iter().map(|state| state.as_str()));
    /// How a model changed.
    ModelChangeSchema as "ModelChange" = names("How a release changes a model", ["added", "changed", "removed", "returned", "let_go"]);
    /// What a job is doing.
    JobPhaseSchema as "JobPhase" = names("What a background job is doing", JobPhase::ALL.map(JobPhase::as_str));
    /// How a run of a job ended.
    JobOutcomeSchema as "JobOutcome" = names("How a run of a background job ended", JobOutcome::ALL.map(JobOutcome::as_str));
    /// Where a setting comes from.
    SettingSourceSchema as "SettingSource" = names("Where a setting's value comes from", ["default", "file", "environment"]);
    /// What a guess rests on.
    EstimateBasisSchema as "EstimateBasis" = names(
        "What an amount that is not on the bill rests on: the ledger itself, the price the model has by now, near misses of its name, its family, the models of the same upstream, the days of the last 30 on which an attempt there cost the least and the most, or the traffic of the last 30 days priced both ways",
        ["known", "current_price", "suggestions", "model_family", "upstream_models", "similar_attempts", "recent_traffic"],
    );
    /// Why there is no guess.
    EstimateReasonSchema as "EstimateReason" = names(
        "Why nothing can be said about an amount: the usage is not known, no comparable model has a price, or nothing was recorded",
        ["usage_unknown", "no_comparable_price", "not_recorded"],
    );
    /// Length of the points of a chart.
    IntervalSchema as "Interval" = names("How long the points of a chart are, on the clocks of a zone", Interval::ALL.map(Interval::as_str));
    /// What sums are told apart by.
    SumGroupSchema as "SumGroup" = names("What sums are told apart by", ["upstream", "key", "team", "model"]);
    /// Kind of a thing in the queue.
    AttentionKindSchema as "AttentionKind" = names("Why something wants attention", AttentionKind::ALL.map(AttentionKind::as_str));
    /// Health.
    HealthSchema as "Health" = names("Whether everything works", ["ready", "degraded"]);
}

const CANDIDATE_OUTCOMES: [(CandidateOutcome, &str); 5] = [
    (CandidateOutcome::Won, "won"),
    (CandidateOutcome::Outranked, "outranked"),
    (CandidateOutcome::Unusable, "unusable"),
    (CandidateOutcome::NoPrice, "no_price"),
    (CandidateOutcome::NoAlias, "no_alias"),
];

fn decimal(description: &str, pattern: &str, example: &str) -> Schema {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .pattern(Some(pattern))
        .examples([example])
        .into()
}

fn timestamp() -> Schema {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .description(Some(
            "An instant, RFC 3339 in UTC, at most 6 decimals of a second",
        ))
        .examples(["2026-11-05T08:00:00Z"])
        .into()
}

fn names<N: Into<String>>(description: &str, names: impl IntoIterator<Item = N>) -> Schema {
    let names: Vec<String> = names.into_iter().map(Into::into).collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .examples(names.first().cloned())
        .enum_values(Some(names))
        .into()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tollgate_domain::{NameForm, NameRole, Side, Unit};

    use super::*;

    fn documented<T: PartialSchema>() -> Vec<Value> {
        let schema = serde_json::to_value(T::schema()).unwrap();
        schema["enum"].as_array().unwrap().clone()
    }

    #[test]
    fn names_without_a_list_in_the_domain_are_those_it_writes() {
        for (outcome, name) in CANDIDATE_OUTCOMES {
            assert_eq!(json!(outcome), name);
        }
        let units = [
            Unit::Token,
            Unit::Image,
            Unit::Pixel,
            Unit::Second,
            Unit::Character,
            Unit::Page,
            Unit::Call,
        ];
        assert_eq!(documented::<UnitSchema>(), units.map(|unit| json!(unit)));
        assert_eq!(
            documented::<SideSchema>(),
            [Side::Input, Side::Output].map(|side| json!(side))
        );
        let forms = [NameForm::Prefixed, NameForm::Plain, NameForm::Alias];
        assert_eq!(documented::<NameFormSchema>(), forms.map(|form| json!(form)));
        let roles = [NameRole::Served, NameRole::Sent];
        assert_eq!(documented::<NameRoleSchema>(), roles.map(|role| json!(role)));
    }
}
