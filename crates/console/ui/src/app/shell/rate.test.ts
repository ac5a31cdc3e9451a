import { describe, expect, it } from 'vitest';

import { perMinute, withReading, type Reading } from './rate';

const FROM = '2026-11-26T08:00:00Z';
const START = Date.parse(FROM);
const read = (minutes: number, requests: number, from = FROM): Reading => ({ from, at: START + minutes * 60_000, requests });
const all = (...readings: Reading[]) => readings.reduce<Reading[]>(withReading, []);

describe('requests a minute', () => {
  it('are the average since the beginning where there is one reading', () => {
    expect(perMinute(all(read(20, 100)))).toBe(5);
  });

  it('are those of the last minute as soon as readings tell', () => {
    expect(perMinute(all(read(20, 100), read(20.5, 130)))).toBe(60);
    expect(perMinute(all(read(20, 100), read(20.5, 130), read(21, 130), read(21.5, 130)))).toBe(0);
  });

  it('begin anew with another beginning', () => {
    const readings = all(read(29.9, 500), read(30, 40, '2026-11-26T08:15:00Z'));
    expect(readings).toHaveLength(1);
    expect(perMinute(readings)).toBeCloseTo(40 / 15);
  });

  it('are not known before anything was read, and never below zero', () => {
    expect(perMinute([])).toBeNull();
    expect(perMinute(all(read(20, 100), read(20.5, 90)))).toBe(0);
  });

  it('do not count one reading twice', () => {
    expect(all(read(20, 100), read(20, 100))).toHaveLength(1);
  });
});
