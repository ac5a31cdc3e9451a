import { focusManager } from '@tanstack/react-query';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { spotlight } from '@mantine/spotlight';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { nearest } from '@/data/search';
import { JOURNAL } from '@/features/system/samples';
import { startTexts } from '@/i18n';
import { answer, problem, showAt } from '@/testing/show';

import { AccountMenu } from './AccountMenu';
import { Palette } from './Palette';
import { StatusLine } from './StatusLine';

beforeAll(() => startTexts('en'));
afterEach(() => {
  vi.useRealTimers();
  focusManager.setFocused(undefined);
});

type Answers = Record<string, () => Promise<Response>>;

/** A gateway that answers by the beginning of a path below `/api/admin`; returns what it was asked. */
function gateway(answers: Answers): URL[] {
  const asked: URL[] = [];
  vi.spyOn(window, 'fetch').mockImplementation((given) => {
    const url = new URL((given as Request).url);
    asked.push(url);
    const path = url.pathname.replace('/api/admin/', '');
    const known = Object.keys(answers).find((beginning) => path.startsWith(beginning));
    return known ? answers[known]!() : problem(404, 'not_found');
  });
  return asked;
}

const stats = (requests: number, errors: number) => ({
  from: '2026-11-26T08:00:00Z',
  total: { requests, errors },
  groups: [
    { of: 'u', name: 'openai', sums: { attempts: requests } },
    { of: null, name: null, sums: { attempts: 1 } },
  ],
});
const UPSTREAMS = { items: [{ id: 'u', enabled: true }, { id: 'v', enabled: true }, { id: 'w', enabled: false }], next_cursor: null };
const OVERVIEW = { health: 'ready', price_version: 5, today: { unbilled: 3 } };

function answers(change: Answers = {}): Answers {
  return {
    'system/journal': () => answer(200, JOURNAL),
    stats: () => answer(200, stats(200, 5)),
    upstreams: () => answer(200, UPSTREAMS),
    'billing/overview': () => answer(200, OVERVIEW),
    ...change,
  };
}

describe('the status line', () => {
  it('says how much there is, how much fails, what is in use, and how the journal stands', async () => {
    gateway(answers());
    await showAt('/', <StatusLine />);
    const line = await screen.findByRole('status', { name: 'State of the gateway' });
    expect(await within(line).findByText('2.5% errors')).toHaveAttribute('href', '/logs');
    expect(await within(line).findByText('1 of 2 upstreams in use')).toBeInTheDocument();
    expect(within(line).getByText(/requests\/min$/)).toBeInTheDocument();
    expect(within(line).getByText('Journal: 0 waiting')).toHaveAttribute('href', '/system?tab=journal');
    expect(await within(line).findByText('3 unbilled today')).toHaveAttribute('href', '/logs?status=unbilled');
    expect(within(line).getByText('Ready')).toBeInTheDocument();
  });

  it('does not know a rate of errors where nothing was asked', async () => {
    gateway(answers({ stats: () => answer(200, stats(0, 0)) }));
    await showAt('/', <StatusLine />);
    expect(await screen.findByText('0 requests/min')).toBeInTheDocument();
    expect(screen.queryByText(/errors/)).not.toBeInTheDocument();
  });

  it.each([
    ['the journal is full', answers({ 'system/journal': () => answer(200, { ...JOURNAL, state: 'full' }) }), 'Journal full'],
    ['its disk is slow', answers({ 'system/journal': () => answer(200, { ...JOURNAL, state: 'stalled' }) }), 'Journal: slow disk, 0 waiting'],
    ['the database is away', { 'system/journal': () => problem(503, 'database_unavailable') }, 'Degraded: served from memory'],
    ['the overview says so', answers({ 'billing/overview': () => answer(200, { ...OVERVIEW, health: 'degraded' }) }), 'Degraded: served from memory'],
    ['nobody answers', { 'system/journal': () => Promise.reject(new TypeError('no network')) }, 'Gateway unreachable'],
  ] as const)('says when %s', async (_, given, text) => {
    gateway(given);
    await showAt('/', <StatusLine />);
    expect(await screen.findByText(text)).toBeInTheDocument();
  });

  it('asks again every ten seconds, and not at all while the tab is hidden', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const asked = gateway(answers());
    await showAt('/', <StatusLine />);
    await screen.findByText('2.5% errors');
    const soFar = asked.length;
    await act(() => vi.advanceTimersByTimeAsync(10_500));
    expect(asked.slice(soFar).map(({ pathname }) => pathname).sort()).toEqual(['/api/admin/stats', '/api/admin/system/journal']);
    const before = asked.length;
    focusManager.setFocused(false);
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(asked).toHaveLength(before);
  });
});

describe('the search', () => {
  const ID = '0198f0a0-0000-7000-8000-000000000004';
  const found: Answers = {
    upstreams: () => answer(200, { items: [{ id: 'u', name: 'openai-main', provider: 'openai', base_url: 'https://api.example' }], next_cursor: null }),
    keys: () => answer(200, { items: [{ id: 'k', name: 'openai-tests', owner: 'ada', team: null }], next_cursor: null }),
    'billing/prices': () =>
      answer(200, {
        items: [{ model: 'openai/gpt-5-mini', provider: 'openai', effective: { input_usd_per_mtok: '0.25', output_usd_per_mtok: '2' } }],
        next_cursor: null,
      }),
    'request-logs': () =>
      answer(200, {
        items: [{ request_id: ID, caller_request_id: null, occurred_at: '2026-11-26T08:00:00Z', model_served: 'gpt-5-mini', cost: '0.5' }],
        next_cursor: null,
      }),
  };

  async function searched(text: string) {
    const asked = gateway(found);
    const { router } = await showAt('/', <Palette />);
    act(() => spotlight.open());
    await userEvent.click(await screen.findByPlaceholderText(/Page, upstream, key/));
    // At once: whoever types slowly is answered in between.
    await userEvent.paste(text);
    return { asked, router };
  }

  afterEach(() => act(() => spotlight.close()));

  it('finds pages and their parts without asking anybody', async () => {
    const { asked, router } = await searched('a');
    expect(asked).toHaveLength(0);
    await userEvent.type(screen.getByPlaceholderText(/Page, upstream, key/), 'udit');
    await userEvent.click(await screen.findByText(/System:/));
    await waitFor(() => expect(router.state.location.href).toBe('/system?tab=audit'));
  });

  it('finds upstreams, keys and models by a part of their name', async () => {
    const { router } = await searched('openai');
    for (const text of ['https://api.example', 'ada', '$0.25 / $2.00 USD per million tokens']) {
      expect(await screen.findByText((shown) => shown.includes(text))).toBeInTheDocument();
    }
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{Enter}');
    await waitFor(() => expect(router.state.location.href).toBe('/prices?q=openai%2Fgpt-5-mini'));
  });

  it('finds a request by its id', async () => {
    const { asked, router } = await searched(ID);
    await userEvent.click(await screen.findByText((shown) => shown.includes('gpt-5-mini · $0.50')));
    await waitFor(() => expect(router.state.location.href).toBe(`/logs?request=${ID}`));
    const logs = asked.filter(({ pathname }) => pathname.endsWith('request-logs'));
    expect(logs.map(({ searchParams }) => searchParams.get('request_id'))).toEqual([ID]);
  });

  it('takes the first that is found on Enter', async () => {
    const { router } = await searched(ID);
    await screen.findByText((shown) => shown.includes('gpt-5-mini · $0.50'));
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(router.state.location.href).toBe(`/logs?request=${ID}`));
  });

  it('takes a long word for a caller’s id', async () => {
    const { asked } = await searched('order-4711');
    await waitFor(() => expect(asked.some(({ searchParams }) => searchParams.get('caller_request_id') === 'order-4711')).toBe(true));
  });

  it('puts what was typed before what only contains it', () => {
    const models = ['azure/gpt-4', 'gpt-4o-mini', 'gpt-4', 'openai/gpt-4'].map((model) => ({ model }));
    expect(nearest(models, 'GPT-4').map(({ model }) => model)).toEqual(['gpt-4', 'gpt-4o-mini', 'azure/gpt-4', 'openai/gpt-4']);
  });

  it('says that nothing is found, or that nobody could be asked', async () => {
    vi.spyOn(window, 'fetch').mockImplementation(() => answer(200, { items: [], next_cursor: null }));
    await showAt('/', <Palette />);
    act(() => spotlight.open());
    const field = await screen.findByPlaceholderText(/Page, upstream, key/);
    await userEvent.type(field, 'zzz');
    expect(await screen.findByText('Nothing found')).toBeInTheDocument();
    vi.spyOn(window, 'fetch').mockImplementation(() => problem(500, 'internal'));
    await userEvent.type(field, 'z');
    expect(await screen.findByText('The gateway could not be asked')).toBeInTheDocument();
  });
});

it('says who is signed in, and as what', async () => {
  await showAt('/', <AccountMenu />, { role: 'finance' });
  await userEvent.click(screen.getByRole('button', { name: 'Account' }));
  expect(await screen.findByText('ada@example.com')).toBeInTheDocument();
  expect(screen.getByText('Finance')).toBeInTheDocument();
});
