import Big from 'big.js';

import type { Schemas } from '@/api/client';
import type { Decimal } from '@/shared/decimal';

/** A rate per million units as people write it: per million tokens, but per single image, second or call. */
export function perUnit(usdPerMillion: Decimal, unit: Schemas['Unit']): Decimal {
  return unit === 'token' ? usdPerMillion : new Big(usdPerMillion).div(1_000_000).toFixed();
}
