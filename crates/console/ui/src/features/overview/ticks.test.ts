import { describe, expect, it } from 'vitest';

import { evenTicks, tickDecimals } from './ticks';

describe('the ticks of a chart', () => {
  it.each([
    [0.0073, [0, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.007, 0.008]],
    [1, [0, 0.25, 0.5, 0.75, 1]],
    [3.3, [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]],
    [12_345, [0, 2500, 5000, 7500, 10000, 12500]],
    [0, [0, 1]],
    [Number.NaN, [0, 1]],
  ])('up to %d are round', (most, ticks) => {
    expect(evenTicks(most)).toEqual(ticks);
  });

  it('are even and reach just above the highest bar, however high it is', () => {
    for (let power = -9; power < 7; power += 0.37) {
      const most = 10 ** power;
      const ticks = evenTicks(most);
      const step = ticks[1]!;
      ticks.forEach((tick, index) => expect(tick).toBeCloseTo(index * step, 12));
      expect(ticks.at(-1)!).toBeGreaterThanOrEqual(most * (1 - 1e-6));
      expect(ticks.at(-1)!).toBeLessThan(most + step);
      expect(ticks.length).toBeGreaterThanOrEqual(4);
      expect(ticks.length).toBeLessThanOrEqual(10);
    }
  });

  it('are written with as many decimals as tell them apart', () => {
    expect(tickDecimals([0, 2500])).toBe(0);
    expect(tickDecimals([0, 0.5])).toBe(2);
    expect(tickDecimals([0, 0.25])).toBe(2);
    expect(tickDecimals([0, 0.0025])).toBe(4);
  });
});
