import { describe, expect, it } from 'vitest';

import type { Setting } from '@/data/system';

import { matches, valueText, variableOf } from './settings';

const SETTING: Setting = {
  key: 'prices.sync.guard_factor',
  value: 3,
  masked: false,
  source: 'environment',
  origin: 'TOLLGATE_PRICES__SYNC__GUARD_FACTOR',
};

it('names the variable that sets a value', () => {
  expect(variableOf(SETTING)).toBe('TOLLGATE_PRICES__SYNC__GUARD_FACTOR');
  expect(variableOf({ key: 'listen' })).toBe('TOLLGATE_LISTEN');
  expect(variableOf({ key: 'database_url' })).toBe('DATABASE_URL');
});

it('writes values as the configuration file has them', () => {
  expect(valueText({ value: 'serve' })).toBe('serve');
  expect(valueText({ value: ['batches'] })).toBe('["batches"]');
  expect(valueText({ value: false })).toBe('false');
  expect(valueText({ value: null })).toBe('');
});

describe('a search', () => {
  it.each(['guard', 'SYNC factor', 'sync__guard', '3', ''])('for "%s" finds it', (search) => {
    expect(matches(SETTING, search)).toBe(true);
  });

  it('for what is nowhere finds nothing', () => {
    expect(matches(SETTING, 'guard journal')).toBe(false);
  });
});
