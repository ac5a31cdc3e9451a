import { describe, expect, it } from 'vitest';

import { changedFields, conflictsOf, formErrors, isContested } from './revision';

const BEFORE = { name: 'a', weight: 1, tags: ['x'], note: null as string | null };

describe('an edit', () => {
  it('names what it changes and nothing else', () => {
    expect(changedFields(BEFORE, { ...BEFORE, weight: 2 })).toEqual({ weight: 2 });
    expect(changedFields(BEFORE, { ...BEFORE, tags: ['x'] })).toEqual({});
    expect(changedFields(BEFORE, { ...BEFORE, tags: ['x', 'y'], note: 'n' })).toEqual({ tags: ['x', 'y'], note: 'n' });
  });

  it('tells what others changed meanwhile, and whether that meets its own changes', () => {
    const theirs = { ...BEFORE, name: 'b', weight: 3 };
    const conflicts = conflictsOf(BEFORE, theirs, { ...BEFORE, weight: 2 });
    expect(conflicts.map(({ field }) => field)).toEqual(['name', 'weight']);
    expect(conflicts.map(isContested)).toEqual([false, true]);
  });

  it('is not contested where both want the same', () => {
    const theirs = { ...BEFORE, weight: 2 };
    expect(conflictsOf(BEFORE, theirs, theirs).map(isContested)).toEqual([false]);
  });
});

it('puts the gateway’s words beside the field of a list', () => {
  expect(formErrors({ 'model_multipliers[1].pattern': 'x', name: 'y' })).toEqual({
    'model_multipliers.1.pattern': 'x',
    name: 'y',
  });
});
