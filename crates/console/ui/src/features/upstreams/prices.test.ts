import { describe, expect, it } from 'vitest';

import type { Price } from '@/data/prices';

import { exampleOf, fewOf, multipliersOf } from './prices';

const pair = (pattern: string, input: string) => ({
  pattern,
  input_multiplier: input,
  output_multiplier: input,
  allow_free: false,
});
const OWN = {
  input_multiplier: '0.8',
  output_multiplier: '0.9',
  model_multipliers: [pair('gpt-*', '0.7'), pair('gpt-5*', '0.6'), pair('gpt-5', '0.5')],
};

const card = (input: string | null, output: string | null) =>
  ({ input_usd_per_mtok: input, output_usd_per_mtok: output }) as Price['effective'];

function price(model: string, change: Partial<Price> = {}): Price {
  return {
    model,
    provider: 'openai',
    effective: card('2.5', '10'),
    synced: null,
    overrides: [],
    held: null,
    max_input_tokens: null,
    max_output_tokens: null,
    mode: 'chat',
    source: 'litellm',
    stale: false,
    ...change,
  };
}

describe('the multipliers of a model', () => {
  it.each([
    ['gpt-5', '0.5'],
    ['gpt-5-mini', '0.6'],
    ['gpt-4o', '0.7'],
    ['o3', '0.8'],
  ])('%s: the exact name before the longest pattern before the upstream’s own', (model, input) => {
    expect(multipliersOf(model, OWN).input).toBe(input);
  });
});

describe('a price at an upstream', () => {
  it('is the list price times the multiplier, to the last digit', () => {
    const own = { ...OWN, input_multiplier: '0.333333', model_multipliers: [] };
    expect(exampleOf(price('o3'), null, own)?.after).toEqual({ input: '0.8333325', output: '9' });
  });

  it('finds the pattern of a name that the catalog prefixes with its provider', () => {
    expect(exampleOf(price('openai/gpt-5'), null, OWN)?.after.input).toBe('1.25');
  });

  it('is the upstream’s own price where it has one, multiplied only if that is meant', () => {
    const override = (apply: boolean) => ({
      override_id: 'o',
      upstream_id: 'u',
      apply_multipliers: apply,
      price: card('1', '2') as never,
    });
    const own = { ...OWN, model_multipliers: [] };
    expect(exampleOf(price('o3', { overrides: [override(false)] }), 'u', own)?.after.input).toBe('1');
    expect(exampleOf(price('o3', { overrides: [override(true)] }), 'u', own)?.after.input).toBe('0.8');
    expect(exampleOf(price('o3', { overrides: [override(true)] }), 'other', own)?.after.input).toBe('2');
  });

  it('is none where there is no price, or no multiplier yet', () => {
    expect(exampleOf(price('o3', { effective: null }), null, OWN)).toBeNull();
    const own = { ...OWN, input_multiplier: 'x', model_multipliers: [] };
    expect(exampleOf(price('o3'), null, own)?.after).toEqual({ input: null, output: '9' });
  });
});

it('examples are what the rules serve: named ones first, then the plainest names', () => {
  const prices = [price('gpt-5-2026-01-01'), price('gpt-5'), price('o3'), price('gpt-4o'), price('gpt-x', { effective: null })];
  expect(fewOf(prices, ['gpt-*'], 2).map(({ model }) => model)).toEqual(['gpt-5', 'gpt-4o']);
  expect(fewOf(prices, ['gpt-5-2026-01-01', 'gpt-*'], 2).map(({ model }) => model)).toEqual(['gpt-5-2026-01-01', 'gpt-5']);
  expect(fewOf(prices, [], 1).map(({ model }) => model)).toEqual(['o3']);
});
