import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import type { RequestLog } from '@/data/logs';
import { startTexts } from '@/i18n';
import { LOG } from '@/testing/samples';
import { answer, problem, showAt } from '@/testing/show';

import { LogsPage } from './LogsPage';

/** What a browser's stream does, told what to do. */
class FakeStream {
  static all: FakeStream[] = [];
  static readonly CLOSED = 2;
  readyState = 0;
  onopen: () => void = () => {};
  onerror: () => void = () => {};
  readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  constructor(readonly address: string) {
    FakeStream.all.push(this);
  }

  addEventListener(name: string, listener: (event: MessageEvent<string>) => void) {
    this.listeners.set(name, listener);
  }

  close() {
    this.readyState = FakeStream.CLOSED;
  }

  say(name: string, data: unknown = {}) {
    act(() => this.listeners.get(name)?.(new MessageEvent(name, { data: JSON.stringify(data) })));
  }

  open() {
    act(() => this.onopen());
  }

  fail(isFinal: boolean) {
    if (isFinal) this.readyState = FakeStream.CLOSED;
    act(() => this.onerror());
  }

  static last(): FakeStream {
    const last = FakeStream.all.at(-1);
    if (!last) throw new Error('no stream was asked for');
    return last;
  }
}

const LATENCY = { count: 10, p50_us: 350_000, p90_us: 900_000, p99_us: 2_000_000 };
const STATS = {
  currency: 'USD',
  from: '2026-11-25T10:00:00Z',
  until: '2026-11-26T10:00:00Z',
  group_by: 'upstream',
  groups: [],
  latency_error: '0.0625',
  more_groups: 0,
  total: {
    attempts: 42,
    requests: 40,
    errors: 4,
    errors_by: [],
    cache_hit_share: '0.812500',
    cache_saved_cost: '1.25',
    cache_saved_unknown: 0,
    charge: '2',
    cost: '2',
    list_cost: '2',
    duration: LATENCY,
    ttft: LATENCY,
    tokens: { cache_read: 0, cache_write: 0, input: 1, output: 1, reasoning: 0 },
    tokens_per_second: '41.250',
    unbilled: 1,
  },
};

let logs: RequestLog[] = [];
let asked: URL[] = [];

beforeAll(() => startTexts('en'));
beforeEach(() => {
  logs = [LOG];
  asked = [];
  FakeStream.all = [];
  vi.stubGlobal('EventSource', FakeStream);
  vi.spyOn(window, 'fetch').mockImplementation((request) => {
    const url = new URL((request as Request).url);
    asked.push(url);
    if (url.pathname.endsWith('/stats')) return answer(200, STATS);
    if (url.pathname.endsWith('/receipt')) return answer(200, { attempts: [] });
    if (url.pathname.includes('/request-logs/')) return answer(200, { request: LOG, attempts: [], routing: null });
    const items = url.pathname.endsWith('/request-logs') ? logs : [];
    return answer(200, { items, next_cursor: null, ranked: null });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  window.localStorage.clear();
});

const listed = () => asked.filter((url) => url.pathname.endsWith('/request-logs'));
const newer: RequestLog = { ...LOG, request_id: 'n', occurred_at: '2026-11-26T11:00:00Z', model_requested: 'newer' };

describe('the list of requests', () => {
  it('says that it loads, then what there is', async () => {
    await showAt('/logs', <LogsPage />);
    expect(screen.getAllByRole('status', { name: 'Loading' }).length).toBeGreaterThan(0);
    expect(await screen.findByText('gpt-5-mini')).toBeInTheDocument();
  });

  it('says why it is empty', async () => {
    logs = [];
    await showAt('/logs', <LogsPage />);
    expect(await screen.findByText(/Requests appear here as soon as/)).toBeInTheDocument();
    await showAt('/logs?model=none', <LogsPage />);
    expect(await screen.findByText('None matches these filters.')).toBeInTheDocument();
  });

  it('says what failed, and asks again', async () => {
    const fetched = vi.spyOn(window, 'fetch').mockImplementation(() => problem(500, 'internal'));
    await showAt('/logs', <LogsPage />);
    const list = await screen.findByRole('region', { name: 'Logs' });
    expect(await within(list).findByText('The gateway failed')).toBeInTheDocument();
    fetched.mockImplementation((request) =>
      answer(200, (request as Request).url.includes('/stats') ? STATS : { items: [LOG], next_cursor: null, ranked: null }),
    );
    await userEvent.click(within(list).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('gpt-5-mini')).toBeInTheDocument();
  });

  it('is what the address asks for, and a view changes the address', async () => {
    const { router } = await showAt('/logs?team=search', <LogsPage />);
    await screen.findByText('gpt-5-mini');
    expect(listed().at(-1)?.searchParams.get('team')).toBe('search');
    await userEvent.click(screen.getByRole('button', { name: 'Unbilled' }));
    await waitFor(() => expect(router.state.location.search).toEqual({ status: 'unbilled' }));
    await waitFor(() => expect(listed().at(-1)?.searchParams.get('billing_status')).toBe('unbilled'));
  });

  it('is ordered by cost from the head of the column', async () => {
    await showAt('/logs', <LogsPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Cost' }));
    await waitFor(() => expect(listed().at(-1)?.searchParams.get('sort')).toBe('cost_desc'));
    expect(screen.getByRole('columnheader', { name: 'Cost' })).toHaveAttribute('aria-sort', 'descending');
  });

  it('keeps a view under a name', async () => {
    await showAt('/logs?status=unbilled&team=search', <LogsPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Save this view' }));
    await userEvent.type(await screen.findByLabelText('Name of the view'), 'search team{Enter}');
    expect(await screen.findByRole('button', { name: 'search team' })).toHaveAttribute('aria-pressed', 'true');
    expect(window.localStorage.getItem('tollgate.logs.views')).toContain('"team":"search"');
  });

  it('can be exported by those who may', async () => {
    await showAt('/logs?team=search', <LogsPage />, { role: 'viewer' });
    await screen.findByText('gpt-5-mini');
    expect(screen.queryByRole('button', { name: 'Export' })).toBeNull();
  });

  it('has statistics of the same requests above it', async () => {
    await showAt('/logs?team=search&status=unbilled', <LogsPage />);
    const strip = await screen.findByRole('region', { name: 'Statistics' });
    for (const text of ['40', '10.0% of requests', '41.3', '81.3%', '$1.25']) {
      expect(await within(strip).findByText(text)).toBeInTheDocument();
    }
    expect(within(strip).getAllByText('p99 2 sec')).toHaveLength(2);
    expect(strip).toHaveTextContent('not the other filters');
    expect(asked.find((url) => url.pathname.endsWith('/stats'))?.searchParams.get('team')).toBe('search');
  });
});

describe('the live list', () => {
  const live = async () => {
    const shown = await showAt('/logs?live=on&team=search', <LogsPage />);
    await screen.findByText('gpt-5-mini');
    FakeStream.last().open();
    return shown;
  };

  it('takes in what the stream tells, with the filters of the list', async () => {
    await live();
    expect(FakeStream.last().address).toBe('/api/admin/request-logs/stream?team=search');
    FakeStream.last().say('request', newer);
    expect(await screen.findByText('newer')).toBeInTheDocument();
    FakeStream.last().say('request', { ...newer, cost: '7', charge: '7' });
    expect(await screen.findByText('$7.00')).toBeInTheDocument();
    expect(screen.getAllByText('newer')).toHaveLength(1);
  });

  it('reads anew when the stream has a gap', async () => {
    await live();
    await waitFor(() => expect(listed().length).toBe(2));
    logs = [newer, LOG];
    FakeStream.last().say('gap');
    expect(await screen.findByText('newer')).toBeInTheDocument();
  });

  it('lets new rows wait while one is unfolded, and shows them on demand', async () => {
    await live();
    await userEvent.click(screen.getByRole('button', { name: 'Show details' }));
    FakeStream.last().say('request', newer);
    const shown = await screen.findByRole('button', { name: '1 new request' });
    expect(screen.queryByText('newer')).toBeNull();
    await userEvent.click(shown);
    expect(await screen.findByText('newer')).toBeInTheDocument();
  });

  it('says how it stands with the stream, and reads by itself where there is none', async () => {
    await live();
    const state = screen.getByRole('status', { name: 'Live' });
    expect(state).toHaveTextContent('Live');
    FakeStream.last().say('unavailable');
    expect(state).toHaveTextContent('Waiting for the database');
    FakeStream.last().fail(false);
    expect(state).toHaveTextContent('Connection lost');
    FakeStream.last().open();
    expect(state).toHaveTextContent(/^Live$/);
    const before = listed().length;
    FakeStream.last().fail(true);
    expect(state).toHaveTextContent('Read every few seconds');
    await waitFor(() => expect(listed().length).toBeGreaterThan(before + 1), { timeout: 10_000 });
  });

  it('says when rows come late', async () => {
    await live();
    const now = Date.now();
    const ended = (seconds: number) => new Date(now - seconds * 1000).toISOString();
    FakeStream.last().say('request', { ...newer, ended_at: ended(1) });
    await screen.findByText('newer');
    expect(screen.queryByText(/s behind/)).toBeNull();
    FakeStream.last().say('request', { ...newer, request_id: 'late', ended_at: ended(31) });
    expect(await screen.findByText(/^3[01] s behind$/)).toBeInTheDocument();
  });

  it('stops while nobody looks', async () => {
    await live();
    const stream = FakeStream.last();
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    expect(stream.readyState).toBe(FakeStream.CLOSED);
    expect(screen.getByRole('status', { name: 'Live' })).toHaveTextContent('Paused');
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    expect(FakeStream.last()).not.toBe(stream);
  });
});
