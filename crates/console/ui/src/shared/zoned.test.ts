import { describe, expect, it } from 'vitest';

import { inputOf, instantOf } from './zoned';

describe('date and time fields', () => {
  it.each([
    ['2026-11-26T08:30:00.000Z', 'UTC', '2026-11-26T08:30'],
    ['2026-11-26T08:30:00.000Z', 'Asia/Shanghai', '2026-11-26T16:30'],
    ['2026-07-01T22:30:00.000Z', 'Europe/Berlin', '2026-07-02T00:30'],
    ['2026-03-08T09:30:00.000Z', 'America/New_York', '2026-03-08T05:30'],
  ])('%s in %s is %s, and back', (at, zone, text) => {
    expect(inputOf(at, zone)).toBe(text);
    expect(instantOf(text, zone)).toBe(at);
  });

  it('know no instant without a date', () => {
    expect(inputOf(null, 'UTC')).toBe('');
    expect(inputOf('soon', 'UTC')).toBe('');
    expect(instantOf('', 'UTC')).toBeNull();
    expect(instantOf('2026-13-01T00:00', 'UTC')).toBeNull();
  });
});
