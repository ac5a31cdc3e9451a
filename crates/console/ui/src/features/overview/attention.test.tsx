import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';

import type { Schemas } from '@/api/client';
import type { AttentionItem } from '@/data/attention';
import { startTexts } from '@/i18n';
import { changes, gateway } from '@/testing/gateway';
import { answer, problem, showAt } from '@/testing/show';

import { repairOf } from './attention/repair';
import { AttentionBlock } from './AttentionBlock';

const UPSTREAM = '0198f0a0-0000-7000-8000-000000000001';
const RELEASE = '0198f0a0-0000-7000-8000-000000000009';

const ITEM: AttentionItem = {
  id: 'unpriced-1',
  kind: 'unpriced',
  upstream_id: UPSTREAM,
  upstream: 'acme',
  provider: 'acme',
  model_sent: 'acme-large-2026',
  model_served: 'acme-large-2026',
  journal_id: null,
  release_id: null,
  count: 3,
  input_tokens: 1800,
  output_tokens: 420,
  list_cost: null,
  cost: null,
  reported_cost: null,
  at_stake: { basis: 'suggestions', cost_low: '0.0012', cost_high: '0.0034', reason: null },
  first_seen: '2026-11-04T18:20:00Z',
  last_seen: '2026-11-05T07:59:00Z',
  action: {
    operation: 'create_alias',
    method: 'POST',
    path: '/api/admin/billing/aliases',
    body: { alias: 'acme-large-2026', target: 'acme-large' } as never,
  },
  state: {
    id: 'unpriced-1',
    owner: null,
    note: 'price asked for',
    snoozed_until: null,
    revision: 4,
    updated_at: null,
    updated_by: null,
  },
};

const OVERVIEW = { health: 'ready', catalog: { last_sync: null } } as unknown as Schemas['BillingOverview'];

const queue = (...items: AttentionItem[]) => ({
  kinds: items.map(({ kind }) => ({ kind, items: 1 })),
  items,
  next_cursor: null,
});

const block = (overview = OVERVIEW) => <AttentionBlock overview={overview} />;

beforeAll(() => startTexts('en'));

describe('the queue of what needs somebody', () => {
  it('says that it loads, then that nothing is there', async () => {
    gateway({ 'GET /billing/attention': () => queue() });
    await showAt('/', block());
    expect(await screen.findByText('Nothing needs you')).toBeInTheDocument();
  });

  it('says what failed, and asks again', async () => {
    let isBroken = true;
    gateway({ 'GET /billing/attention': () => (isBroken ? problem(500, 'internal') : queue()) });
    await showAt('/', block());
    expect(await screen.findByText('The gateway failed')).toBeInTheDocument();
    isBroken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Nothing needs you')).toBeInTheDocument();
  });

  it('shows what, how often, how much money and by what that is known', async () => {
    gateway({ 'GET /billing/attention': () => queue(ITEM) });
    await showAt('/', block());
    const item = await screen.findByRole('listitem', { name: 'acme-large-2026 · acme' });
    expect(item).toHaveTextContent('No price');
    expect(item).toHaveTextContent('3 attempts that nothing prices');
    expect(item).toHaveTextContent('$0.0012 – $0.0034');
    expect(item).toHaveTextContent('by similar names');
    expect(item).toHaveTextContent('price asked for');
  });

  it('says why nobody knows how much, and never a zero', async () => {
    const at_stake = { basis: null, cost_low: null, cost_high: null, reason: 'usage_unknown' } as const;
    gateway({ 'GET /billing/attention': () => queue({ ...ITEM, at_stake }) });
    await showAt('/', block());
    const item = await screen.findByRole('listitem', { name: /acme/ });
    expect(item).toHaveTextContent('usage not known');
    expect(item).not.toHaveTextContent('$');
  });

  it('leaves out what is put off, and shows it when asked, by the address', async () => {
    const asked = gateway({ 'GET /billing/attention': () => queue() });
    const { router } = await showAt('/', block());
    await screen.findByText('Nothing needs you');
    expect(asked[0]?.query.snoozed).toBe('exclude');
    await userEvent.click(screen.getByRole('radio', { name: 'Put off' }));
    expect(await screen.findByText('Nothing is put off')).toBeInTheDocument();
    expect(router.state.location.href).toBe('/?snoozed=only');
    expect(asked.at(-1)?.query.snoozed).toBe('only');
  });

  it('asks for what the address filters by', async () => {
    const asked = gateway({ 'GET /billing/attention': () => queue() });
    await showAt('/?kind=gap&whose=mine', block());
    expect(await screen.findByText('Nothing like that waits')).toBeInTheDocument();
    expect(asked[0]?.query).toMatchObject({ kind: 'gap', owner: 'ada@example.com' });
  });

  it('warns of a failed sync with its reason', async () => {
    gateway({ 'GET /billing/attention': () => queue() });
    const last_sync = { state: 'failed', reason: 'the map answered 500' };
    await showAt('/', block({ ...OVERVIEW, catalog: { last_sync } } as never));
    expect(await screen.findByText('the map answered 500')).toBeInTheDocument();
  });
});

/** On a busy machine a menu, or a dialog that is loaded when it is asked for, takes longer than the library waits. */
const PATIENCE = { timeout: 4000 };

/** Opens the menu of the one item and chooses. */
async function choose(name: string) {
  await userEvent.click(await screen.findByRole('button', { name: /^Owner and snooze of/ }));
  await userEvent.click(await screen.findByRole('menuitem', { name }, PATIENCE));
}

describe('an item', () => {
  it('is taken with one choice, and what was said of it stays', async () => {
    const asked = gateway({
      'GET /billing/attention': () => queue(ITEM),
      'PUT /billing/attention/unpriced-1': () => ({ ...ITEM.state, owner: 'ada@example.com', revision: 5 }),
    });
    await showAt('/', block());
    await choose('Take it');
    expect(await screen.findByText('It is yours')).toBeInTheDocument();
    const [put] = changes(asked);
    expect(put?.body).toEqual({ owner: 'ada@example.com', snoozed_until: null, note: 'price asked for' });
    expect(put?.headers.get('if-match')).toBe('"4"');
  });

  it('is put off for a week', async () => {
    const asked = gateway({
      'GET /billing/attention': () => queue(ITEM),
      'PUT /billing/attention/unpriced-1': () => ({ ...ITEM.state, revision: 5 }),
    });
    await showAt('/', block());
    await choose('Put off for a week');
    await waitFor(() => expect(changes(asked)).toHaveLength(1));
    const { snoozed_until } = changes(asked)[0]?.body as { snoozed_until: string };
    expect(Date.parse(snoozed_until) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    expect(Date.parse(snoozed_until) - Date.now()).toBeLessThan(7.1 * 86_400_000);
  });

  it('is as it was when somebody else was faster, and says so', async () => {
    gateway({
      'GET /billing/attention': () => queue(ITEM),
      'PUT /billing/attention/unpriced-1': () => problem(412, 'stale'),
    });
    await showAt('/', block());
    await choose('Take it');
    expect(await screen.findByText('Somebody else changed it in the meantime')).toBeInTheDocument();
    expect(screen.queryByText('ada@example.com')).not.toBeInTheDocument();
  });

  it('takes owner, day and note, but no day that is past', async () => {
    const asked = gateway({
      'GET /billing/attention': () => queue(ITEM),
      'PUT /billing/attention/unpriced-1': () => ({ ...ITEM.state, revision: 5 }),
    });
    await showAt('/', block());
    await choose('Owner, day and note …');
    const dialog = await screen.findByRole('dialog', {}, PATIENCE);
    await userEvent.type(within(dialog).getByLabelText('Owner'), 'lin');
    const day = within(dialog).getByLabelText('Put off until');
    await userEvent.type(day, '2020-01-01');
    expect(within(dialog).getByText('A day in the future')).toBeInTheDocument();
    expect(within(dialog).getByRole('button', { name: 'Save' })).toBeDisabled();
    await userEvent.clear(day);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(changes(asked)).toHaveLength(1));
    expect(changes(asked)[0]?.body).toEqual({ owner: 'lin', snoozed_until: null, note: 'price asked for' });
  });

  it('without a price is repaired where it stands, by what the gateway proposes', async () => {
    const alias = { id: 'a', alias: 'acme-large-2026', target: 'acme-large' };
    const asked = gateway({
      'GET /billing/attention': () => queue(ITEM),
      'POST /billing/aliases': () => answer(201, { alias, warnings: [], backdated: null }),
    });
    await showAt('/', block());
    await userEvent.click(await screen.findByRole('button', { name: 'Set a price' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Save the alias' }));
    expect(await screen.findByText('acme-large-2026 is priced as acme-large')).toBeInTheDocument();
    expect(changes(asked)[0]?.body).toMatchObject({ alias: 'acme-large-2026', target: 'acme-large', confirm: false });
  });

  it('offers a viewer nothing that would be refused', async () => {
    gateway({ 'GET /billing/attention': () => queue(ITEM) });
    await showAt('/', block(), { role: 'viewer' });
    await screen.findByRole('listitem', { name: /acme/ });
    expect(screen.queryByRole('button', { name: 'Set a price' })).not.toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /^Owner and snooze/ })).not.toBeInTheDocument();
  });
});

describe('the way to mend', () => {
  const action = (operation: string, path = '/', body: object | null = null) =>
    ({ operation, method: 'POST', path, body }) as AttentionItem['action'];

  it.each([
    ['held prices leads to the run', { release_id: RELEASE, action: action('accept_price_release') }, '/prices', { tab: 'releases', run: RELEASE }],
    ['a zero multiplier leads to its row', { action: action('put_upstream_multipliers') }, '/system/billing', { multipliers: UPSTREAM }],
    [
      'an interrupted attempt leads to its entries',
      { action: action('list_recent_entries', `/api/admin/billing/recent?billing_status=unbilled&reason=interrupted&upstream_id=${UPSTREAM}&model=a%2Fb`) },
      '/system/billing',
      { status: 'unbilled', reason: 'interrupted', upstream: UPSTREAM, model: 'a/b', view: 'entries' },
    ],
    ['a conflict leads to the requests', { action: null }, '/logs', { model: 'acme-large-2026', upstream: UPSTREAM }],
  ])('%s', (_name, change, to, search) => {
    expect(repairOf({ ...ITEM, ...change })).toMatchObject({ way: 'page', to, search });
  });

  it('is none for a gap: nothing was recorded', () => {
    const gap = { kind: 'gap', action: null, upstream_id: null, model_sent: null, model_served: null } as const;
    expect(repairOf({ ...ITEM, ...gap })).toBeNull();
  });
});
