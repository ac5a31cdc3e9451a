import { useMemo } from 'react';

import type { LogFilters, LogSort } from '@/data/logs';
import type { StatsFilters } from '@/data/stats';
import { parseDecimal } from '@/shared/decimal';
import { isId } from '@/shared/memberName';
import { oneOf, type Search } from '@/shared/search';

export const PERIODS = {
  quarter: 900,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
} as const;
export type Period = keyof typeof PERIODS;
export const PERIOD_NAMES = Object.keys(PERIODS) as Period[];
export const STATUSES = ['billed', 'partly_billed', 'unbilled', 'no_charge'] as const;
export const REASONS = [
  'price_not_found',
  'usage_missing',
  'model_missing',
  'calculation_error',
  'interrupted',
  'not_metered',
] as const;
export const CLASSES = ['2xx', '3xx', '4xx', '5xx', 'none'] as const;
export const ORIGINS = ['client', 'upstream', 'gateway'] as const;
export const SORTS = ['time_desc', 'time_asc', 'cost_desc', 'cost_asc'] as const satisfies readonly LogSort[];
export const PROTOCOL_NAMES = [
  'openai_chat',
  'openai_responses',
  'anthropic_messages',
  'gemini_generate',
  'openai_completions',
  'openai_embeddings',
  'gemini_embed',
  'openai_images',
  'openai_transcriptions',
  'openai_speech',
  'openai_moderations',
  'rerank',
] as const;

/** The names filters have in the address: those in sight, and those that are unfolded. */
export const FIRST = ['period', 'from', 'until', 'status', 'model', 'upstream', 'key'] as const;
export const FURTHER = [
  'class',
  'origin',
  'reason',
  'team',
  'owner',
  'protocol',
  'stream',
  'min_cost',
  'max_cost',
  'min_ttft',
  'max_ttft',
  'min_duration',
  'max_duration',
  'caller_id',
  'request',
] as const;
export const FILTER_NAMES = [...FIRST, ...FURTHER] as const;

export type FilterName = (typeof FILTER_NAMES)[number];
export type Filters = Partial<Record<FilterName | 'sort', string>>;

/** Takes every filter away. */
export const NO_FILTERS = Object.fromEntries([...FILTER_NAMES, 'sort'].map((name) => [name, null]));

/** What of an address chooses requests; what a saved view keeps. */
export function filtersOf(search: Search): Filters {
  const entries = [...FILTER_NAMES, 'sort' as const].map((name) => [name, search[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value));
}

export const isFiltered = (search: Search): boolean => FILTER_NAMES.some((name) => search[name]);

const MOST_MS = 86_400_000;

/** A number of milliseconds as the API takes it; nothing where it is none. */
export function millisecondsOf(text: string | undefined): number | undefined {
  const value = Number(text);
  return text && Number.isInteger(value) && value >= 0 && value <= MOST_MS ? value : undefined;
}

export type Mistake = 'notAnAmount' | 'notMilliseconds' | 'notAnId';

export const MISTAKES: Partial<Record<FilterName, (text: string) => Mistake | null>> = {
  min_cost: amountMistake,
  max_cost: amountMistake,
  min_ttft: millisecondsMistake,
  max_ttft: millisecondsMistake,
  min_duration: millisecondsMistake,
  max_duration: millisecondsMistake,
  request: (text) => (text === '' || isId(text) ? null : 'notAnId'),
};

function amountMistake(text: string): Mistake | null {
  return text === '' || amountOf(text) !== undefined ? null : 'notAnAmount';
}

function millisecondsMistake(text: string): Mistake | null {
  return text === '' || millisecondsOf(text) !== undefined ? null : 'notMilliseconds';
}

function amountOf(text: string | undefined): string | undefined {
  const value = text ? parseDecimal(text) : null;
  return value === null || value.startsWith('-') ? undefined : value;
}

function instantOf(text: string | undefined): string | undefined {
  return text && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : undefined;
}

/** The address as the API's filters; what it does not understand is left out. `now` is when the period was chosen. */
export function logFilters(search: Search, now: number): LogFilters {
  const period = oneOf(PERIOD_NAMES, search.period);
  return {
    from: period ? new Date(now - PERIODS[period] * 1000).toISOString() : instantOf(search.from),
    until: period ? undefined : instantOf(search.until),
    key_id: search.key,
    team: search.team,
    owner: search.owner,
    upstream_id: search.upstream,
    protocol: oneOf(PROTOCOL_NAMES, search.protocol),
    stream: search.stream === 'yes' ? true : search.stream === 'no' ? false : undefined,
    model: search.model,
    status_class: oneOf(CLASSES, search.class),
    error_origin: oneOf(ORIGINS, search.origin),
    billing_status: oneOf(STATUSES, search.status),
    reason: oneOf(REASONS, search.reason),
    min_cost_usd: amountOf(search.min_cost),
    max_cost_usd: amountOf(search.max_cost),
    min_ttft_ms: millisecondsOf(search.min_ttft),
    max_ttft_ms: millisecondsOf(search.max_ttft),
    min_duration_ms: millisecondsOf(search.min_duration),
    max_duration_ms: millisecondsOf(search.max_duration),
    caller_request_id: search.caller_id,
    request_id: search.request && isId(search.request) ? search.request : undefined,
  };
}

/** A period starts when it is chosen, not anew at each drawing. */
export function useLogFilters(search: Search): LogFilters {
  const { period } = search;
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the time another period is chosen
  const now = useMemo(() => Date.now(), [period]);
  return logFilters(search, now);
}

/** Of those filters, the ones statistics know. */
export function statsFilters({ from, until, key_id, team, upstream_id, model }: LogFilters): StatsFilters {
  return { from: within(from, until), until, key_id, team, upstream_id, model };
}

const LONGEST = 366 * 86_400_000;

/** Statistics go over a year at most, and over the last day where nothing is said. */
function within(from: string | undefined, until: string | undefined): string | undefined {
  if (!from) return undefined;
  const end = until ? Date.parse(until) : Date.now();
  // A bucket's width less, for both ends are widened to whole buckets.
  return new Date(Math.max(Date.parse(from), end - LONGEST + 1_800_000)).toISOString();
}

/** Whether a filter is set that statistics do not know. */
export function isBeyondStats(search: Search): boolean {
  const known = ['period', 'from', 'until', 'key', 'team', 'upstream', 'model'];
  return FILTER_NAMES.some((name) => search[name] && !known.includes(name));
}
