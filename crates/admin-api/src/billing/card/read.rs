//! From the fields of a request to a rate card; every fault named.

use std::collections::BTreeMap;

use tollgate_domain::{CardRate, Meter, Multiplier, RateCard, ServiceTier, UsdPerMillion};

use super::bounds::{NOTATIONS, Notation, TOKENS};
use super::json::{CardParts, FurtherRate};
use crate::field::{FieldErrors, written_out};

const BANDS_MAX: usize = 20;
const RATES_MAX: usize = 200;
const MODIFIERS_MAX: usize = 50;
const NAME_MAX: usize = 64;
const ABOVE_MAX: u64 = 100_000_000;

/// Makes a card of the fields, or notes what is wrong with each.
pub(in crate::billing) fn read_card(parts: &CardParts, errors: &mut FieldErrors) -> Option<RateCard> {
    let mut reader = Reader {
        errors,
        rates: Vec::new(),
        sound: true,
    };
    for (field, meter, price) in parts.named() {
        reader.token_rate(field, meter, None, price);
    }
    reader.bands(parts);
    reader.further(&parts.rates);
    let modifiers = reader.modifiers(&parts.modifiers);
    let Reader { rates, sound, .. } = reader;
    if !sound {
        return None;
    }
    if rates.is_empty() {
        errors.push(
            "input_usd_per_mtok",
            "no rate is given at all; an override replaces the whole card, so name at least one rate",
        );
        return None;
    }
    errors.keep("rates", RateCard::try_new(rates, modifiers))
}

struct Reader<'e> {
    errors: &'e mut FieldErrors,
    rates: Vec<CardRate>,
    sound: bool,
}

impl Reader<'_> {
    fn refuse(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.errors.push(field, message);
        self.sound = false;
    }

    fn token_rate(&mut self, field: &str, meter: Meter, above_tokens: Option<u64>, price: Option<&String>) {
        let Some(price) = price else { return };
        match TOKENS.read(price) {
            Ok(usd_per_million) => self.rates.push(CardRate {
                above_tokens,
                ..CardRate::flat(meter, usd_per_million)
            }),
            Err(message) => self.refuse(field, message),
        }
    }

    fn bands(&mut self, parts: &CardParts) {
        if parts.bands.len() > BANDS_MAX {
            return self.refuse(
                "bands",
                format!("has {} bands; allowed are 0..={BANDS_MAX}", parts.bands.len()),
            );
        }
        for (index, band) in parts.bands.iter().enumerate() {
            let field = |name: &str| format!("bands[{index}].{name}");
            self.above(&field("above_tokens"), Some(band.above_tokens));
            let before = parts.bands.iter().take(index);
            if before
                .clone()
                .any(|other| other.above_tokens == band.above_tokens)
            {
                self.refuse(
                    field("above_tokens"),
                    format!("{} is there twice", band.above_tokens),
                );
                continue;
            }
            if band.named().iter().all(|(_, _, price)| price.is_none()) {
                self.refuse(format!("bands[{index}]"), "names no rate");
            }
            for (name, meter, price) in band.named() {
                self.token_rate(&field(name), meter, Some(band.above_tokens), price);
            }
        }
    }

    fn further(&mut self, rates: &[FurtherRate]) {
        if rates.len() > RATES_MAX {
            return self.refuse(
                "rates",
                format!("has {} rates; allowed are 0..={RATES_MAX}", rates.len()),
            );
        }
        for (index, rate) in rates.iter().enumerate() {
            if let Some(read) = self.further_rate(&format!("rates[{index}]"), rate) {
                let same = |other: &CardRate| {
                    (other.meter, &other.tier, other.above_tokens, &other.size)
                        == (read.meter, &read.tier, read.above_tokens, &read.size)
                };
                if self.rates.iter().any(same) {
                    self.refuse(
                        format!("rates[{index}]"),
                        "is for a meter, tier, band and size that another field prices already",
                    );
                } else {
                    self.rates.push(read);
                }
            }
        }
    }

    fn further_rate(&mut self, field: &str, rate: &FurtherRate) -> Option<CardRate> {
        let meter = match rate.meter.parse::<Meter>() {
            Ok(meter) => meter,
            Err(message) => {
                let known: Vec<&str> = Meter::ALL.iter().map(|meter| meter.as_str()).collect();
                self.refuse(
                    format!("{field}.meter"),
                    format!("{message}; known are {}", known.join(", ")),
                );
                return None;
            }
        };
        let before = self.sound;
        self.sound = true;
        self.above(&format!("{field}.above_tokens"), rate.above_tokens);
        for (name, text) in [("tier", &rate.tier), ("size", &rate.size)] {
            if let Some(text) = text {
                self.name(&format!("{field}.{name}"), text);
            }
        }
        let price = self.price(field, meter, rate);
        let sound = self.sound;
        self.sound &= before;
        let usd_per_million = price.filter(|_| sound)?;
        Some(CardRate {
            tier: rate
                .tier
                .as_deref()
                .map_or(ServiceTier::Standard, ServiceTier::from_name),
            above_tokens: rate.above_tokens,
            size: rate.size.as_deref().map(Into::into),
            ..CardRate::flat(meter, usd_per_million)
        })
    }

    /// The one price of a further rate, in the notation of its meter's unit.
    fn price(&mut self, field: &str, meter: Meter, rate: &FurtherRate) -> Option<UsdPerMillion> {
        let Some(notation) = Notation::of(meter.unit()) else {
            self.refuse(format!("{field}.meter"), format!("{meter} cannot be priced yet"));
            return None;
        };
        let given = rate
            .prices()
            .into_iter()
            .filter_map(|(name, price)| Some((name, price?)));
        let (mut right, mut wrong) = (None, Vec::new());
        for (name, price) in given {
            if name == notation.suffix {
                right = Some(price);
            } else {
                wrong.push(name);
            }
        }
        for name in &wrong {
            let unit = NOTATIONS.iter().find(|other| other.suffix == *name);
            let unit = unit.map_or(String::new(), |other| format!("{:?}", other.unit).to_lowercase());
            self.refuse(
                format!("{field}.{name}"),
                format!("{meter} is not counted by the {unit}; give {}", notation.suffix),
            );
        }
        let Some(price) = right else {
            if wrong.is_empty() {
                self.refuse(
                    format!("{field}.{}", notation.suffix),
                    format!("the price of {meter} is missing"),
                );
            }
            return None;
        };
        match notation.read(price) {
            Ok(price) => Some(price),
            Err(message) => {
                self.refuse(format!("{field}.{}", notation.suffix), message);
                None
            }
        }
    }

    fn modifiers(&mut self, given: &BTreeMap<String, String>) -> BTreeMap<String, Multiplier> {
        let mut modifiers = BTreeMap::new();
        if given.len() > MODIFIERS_MAX {
            self.refuse(
                "modifiers",
                format!("has {} modifiers; allowed are 0..={MODIFIERS_MAX}", given.len()),
            );
            return modifiers;
        }
        for (name, factor) in given {
            let field = format!("modifiers.{name}");
            self.name(&field, name);
            if let Err(message) = written_out(factor) {
                self.refuse(field, message);
                continue;
            }
            match factor.parse::<Multiplier>() {
                Ok(factor) if factor.is_zero() => {
                    self.refuse(
                        field,
                        "0 would make a dearer service free; allowed is above 0, up to 100",
                    );
                }
                Ok(factor) => drop(modifiers.insert(name.clone(), factor)),
                Err(error) => self.refuse(field, error.to_string()),
            }
        }
        modifiers
    }

    fn above(&mut self, field: &str, above: Option<u64>) {
        if let Some(above) = above.filter(|above| !(1..=ABOVE_MAX).contains(above)) {
            self.refuse(field, format!("{above} is outside 1..={ABOVE_MAX}"));
        }
    }

    fn name(&mut self, field: &str, text: &str) {
        let mut faults = FieldErrors::default();
        faults.text(field, text, NAME_MAX);
        for fault in faults.into_result().err().into_iter().flatten() {
            self.refuse(fault.field, fault.message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::json::PriceBand;
    use super::*;

    fn faults(parts: &CardParts) -> Vec<String> {
        let mut errors = FieldErrors::default();
        assert_eq!(read_card(parts, &mut errors), None);
        let faults = errors.into_result().unwrap_err();
        faults.into_iter().map(|fault| fault.field).collect()
    }

    #[expect(clippy::unnecessary_wraps, reason = "every field of a card is optional")]
    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn full() -> CardParts {
        CardParts {
            input: text("2.5"),
            output: text("10"),
            cache_read: text("0"),
            cache_write_5m: text("3.125"),
            cache_write_1h: text("5"),
            bands: vec![PriceBand {
                above_tokens: 200_000,
                input_usd_per_mtok: text("5"),
                ..PriceBand::default()
            }],
            rates: vec![
                FurtherRate {
                    meter: "output".to_owned(),
                    tier: text("flex"),
                    above_tokens: Some(200_000),
                    usd_per_mtok: text("6"),
                    ..FurtherRate::default()
                },
                FurtherRate {
                    meter: "images_out".to_owned(),
                    size: text("1024x1024"),
                    usd_per_image: text("0.04"),
                    ..FurtherRate::default()
                },
                FurtherRate {
                    meter: "web_search".to_owned(),
                    usd_per_call: text("0.01"),
                    ..FurtherRate::default()
                },
            ],
            modifiers: [("fast".to_owned(), "6".to_owned())].into(),
        }
    }

    #[test]
    fn a_card_survives_its_fields() {
        let mut errors = FieldErrors::default();
        let card = read_card(&full(), &mut errors).unwrap();
        assert_eq!(card.rates().len(), 9);
        assert_eq!(CardParts::of(&card), full());
    }

    #[test]
    fn every_fault_of_a_card_is_named() {
        let nothing = CardParts::default();
        assert_eq!(faults(&nothing), ["input_usd_per_mtok"]);
        let mut parts = full();
        parts.input = text("0.0000025");
        parts.bands.push(PriceBand {
            above_tokens: 0,
            ..PriceBand::default()
        });
        parts.bands.push(parts.bands[0].clone());
        parts.rates.push(FurtherRate {
            meter: "web_search".to_owned(),
            usd_per_call: text("0.02"),
            ..FurtherRate::default()
        });
        parts.rates.push(FurtherRate {
            meter: "images_out".to_owned(),
            usd_per_mtok: text("40"),
            ..FurtherRate::default()
        });
        parts.rates.push(FurtherRate {
            meter: "pages".to_owned(),
            ..FurtherRate::default()
        });
        parts.rates.push(FurtherRate {
            meter: "thoughts".to_owned(),
            tier: text(""),
            ..FurtherRate::default()
        });
        parts.modifiers.insert("slow".to_owned(), "0".to_owned());
        assert_eq!(
            faults(&parts),
            [
                "input_usd_per_mtok",
                "bands[1].above_tokens",
                "bands[1]",
                "bands[2].above_tokens",
                "rates[3]",
                "rates[4].usd_per_mtok",
                "rates[5].usd_per_page",
                "rates[6].meter",
                "modifiers.slow",
            ]
        );
    }

    #[test]
    fn lists_have_an_upper_end() {
        let mut parts = full();
        parts.bands = (1..=21)
            .map(|above_tokens| PriceBand {
                above_tokens,
                input_usd_per_mtok: text("1"),
                ..PriceBand::default()
            })
            .collect();
        parts.rates = vec![FurtherRate::default(); 201];
        parts.modifiers = (0..51).map(|n| (format!("m{n}"), "1".to_owned())).collect();
        assert_eq!(faults(&parts), ["bands", "rates", "modifiers"]);
    }
}
