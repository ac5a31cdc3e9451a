import { describe, expect, it } from 'vitest';

import { changes, lines } from './changes';

const kinds = (before: Record<string, unknown> | null, after: Record<string, unknown> | null) =>
  changes(before, after).map(({ field, kind }) => `${kind} ${field}`);

describe('what an edit changed', () => {
  it('is told field by field, what people changed before what the gateway keeps', () => {
    const before = { name: 'search', revision: 1, team: null, updated_at: 'a' };
    const after = { name: 'search', revision: 2, team: 'x', updated_at: 'b' };
    expect(kinds(before, after)).toEqual(['changed team', 'changed revision', 'changed updated_at', 'same name']);
  });

  it('is told for fields within fields', () => {
    const before = { card: { rates: { input: '1', output: '2' }, bands: [] } };
    const after = { card: { rates: { input: '1.5' }, bands: [], modifiers: {} } };
    expect(kinds(before, after)).toEqual([
      'added card.modifiers',
      'changed card.rates.input',
      'removed card.rates.output',
      'same card.bands',
    ]);
  });

  it('is everything for a thing that was made or is gone', () => {
    expect(kinds(null, { name: 'a' })).toEqual(['added name']);
    expect(kinds({ name: 'a' }, null)).toEqual(['removed name']);
    expect(kinds(null, null)).toEqual([]);
  });

  it('tells null from absent, and a list from another order of it', () => {
    expect(kinds({ team: null }, {})).toEqual(['removed team']);
    expect(kinds({ tags: ['a', 'b'] }, { tags: ['b', 'a'] })).toEqual(['changed tags']);
  });
});

it('writes a value as lines, texts without quotes', () => {
  expect(lines(['openai_chat', { model: 'gpt-*' }])).toEqual(['openai_chat', '{"model":"gpt-*"}']);
  expect(lines('***')).toEqual(['***']);
  expect(lines(0.5)).toEqual(['0.5']);
  expect(lines([])).toEqual([]);
});
