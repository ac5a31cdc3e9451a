//! What resolution says of sizes, hours, patterns and the upstream's own modifiers.

use std::collections::BTreeMap;

use tollgate_catalog::{CandidateOutcome, PriceBook, PricingContext, Unresolved, explain, resolve};
use tollgate_domain::{
    BillBy, MediaFormat, Meter, ModelMultipliers, ModelName, NameForm, PriceRule, ProviderName, RateCard,
    ServiceTier, UpstreamId, UpstreamMultipliers,
};

const MAP: &str = r#"{
    "p/hd/1024-x-1792/m": {"output_cost_per_image": 0.08},
    "1024-x-1792/m": {"output_cost_per_image": 0.07},
    "m": {"output_cost_per_image": 0.04},
    "night": {"input_cost_per_token": 2e-06,
              "off_peak_pricing": {"input_cost_per_token": 1e-06, "hours_utc": "16:30-00:30"}}
}"#;

struct Ask {
    provider: ProviderName,
    model: ModelName,
    format: Option<MediaFormat>,
    at: &'static str,
    upstream_modifiers: Vec<String>,
}

fn ask(model: &str) -> Ask {
    Ask {
        provider: ProviderName::new("p"),
        model: ModelName::new(model),
        format: None,
        at: "2026-11-05T12:00:00Z",
        upstream_modifiers: Vec::new(),
    }
}

fn format(size: &str, quality: &str) -> MediaFormat {
    let size = Some(size.into());
    let quality = Some(quality).filter(|quality| !quality.is_empty());
    MediaFormat {
        size,
        quality: quality.map(Into::into),
    }
}

impl Ask {
    fn context(&self) -> PricingContext<'_> {
        PricingContext {
            upstream_id: UpstreamId::NONE,
            provider: &self.provider,
            model_served: Some(&self.model),
            model_sent: None,
            bill_by: BillBy::Served,
            tier: &ServiceTier::Standard,
            context_tokens: 0,
            at: self.at.parse().unwrap(),
            format: self.format.as_ref(),
            modifiers: &[],
            upstream_modifiers: &self.upstream_modifiers,
        }
    }
}

#[test]
fn sized_names_are_tried_within_each_form_and_the_losers_are_named() {
    let book = PriceBook::from_litellm_json(MAP).unwrap();
    let asked = Ask {
        format: Some(format("1024x1792", "hd")),
        ..ask("m")
    };
    let explanation = explain(&book, &asked.context());
    let synced: Vec<(String, CandidateOutcome)> = explanation
        .candidates
        .into_iter()
        .filter(|candidate| candidate.rule == PriceRule::SyncedCard && candidate.name_form != NameForm::Alias)
        .map(|candidate| (candidate.name, candidate.outcome))
        .collect();
    let expected = [
        ("p/hd/1024-x-1792/m", CandidateOutcome::Won),
        ("p/1024-x-1792/m", CandidateOutcome::NoPrice),
        ("p/m", CandidateOutcome::NoPrice),
        ("hd/1024-x-1792/m", CandidateOutcome::NoPrice),
        ("1024-x-1792/m", CandidateOutcome::Outranked),
        ("m", CandidateOutcome::Outranked),
    ];
    assert_eq!(synced, expected.map(|(name, outcome)| (name.to_owned(), outcome)));
}

#[test]
fn an_override_stands_above_a_synced_name_with_the_size() {
    let card = RateCard::try_new(
        vec![tollgate_domain::CardRate::flat(
            Meter::ImagesOut,
            "1".parse().unwrap(),
        )],
        BTreeMap::new(),
    );
    let book = PriceBook::from_litellm_json(MAP)
        .unwrap()
        .with_override("m", card.unwrap());
    let asked = Ask {
        format: Some(format("1024x1792", "hd")),
        ..ask("m")
    };
    assert_eq!(
        resolve(&book, &asked.context()).unwrap().rule,
        PriceRule::GlobalOverride
    );
}

#[test]
fn an_alias_leads_to_a_name_with_the_size() {
    let book = PriceBook::from_litellm_json(MAP)
        .unwrap()
        .with_alias("painter", "m");
    let asked = Ask {
        format: Some(format("1024-x-1792", "")),
        ..ask("painter")
    };
    let context = asked.context();
    let resolved = resolve(&book, &context).unwrap();
    assert_eq!(
        (resolved.priced_as.as_str(), resolved.name_form),
        ("1024-x-1792/m", NameForm::Alias)
    );
}

#[test]
fn what_was_tried_for_a_name_without_a_price_includes_the_sizes() {
    let book = PriceBook::from_litellm_json(MAP).unwrap();
    let asked = Ask {
        format: Some(format("1024x1024", "hd")),
        ..ask("x")
    };
    let Err(Unresolved::NoPrice { names }) = resolve(&book, &asked.context()) else {
        unreachable!("there is no such model");
    };
    assert_eq!(
        names,
        "p/hd/1024-x-1024/x, p/1024-x-1024/x, p/x, hd/1024-x-1024/x, 1024-x-1024/x, x"
    );
}

#[test]
fn the_explanation_names_the_window_that_was_open() {
    let book = PriceBook::from_litellm_json(MAP).unwrap();
    let window = |at| {
        let asked = Ask { at, ..ask("night") };
        explain(&book, &asked.context()).winner.unwrap().window
    };
    assert_eq!(window("2026-11-05T16:30:00Z").as_deref(), Some("16:30-00:30 UTC"));
    assert_eq!(window("2026-11-05T12:00:00Z"), None);
}

#[test]
fn a_modifier_of_the_upstream_never_leaves_a_request_unpriced() {
    let book = PriceBook::from_litellm_json(MAP).unwrap();
    let asked = Ask {
        upstream_modifiers: vec!["regional_processing_eu".to_owned()],
        ..ask("m")
    };
    assert!(resolve(&book, &asked.context()).is_ok());
}

#[test]
fn the_explanation_names_the_pattern_of_the_multipliers() {
    let narrowed = ModelMultipliers {
        pattern: ModelName::new("m*"),
        input: "0.5".parse().unwrap(),
        output: "0.25".parse().unwrap(),
        allow_free: false,
    };
    let multipliers = UpstreamMultipliers {
        by_model: vec![narrowed],
        ..UpstreamMultipliers::ones(UpstreamId::NONE)
    };
    let book = PriceBook::from_litellm_json(MAP)
        .unwrap()
        .with_multipliers(multipliers);
    let asked = ask("m");
    let winner = explain(&book, &asked.context()).winner.unwrap();
    assert_eq!(winner.multiplier_pattern, Some(ModelName::new("m*")));
    assert_eq!(
        (
            winner.input_multiplier.to_string(),
            winner.output_multiplier.to_string()
        ),
        ("0.5".to_owned(), "0.25".to_owned())
    );
    let night = ask("night");
    assert_eq!(
        explain(&book, &night.context())
            .winner
            .unwrap()
            .multiplier_pattern,
        None
    );
}
