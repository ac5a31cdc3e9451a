import { parseDecimal, product, sum, type Decimal } from '@/shared/decimal';

import { tokensOf, type CardDraft } from './cardDraft';
import type { RateTexts } from './rates';

/** A request that shows what a price comes to. */
export interface Example {
  input: number;
  output: number;
  tier: string | null;
  cost: Decimal;
}

const INPUT = 10_000;
const OUTPUT = 1_000;
const MILLION = '0.000001';

/**
 * What some requests would cost by a price as it is typed: an ordinary one, one in each band, one of each tier. What a
 * band does not name keeps its flat rate; of a tier only what it names itself is shown.
 */
export function cardExamples(flat: RateTexts, draft: CardDraft): Example[] {
  const bands = draft.bands
    .flatMap((band) => {
      const above = tokensOf(band.above);
      return above === null || above < 1 ? [] : [{ above, band }];
    })
    .sort((a, b) => a.above - b.above);
  const at = (input: number) => bands.filter(({ above }) => input > above).at(-1)?.band;
  const ordinary = [INPUT, ...bands.map(({ above }) => above * 2)].flatMap((input) => {
    const band = at(input);
    const cost = costOf(input, band?.input.trim() ? band.input : flat.input, band?.output.trim() ? band.output : flat.output);
    return cost === null ? [] : [{ input, output: OUTPUT, tier: null, cost }];
  });
  const tiers = draft.tiers.flatMap((row) => {
    const cost = row.tier.trim() === '' ? null : costOf(INPUT, row.input, row.output);
    return cost === null ? [] : [{ input: INPUT, output: OUTPUT, tier: row.tier.trim(), cost }];
  });
  return [...ordinary, ...tiers];
}

function costOf(input: number, inputRate: string, outputRate: string): Decimal | null {
  const rates = [parseDecimal(inputRate), parseDecimal(outputRate)] as const;
  if (rates[0] === null || rates[1] === null) return null;
  return product(sum([product(String(input), rates[0]), product(String(OUTPUT), rates[1])]), MILLION);
}
