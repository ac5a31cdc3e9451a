import { describe, expect, it } from 'vitest';

import { LOG } from '@/testing/samples';

import type { LogPages, RequestLog } from './logs';
import { mergedLogs, unknownOf } from './mergeLogs';

const at = (second: number, change: Partial<RequestLog> = {}): RequestLog => ({
  ...LOG,
  request_id: `r${second}`,
  occurred_at: `2026-11-26T10:00:${String(second).padStart(2, '0')}Z`,
  ...change,
});

function pages(...of: { rows: number[]; next: string | null }[]): LogPages {
  return {
    pages: of.map(({ rows, next }) => ({ items: rows.map((second) => at(second)), next_cursor: next, ranked: null, scanned_to: null })),
    pageParams: of.map(() => undefined),
  };
}

const ids = (list: LogPages) => list.pages.map((page) => page.items.map((row) => row.request_id));

describe('a list that rows come into', () => {
  it('takes a new one where its time belongs', () => {
    const list = pages({ rows: [30, 20], next: 'a' }, { rows: [10], next: null });
    expect(ids(mergedLogs(list, [at(25)]))).toEqual([['r30', 'r25', 'r20'], ['r10']]);
    expect(ids(mergedLogs(list, [at(40)]))).toEqual([['r40', 'r30', 'r20'], ['r10']]);
    expect(ids(mergedLogs(list, [at(15)]))).toEqual([['r30', 'r20'], ['r15', 'r10']]);
  });

  it('changes one that it has in its place', () => {
    const list = pages({ rows: [30, 20], next: null });
    const merged = mergedLogs(list, [at(20, { cost: '9' })]);
    expect(ids(merged)).toEqual([['r30', 'r20']]);
    expect(merged.pages[0]?.items[1]?.cost).toBe('9');
  });

  it('leaves out what belongs on a page that was not read', () => {
    expect(ids(mergedLogs(pages({ rows: [30, 20], next: 'more' }), [at(10)]))).toEqual([['r30', 'r20']]);
    expect(ids(mergedLogs(pages({ rows: [30, 20], next: null }), [at(10)]))).toEqual([['r30', 'r20', 'r10']]);
  });

  it('takes the first one of an empty list, and does not change what it was given', () => {
    const list = pages({ rows: [], next: null });
    expect(ids(mergedLogs(list, [at(10)]))).toEqual([['r10']]);
    expect(ids(list)).toEqual([[]]);
  });

  it('knows what it has', () => {
    const list = pages({ rows: [30], next: 'a' }, { rows: [20], next: null });
    expect(unknownOf(list, [at(20), at(40)]).map((row) => row.request_id)).toEqual(['r40']);
  });
});
