import { describe, expect, it } from 'vitest';

import { exportAddress } from '@/data/logs';

import { filtersOf, isBeyondStats, logFilters, MISTAKES, statsFilters } from './filters';
import { isSame, readViews } from './savedViews';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const set = (filters: object) => Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));

describe('an address', () => {
  it('with every filter asks the gateway for all of them', () => {
    const search = {
      period: 'hour',
      class: '5xx',
      origin: 'upstream',
      upstream: 'u',
      key: 'k',
      team: 'search',
      owner: 'ada',
      model: 'gpt-5',
      status: 'unbilled',
      reason: 'price_not_found',
      protocol: 'openai_chat',
      stream: 'yes',
      min_cost: '0.5',
      max_cost: '$1,000',
      min_ttft: '10',
      max_ttft: '20',
      min_duration: '30',
      max_duration: '40',
      caller_id: 'req-',
      request: '0198f0a0-0000-7000-8000-000000000003',
    };
    expect(set(logFilters(search, NOW))).toEqual({
      from: '2026-11-26T11:00:00.000Z',
      status_class: '5xx',
      error_origin: 'upstream',
      upstream_id: 'u',
      key_id: 'k',
      team: 'search',
      owner: 'ada',
      model: 'gpt-5',
      billing_status: 'unbilled',
      reason: 'price_not_found',
      protocol: 'openai_chat',
      stream: true,
      min_cost_usd: '0.5',
      max_cost_usd: '1000',
      min_ttft_ms: 10,
      max_ttft_ms: 20,
      min_duration_ms: 30,
      max_duration_ms: 40,
      caller_request_id: 'req-',
      request_id: '0198f0a0-0000-7000-8000-000000000003',
    });
  });

  it('that makes no sense asks for nothing the gateway would refuse', () => {
    const search = { period: 'soon', status: 'x', stream: 'maybe', min_cost: '-1', min_ttft: '1.5', request: 'r', from: 'y' };
    expect(set(logFilters(search, NOW))).toEqual({});
  });

  it('holds either a period or a range', () => {
    const range = { from: '2026-11-01T00:00:00Z', until: '2026-11-02T00:00:00Z' };
    expect(set(logFilters(range, NOW))).toEqual({
      from: '2026-11-01T00:00:00.000Z',
      until: '2026-11-02T00:00:00.000Z',
    });
    expect(logFilters({ ...range, period: 'hour' }, NOW).until).toBeUndefined();
  });
});

describe('typed filters', () => {
  it.each([
    ['min_cost', '0.05', null],
    ['max_cost', 'much', 'notAnAmount'],
    ['max_cost', '-1', 'notAnAmount'],
    ['min_ttft', '250', null],
    ['max_ttft', '1.5', 'notMilliseconds'],
    ['max_duration', '86400001', 'notMilliseconds'],
    ['request', 'abc', 'notAnId'],
    ['request', '', null],
  ] as const)('%s: %s is %s', (name, text, mistake) => {
    expect(MISTAKES[name]?.(text)).toBe(mistake);
  });
});

describe('statistics', () => {
  it('follow what they know and say so of the rest', () => {
    const search = { period: 'day', model: 'gpt-5', status: 'unbilled' };
    const { from, model } = statsFilters(logFilters(search, NOW));
    expect([from, model]).toEqual(['2026-11-25T12:00:00.000Z', 'gpt-5']);
    expect(isBeyondStats(search)).toBe(true);
    expect(isBeyondStats({ period: 'day', model: 'gpt-5' })).toBe(false);
  });

  it('go over a year at most', () => {
    const { from } = statsFilters({ from: '2020-01-01T00:00:00.000Z', until: '2026-01-01T00:00:00.000Z' });
    expect(Date.parse('2026-01-01T00:00:00Z') - Date.parse(from ?? '')).toBeLessThanOrEqual(366 * 86_400_000);
  });
});

describe('saved views', () => {
  it('are read as they were kept, without what is no filter', () => {
    const kept = JSON.stringify([{ name: 'mine', filters: { status: 'unbilled', live: 'on', model: 3 } }, 'x', null]);
    expect(readViews(kept)).toEqual([{ name: 'mine', filters: { status: 'unbilled' } }]);
  });

  it.each(['', '{', '{}', undefined])('are none where %s was kept', (kept) => {
    expect(readViews(kept)).toEqual([]);
  });

  it('are recognised by their filters, whatever else the address holds', () => {
    expect(isSame(filtersOf({ status: 'unbilled', live: 'on' }), { status: 'unbilled' })).toBe(true);
    expect(isSame(filtersOf({ status: 'unbilled', model: 'x' }), { status: 'unbilled' })).toBe(false);
  });
});

it('an export has the filters of the list', () => {
  const filters = logFilters({ status: 'unbilled', team: 'a b&c' }, NOW);
  expect(exportAddress(filters, 'csv')).toBe(
    '/api/admin/request-logs/export?team=a+b%26c&billing_status=unbilled&format=csv',
  );
});
