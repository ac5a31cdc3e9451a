//! The guard: which new prices are put in force by themselves, and which wait for a person.

use tollgate_domain::{
    CardDiff, HoldReason, ModifierChange, Multiplier, RateCard, RateChange, TermChange, Unit, UsdPerMillion,
};

/// A change by this factor or more, either way, is taken for a mix-up of per token, per thousand and per million: it
/// leaves room for a real price change by three on top of a factor of a thousand.
const UNIT_JUMP: i128 = 300;
/// No provider charges more than this many USD for a million tokens (10 cents for one).
const HIGHEST_TOKEN_RATE: i128 = 100_000;
const MICRO: i128 = 1_000_000;
const PICO: i128 = 1_000_000_000_000;
/// A card has some thirty rates at most; a sentence does not.
const SHOWN: usize = 4;

/// The guard's bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuardRules {
    /// By how much a rate of a model in use may change, up or down, without being held.
    pub factor: Multiplier,
    /// A map with fewer priced models than this percentage of the catalog's is held whole.
    pub min_models_percent: u8,
    /// More models gone than this percentage of the catalog's raise an alarm.
    pub alarm_gone_percent: u8,
}

impl Default for GuardRules {
    /// A factor of 3, half of the models, 5 %.
    fn default() -> Self {
        Self {
            factor: Multiplier::try_from_micro(3_000_000).unwrap_or_default(),
            min_models_percent: 50,
            alarm_gone_percent: 5,
        }
    }
}

/// Whether a model's new card has to wait for a person, and why. `in_use` says that the model was seen in traffic
/// lately; `before` is `None` for a model that has no price yet.
///
/// ```
/// use tollgate_catalog::{GuardRules, inspect};
/// use tollgate_domain::{HoldReason, RateCard};
///
/// let card = |usd: &str| {
///     serde_json::from_str::<RateCard>(&format!(
///         r#"{{"rates": [{{"meter": "input", "usd_per_million": "{usd}"}}]}}"#
///     ))
/// };
/// let fault = inspect(Some(&card("2.5")?), &card("2500")?, false, GuardRules::default()).unwrap();
/// assert_eq!(fault.0, HoldReason::UnitJump);
/// assert_eq!(fault.1, "input: 2.5 -> 2500 USD per million tokens (x1000)");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn inspect(
    before: Option<&RateCard>,
    after: &RateCard,
    in_use: bool,
    rules: GuardRules,
) -> Option<(HoldReason, String)> {
    let diff = CardDiff::between(before, Some(after));
    let of_rates = diff.rates.iter().filter_map(|change| {
        let reason = of_rate(change, before.is_some(), in_use, rules.factor)?;
        Some((reason, change.to_string()))
    });
    let of_modifiers = diff.modifiers.iter().filter(|_| in_use).filter_map(|change| {
        let reason = of_modifier(change, rules.factor)?;
        Some((reason, change.to_string()))
    });
    let changed = |change: &&TermChange| in_use && change.before.is_some();
    let of_terms = diff.terms.iter().filter(changed);
    let of_terms = of_terms.map(|change| (HoldReason::Terms, change.to_string()));
    let mut faults: Vec<(HoldReason, String)> = of_rates.chain(of_modifiers).chain(of_terms).collect();
    faults.sort_by_key(|(reason, _)| severity(*reason));
    let worst = faults.first()?.0;
    let more = faults.len().saturating_sub(SHOWN);
    let mut text: Vec<String> = faults.into_iter().take(SHOWN).map(|(_, text)| text).collect();
    if more > 0 {
        text.push(format!("and {more} more"));
    }
    Some((worst, text.join("; ")))
}

fn severity(reason: HoldReason) -> u8 {
    match reason {
        HoldReason::Release => 0,
        HoldReason::UnitJump => 1,
        HoldReason::TurnedFree => 2,
        HoldReason::Implausible => 3,
        HoldReason::RateGone => 4,
        HoldReason::Factor => 5,
        HoldReason::TurnedPriced => 6,
        HoldReason::Terms => 7,
    }
}

fn of_rate(change: &RateChange, known: bool, in_use: bool, factor: Multiplier) -> Option<HoldReason> {
    let (old, new) = change.prices();
    let too_high = change.after.as_ref().is_some_and(|rate| {
        rate.meter.unit() == Unit::Token && rate.usd_per_million.pico() > HIGHEST_TOKEN_RATE * PICO
    });
    match (old, new) {
        (Some(old), Some(new)) if old != UsdPerMillion::ZERO && new == UsdPerMillion::ZERO => {
            Some(HoldReason::TurnedFree)
        }
        (Some(old), Some(new)) if old == UsdPerMillion::ZERO => (too_high.then_some(HoldReason::Implausible))
            .or((in_use && new != old).then_some(HoldReason::TurnedPriced)),
        (Some(old), Some(new)) if exceeds(old.pico(), new.pico(), UNIT_JUMP * MICRO, true) => {
            Some(HoldReason::UnitJump)
        }
        (Some(_), Some(_)) if too_high => Some(HoldReason::Implausible),
        (Some(old), Some(new)) => {
            let beyond = exceeds(old.pico(), new.pico(), i128::from(factor.micro()), false);
            (in_use && beyond).then_some(HoldReason::Factor)
        }
        (Some(_), None) => (in_use && known).then_some(HoldReason::RateGone),
        (None, _) => too_high.then_some(HoldReason::Implausible),
    }
}

fn of_modifier(change: &ModifierChange, factor: Multiplier) -> Option<HoldReason> {
    match (change.before, change.after) {
        (Some(old), Some(new)) => {
            let (old, new) = (i128::from(old.micro()), i128::from(new.micro()));
            exceeds(old, new, i128::from(factor.micro()), false).then_some(HoldReason::Factor)
        }
        (Some(_), None) => Some(HoldReason::RateGone),
        (None, _) => None,
    }
}

/// Whether one of two positive numbers is more than `factor` (in millionths) times the other; at least that with
/// `inclusive`. The numbers are below 1e22 and the factor below 1e9, so products fit.
fn exceeds(old: i128, new: i128, factor: i128, inclusive: bool) -> bool {
    let (low, high) = (old.min(new), old.max(new));
    let (bound, scaled) = (low.saturating_mul(factor), high.saturating_mul(MICRO));
    scaled > bound || (inclusive && scaled == bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(rates: &str) -> RateCard {
        serde_json::from_str(&format!("{{\"rates\": [{rates}]}}")).unwrap()
    }

    fn input(usd: &str) -> RateCard {
        card(&format!(
            "{{\"meter\": \"input\", \"usd_per_million\": \"{usd}\"}}"
        ))
    }

    fn verdict(before: &RateCard, after: &RateCard, in_use: bool) -> Option<HoldReason> {
        inspect(Some(before), after, in_use, GuardRules::default()).map(|(reason, _)| reason)
    }

    #[test]
    fn a_change_up_to_the_factor_passes_and_beyond_it_is_held_where_the_model_is_in_use() {
        for (old, new) in [("1", "3"), ("3", "1"), ("1", "1.5"), ("0", "0")] {
            assert_eq!(verdict(&input(old), &input(new), true), None, "{old} -> {new}");
        }
        for (old, new) in [("1", "3.000000000001"), ("3.01", "1"), ("1", "299")] {
            assert_eq!(
                verdict(&input(old), &input(new), true),
                Some(HoldReason::Factor),
                "{old} -> {new}"
            );
            assert_eq!(verdict(&input(old), &input(new), false), None, "{old} -> {new}");
        }
    }

    #[test]
    fn unit_jumps_and_what_turns_free_are_held_without_traffic_too() {
        for (old, new) in [("1", "300"), ("2.5", "2500"), ("2500", "2.5"), ("0.000001", "1")] {
            assert_eq!(
                verdict(&input(old), &input(new), false),
                Some(HoldReason::UnitJump),
                "{old} -> {new}"
            );
        }
        assert_eq!(
            verdict(&input("1"), &input("0"), false),
            Some(HoldReason::TurnedFree)
        );
        assert_eq!(verdict(&input("0"), &input("1"), false), None);
        assert_eq!(
            verdict(&input("0"), &input("1"), true),
            Some(HoldReason::TurnedPriced)
        );
    }

    #[test]
    fn a_rate_given_in_another_unit_is_held_even_on_a_new_model() {
        let rules = GuardRules::default();
        let per_token = inspect(None, &input("2500000"), false, rules).unwrap();
        assert_eq!(per_token.0, HoldReason::Implausible);
        assert_eq!(inspect(None, &input("3200"), true, rules), None);
        let seconds = card(r#"{"meter": "seconds_out", "usd_per_million": "500000"}"#);
        assert_eq!(
            inspect(None, &seconds, true, rules),
            None,
            "half a dollar for a second of video"
        );
        assert_eq!(
            verdict(&input("0"), &input("2500000"), false),
            Some(HoldReason::Implausible)
        );
    }

    #[test]
    fn a_rate_that_vanishes_would_change_what_is_billed() {
        let both = card(
            r#"{"meter": "input", "usd_per_million": "1"}, {"meter": "cache_read", "usd_per_million": "0.1"}"#,
        );
        assert_eq!(verdict(&both, &input("1"), true), Some(HoldReason::RateGone));
        assert_eq!(verdict(&both, &input("1"), false), None);
        assert_eq!(verdict(&input("1"), &both, true), None);
    }

    #[test]
    fn the_detail_names_every_rate_with_its_place() {
        let before = card(
            r#"{"meter": "input", "usd_per_million": "1"},
               {"meter": "input", "tier": "flex", "above_tokens": 200000, "usd_per_million": "2"}"#,
        );
        let after = card(
            r#"{"meter": "input", "usd_per_million": "5"},
               {"meter": "input", "tier": "flex", "above_tokens": 200000, "usd_per_million": "0"}"#,
        );
        let (reason, detail) = inspect(Some(&before), &after, true, GuardRules::default()).unwrap();
        assert_eq!(reason, HoldReason::TurnedFree);
        assert_eq!(
            detail,
            "input (above tokens 200000, tier flex): 2 -> 0 USD per million tokens; \
             input: 1 -> 5 USD per million tokens (x5)"
        );
    }

    #[test]
    fn a_modifier_in_use_is_guarded_like_a_rate() {
        let with = |modifiers: &str| -> RateCard {
            let json = format!(
                r#"{{"rates": [{{"meter": "input", "usd_per_million": "1"}}], "modifiers": {{{modifiers}}}}}"#
            );
            serde_json::from_str(&json).unwrap()
        };
        let (two, six, none) = (with(r#""fast": "2""#), with(r#""fast": "6.1""#), with(""));
        assert_eq!(verdict(&two, &six, true), Some(HoldReason::Factor));
        assert_eq!(verdict(&two, &none, true), Some(HoldReason::RateGone));
        assert_eq!(verdict(&none, &two, true), None);
        assert_eq!(verdict(&two, &six, false), None);
    }
}
