import { describe, expect, it } from 'vitest';

import { parseDecimal, percent, sum } from './decimal';
import { ago, duration, exactUsd, grouped, shortUsd } from './format';

describe('amounts', () => {
  it.each([
    ['0', '$0.00'],
    ['0.000000000001', '$0.000000000001'],
    ['0.0019125', '$0.00191'],
    ['0.5', '$0.50'],
    ['0.999999', '$1.00'],
    ['1234567.891', '$1,234,567.89'],
    ['-12.5', '-$12.50'],
  ])('%s reads %s at a glance', (value, shown) => {
    expect(shortUsd(value)).toBe(shown);
  });

  it('keep every digit where they are exact', () => {
    expect(exactUsd('12345678901234567890.123456789012')).toBe('$12,345,678,901,234,567,890.123456789012');
    expect(grouped('-1000')).toBe('-1,000');
  });

  it('are added without losing one', () => {
    expect(sum(['0.1', '0.2', '0.000000000001'])).toBe('0.300000000001');
    expect(percent('1', '3')).toBe('33.3');
    expect(percent('1', '0')).toBeNull();
  });
});

describe('typed prices', () => {
  it.each([
    [' 2.50 ', '2.5'],
    ['$1,250', '1250'],
    ['.5', '0.5'],
    ['0', '0'],
    ['0.0001', '0.0001'],
  ])('%s is %s', (text, value) => {
    expect(parseDecimal(text)).toBe(value);
  });

  it.each(['', 'abc', '1e-6', '1.2.3', '1,5', 'NaN', 'Infinity', '0x10'])('%s is none', (text) => {
    expect(parseDecimal(text)).toBeNull();
  });
});

describe('times', () => {
  const locale = { language: 'en', timeZone: 'UTC' };

  it('tell how long ago in the largest unit', () => {
    const now = Date.parse('2026-11-26T12:00:00Z');
    expect(ago('2026-11-26T11:57:30Z', now, locale)).toBe('2 minutes ago');
    expect(ago('2026-11-24T11:00:00Z', now, locale)).toBe('2 days ago');
  });

  it('give durations a unit', () => {
    expect(duration(1_234, locale)).toBe('1.23 ms');
    expect(duration(12_340_000, locale)).toBe('12.3 sec');
  });
});
