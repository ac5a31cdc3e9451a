//! The shape of a golden case. Each one names its source and writes its arithmetic out for people to follow.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use billing_core::{
    BillBy, ChargeLine, MediaFormat, ModelMultipliers, ModelName, Multiplier, PriceAlias, PriceBook,
    PriceBookData, PriceOverride, PriceVersion, ProviderName, RateCard, ServiceTier, UpstreamId,
    UpstreamMultipliers,
};
use serde::Deserialize;
use tollgate_catalog::parse_map;
use tollgate_domain::{AliasId, OverrideId, PricedModel, Timestamp};
use uuid::Uuid;

static BUNDLED: LazyLock<PriceBook> = LazyLock::new(|| PriceBook::bundled().unwrap());

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) name: String,
    /// Who says that this is the price or the rule.
    source: String,
    /// The sum on paper.
    arithmetic: String,
    /// LiteLLM JSON; without it the shipped snapshot.
    map: Option<String>,
    #[serde(default = "provider")]
    provider: String,
    served: Option<String>,
    sent: Option<String>,
    #[serde(default)]
    pub(super) bill_by: BillBy,
    #[serde(default)]
    tier: String,
    /// When it was dispatched; by default on a Wednesday at 02:00 UTC, when no window of the snapshot is open.
    at: Option<String>,
    pub(super) format: Option<MediaFormat>,
    #[serde(default)]
    pub(super) modifiers: Vec<String>,
    #[serde(default)]
    pub(super) upstream_modifiers: Vec<String>,
    pub(super) usage: BTreeMap<String, u64>,
    multipliers: Option<Multipliers>,
    #[serde(default)]
    overrides: Vec<Override>,
    #[serde(default)]
    aliases: BTreeMap<String, String>,
    pub(super) expect: Expected,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Multipliers {
    input: Multiplier,
    output: Multiplier,
    #[serde(default)]
    allow_free: bool,
    #[serde(default)]
    by_model: Vec<ModelMultipliers>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Override {
    model: String,
    /// For the upstream of the case; else global.
    #[serde(default)]
    upstream: bool,
    /// `meter -> USD per million`, standard tier.
    rates: BTreeMap<String, String>,
    apply_multipliers: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    pub(super) cost: Option<String>,
    /// Where it differs from `cost`.
    pub(super) list_cost: Option<String>,
    pub(super) zero_reason: Option<String>,
    pub(super) rule: Option<String>,
    pub(super) priced_as: Option<String>,
    pub(super) band: Option<u64>,
    pub(super) window: Option<String>,
    pub(super) pattern: Option<String>,
    /// All lines in canonical order; may be left out where there are no fallbacks.
    #[serde(default)]
    pub(super) lines: Vec<ExpectedLine>,
    pub(super) error: Option<String>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedLine {
    meter: String,
    rate: String,
    cost: String,
    billed: Option<u64>,
    size: Option<String>,
    #[serde(default)]
    modifiers: Vec<String>,
    #[serde(default)]
    fallbacks: Vec<String>,
}

pub(super) struct Names {
    pub(super) provider: ProviderName,
    pub(super) served: Option<ModelName>,
    pub(super) sent: Option<ModelName>,
    pub(super) tier: ServiceTier,
}

pub(super) fn read(path: &Path) -> Vec<Case> {
    let file: File = toml::from_str(&fs::read_to_string(path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for case in &file.case {
        assert!(
            !case.source.is_empty() && !case.arithmetic.is_empty(),
            "{}",
            case.name
        );
    }
    file.case
}

pub(super) fn upstream() -> UpstreamId {
    UpstreamId::new(Uuid::from_u128(1))
}

fn provider() -> String {
    "openai".to_owned()
}

impl Case {
    pub(super) fn names(&self) -> Names {
        Names {
            provider: ProviderName::new(self.provider.as_str()),
            served: self.served.as_deref().map(ModelName::new),
            sent: self.sent.as_deref().map(ModelName::new),
            tier: ServiceTier::from_name(&self.tier),
        }
    }

    pub(super) fn at(&self) -> Timestamp {
        let at = self.at.as_deref().unwrap_or("2026-11-04T02:00:00Z");
        at.parse().unwrap()
    }

    pub(super) fn book(&self) -> PriceBook {
        let multipliers = self.multipliers.as_ref().map(|set| UpstreamMultipliers {
            upstream_id: upstream(),
            input: set.input,
            output: set.output,
            allow_free: set.allow_free,
            by_model: set.by_model.clone(),
        });
        let Some(map) = &self.map else {
            assert!(
                self.overrides.is_empty() && self.aliases.is_empty(),
                "{}",
                self.name
            );
            let book = BUNDLED.clone();
            return multipliers.into_iter().fold(book, PriceBook::with_multipliers);
        };
        let (mut models, mut cards) = (Vec::new(), Vec::new());
        for model in parse_map(map).unwrap().models {
            let card = model.card.unwrap();
            models.push(PricedModel {
                name: model.name,
                card_id: card.id(),
                provider: model.provider,
                mode: model.mode,
                stale: false,
                limits: tollgate_domain::ModelLimits::default(),
            });
            cards.push(card);
        }
        PriceBook::build(PriceBookData {
            version: PriceVersion::new(1),
            created_at: Timestamp::UNIX_EPOCH,
            release_id: None,
            models,
            cards,
            overrides: self.overrides.iter().map(Override::stored).collect(),
            aliases: self
                .aliases
                .iter()
                .map(|(alias, target)| stored_alias(alias, target))
                .collect(),
            multipliers: multipliers.into_iter().collect(),
        })
        .unwrap()
    }
}

impl Override {
    fn stored(&self) -> PriceOverride {
        let rate = |(meter, usd): (&String, &String)| {
            billing_core::CardRate::flat(meter.parse().unwrap(), usd.parse().unwrap())
        };
        let rates = self.rates.iter().map(rate);
        let card = RateCard::try_new(rates.collect(), BTreeMap::new()).unwrap();
        PriceOverride {
            id: OverrideId::new(Uuid::nil()),
            model: ModelName::new(self.model.as_str()),
            upstream_id: self.upstream.then(upstream),
            card: Arc::new(card),
            apply_multipliers: self.apply_multipliers.unwrap_or(!self.upstream),
            note: None,
            author: "golden".to_owned(),
        }
    }
}

fn stored_alias(alias: &str, target: &str) -> PriceAlias {
    PriceAlias {
        id: AliasId::new(Uuid::nil()),
        alias: ModelName::new(alias),
        target: ModelName::new(target),
        upstream_id: None,
        note: None,
        author: "golden".to_owned(),
    }
}

impl ExpectedLine {
    pub(super) fn of(line: &ChargeLine) -> Self {
        let fallbacks = line.fallbacks.iter().map(|fallback| {
            let name = serde_json::to_value(fallback).unwrap();
            name.as_str().unwrap().to_owned()
        });
        Self {
            meter: line.meter.to_string(),
            rate: line.usd_per_million.to_string(),
            cost: line.cost.to_string(),
            billed: line.billed_count,
            size: line.size.as_deref().map(str::to_owned),
            modifiers: line
                .modifiers
                .iter()
                .map(|(name, factor)| format!("{name} x {factor}"))
                .collect(),
            fallbacks: fallbacks.collect(),
        }
    }

    /// Whether a case has to write it out: a rate from elsewhere, another count, a size.
    pub(super) fn is_unusual(&self) -> bool {
        !self.fallbacks.is_empty() || self.billed.is_some() || self.size.is_some()
    }
}
