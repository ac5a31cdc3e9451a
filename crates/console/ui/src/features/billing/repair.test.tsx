import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';

import type { RecentEntry } from '@/data/recent';
import { startTexts } from '@/i18n';
import { changes, gateway } from '@/testing/gateway';
import { answer, problem, show, showAt } from '@/testing/show';

import { RecentBlock } from './RecentBlock';
import { tokensOf } from './recent/columns';
import { SyncCard } from './SyncCard';
import { UnpricedBlock } from './UnpricedBlock';

beforeAll(() => startTexts('en'));

const MODEL = {
  model: 'acme-large',
  model_requested: 'acme-large',
  occurrences: 2,
  input_tokens: 2000,
  output_tokens: 400,
  first_seen: '2026-11-05T08:00:00Z',
  last_seen: '2026-11-05T09:00:00Z',
  last_upstream: 'acme',
  last_upstream_id: 'u1',
  problem: 'nothing prices acme-large',
  has_override: false,
  resolved: false,
  suggestions: [
    {
      target: 'acme/large',
      differences: ['prefix_added'],
      price: {
        card_id: 'c', free: false, input_usd_per_mtok: '3', output_usd_per_mtok: '9', cache_read_usd_per_mtok: '0.3',
        cache_write_5m_usd_per_mtok: null, cache_write_1h_usd_per_mtok: null, bands: [], rates: [], modifiers: {}, tiers: [],
      },
    },
  ],
};
const LIST = { 'GET /billing/prices/unresolved': () => ({ items: [MODEL], next_cursor: null, price_version: 1 }) };
const CHANGED = { override: { model: 'acme-large' }, warnings: [], backdated: null };

describe('the repair of a model without a price', () => {
  it('takes cache prices of both lengths and sends them as decimals', async () => {
    const asked = gateway({ ...LIST, 'POST /billing/overrides': () => answer(201, CHANGED) });
    show(<UnpricedBlock />);
    await userEvent.click(await screen.findByRole('button', { name: 'Set a price' }));
    await userEvent.type(screen.getByLabelText('Input'), '0.000003');
    await userEvent.click(screen.getByRole('button', { name: 'Save the price' }));
    expect(screen.getByText('At least 0.0001, or 0')).toBeInTheDocument();
    expect(changes(asked)).toHaveLength(0);
    await userEvent.clear(screen.getByLabelText('Input'));
    await userEvent.type(screen.getByLabelText('Input'), '3');
    await userEvent.type(screen.getByLabelText('Cache write, 5 min'), '$ 3.750');
    await userEvent.type(screen.getByLabelText('Cache write, 1 h'), '6');
    await userEvent.click(screen.getByRole('button', { name: 'Save the price' }));
    expect(await screen.findByText('Price of acme-large saved')).toBeInTheDocument();
    expect(changes(asked)[0]?.body).toMatchObject({
      model: 'acme-large',
      upstream_id: null,
      input_usd_per_mtok: '3',
      output_usd_per_mtok: null,
      cache_write_5m_usd_per_mtok: '3.75',
      cache_write_1h_usd_per_mtok: '6',
      confirm: false,
    });
    expect(changes(asked)[0]?.body).not.toHaveProperty('apply_multipliers');
  });

  it('starts from a price of a similar name, or prices it as that one', async () => {
    const alias = { alias: 'acme-large', target: 'acme/large' };
    const asked = gateway({ ...LIST, 'POST /billing/aliases': () => answer(201, { alias, warnings: [], backdated: null }) });
    show(<UnpricedBlock />);
    await userEvent.click(await screen.findByRole('button', { name: 'Set a price' }));
    await userEvent.click(screen.getByRole('button', { name: 'Start from acme/large' }));
    expect(screen.getByLabelText('Output')).toHaveValue('9');
    await userEvent.click(screen.getByRole('button', { name: 'Price it as acme/large' }));
    await userEvent.click(screen.getByRole('button', { name: 'Save the alias' }));
    expect(await screen.findByText('acme-large is priced as acme/large')).toBeInTheDocument();
    expect(changes(asked)[0]?.body).toMatchObject({ alias: 'acme-large', target: 'acme/large', upstream_id: null });
  });

  it('asks before a change beyond the guard, with what it would do', async () => {
    const effect = {
      currency: 'USD',
      changes: [{ model: 'acme-large', subject: 'price', meter: null, before: '3', after: null, reason: 'no_price' }],
      traffic: {
        attempts: 12, cost_before: '1', cost_after: '2', unbilled_after: 0, complete: true, entries_read: 12, groups: [],
        from: '2026-11-19T00:00:00Z', until: '2026-11-26T00:00:00Z',
      },
    };
    const guard = { type: 'urn:tollgate:problem:confirmation_required', title: 't', status: 409, detail: 'd', effect };
    const asked = gateway({
      ...LIST,
      'POST /billing/overrides': ({ body }) =>
        (body as { confirm: boolean }).confirm ? answer(201, CHANGED) : answer(409, guard),
    });
    show(<UnpricedBlock />);
    await userEvent.click(await screen.findByRole('button', { name: 'Set a price' }));
    await userEvent.type(screen.getByLabelText('Input'), '30');
    await userEvent.click(screen.getByRole('button', { name: 'Save the price' }));
    const dialog = await screen.findByRole('dialog', { name: 'Please confirm' });
    expect(dialog).toHaveTextContent('The last 7 days’ 12 attempts would have cost:');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Change it anyway' }));
    expect(await screen.findByText('Price of acme-large saved')).toBeInTheDocument();
    expect(changes(asked).map(({ body }) => (body as { confirm: boolean }).confirm)).toEqual([false, true]);
  });

  it('is not offered to a viewer', async () => {
    gateway(LIST);
    show(<UnpricedBlock />, { role: 'viewer' });
    await screen.findByText('acme-large');
    expect(screen.queryByRole('button', { name: 'Set a price' })).not.toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Enter a price' })).not.toBeInTheDocument();
  });
});

const RUN = {
  id: 'r1', state: 'failed', trigger: 'manual', reason: 'the map answered 500', started_at: '2026-11-26T08:00:00Z',
  finished_at: '2026-11-26T08:00:01Z', added: 0, changed: 0, waiting: 0,
};

describe('the last sync', () => {
  it('looks failed when it failed, and says why', async () => {
    gateway({ 'GET /billing/prices/releases': () => ({ items: [RUN], next_cursor: null }) });
    show(<SyncCard />);
    expect(await screen.findByText('Failed')).toHaveAttribute('data-tone', 'bad');
    expect(screen.getByText('the map answered 500')).toBeInTheDocument();
    expect(screen.getByRole('region', { name: 'Last price sync' })).toHaveAttribute('data-tone', 'bad');
  });

  it('shows that it runs, then how it went', async () => {
    let state = 'running';
    gateway({
      'GET /billing/prices/releases': () => ({ items: [], next_cursor: null }),
      'POST /billing/prices/sync': () => answer(202, { ...RUN, state: 'running', reason: null }),
      'GET /billing/prices/releases/r1': () => ({ ...RUN, state, reason: null }),
    });
    show(<SyncCard />);
    await userEvent.click(await screen.findByRole('button', { name: 'Sync now' }));
    expect(await screen.findByRole('progressbar')).toBeInTheDocument();
    state = 'success';
    expect(await screen.findByText('Price sync: Succeeded', {}, { timeout: 5000 })).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByRole('progressbar')).not.toBeInTheDocument());
  });

  it('says that one is running already', async () => {
    gateway({ 'POST /billing/prices/sync': () => problem(409, 'sync_running', 'since 08:00') });
    show(<SyncCard />);
    await userEvent.click(await screen.findByRole('button', { name: 'Sync now' }));
    expect(await screen.findByText('A price sync is running already')).toBeInTheDocument();
  });

  it('cannot be started by a viewer', async () => {
    gateway({});
    show(<SyncCard />, { role: 'viewer' });
    await screen.findByText('Not yet');
    expect(screen.queryByRole('button', { name: 'Sync now' })).not.toBeInTheDocument();
  });
});

const ENTRY = {
  event_id: 'e1', request_id: 'r1', attempt: 1, occurred_at: '2026-11-26T08:00:00Z', key_name: 'app', upstream_name: 'openai',
  model_requested: 'gpt-x', model_sent: 'gpt-x', stream: false, protocol: 'openai_chat', provider: 'openai',
  entry: {
    revision: 0, kind: 'usage', billing_status: 'unbilled', reason: 'price_not_found', detail: 'tried gpt-x, openai/gpt-x',
    cost: null, charge: null, list_cost: null, lines: [], formula: null, usage: { input: 1000, cache_read: 500, output: 20 },
    usage_source: 'reported', pricing: null, outcome: { model_served: 'gpt-x', kind: 'completed' },
  },
} as unknown as RecentEntry;

describe('recent billing details', () => {
  it('highlight what is unbilled, with the reason and its detail', async () => {
    gateway({ 'GET /billing/recent': () => ({ items: [ENTRY], next_cursor: null }) });
    await showAt('/', <RecentBlock />);
    const row = (await screen.findByText('gpt-x')).closest('tr');
    expect(row).toHaveAttribute('data-tone', 'bad');
    expect(row).toHaveTextContent('no price');
    expect(row).toHaveTextContent('not known');
    await userEvent.click(screen.getByRole('button', { name: 'Show details' }));
    expect(screen.getByText('tried gpt-x, openai/gpt-x')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Set a price' })).toBeInTheDocument();
  });

  it('go on where a page found nothing yet, and say how far it looked', async () => {
    gateway({
      'GET /billing/recent': ({ query }) =>
        query.cursor === 'further'
          ? { items: [ENTRY], next_cursor: null, scanned_to: null }
          : { items: [], next_cursor: 'further', scanned_to: '2026-11-05T08:00:00Z' },
    });
    await showAt('/', <RecentBlock />);
    expect(await screen.findByText(/Looked through the log as far as/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('gpt-x')).toBeInTheDocument();
    expect(screen.queryByText(/Looked through the log as far as/)).not.toBeInTheDocument();
  });

  it('count every token once', () => {
    const sums = tokensOf({ input: 1000, cache_read: 500, output: 20, reasoning: 5, images_out: 3 }, String);
    expect(sums).toEqual({ input: '1500', output: '25' });
  });
});
