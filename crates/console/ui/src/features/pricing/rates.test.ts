import { describe, expect, it } from 'vitest';

import { multiplierMistake, NO_RATES, rateMistake, ratesOf } from './rates';

describe('a typed rate', () => {
  it.each([
    ['', null],
    ['0', null],
    ['0.0001', null],
    ['10000', null],
    ['0.000003', 'tooSmall'],
    ['10000.01', 'tooLarge'],
    ['-1', 'notANumber'],
    ['three', 'notANumber'],
  ])('%s: %s', (text, mistake) => {
    expect(rateMistake(text)).toBe(mistake);
  });

  it('goes out as a decimal, and an empty one as none', () => {
    const rates = ratesOf({ ...NO_RATES, input: ' 1,250.50 ' });
    expect(rates.input_usd_per_mtok).toBe('1250.5');
    expect(rates.output_usd_per_mtok).toBeNull();
  });
});

describe('a typed multiplier', () => {
  it.each([
    ['0.85', false, null],
    ['100', false, null],
    ['0', true, null],
    ['0', false, 'zero'],
    ['100.000001', false, 'tooLarge'],
    ['0.1234567', false, 'tooPrecise'],
    ['cheap', false, 'notANumber'],
    ['-1', false, 'notANumber'],
  ])('%s (free allowed: %s): %s', (text, allowsFree, mistake) => {
    expect(multiplierMistake(text, allowsFree)).toBe(mistake);
  });
});
