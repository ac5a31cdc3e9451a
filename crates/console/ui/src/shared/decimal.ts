import Big from 'big.js';

/** A decimal as the API writes it: never a float. */
export type Decimal = string;

const PLAIN = /^-?\d+(\.\d+)?$/;

/** Reads what a person typed: spaces around, a leading dollar sign and thousands separators are forgiven. */
export function parseDecimal(text: string): Decimal | null {
  const bare = text.trim().replace(/^\$\s*/, '').replace(/[\s,_](?=\d{3}(\D|$))/g, '');
  const padded = bare.startsWith('.') ? `0${bare}` : bare;
  return PLAIN.test(padded) ? normal(padded) : null;
}

/** Without needless zeros. */
function normal(text: string): Decimal {
  return new Big(text).toFixed();
}

export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  return new Big(a).cmp(new Big(b));
}

export function isZero(value: Decimal): boolean {
  return new Big(value).eq(0);
}

export function sum(values: readonly Decimal[]): Decimal {
  return values.reduce((total, value) => total.plus(value), new Big(0)).toFixed();
}

export function difference(a: Decimal, b: Decimal): Decimal {
  return new Big(a).minus(b).toFixed();
}

export function product(a: Decimal, b: Decimal): Decimal {
  return new Big(a).times(b).toFixed();
}

/** `part` of `whole` in percent with one digit; nothing where there is no whole. */
export function percent(part: Decimal, whole: Decimal): string | null {
  if (isZero(whole)) return null;
  return new Big(part).times(100).div(whole).toFixed(1);
}

/** For drawing only: a chart's height may be a float, a sum may not. */
export function forDrawing(value: Decimal): number {
  return Number(value);
}

/** By how many percent `now` is above `before`, signed and with one digit; nothing where there was nothing before. */
export function changePercent(now: Decimal, before: Decimal): string | null {
  if (isZero(before)) return null;
  const change = new Big(now).minus(before).times(100).div(before).toFixed(1);
  return change.startsWith('-') ? change : `+${change}`;
}

/** `after` as a multiple of `before`, with at most two digits; nothing where one of them is zero. */
export function multiple(after: Decimal, before: Decimal): Decimal | null {
  if (isZero(before) || isZero(after)) return null;
  return new Big(new Big(after).div(before).toFixed(2)).toFixed();
}

/** A share between 0 and 1 in percent with one digit. */
export function shareText(share: Decimal): string {
  return new Big(share).times(100).toFixed(1);
}
