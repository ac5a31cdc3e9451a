import type { Schemas } from '@/api/client';

import type { CardLike } from './cardLines';
import { METER_UNITS, UNITS, type Meter, type Unit } from './meters';
import { FIELDS, NO_RATES, RATE_NAMES, rateOf, ratesOf, textsOf, type RateName, type RateTexts } from './rates';

type Band = Schemas['PriceBand'];
type Further = Schemas['FurtherRate'];

/** Rates that hold above so many input tokens, as they are typed. */
export interface BandTexts extends RateTexts {
  id: string;
  above: string;
}

/** Rates of a service tier. */
export interface TierTexts extends RateTexts {
  id: string;
  tier: string;
}

/** A rate of any other meter, or of a tier, size or band that the parts above do not reach. */
export interface FurtherTexts {
  id: string;
  meter: Meter | '';
  tier: string;
  size: string;
  above: string;
  price: string;
}

export interface ModifierTexts {
  id: string;
  name: string;
  factor: string;
}

/** What a card may have beyond its flat rates, as it stands in a form. */
export interface CardDraft {
  bands: BandTexts[];
  tiers: TierTexts[];
  further: FurtherTexts[];
  modifiers: ModifierTexts[];
}

export const PARTS = ['bands', 'tiers', 'further', 'modifiers'] as const satisfies readonly (keyof CardDraft)[];
export const NO_DRAFT: CardDraft = { bands: [], tiers: [], further: [], modifiers: [] };

let rows = 0;
/** Tells rows of a form apart while they come and go. */
const rowId = () => `row${(rows += 1)}`;

export const newBand = (): BandTexts => ({ id: rowId(), above: '', ...NO_RATES });
export const newTier = (tier = ''): TierTexts => ({ id: rowId(), tier, ...NO_RATES });
export const newFurther = (): FurtherTexts => ({ id: rowId(), meter: '', tier: '', size: '', above: '', price: '' });
export const newModifier = (): ModifierTexts => ({ id: rowId(), name: '', factor: '' });

export function isEmptyDraft(draft: CardDraft): boolean {
  return PARTS.every((part) => draft[part].length === 0);
}

/** The unit a row is priced by. */
export function unitOf(meter: Meter | ''): Unit {
  return meter === '' ? 'mtok' : METER_UNITS[meter];
}

/** What stands in the form for a card. */
export function draftOf(card: CardLike): CardDraft {
  const tiers: TierTexts[] = [];
  const further: FurtherTexts[] = [];
  for (const rate of card.rates) {
    const name = ofTier(rate);
    if (name === null) {
      further.push(furtherOf(rate));
      continue;
    }
    let tier = tiers.find((row) => row.tier === rate.tier);
    if (!tier) tiers.push((tier = newTier(rate.tier ?? '')));
    tier[name] = rate.usd_per_mtok ?? '';
  }
  return {
    bands: card.bands.map((band) => ({ id: rowId(), above: String(band.above_tokens), ...textsOf(band) })),
    tiers,
    further,
    modifiers: Object.entries(card.modifiers).map(([name, factor]) => ({ id: rowId(), name, factor })),
  };
}

/** The field of a tier's row that a rate stands in; nothing for one that is further than that. */
function ofTier(rate: Further): RateName | null {
  if (!rate.tier || rate.size !== undefined || rate.above_tokens !== undefined) return null;
  return RATE_NAMES.find((name) => name === rate.meter) ?? null;
}

function furtherOf(rate: Further): FurtherTexts {
  const unit = UNITS.find((name) => rate[`usd_per_${name}`] !== undefined);
  return {
    id: rowId(),
    meter: rate.meter,
    tier: rate.tier ?? '',
    size: rate.size ?? '',
    above: rate.above_tokens === undefined ? '' : String(rate.above_tokens),
    price: (unit && rate[`usd_per_${unit}`]) ?? '',
  };
}

/** A whole number as it is typed, thousands apart or not. */
export function tokensOf(text: string): number | null {
  const bare = text.replace(/[\s,_]/g, '');
  return /^\d{1,15}$/.test(bare) ? Number(bare) : null;
}

export interface CardBody {
  bands: Band[];
  rates: Further[];
  modifiers: Record<string, string>;
}

/** As the API takes it. Of what is not acceptable something is left out: look for mistakes first. */
export function bodyOf(draft: CardDraft): CardBody {
  return {
    bands: draft.bands.map((band) => ({ above_tokens: tokensOf(band.above) ?? 0, ...given(band) })),
    rates: ratePlaces(draft).map(({ rate }) => rate),
    modifiers: Object.fromEntries(draft.modifiers.map(({ name, factor }) => [name.trim(), rateOf(factor) ?? factor.trim()])),
  };
}

/** The rates that are typed, without the empty ones: an empty one is not priced. */
function given(texts: RateTexts): Partial<Record<(typeof FIELDS)[RateName], string>> {
  return Object.fromEntries(Object.entries(ratesOf(texts)).filter(([, value]) => value !== null));
}

/** Each further rate of the API, and the field of the form it stands in. */
function ratePlaces(draft: CardDraft): { rate: Further; row: string; price: string }[] {
  const ofTiers = draft.tiers.flatMap((tier, index) =>
    RATE_NAMES.flatMap((name) => {
      const value = rateOf(tier[name]);
      if (value === null) return [];
      const rate: Further = { meter: name, tier: tier.tier.trim(), usd_per_mtok: value };
      return [{ rate, row: `tiers.${index}`, price: `tiers.${index}.${name}` }];
    }),
  );
  const others = draft.further.flatMap((row, index) => {
    if (row.meter === '') return [];
    const above = tokensOf(row.above);
    const rate: Further = {
      meter: row.meter,
      ...(row.tier.trim() === '' ? {} : { tier: row.tier.trim() }),
      ...(row.size.trim() === '' ? {} : { size: row.size.trim() }),
      ...(above === null ? {} : { above_tokens: above }),
      [`usd_per_${unitOf(row.meter)}`]: rateOf(row.price) ?? '',
    };
    return [{ rate, row: `further.${index}`, price: `further.${index}.price` }];
  });
  return [...ofTiers, ...others];
}

/** Where in the form the field stands that the gateway names (`bands[0].above_tokens`); nothing for any other. */
export function placeOf(field: string, draft: CardDraft): string | null {
  const named = /^(bands|rates)\[(\d+)\](?:\.(\w+))?$/.exec(field);
  if (named) {
    const [, part, index = '0', name] = named;
    const rate = RATE_NAMES.find((one) => FIELDS[one] === name);
    if (part === 'bands') return `bands.${index}.${rate ?? 'above'}`;
    const place = ratePlaces(draft)[Number(index)];
    if (!place) return null;
    const own: Record<string, string> = { meter: 'meter', tier: 'tier', size: 'size', above_tokens: 'above' };
    const inRow = name === undefined ? undefined : own[name];
    return inRow === undefined ? place.price : `${place.row}.${inRow}`;
  }
  const modifier = /^modifiers\.(.+)$/.exec(field)?.[1];
  const index = draft.modifiers.findIndex(({ name }) => name.trim() === modifier);
  return modifier === undefined || index < 0 ? null : `modifiers.${index}.factor`;
}
