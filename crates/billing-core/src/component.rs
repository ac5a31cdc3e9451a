//! One meter's part of a bill.

use std::sync::LazyLock;

use tollgate_catalog::{PriceBook, PricingContext, Resolved, resolve};
use tollgate_domain::{
    BillBy, ChargeLine, Count, Fallback, MediaFormat, Meter, ModelName, Multiplier, SearchUnit, ServiceTier,
    Side, Unit, Usage, Usd, component_amount,
};

use crate::PriceError;
use crate::modifiers::Modifiers;
use crate::rates::{Rate, Rates};

/// All that prices a request, resolved once; its parts are computed without allocating.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bill<'a> {
    book: &'a PriceBook,
    pub(crate) resolved: Resolved<'a>,
    context: PricingContext<'a>,
    rates: Rates<'a>,
    modifiers: Modifiers<'a>,
}

/// What one meter counted, at its rate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Component<'a> {
    pub(crate) meter: Meter,
    pub(crate) count: Count,
    /// How many units are charged.
    pub(crate) charged: Count,
    pub(crate) rate: Rate<'a>,
    pub(crate) multiplier: Multiplier,
    pub(crate) list_cost: Usd,
    pub(crate) cost: Usd,
}

impl<'a> Bill<'a> {
    pub(crate) fn new(
        book: &'a PriceBook,
        context: &PricingContext<'a>,
        usage: &Usage,
    ) -> Result<Self, PriceError> {
        let resolved = resolve(book, &naming(context, usage))?;
        Ok(Self {
            book,
            resolved,
            context: *context,
            rates: Rates::new(&resolved, context, usage),
            modifiers: Modifiers::of(&resolved, context)?,
        })
    }

    /// Prices one meter.
    ///
    /// # Errors
    /// [`PriceError::NotFound`] without a rate, [`PriceError::Calculation`] past the exact range.
    pub(crate) fn component(&self, meter: Meter, count: Count) -> Result<Component<'a>, PriceError> {
        let own = self.rates.rate(meter).or_else(|| self.rate_of_tool(meter));
        let rate = own.ok_or_else(|| self.no_rate(meter, count))?;
        let (rate, charged) = self.charged(rate, meter, count)?;
        let multiplier = match meter.side() {
            Side::Input => self.resolved.multipliers.input,
            Side::Output => self.resolved.multipliers.output,
        };
        let modifiers = self.modifiers_of(meter);
        let price = rate.usd_per_million;
        let list_cost = component_amount(price, charged, modifiers.factors())?;
        let cost = if multiplier == Multiplier::ONE {
            list_cost
        } else {
            modifiers.with(multiplier, |factors| component_amount(price, charged, factors))?
        };
        Ok(Component {
            meter,
            count,
            charged,
            rate,
            multiplier,
            list_cost,
            cost,
        })
    }

    /// The provider's own price for a hosted tool, whatever the model. A container that code runs in is listed like a
    /// model; its operator's override stands before the map's price, as everywhere.
    fn rate_of_tool(&self, meter: Meter) -> Option<Rate<'a>> {
        static CONTAINER: LazyLock<ModelName> = LazyLock::new(|| ModelName::new("container"));
        if meter != Meter::CodeInterpreter {
            return None;
        }
        let context = PricingContext {
            model_served: None,
            model_sent: Some(&CONTAINER),
            bill_by: BillBy::Sent,
            tier: &ServiceTier::Standard,
            format: None,
            modifiers: &[],
            ..self.context
        };
        let resolved = resolve(self.book, &context).ok()?;
        let mut rate = Rates::new(&resolved, &context, &Usage::new()).rate(meter)?;
        rate.fallbacks = rate.fallbacks.and(true, Fallback::ToolPriceOfProvider);
        Some(rate)
    }

    /// The part as a line of the receipt.
    pub(crate) fn line(&self, part: &Component<'_>) -> ChargeLine {
        ChargeLine {
            meter: part.meter,
            count: part.count.get(),
            billed_count: (part.charged != part.count).then_some(part.charged.get()),
            size: part.rate.size.map(Into::into),
            usd_per_million: part.rate.usd_per_million,
            multiplier: part.multiplier,
            modifiers: self.modifiers_of(part.meter).listed(),
            list_cost: part.list_cost,
            cost: part.cost,
            fallbacks: part.rate.fallbacks.as_slice().to_vec(),
        }
    }

    /// Modifiers are factors on token rates.
    fn modifiers_of(&self, meter: Meter) -> &Modifiers<'a> {
        match meter.unit() {
            Unit::Token => &self.modifiers,
            _ => &Modifiers::NONE,
        }
    }

    /// How many units are charged for a count.
    fn charged(
        &self,
        mut rate: Rate<'a>,
        meter: Meter,
        count: Count,
    ) -> Result<(Rate<'a>, Count), PriceError> {
        if meter == Meter::ImagesOut && rate.meter == Meter::PixelsOut {
            return Ok((rate, self.pixels(count)?));
        }
        if count.get() > 1 && self.is_once_per_prompt(meter, rate.meter) {
            rate.fallbacks = rate.fallbacks.and(true, Fallback::OncePerPrompt);
            return Ok((rate, Count::ONE));
        }
        let free = self.resolved.card.free_units(meter).min(count.get());
        rate.fallbacks = rate.fallbacks.and(free > 0, Fallback::FreeUnits);
        Ok((rate, count.less(free)))
    }

    /// Whether a grounded answer is charged once, as most models are. A card with a rate for each query says so by it.
    fn is_once_per_prompt(&self, meter: Meter, rate_of: Meter) -> bool {
        let grounding = matches!(meter, Meter::GroundingQueries | Meter::MapsGrounding);
        grounding
            && match self.resolved.card.search_unit() {
                Some(unit) => unit == SearchUnit::PerPrompt,
                None => rate_of != Meter::GroundingQueries,
            }
    }

    fn pixels(&self, images: Count) -> Result<Count, PriceError> {
        let format = self.context.format;
        let Some((width, height)) = format.and_then(MediaFormat::pixels) else {
            let model = self.resolved.priced_as;
            let size = self.size_in_words();
            return Err(PriceError::NotFound {
                detail: format!(
                    "{model} has no rate for images_out ({images} counted): it prices pixels, and {size}"
                ),
            });
        };
        let pixels = images
            .get()
            .checked_mul(u64::from(width) * u64::from(height))
            .and_then(|pixels| Count::try_new(pixels).ok());
        pixels.ok_or_else(|| PriceError::Calculation {
            detail: format!("{images} images of {width} x {height} pixels are too many to count"),
        })
    }

    fn no_rate(&self, meter: Meter, count: Count) -> PriceError {
        let model = self.resolved.priced_as;
        let mut detail = format!("{model} has no rate for {meter} ({count} counted)");
        if self.rates.is_sized(meter) {
            detail.push_str(": it prices sizes, and ");
            detail.push_str(&self.size_in_words());
        }
        PriceError::NotFound { detail }
    }

    fn size_in_words(&self) -> String {
        let size = self.context.format.and_then(|format| format.size.as_deref());
        size.map_or_else(
            || "the size is not known".to_owned(),
            |size| format!("not {size:?}"),
        )
    }
}

/// The context by which a card is found. Names that carry a size are for images counted whole: an answer that counts
/// tokens is priced by the model's own card.
pub(crate) fn naming<'a>(context: &PricingContext<'a>, usage: &Usage) -> PricingContext<'a> {
    let counts_images = usage.get(Meter::ImagesOut).get() > 0;
    PricingContext {
        format: context.format.filter(|_| counts_images),
        ..*context
    }
}
