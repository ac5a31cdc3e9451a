//! Cards x counts x multipliers against big rationals, through a second reading of the fallback rules.

use std::sync::LazyLock;

use billing_core::{
    BillBy, Charge, Meter, ModelName, Multiplier, PriceBook, PriceError, PricingContext, ProviderName,
    ServiceTier, Side, Unit, UpstreamId, UpstreamMultipliers, Usage, cost, price,
};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};
use proptest::prelude::*;
use tollgate_catalog::{parse_map, snapshot};
use uuid::Uuid;

static BOOK: LazyLock<PriceBook> = LazyLock::new(|| PriceBook::bundled().unwrap());

/// Names and providers of everything that is priced.
static MODELS: LazyLock<Vec<(ModelName, ProviderName)>> = LazyLock::new(|| {
    let models = parse_map(snapshot::BUNDLED).unwrap().models;
    let priced = models.into_iter().filter(|model| model.card.is_some());
    priced
        .map(|model| (model.name, model.provider.unwrap()))
        .collect()
});

fn upstream() -> UpstreamId {
    UpstreamId::new(Uuid::nil())
}

/// An exact amount in 1e-12 USD, rounded half-even.
fn rounded(exact: &BigRational) -> i128 {
    let pico = exact * BigRational::from(BigInt::from(1_000_000_000_000_u64));
    let floor = pico.floor().to_integer();
    let twice = (pico - BigRational::from(floor.clone())) * BigInt::from(2);
    let odd = !(&floor % BigInt::from(2)).is_zero();
    let up = twice > BigRational::one() || (twice.is_one() && odd);
    (floor + BigInt::from(u8::from(up))).to_i128().unwrap()
}

/// A decimal string as a rational.
fn rational(text: &str) -> BigRational {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: BigInt = format!("{whole}{fraction}").parse().unwrap();
    BigRational::new(
        digits,
        BigInt::from(10).pow(u32::try_from(fraction.len()).unwrap()),
    )
}

/// Only meters of the card, so that no fallback is needed beyond tier and band.
fn usage_of(model: &str, counts: &[u64]) -> Usage {
    let card = BOOK.synced_card(model).unwrap();
    let mut usage = Usage::new();
    for (rate, count) in card.rates().iter().zip(counts.iter().cycle()) {
        usage.set(rate.meter, *count).unwrap();
    }
    usage
}

fn charged(
    book: &PriceBook,
    model: &(ModelName, ProviderName),
    tier: &ServiceTier,
    usage: &Usage,
) -> Result<Charge, PriceError> {
    let context = PricingContext {
        upstream_id: upstream(),
        // A provider no catalog name begins with, so that the very entry under test is priced.
        provider: &ProviderName::new("none"),
        model_served: Some(&model.0),
        model_sent: None,
        bill_by: BillBy::Served,
        tier,
        context_tokens: usage.context_tokens(),
        // A Wednesday at 02:00 UTC: no off-peak window of the snapshot is open.
        at: "2026-11-04T02:00:00Z".parse().unwrap(),
        format: None,
        modifiers: &[],
        upstream_modifiers: &[],
    };
    let priced = price(book, &context, usage);
    let without_receipt = cost(book, &context, usage).map(|cost| (cost.amounts, cost.zero_reason));
    let expected = priced.as_ref().map(|charge| (charge.amounts, charge.zero_reason));
    assert_eq!(
        without_receipt.as_ref().map_err(ToString::to_string),
        expected.as_ref().map_err(ToString::to_string)
    );
    priced
}

/// The charge as the rules have it, computed the long way.
fn expected(
    model: &str,
    tier: &ServiceTier,
    usage: &Usage,
    input: Multiplier,
    output: Multiplier,
) -> (i128, i128) {
    let card = BOOK.synced_card(model).unwrap();
    let context = usage.context_tokens();
    let thresholds = card.rates().iter().filter_map(|rate| rate.above_tokens);
    let band = thresholds.filter(|above| context > *above).max();
    let (mut list_cost, mut cost) = (0, 0);
    for (meter, count) in usage.iter() {
        let at = |meter: Meter, tier: &ServiceTier, above: Option<u64>| {
            let mut rates = card.rates().iter();
            let found = rates.find(|rate| {
                let place = (rate.meter, &rate.tier, rate.above_tokens, &rate.size);
                place == (meter, tier, above, &None)
            });
            found.map(|rate| rate.usd_per_million.to_string())
        };
        let standard = ServiceTier::Standard;
        // Reasoning at the output rate is output, wherever it has no rate of that very place.
        let reasons_as_output = meter == Meter::Reasoning
            && at(meter, &standard, None) == at(Meter::Output, &standard, None)
            && at(meter, tier, band).is_none();
        let of = if reasons_as_output { Meter::Output } else { meter };
        let rate = at(of, tier, band)
            .or_else(|| at(of, &standard, band))
            .or_else(|| at(of, tier, None))
            .or_else(|| at(of, &standard, None));
        let once = meter == Meter::MapsGrounding && card.search_unit().is_none();
        let charged = if once {
            1
        } else {
            count.get().saturating_sub(card.free_units(meter))
        };
        let exact = rational(&rate.unwrap()) * BigInt::from(charged) / BigInt::from(1_000_000);
        let multiplier = if meter.side() == Side::Input {
            input
        } else {
            output
        };
        list_cost += rounded(&exact);
        cost += rounded(&(exact * rational(&multiplier.to_string())));
    }
    (list_cost, cost)
}

/// A tier the card names, chosen by a number.
fn tier_of(model: &str, choice: usize) -> ServiceTier {
    let card = BOOK.synced_card(model).unwrap();
    card.rates()[choice % card.rates().len()].tier.clone()
}

/// Whether every meter the usage counts has a place in the standard tier or this one, and no rule beyond tier and
/// band applies.
fn plain(model: &(ModelName, ProviderName), tier: &ServiceTier, usage: &Usage) -> bool {
    let card = BOOK.synced_card(model.0.as_str()).unwrap();
    let thinking = ["dashscope", "qwencloud", "qwen_ai_platform"].contains(&model.1.as_str());
    let placed = usage.iter().all(|(meter, _)| {
        card.rates().iter().any(|rate| {
            let tier_fits = rate.tier == ServiceTier::Standard || rate.tier == *tier;
            rate.meter == meter && rate.above_tokens.is_none() && tier_fits && rate.size.is_none()
        })
    });
    let bands_of = |meter: Meter, tier: &ServiceTier| {
        let of_meter = card.rates().iter().filter(move |rate| rate.meter == meter);
        let of_tier = of_meter.filter(|rate| rate.tier == *tier && rate.size.is_none());
        of_tier.map(|rate| rate.above_tokens).collect::<Vec<_>>()
    };
    // What a batch does not name may cost half of the standard rate.
    let whole = *tier != ServiceTier::Batch
        || usage.iter().all(|(meter, _)| {
            let named = bands_of(meter, tier);
            bands_of(meter, &ServiceTier::Standard)
                .iter()
                .all(|place| named.contains(place))
        });
    placed && whole && !(thinking && usage.get(Meter::Reasoning).get() > 0)
}

#[test]
fn every_card_of_the_snapshot_prices_its_own_meters_exactly() {
    let (input, output) = ("0.333333".parse().unwrap(), "1.25".parse().unwrap());
    let book = BOOK.clone().with_multipliers(UpstreamMultipliers {
        input,
        output,
        ..UpstreamMultipliers::ones(upstream())
    });
    let mut checked = 0;
    for model in MODELS.iter() {
        for (seed, counts) in [[1, 7, 1_003], [131_071, 262_147, 1]].into_iter().enumerate() {
            let name = model.0.as_str();
            let (tier, usage) = (tier_of(name, seed * 7), usage_of(name, &counts));
            if !plain(model, &tier, &usage) {
                continue;
            }
            let charge = charged(&book, model, &tier, &usage).unwrap();
            let amounts = (charge.amounts.list_cost.pico(), charge.amounts.cost.pico());
            assert_eq!(
                amounts,
                expected(name, &tier, &usage, input, output),
                "{name} {tier} {usage:?}"
            );
            assert_eq!(charge.zero_reason.is_some(), amounts.1 == 0, "{name}");
            checked += 1;
        }
    }
    assert!(checked > 8_000, "only {checked} cases were compared");
}

proptest! {
    #[test]
    fn any_card_counts_and_multipliers_equal_the_big_rational_reference(
        choice in any::<prop::sample::Index>(),
        tier in any::<usize>(),
        counts in prop::collection::vec(prop_oneof![0..20_u64, 0..2_000_000_u64, Just(1 << 30)], 1..6),
        micros in [1..100_000_000_i128, 1..2_000_000_i128],
    ) {
        let model = &MODELS[choice.index(MODELS.len())];
        let name = model.0.as_str();
        let [input, output] = micros.map(|micro| Multiplier::try_from_micro(micro).unwrap());
        let (tier, usage) = (tier_of(name, tier), usage_of(name, &counts));
        prop_assume!(plain(model, &tier, &usage));
        let multipliers = UpstreamMultipliers { input, output, ..UpstreamMultipliers::ones(upstream()) };
        let book = BOOK.clone().with_multipliers(multipliers);
        match charged(&book, model, &tier, &usage) {
            Ok(charge) => {
                let amounts = (charge.amounts.list_cost.pico(), charge.amounts.cost.pico());
                prop_assert_eq!(amounts, expected(name, &tier, &usage, input, output));
                let lines: i128 = charge.lines.iter().map(|line| line.cost.pico()).sum();
                prop_assert_eq!(lines, amounts.1);
            }
            Err(PriceError::Calculation { detail }) => {
                let (list_cost, cost) = expected(name, &tier, &usage, input, output);
                prop_assert!(list_cost.max(cost) > billing_core::Usd::ENTRY_MAX.pico(), "{}", detail);
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn any_usage_on_any_card_is_priced_whole_or_not_at_all(
        choice in any::<prop::sample::Index>(),
        counts in prop::collection::vec((prop::sample::select(Meter::ALL), 1..1_000_u64), 0..6),
    ) {
        let model = &MODELS[choice.index(MODELS.len())];
        let mut usage = Usage::new();
        for (meter, count) in counts {
            usage.set(meter, count).unwrap();
        }
        match charged(&BOOK, model, &ServiceTier::Standard, &usage) {
            Ok(charge) => {
                prop_assert_eq!(charge.lines.len(), usage.iter().count());
                prop_assert_eq!(charge.zero_reason.is_some(), charge.amounts.cost.is_zero());
                for line in &charge.lines {
                    prop_assert!(line.modifiers.is_empty());
                    let recorded = matches!(line.meter.unit(), Unit::Token | Unit::Call | Unit::Image | Unit::Second);
                    prop_assert!(line.fallbacks.is_empty() || recorded || charge.pricing.band_above_tokens.is_some());
                }
            }
            Err(PriceError::NotFound { detail }) => {
                let named = usage.iter().any(|(meter, count)| detail.contains(&format!("{meter} ({count} counted)")));
                prop_assert!(named, "{}", detail);
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}
