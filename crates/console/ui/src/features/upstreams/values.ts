import type { Schemas } from '@/api/client';
import type { NewUpstream, Upstream } from '@/data/upstreams';
import { parseDecimal } from '@/shared/decimal';

import { modelRules, modelText } from './models';

export const INHERIT = 'inherit';
export const UNPRICED = [INHERIT, 'serve', 'refuse'] as const;
export const ESTIMATES = [INHERIT, 'yes', 'no'] as const;
export const REPORTED = ['never', 'fallback', 'always'] as const;
export const BILL_BY = ['served', 'sent'] as const;

/** What stands in the form: texts as they are typed. */
export interface Values {
  name: string;
  provider: string;
  base_url: string;
  credential: string;
  removesCredential: boolean;
  account_label: string;
  protocols: Schemas['Protocol'][];
  models: string;
  priority: number | string;
  weight: number | string;
  input_multiplier: string;
  output_multiplier: string;
  allow_free: boolean;
  model_multipliers: ModelMultiplier[];
  price_modifiers: string[];
  bill_by: (typeof BILL_BY)[number];
  reported_cost: (typeof REPORTED)[number];
  on_unpriced: (typeof UNPRICED)[number];
  estimate_missing_usage: (typeof ESTIMATES)[number];
  enabled: boolean;
}

export interface ModelMultiplier {
  pattern: string;
  input_multiplier: string;
  output_multiplier: string;
  allow_free: boolean;
}

/** Everything but the credential, which is never read. */
export type Body = Required<Omit<NewUpstream, 'credential'>>;

export function valuesOf(upstream: Upstream | null): Values {
  const estimate = upstream?.estimate_missing_usage ?? null;
  return {
    name: upstream?.name ?? '',
    provider: upstream?.provider ?? '',
    base_url: upstream?.base_url ?? '',
    credential: '',
    removesCredential: false,
    account_label: upstream?.account_label ?? '',
    protocols: upstream?.protocols ?? [],
    models: modelText(upstream?.models ?? []),
    priority: upstream?.priority ?? 0,
    weight: upstream?.weight ?? 1,
    input_multiplier: upstream?.input_multiplier ?? '1',
    output_multiplier: upstream?.output_multiplier ?? '1',
    allow_free: upstream?.allow_free ?? false,
    model_multipliers: (upstream?.model_multipliers ?? []).map((pair) => ({ allow_free: false, ...pair })),
    price_modifiers: upstream?.price_modifiers ?? [],
    bill_by: upstream?.bill_by ?? 'served',
    reported_cost: upstream?.reported_cost ?? 'never',
    on_unpriced: upstream?.on_unpriced ?? INHERIT,
    estimate_missing_usage: estimate === null ? INHERIT : estimate ? 'yes' : 'no',
    enabled: upstream?.enabled ?? true,
  };
}

export function bodyOf(values: Values): Body {
  const decimal = (text: string) => parseDecimal(text) ?? text.trim();
  return {
    name: values.name.trim(),
    provider: values.provider.trim(),
    base_url: values.base_url.trim(),
    account_label: values.account_label.trim() || null,
    protocols: values.protocols,
    models: modelRules(values.models),
    priority: Number(values.priority),
    weight: Number(values.weight),
    input_multiplier: decimal(values.input_multiplier),
    output_multiplier: decimal(values.output_multiplier),
    allow_free: values.allow_free,
    model_multipliers: values.model_multipliers.map((pair) => ({
      pattern: pair.pattern.trim(),
      input_multiplier: decimal(pair.input_multiplier),
      output_multiplier: decimal(pair.output_multiplier),
      allow_free: pair.allow_free,
    })),
    price_modifiers: values.price_modifiers,
    bill_by: values.bill_by,
    reported_cost: values.reported_cost,
    on_unpriced: values.on_unpriced === INHERIT ? null : values.on_unpriced,
    estimate_missing_usage:
      values.estimate_missing_usage === INHERIT ? null : values.estimate_missing_usage === 'yes',
    enabled: values.enabled,
  };
}

/** The credential as a change names it: a new one, none any more, or as it was. */
export function credentialOf(values: Values): { credential?: string | null } {
  if (values.removesCredential) return { credential: null };
  return values.credential.trim() === '' ? {} : { credential: values.credential.trim() };
}
