import type { AttentionKind } from '@/data/attention';
import type { Tone } from '@/shared/Badge';

/** Every kind, those without an amount first: the order of the filter. */
export const KINDS = [
  'unpriced',
  'interrupted',
  'usage_missing',
  'calculation_error',
  'not_metered',
  'held_price',
  'served_not_sent',
  'reported_cost_differs',
  'zero_multiplier',
  'ledger_conflict',
  'gap',
] as const satisfies readonly AttentionKind[];

/** Money that nobody has an amount for is worse than money that may be another amount. */
export const KIND_TONES: Record<AttentionKind, Tone> = {
  unpriced: 'bad',
  interrupted: 'bad',
  usage_missing: 'bad',
  calculation_error: 'bad',
  not_metered: 'bad',
  ledger_conflict: 'bad',
  gap: 'bad',
  held_price: 'warn',
  served_not_sent: 'warn',
  reported_cost_differs: 'warn',
  zero_multiplier: 'warn',
};
