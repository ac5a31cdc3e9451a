//! Which card wins.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_catalog::{
    CandidateOutcome, PriceBook, PricingContext, Resolved, Unresolved, explain, parse_map, resolve,
};
use tollgate_domain::{
    AliasId, BillBy, CardRate, Meter, ModelName, Multiplier, NameForm, NameRole, OverrideId, PriceAlias,
    PriceBookData, PriceOverride, PriceRule, PriceVersion, ProviderName, RateCard, ReleaseId, ReleaseOrigin,
    ServiceTier, Timestamp, UpstreamId, UpstreamMultipliers,
};
use uuid::Uuid;

const HERE: u128 = 1;
const ELSEWHERE: u128 = 2;

/// A book in the making; each rate tells where it came from.
struct Book(PriceBookData);

impl Book {
    /// A synced catalog of `names`, the first at 1 USD per million, the second at 2 …
    fn of(names: &[&str]) -> Self {
        let rows: Vec<String> = names
            .iter()
            .enumerate()
            .map(|(at, name)| format!("\"{name}\": {{\"input_cost_per_token\": {}e-06}}", at + 1))
            .collect();
        let map = parse_map(&format!("{{{}}}", rows.join(","))).unwrap();
        let release = map.into_release(ReleaseId::new(Uuid::nil()), ReleaseOrigin::Synced, "test");
        Self(PriceBookData {
            version: PriceVersion::new(1),
            created_at: Timestamp::UNIX_EPOCH,
            release_id: Some(release.id),
            models: release.models,
            cards: release.cards,
            overrides: Vec::new(),
            aliases: Vec::new(),
            multipliers: vec![UpstreamMultipliers {
                upstream_id: UpstreamId::new(Uuid::from_u128(HERE)),
                input: "0.5".parse().unwrap(),
                output: "0.25".parse().unwrap(),
                allow_free: false,
                by_model: Vec::new(),
            }],
        })
    }

    fn price(mut self, model: &str, upstream: Option<u128>, usd: &str) -> Self {
        let rate = CardRate::flat(Meter::Input, usd.parse().unwrap());
        self.0.overrides.push(PriceOverride {
            id: OverrideId::new(Uuid::from_u128(100 - self.0.overrides.len() as u128)),
            model: ModelName::new(model),
            upstream_id: upstream.map(|id| UpstreamId::new(Uuid::from_u128(id))),
            card: Arc::new(RateCard::try_new(vec![rate], BTreeMap::new()).unwrap()),
            apply_multipliers: upstream.is_none(),
            note: None,
            author: "test".to_owned(),
        });
        self
    }

    fn alias(mut self, alias: &str, target: &str, upstream: Option<u128>) -> Self {
        self.0.aliases.push(PriceAlias {
            id: AliasId::new(Uuid::from_u128(self.0.aliases.len() as u128)),
            alias: ModelName::new(alias),
            target: ModelName::new(target),
            upstream_id: upstream.map(|id| UpstreamId::new(Uuid::from_u128(id))),
            note: None,
            author: "test".to_owned(),
        });
        self
    }

    fn build(self) -> PriceBook {
        PriceBook::build(self.0).unwrap()
    }
}

/// A request to provider `p` at the first upstream.
struct Ask {
    provider: ProviderName,
    served: Option<ModelName>,
    sent: Option<ModelName>,
    bill_by: BillBy,
    tier: ServiceTier,
    modifiers: Vec<String>,
}

fn ask(served: &str, sent: &str) -> Ask {
    let name = |name: &str| Some(name).filter(|name| !name.is_empty()).map(ModelName::new);
    Ask {
        provider: ProviderName::new("p"),
        served: name(served),
        sent: name(sent),
        bill_by: BillBy::Served,
        tier: ServiceTier::Standard,
        modifiers: Vec::new(),
    }
}

impl Ask {
    fn context(&self) -> PricingContext<'_> {
        PricingContext {
            upstream_id: UpstreamId::new(Uuid::from_u128(HERE)),
            provider: &self.provider,
            model_served: self.served.as_ref(),
            model_sent: self.sent.as_ref(),
            bill_by: self.bill_by,
            tier: &self.tier,
            context_tokens: 0,
            at: Timestamp::UNIX_EPOCH,
            format: None,
            modifiers: &self.modifiers,
            upstream_modifiers: &[],
        }
    }

    /// Rate, rule, role and form of the winner; `explain` must agree.
    fn wins<'b>(&self, book: &'b PriceBook) -> (String, PriceRule, NameRole, NameForm) {
        let resolved: Resolved<'b> = resolve(book, &self.context()).unwrap();
        let explanation = explain(book, &self.context());
        let won: Vec<_> = explanation
            .candidates
            .iter()
            .filter(|candidate| candidate.outcome == CandidateOutcome::Won)
            .collect();
        assert_eq!(won.len(), 1);
        assert_eq!(won[0].card_id, Some(resolved.card_id));
        assert_eq!(won[0].name, resolved.priced_as.as_str());
        assert_eq!(explanation.winner.unwrap().rule, resolved.rule);
        let rate = resolved
            .card
            .rate(Meter::Input, &ServiceTier::Standard, None)
            .unwrap();
        (
            rate.to_string(),
            resolved.rule,
            resolved.name_role,
            resolved.name_form,
        )
    }
}

#[test]
fn an_override_on_either_name_beats_any_synced_card() {
    let book = Book::of(&["p/served", "served"]).price("sent", None, "9").build();
    let won = ask("served", "sent").wins(&book);
    assert_eq!(
        won,
        (
            "9".to_owned(),
            PriceRule::GlobalOverride,
            NameRole::Sent,
            NameForm::Plain
        )
    );
}

#[test]
fn an_override_for_the_upstream_beats_a_global_one_and_another_upstreams_is_not_seen() {
    let book = Book::of(&["m"])
        .price("m", None, "7")
        .price("m", Some(HERE), "8")
        .build();
    assert_eq!(ask("m", "m").wins(&book).1, PriceRule::UpstreamOverride);
    let book = Book::of(&["m"])
        .price("m", None, "7")
        .price("m", Some(ELSEWHERE), "8")
        .build();
    assert_eq!(ask("m", "m").wins(&book).1, PriceRule::GlobalOverride);
}

#[test]
fn names_go_served_then_sent_and_forms_prefixed_plain_alias() {
    let order = [
        "p/served",
        "served",
        "target-of-served",
        "p/sent",
        "sent",
        "target-of-sent",
    ];
    let expected = [
        (NameRole::Served, NameForm::Prefixed),
        (NameRole::Served, NameForm::Plain),
        (NameRole::Served, NameForm::Alias),
        (NameRole::Sent, NameForm::Prefixed),
        (NameRole::Sent, NameForm::Plain),
        (NameRole::Sent, NameForm::Alias),
    ];
    for (at, (role, form)) in expected.into_iter().enumerate() {
        let book = Book::of(&order[at..])
            .alias("served", "target-of-served", None)
            .alias("sent", "target-of-sent", None)
            .build();
        let won = ask("served", "sent").wins(&book);
        assert_eq!(
            won,
            ("1".to_owned(), PriceRule::SyncedCard, role, form),
            "from {}",
            order[at]
        );
    }
}

#[test]
fn the_upstreams_alias_goes_before_the_global_one() {
    let book = Book::of(&["a", "b"])
        .alias("m", "a", None)
        .alias("m", "b", Some(HERE))
        .build();
    assert_eq!(ask("m", "").wins(&book).0, "2");
    let book = Book::of(&["a", "b"])
        .alias("m", "a", None)
        .alias("m", "b", Some(ELSEWHERE))
        .build();
    assert_eq!(ask("m", "").wins(&book).0, "1");
}

#[test]
fn an_alias_leads_to_an_override_too() {
    let book = Book::of(&["a"])
        .alias("m", "a", None)
        .price("a", None, "5")
        .build();
    let won = ask("m", "").wins(&book);
    assert_eq!(
        won,
        (
            "5".to_owned(),
            PriceRule::GlobalOverride,
            NameRole::Served,
            NameForm::Alias
        )
    );
}

#[test]
fn billing_by_the_sent_name_skips_the_served_one() {
    let book = Book::of(&["served", "sent"]).build();
    let sent = Ask {
        bill_by: BillBy::Sent,
        ..ask("served", "sent")
    };
    assert_eq!(
        (sent.wins(&book).0, ask("served", "sent").wins(&book).0),
        ("2".to_owned(), "1".to_owned())
    );
    let nothing = Ask {
        bill_by: BillBy::Sent,
        ..ask("served", "")
    };
    assert_eq!(
        resolve(&book, &nothing.context()).unwrap_err(),
        Unresolved::ModelMissing
    );
}

#[test]
fn a_name_with_slashes_and_a_provider_with_slashes_are_found() {
    let book = Book::of(&["p/q/m", "q/m"]).build();
    assert_eq!(ask("q/m", "").wins(&book).0, "1");
    let regional = Ask {
        provider: ProviderName::new("p/q"),
        ..ask("m", "")
    };
    assert_eq!(regional.wins(&book).0, "1");
}

#[test]
fn nothing_is_guessed_from_a_near_miss() {
    let book = Book::of(&["gpt-4o", "p/gpt-4o"]).build();
    for near in ["GPT-4o", "gpt-4o-2024-08-06", "gpt-4", " gpt-4o", "x/gpt-4o"] {
        let error = resolve(&book, &ask(near, "").context()).unwrap_err();
        assert_eq!(error.to_string(), format!("no price for p/{near}, {near}"));
        let explanation = explain(&book, &ask(near, "").context());
        assert_eq!(
            (explanation.winner, explanation.problem),
            (None, Some(error.to_string()))
        );
    }
}

#[test]
fn a_tier_the_card_does_not_know_is_not_guessed_and_no_weaker_card_steps_in() {
    let book = Book::of(&["m"]).price("m", None, "7").build();
    let priority = Ask {
        tier: ServiceTier::Priority,
        ..ask("m", "m")
    };
    let error = resolve(&book, &priority.context()).unwrap_err();
    assert_eq!(error.to_string(), "m has no prices for service tier priority");
    let outcomes: Vec<_> = explain(&book, &priority.context())
        .candidates
        .into_iter()
        .filter(|candidate| candidate.card_id.is_some())
        .map(|candidate| (candidate.rule, candidate.outcome))
        .collect();
    let expected = [
        (PriceRule::GlobalOverride, CandidateOutcome::Unusable),
        (PriceRule::SyncedCard, CandidateOutcome::Outranked),
    ];
    assert_eq!(outcomes, expected);
}

#[test]
fn a_modifier_the_synced_card_lacks_is_not_guessed_but_an_override_stands() {
    let fast = Ask {
        modifiers: vec!["fast".to_owned()],
        ..ask("m", "")
    };
    let error = resolve(&Book::of(&["m"]).build(), &fast.context()).unwrap_err();
    assert_eq!(error.to_string(), "m has no factor for price modifier fast");
    let book = Book::of(&["m"]).price("m", None, "7").build();
    assert_eq!(fast.wins(&book).0, "7");
}

#[test]
fn multipliers_apply_to_synced_cards_and_global_overrides_only() {
    let input = |book: &PriceBook| resolve(book, &ask("m", "").context()).unwrap().multipliers.input;
    let half: Multiplier = "0.5".parse().unwrap();
    assert_eq!(input(&Book::of(&["m"]).build()), half);
    assert_eq!(input(&Book::of(&["m"]).price("m", None, "7").build()), half);
    let mut upstream = Book::of(&["m"]).price("m", Some(HERE), "7");
    assert_eq!(
        input(&PriceBook::build(upstream.0.clone()).unwrap()),
        Multiplier::ONE
    );
    upstream.0.overrides[0].apply_multipliers = true;
    assert_eq!(input(&upstream.build()), half);
}

#[test]
fn of_two_overrides_for_one_name_the_later_made_stands_whatever_the_order() {
    // The fixture numbers overrides downwards, so the first given is the later made.
    let book = Book::of(&["m"])
        .price("m", None, "7")
        .price("m", None, "8")
        .build();
    assert_eq!(ask("m", "").wins(&book).0, "7");
}

#[test]
fn the_explanation_lists_every_place_in_order() {
    let book = Book::of(&["p/m", "m"]).build();
    let explanation = explain(&book, &ask("m", "").context());
    let synced: Vec<(String, CandidateOutcome)> = explanation
        .candidates
        .into_iter()
        .filter(|candidate| candidate.rule == PriceRule::SyncedCard)
        .map(|candidate| (candidate.name, candidate.outcome))
        .collect();
    let expected = [
        ("p/m".to_owned(), CandidateOutcome::Won),
        ("m".to_owned(), CandidateOutcome::Outranked),
        ("m".to_owned(), CandidateOutcome::NoAlias),
        ("m".to_owned(), CandidateOutcome::NoAlias),
    ];
    assert_eq!(synced, expected);
}
