//! Writes what each field of the shipped price map means to standard output; `cargo xtask codegen` keeps it in
//! `docs/price-fields.md`.

use std::{
    error::Error,
    fmt::Write as _,
    io::{self, Write as _},
};

use tollgate_catalog::{FieldClass, ParsedMap, parse_map, snapshot};
use tollgate_domain::{ServiceTier, Unit};

const HEAD: &str = "\
# What each field of the price map means

Written by `cargo xtask codegen` from the price snapshot that ships with the binary; do not edit. The rules behind it are
in [ADR 0007](adr/0007-litellm-as-single-source.md) and [ADR 0008](adr/0008-card-dimensions.md).
";

fn main() -> Result<(), Box<dyn Error>> {
    let map = parse_map(snapshot::BUNDLED)?;
    let mut text = HEAD.to_owned();
    let cards = map.models.iter().filter(|model| model.card.is_some()).count();
    writeln!(text, "\n{} models, {cards} with a rate card.\n", map.models.len())?;
    rates(&mut text, &map)?;
    others(&mut text, &map)?;
    left_out(&mut text, &map)?;
    io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

fn rates(text: &mut String, map: &ParsedMap) -> Result<(), Box<dyn Error>> {
    text.push_str("## Prices\n\nEach is USD per one unit of its meter. Of image generation models `input_cost_per_image` and `input_cost_per_pixel`\nare the price of what is made (`images_out`, `pixels_out`) where no other is given.\n\n");
    text.push_str(
        "| field | entries | meter | unit | tier | above tokens | size |\n|---|--:|---|---|---|--:|---|\n",
    );
    for (field, place) in map.fields.iter().filter_map(|field| match &field.class {
        FieldClass::Rate(place) => Some((field, place)),
        _ => None,
    }) {
        let tier = match &place.tier {
            ServiceTier::Standard => "",
            tier => tier.as_str(),
        };
        let band = place
            .above_tokens
            .map(|above| above.to_string())
            .unwrap_or_default();
        let size = place.size.as_deref().unwrap_or_default();
        let (meter, unit) = (place.meter, unit(place.meter.unit()));
        writeln!(
            text,
            "| `{}` | {} | {meter} | {unit} | {tier} | {band} | {size} |",
            field.field, field.count
        )?;
    }
    Ok(())
}

fn others(text: &mut String, map: &ParsedMap) -> Result<(), Box<dyn Error>> {
    text.push_str("\n## Other fields that set a price\n\n| field | entries | meaning |\n|---|--:|---|\n");
    for (field, meaning) in map
        .fields
        .iter()
        .filter_map(|field| Some((field, meaning(&field.class)?)))
    {
        writeln!(text, "| `{}` | {} | {meaning} |", field.field, field.count)?;
    }
    Ok(())
}

fn left_out(text: &mut String, map: &ParsedMap) -> Result<(), Box<dyn Error>> {
    text.push_str(
        "\n## Fields that look like prices and are not used\n\n| field | entries | why |\n|---|--:|---|\n",
    );
    for field in &map.fields {
        if let FieldClass::Ignored(reason) = &field.class {
            writeln!(text, "| `{}` | {} | {reason} |", field.field, field.count)?;
        }
    }
    text.push_str("\n## Fields nobody understood\n\nKept aside and listed with each release; the other fields of their models price.\n\n");
    text.push_str("| field | entries |\n|---|--:|\n");
    for (field, count) in &map.unknown_fields {
        writeln!(text, "| `{field}` | {count} |")?;
    }
    for (field, count) in &map.unusable_fields {
        writeln!(text, "| `{field}` (no price in it) | {count} |")?;
    }
    Ok(())
}

fn meaning(class: &FieldClass) -> Option<String> {
    Some(match class {
        FieldClass::Modifier(name) => format!("price modifier `{name}`, a factor on token prices"),
        FieldClass::ProviderSpecific => {
            "price modifiers `fast` and `us`; free images of a request; the rest is no price".to_owned()
        }
        FieldClass::SearchSizes => {
            "meters `web_search_low`, `web_search`, `web_search_high`, a call each".to_owned()
        }
        FieldClass::Table => "bands by context tokens, sizes by number of results".to_owned(),
        FieldClass::OffPeak => "rates that replace the others while a window is open".to_owned(),
        FieldClass::SearchUnit => "whether a grounded answer is charged by the query or once".to_owned(),
        FieldClass::GuardrailUnits => "the `guardrail_` meters, a unit each".to_owned(),
        _ => return None,
    })
}

const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Token => "token",
        Unit::Image => "image",
        Unit::Pixel => "pixel",
        Unit::Second => "second",
        Unit::Character => "character",
        Unit::Page => "page",
        _ => "call",
    }
}
