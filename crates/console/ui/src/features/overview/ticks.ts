/** Steps a reader counts in, the largest first. */
const STEPS = [10, 5, 2.5, 2, 1];
const FEWEST = 4;

/**
 * Evenly spaced round ticks from zero to just above `most`, of four steps or a few more. For drawing only: they are
 * where lines stand, not amounts.
 */
export function evenTicks(most: number): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / FEWEST;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((size) => size * power <= rough * 1.000001) ?? 1) * power;
  const count = Math.ceil(most / step - 1e-9);
  // Each from its number, not from the one before: errors would add up.
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** Decimals that tell every tick from the next. */
export function tickDecimals(ticks: readonly number[]): number {
  const step = ticks[1] ?? 1;
  for (let decimals = 0; decimals < 12; decimals += 1) {
    if (Math.abs(Number(step.toFixed(decimals)) - step) < step * 1e-9) return decimals === 1 ? 2 : decimals;
  }
  return 12;
}
