import { compare, isZero, parseDecimal, type Decimal } from '@/shared/decimal';

import { priceMistake, type PriceMistake } from './meters';

/** The rates of an ordinary text model, in the order of every form and table. */
export const RATE_NAMES = ['input', 'output', 'cache_read', 'cache_write_5m', 'cache_write_1h'] as const;

export type RateName = (typeof RATE_NAMES)[number];
export type RateField = `${RateName}_usd_per_mtok`;

export const FIELDS: Record<RateName, RateField> = {
  input: 'input_usd_per_mtok',
  output: 'output_usd_per_mtok',
  cache_read: 'cache_read_usd_per_mtok',
  cache_write_5m: 'cache_write_5m_usd_per_mtok',
  cache_write_1h: 'cache_write_1h_usd_per_mtok',
};

export type RateTexts = Record<RateName, string>;

export const NO_RATES: RateTexts = { input: '', output: '', cache_read: '', cache_write_5m: '', cache_write_1h: '' };

/** What is wrong with a typed rate per million tokens; nothing with an empty one. */
export function rateMistake(text: string): PriceMistake | null {
  return priceMistake(text, 'mtok');
}

/** A typed rate as the API wants it: a decimal, or nothing. */
export function rateOf(text: string): Decimal | null {
  return text.trim() === '' ? null : parseDecimal(text);
}

/** The rates by the API's names. */
export function ratesOf(texts: RateTexts): Record<RateField, Decimal | null> {
  const entries = RATE_NAMES.map((name) => [FIELDS[name], rateOf(texts[name])] as const);
  return Object.fromEntries(entries) as Record<RateField, Decimal | null>;
}

/** What stands in a form for a card's rates. */
export function textsOf(card: Partial<Record<RateField, string | null>> | null | undefined): RateTexts {
  const entries = RATE_NAMES.map((name) => [name, card?.[FIELDS[name]] ?? ''] as const);
  return Object.fromEntries(entries) as RateTexts;
}

export type MultiplierMistake = 'notANumber' | 'tooPrecise' | 'tooLarge' | 'zero';

/** What is wrong with a typed multiplier: 0 to 100 with up to six decimals, zero only where that was allowed. */
export function multiplierMistake(text: string, allowsFree: boolean): MultiplierMistake | null {
  const value = parseDecimal(text);
  if (value === null || value.startsWith('-')) return 'notANumber';
  if ((value.split('.')[1] ?? '').length > 6) return 'tooPrecise';
  if (compare(value, '100') > 0) return 'tooLarge';
  return isZero(value) && !allowsFree ? 'zero' : null;
}
