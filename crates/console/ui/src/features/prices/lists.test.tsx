import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';

import type { Price } from '@/data/prices';
import { startTexts } from '@/i18n';
import { changes, gateway } from '@/testing/gateway';
import { answer, problem, show, showAt } from '@/testing/show';

import { Aliases } from './Aliases';
import { Catalog } from './Catalog';
import { Overrides } from './Overrides';
import { PriceStatus } from './PriceStatus';
import { Releases } from './Releases';
import { Stale } from './Stale';

beforeAll(() => startTexts('en'));

describe.each([
  ['models', Catalog, 'GET /billing/prices', 'No model matches'],
  ['manual prices', Overrides, 'GET /billing/overrides', 'No price of yours'],
  ['aliases', Aliases, 'GET /billing/aliases', 'No alias yet'],
  ['runs', Releases, 'GET /billing/prices/releases', 'No run yet'],
  ['prices no longer listed', Stale, 'GET /billing/prices/stale', 'Every price in use is still listed'],
] as const)('the list of %s', (_name, List, operation, empty) => {
  const none = { items: [], next_cursor: null, total: 0, price_version: 1, held_known: true };

  it('says that it loads, then that nothing is there', async () => {
    gateway({ [operation]: () => new Promise((resolve) => setTimeout(() => void answer(200, none).then(resolve), 50)) });
    await showAt('/', <List />);
    expect(screen.getByRole('status', { name: 'Loading' })).toBeInTheDocument();
    expect(await screen.findByText(empty)).toBeInTheDocument();
  });

  it('says what failed, and asks again', async () => {
    let isBroken = true;
    gateway({ [operation]: () => (isBroken ? problem(500, 'internal') : none) });
    await showAt('/', <List />);
    expect(await screen.findByText('The gateway failed')).toBeInTheDocument();
    isBroken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(empty)).toBeInTheDocument();
  });
});

const CARD = {
  card_id: 'c',
  free: false,
  input_usd_per_mtok: '2',
  output_usd_per_mtok: '8',
  cache_read_usd_per_mtok: null,
  cache_write_5m_usd_per_mtok: null,
  cache_write_1h_usd_per_mtok: null,
  bands: [],
  rates: [],
  modifiers: {},
  tiers: [],
};
const PRICE: Price = {
  model: 'gpt-x',
  provider: 'openai',
  mode: 'chat',
  source: 'litellm',
  effective: CARD,
  synced: CARD,
  overrides: [],
  held: null,
  stale: false,
  max_input_tokens: null,
  max_output_tokens: null,
};
const override = (upstream_id: string | null) => ({ override_id: 'o', upstream_id, apply_multipliers: true, price: CARD });

describe('the status of a price', () => {
  it.each([
    ['synced', {}, ['synced']],
    ['overridden', { overrides: [override(null)] }, ['yours']],
    ['overridden on one upstream', { overrides: [override('u')] }, ['some upstreams', 'synced']],
    ['stale', { stale: true }, ['no longer listed']],
    ['held', { held: { release_id: 'r', reason: 'factor', detail: 'input: 2 -> 20' } }, ['synced', 'held']],
    ['missing', { effective: null, synced: null, overrides: [override('u')] }, ['no price', 'some upstreams']],
    ['free', { effective: { ...CARD, free: true } }, ['synced', 'free']],
  ] as const)('that is %s is said in words', (_name, change, words) => {
    const { container } = show(<PriceStatus price={{ ...PRICE, ...change } as Price} />);
    const shown = [...container.querySelectorAll('[data-tone]')].map((badge) => badge.textContent);
    expect([...shown].sort()).toEqual([...words].sort());
  });
});

const ALIAS = {
  id: 'a1',
  alias: 'house-mini',
  target: 'gpt-5-mini',
  author: 'ada',
  note: null,
  upstream_id: null,
  upstream_name: null,
  price_version: 7,
  valid_from: '2026-11-05T08:00:00Z',
  valid_to: null,
  ended_by: null,
  end_note: null,
  effective_from: null,
};

describe('aliases', () => {
  const list = { 'GET /billing/aliases': () => ({ items: [ALIAS], next_cursor: null }) };

  it('are made in a form that says beside the field what is wrong', async () => {
    const asked = gateway({
      ...list,
      'POST /billing/aliases': () => answer(201, { alias: ALIAS, warnings: ['gpt-5-mini has no price'], backdated: null }),
    });
    await showAt('/', <Aliases />);
    await userEvent.click(await screen.findByRole('button', { name: 'New alias' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save the alias' }));
    expect(within(dialog).getAllByText('Please fill this in.')).toHaveLength(2);
    await userEvent.type(within(dialog).getByRole('textbox', { name: 'Name' }), 'house-mini');
    await userEvent.type(within(dialog).getByRole('textbox', { name: 'Priced as' }), 'house-mini');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save the alias' }));
    expect(within(dialog).getByText('Another name than its own')).toBeInTheDocument();
    expect(changes(asked)).toHaveLength(0);
    await userEvent.clear(within(dialog).getByRole('textbox', { name: 'Priced as' }));
    await userEvent.type(within(dialog).getByRole('textbox', { name: 'Priced as' }), 'gpt-5-mini');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save the alias' }));
    expect(await screen.findByText('house-mini is priced as gpt-5-mini')).toBeInTheDocument();
    expect(await screen.findByText('gpt-5-mini has no price')).toBeInTheDocument();
  });

  it('are deleted with their version, and only if nobody was faster', async () => {
    const asked = gateway({ ...list, 'DELETE /billing/aliases/a1': () => answer(204, null) });
    await showAt('/', <Aliases />);
    await userEvent.click(await screen.findByRole('button', { name: 'Delete the alias house-mini' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByRole('textbox'), 'contract ended');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Delete the alias' }));
    expect(await screen.findByText('Alias house-mini deleted')).toBeInTheDocument();
    const [sent] = changes(asked);
    expect(sent?.headers.get('if-match')).toBe('"7"');
    expect(sent?.query).toEqual({ note: 'contract ended', confirm: 'false' });
  });

  it('show every version, and what was different before', async () => {
    const before = { ...ALIAS, price_version: 5, target: 'gpt-4', valid_to: ALIAS.valid_from, author: 'lin', note: 'first' };
    gateway({ ...list, 'GET /billing/aliases/a1/history': () => ({ items: [ALIAS, before] }) });
    await showAt('/', <Aliases />);
    await userEvent.click(await screen.findByRole('button', { name: 'Show details' }));
    const history = await screen.findByRole('list', { name: 'History' });
    const [now, first] = within(history).getAllByRole('listitem').filter((item) => item.parentElement === history);
    expect(now).toHaveTextContent(/Priced as gpt-4\s+gpt-5-mini/);
    expect(first).toHaveTextContent('by lin · first');
  });

  it('show a viewer no button that would be refused', async () => {
    gateway(list);
    await showAt('/', <Aliases />, { role: 'viewer' });
    await screen.findByText('house-mini');
    for (const name of ['New alias', 'Import', /^Edit/, /^Delete/]) {
      expect(screen.queryByRole('button', { name })).not.toBeInTheDocument();
    }
  });
});
