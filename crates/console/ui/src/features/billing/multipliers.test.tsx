import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';

import type { UpstreamMultipliers } from '@/data/multipliers';
import { startTexts } from '@/i18n';
import { changes, gateway } from '@/testing/gateway';
import { problem, show } from '@/testing/show';

import { bodyOf, draftOf, isDirty, isValid, mistakesOf } from './multipliers/draft';
import { MultipliersBlock } from './MultipliersBlock';

const UPSTREAM: UpstreamMultipliers = {
  upstream_id: 'u1',
  upstream_name: 'openai',
  provider: 'openai',
  input_multiplier: '0.9',
  output_multiplier: '1',
  allow_free: false,
  models: [{ pattern: 'gpt-5*', input_multiplier: '0.8', output_multiplier: '0.8', allow_free: false }],
  revision: 3,
  backdated: null,
};
const LIST = { 'GET /billing/upstream-multipliers': () => ({ items: [UPSTREAM], next_cursor: null }) };
const PUT = 'PUT /billing/upstream-multipliers/u1';

beforeAll(() => startTexts('en'));

describe('what is typed of multipliers', () => {
  const draft = draftOf(UPSTREAM);
  const rule = draft.rules[0]!;
  const withRule = (change: Partial<typeof rule>) => ({ ...draft, rules: [rule, { ...rule, key: 1, ...change }] });

  it.each([
    ['a beginning', { pattern: 'o4*' }, true],
    ['a whole name', { pattern: 'o4-mini' }, true],
    ['nothing', { pattern: ' ' }, false],
    ['a star within', { pattern: 'gpt*mini' }, false],
    ['a pattern that is there', { pattern: 'gpt-5*' }, false],
    ['zero without permission', { pattern: 'o4*', input: '0' }, false],
    ['zero with permission', { pattern: 'o4*', input: '0', allowsFree: true }, true],
    ['too much', { pattern: 'o4*', output: '100.1' }, false],
  ])('%s for a pattern: good is %s', (_name, change, good) => {
    expect(isValid(mistakesOf(withRule(change)))).toBe(good);
  });

  it('is no change when only written otherwise', () => {
    expect(isDirty({ ...draft, input: ' 0.90 ' }, UPSTREAM)).toBe(false);
    expect(isDirty({ ...draft, note: 'why' }, UPSTREAM)).toBe(false);
    expect(isDirty({ ...draft, input: '0.91' }, UPSTREAM)).toBe(true);
    expect(isDirty({ ...draft, rules: [] }, UPSTREAM)).toBe(true);
  });

  it('goes out as decimals, with the patterns that were there', () => {
    expect(bodyOf({ ...draft, output: '1,000.50' })).toEqual({
      input_multiplier: '0.9',
      output_multiplier: '1000.5',
      allow_free: false,
      models: [{ pattern: 'gpt-5*', input_multiplier: '0.8', output_multiplier: '0.8', allow_free: false }],
    });
  });
});

describe('the multipliers of an upstream', () => {
  it('are saved with a pattern that was added, by the revision that was read', async () => {
    const asked = gateway({ ...LIST, [PUT]: () => ({ ...UPSTREAM, revision: 4 }) });
    show(<MultipliersBlock />);
    await userEvent.click(await screen.findByRole('button', { name: '1 pattern' }));
    await userEvent.click(screen.getByRole('button', { name: 'Add a pattern' }));
    const form = screen.getByRole('form', { name: 'openai' });
    expect(within(form).getByRole('button', { name: 'Save' })).toBeDisabled();
    expect(within(form).getByText('Please fill this in.')).toBeInTheDocument();
    await userEvent.type(within(form).getByLabelText('Pattern 2 of openai'), 'o4*');
    await userEvent.click(within(form).getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Multipliers of openai saved')).toBeInTheDocument();
    const [put] = changes(asked);
    expect(put?.headers.get('if-match')).toBe('"3"');
    expect((put?.body as { models: { pattern: string }[] }).models.map(({ pattern }) => pattern)).toEqual(['gpt-5*', 'o4*']);
  });

  it('take a zero only once that is meant', async () => {
    const asked = gateway({ ...LIST, [PUT]: () => ({ ...UPSTREAM, revision: 4 }) });
    show(<MultipliersBlock />);
    const field = await screen.findByLabelText('Input multiplier of openai');
    await userEvent.clear(field);
    await userEvent.type(field, '0');
    expect(screen.getByText('Zero makes it free; allow that first')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
    await userEvent.click(screen.getByRole('switch', { name: 'Free of charge is meant' }));
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Multipliers of openai saved')).toBeInTheDocument();
    expect(changes(asked)[0]?.body).toMatchObject({ input_multiplier: '0', allow_free: true });
  });

  it('say that somebody was faster', async () => {
    gateway({ ...LIST, [PUT]: () => problem(412, 'stale') });
    show(<MultipliersBlock />);
    const field = await screen.findByLabelText('Input multiplier of openai');
    await userEvent.clear(field);
    await userEvent.type(field, '0.7');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Somebody else changed it in the meantime')).toBeInTheDocument();
  });

  it('show their history with what was different', async () => {
    const version = {
      author: 'ada', note: 'contract', effective_from: null, ended_by: null, allow_free: false, valid_to: null,
      valid_from: '2026-11-05T08:00:00Z', price_version: 9, input_multiplier: '0.9', output_multiplier: '1', models: [],
    };
    gateway({
      ...LIST,
      'GET /billing/upstream-multipliers/u1/history': () => ({
        items: [version, { ...version, price_version: 8, input_multiplier: '1', note: null }],
      }),
    });
    show(<MultipliersBlock />);
    await userEvent.click(await screen.findByRole('button', { name: 'History' }));
    const history = await screen.findByRole('list', { name: 'History' });
    expect(history).toHaveTextContent(/Input × 1\s+× 0.9/);
    expect(history).toHaveTextContent('by ada · contract');
  });

  it('can be read but not changed by a viewer', async () => {
    gateway(LIST);
    show(<MultipliersBlock />, { role: 'viewer' });
    expect(await screen.findByLabelText('Input multiplier of openai')).toHaveAttribute('readonly');
    await userEvent.click(screen.getByRole('button', { name: '1 pattern' }));
    expect(screen.queryByRole('button', { name: 'Add a pattern' })).not.toBeInTheDocument();
  });
});
