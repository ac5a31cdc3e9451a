import Big from 'big.js';

import type { Decimal } from './decimal';

/** Every place that shows a figure or a time takes these. */
export interface Locale {
  language: string;
  timeZone: string;
}

/** Groups the whole part by thousands; works on the text, so no digit is lost. */
export function grouped(value: Decimal): string {
  const [whole = '0', fraction] = value.split('.');
  const sign = whole.startsWith('-') ? '-' : '';
  const digits = whole.replace('-', '').replace(/\B(?=(\d{3})+$)/g, ',');
  return sign + digits + (fraction === undefined ? '' : `.${fraction}`);
}

/** Digits an amount under one dollar keeps after its leading zeros. */
const SIGNIFICANT = 3;

/**
 * An amount to read at a glance: cents from one dollar up, three significant digits below. Zero is `$0.00`; what
 * rounds to nothing would lie, so it keeps its digits. The exact value belongs beside it, in the tooltip.
 */
export function shortUsd(value: Decimal): string {
  const big = new Big(value);
  const sign = big.lt(0) ? '-' : '';
  const size = big.abs();
  if (size.eq(0)) return '$0.00';
  if (size.gte(1)) return `${sign}$${grouped(size.toFixed(2))}`;
  const leading = -size.e - 1;
  const places = Math.max(2, leading + SIGNIFICANT);
  const text = size.toFixed(places).replace(/(\.\d\d\d*?)0+$/, '$1');
  return `${sign}$${text}`;
}

/** An amount with all its digits. */
export function exactUsd(value: Decimal): string {
  return value.startsWith('-') ? `-$${grouped(value.slice(1))}` : `$${grouped(value)}`;
}

/** A rate with all its digits and at least two decimals, so that a column lines up. */
export function rateUsd(value: Decimal): string {
  const [whole = '0', fraction = ''] = value.split('.');
  return exactUsd(`${whole}.${fraction.padEnd(2, '0')}`);
}

export function count(value: number, { language }: Locale): string {
  return new Intl.NumberFormat(language).format(value);
}

export function compactCount(value: number, { language }: Locale): string {
  return new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A figure to read at a glance: one decimal below ten. */
export function decimal(value: number, { language }: Locale): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

/** A part of one, in percent. */
export function share(value: number, { language }: Locale): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(value);
}

export function bytes(value: number, { language }: Locale): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const step = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log(value) / Math.log(1000)));
  const unit = units[step] ?? 'byte';
  const options = { style: 'unit', unit, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language, options).format(value / 1000 ** step);
}

/** Something per second, which the API gives as a decimal. */
export function rate(value: Decimal, { language }: Locale): string {
  const big = new Big(value);
  const shown = Number(big.toFixed(big.gte(100) ? 0 : 1));
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(shown);
}

/** A duration given in microseconds. */
export function duration(us: number, { language }: Locale): string {
  const unit = us < 1_000_000 ? 'millisecond' : 'second';
  const value = unit === 'second' ? us / 1_000_000 : us / 1_000;
  const maximumFractionDigits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits }).format(value);
}

export function dateTime(at: string, { language, timeZone }: Locale): string {
  const options = { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23', timeZone } as const;
  return new Intl.DateTimeFormat(language, options).format(new Date(at));
}

/** Without the year and with seconds: for rows that are all recent. */
export function shortDateTime(at: string, { language, timeZone }: Locale): string {
  const options = {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone,
  } as const;
  return new Intl.DateTimeFormat(language, options).format(new Date(at));
}

/** The day without its year. */
export function shortDate(at: string, { language, timeZone }: Locale): string {
  return new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', timeZone }).format(new Date(at));
}

/** The time of day, to the second. */
export function timeOfDay(at: string, { language, timeZone }: Locale): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone } as const;
  return new Intl.DateTimeFormat(language, options).format(new Date(at));
}

export function date(at: string, { language, timeZone }: Locale): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone }).format(new Date(at));
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago, in the largest unit that fits. */
export function ago(at: string, now: number, { language }: Locale): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const step = STEPS.find(([, size]) => Math.abs(seconds) >= size);
  if (!step) return relative.format(Math.min(0, seconds), 'second');
  return relative.format(Math.trunc(seconds / step[1]), step[0]);
}
