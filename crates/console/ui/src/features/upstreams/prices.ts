import type { Price } from '@/data/prices';
import { parseDecimal, product, type Decimal } from '@/shared/decimal';

import type { ModelMultiplier } from './values';

/** What a model costs per million tokens, on the list and at this upstream. */
export interface Example {
  model: string;
  list: { input: Decimal | null; output: Decimal | null };
  after: { input: Decimal | null; output: Decimal | null };
}

interface Multipliers {
  input_multiplier: string;
  output_multiplier: string;
  model_multipliers: readonly ModelMultiplier[];
}

/** Whether a name, or a beginning followed by a star, is that model's. */
export function isMatch(pattern: string, model: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : pattern === model;
}

/** The multipliers of a model: those of its exact name, else of the longest pattern, else the upstream's own. */
export function multipliersOf(model: string, own: Multipliers): { input: string; output: string } {
  const fitting = own.model_multipliers.filter(({ pattern }) => pattern !== '' && isMatch(pattern, model));
  const rank = ({ pattern }: ModelMultiplier) => (pattern.endsWith('*') ? pattern.length : Number.MAX_SAFE_INTEGER);
  const best = [...fitting].sort((a, b) => rank(b) - rank(a))[0] ?? own;
  return { input: best.input_multiplier, output: best.output_multiplier };
}

/** The name within a provider's own vocabulary: without the prefix the catalog may put before it. */
function bare(model: string, provider: string | null): string {
  return provider && model.startsWith(`${provider}/`) ? model.slice(provider.length + 1) : model;
}

/** A catalog's price after an upstream's multipliers; its own price there, if it has one. */
export function exampleOf(price: Price, upstreamId: string | null, own: Multipliers): Example | null {
  const special = upstreamId && price.overrides.find((override) => override.upstream_id === upstreamId);
  const global = price.overrides.find((override) => override.upstream_id === null);
  const card = special ? special.price : price.effective;
  if (!card) return null;
  const applies = special ? special.apply_multipliers : (global?.apply_multipliers ?? true);
  const { input, output } = multipliersOf(bare(price.model, price.provider), own);
  const times = (rate: Decimal | null, typed: string) => {
    const multiplier = parseDecimal(typed);
    if (rate === null || multiplier === null) return null;
    return applies ? product(rate, multiplier) : rate;
  };
  const list = { input: card.input_usd_per_mtok, output: card.output_usd_per_mtok };
  return { model: price.model, list, after: { input: times(list.input, input), output: times(list.output, output) } };
}

/** Of a provider's prices, a few that this upstream would serve: those named by its rules first, then the plainest names. */
export function fewOf(prices: readonly Price[], rules: readonly string[], most: number): Price[] {
  const priced = prices.filter(({ effective }) => effective?.input_usd_per_mtok && effective.output_usd_per_mtok);
  const served = priced.filter(
    ({ model, provider }) => rules.length === 0 || rules.some((rule) => isMatch(rule, bare(model, provider))),
  );
  const isNamed = ({ model, provider }: Price) => rules.includes(bare(model, provider));
  const plainest = (a: Price, b: Price) => a.model.length - b.model.length || a.model.localeCompare(b.model);
  return [...served].sort((a, b) => Number(isNamed(b)) - Number(isNamed(a)) || plainest(a, b)).slice(0, most);
}
