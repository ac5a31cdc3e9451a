import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';

import type { RuleImport } from '@/data/ruleTables';
import { startTexts } from '@/i18n';
import { changes, gateway } from '@/testing/gateway';
import { show } from '@/testing/show';

import { ImportDialog } from './ImportDialog';
import { RuleTables } from './RuleTables';

beforeAll(() => startTexts('en'));

const ROW = { id: null, line: 2, row: 1, upstream_id: null, errors: [], warnings: [] };
const DRY: RuleImport = {
  dry_run: true,
  created: 1,
  changed: 0,
  unchanged: 1,
  refused: 0,
  effect: null,
  price_version: null,
  items: [
    { ...ROW, name: 'as-before', outcome: 'unchanged' },
    { ...ROW, name: 'house-mini', outcome: 'created', line: 3, row: 2, warnings: ['gpt-5-mini has no price'] },
  ],
};

const CSV = 'alias,target\nas-before,a\nhouse-mini,gpt-5-mini\n';

async function upload(text: string, name: string) {
  const field = document.querySelector<HTMLInputElement>('input[type=file]')!;
  await userEvent.upload(field, new File([text], name, { type: 'text/csv' }));
}

describe('the import of aliases', () => {
  it('says first what each row would do, and changes nothing', async () => {
    const asked = gateway({ 'POST /billing/aliases/import': () => DRY });
    show(<ImportDialog kind="aliases" onClose={() => undefined} />);
    expect(screen.getByRole('button', { name: 'Import 0 rows' })).toBeDisabled();
    await upload(CSV, 'aliases.csv');
    const rows = await screen.findByRole('list', { name: 'Rows' });
    expect(within(rows).getAllByRole('listitem')[0]).toHaveTextContent('new');
    expect(within(rows).getAllByRole('listitem')[0]).toHaveTextContent('house-mini');
    expect(within(rows).getByText('gpt-5-mini has no price')).toBeInTheDocument();
    expect(screen.getByText('Nothing has changed yet.')).toBeInTheDocument();
    const [dry] = changes(asked);
    expect(dry).toMatchObject({ query: { dry_run: 'true', confirm: 'false' }, body: CSV });
    expect(dry?.headers.get('content-type')).toBe('text/csv');
  });

  it('then does it for good', async () => {
    let isClosed = false;
    const asked = gateway({
      'POST /billing/aliases/import': ({ query }) => ({ ...DRY, dry_run: query.dry_run === 'true' }),
    });
    show(<ImportDialog kind="aliases" onClose={() => (isClosed = true)} />);
    await upload(CSV, 'aliases.csv');
    await userEvent.click(await screen.findByRole('button', { name: 'Import 1 row' }));
    expect(await screen.findByText('1 row imported')).toBeInTheDocument();
    expect(changes(asked)[1]).toMatchObject({ query: { dry_run: 'false' }, body: CSV });
    expect(isClosed).toBe(true);
  });

  it('does not go on while a row is refused, and says what is wrong with it', async () => {
    const errors = [{ field: 'target', message: 'an alias of itself', value: 'x' }];
    const refused: RuleImport = { ...DRY, refused: 1, items: [...DRY.items, { ...ROW, row: 3, line: 4, name: 'x', outcome: 'refused', errors }] };
    const asked = gateway({ 'POST /billing/aliases/import': () => refused });
    show(<ImportDialog kind="aliases" onClose={() => undefined} />);
    await upload(CSV, 'aliases.csv');
    const rows = await screen.findByRole('list', { name: 'Rows' });
    expect(within(rows).getAllByRole('listitem')[0]).toHaveTextContent('target: an alias of itself');
    expect(screen.getByRole('button', { name: 'Import 1 row' })).toBeDisabled();
    expect(changes(asked)).toHaveLength(1);
  });

  it('confirms what the preview has shown of its effect', async () => {
    const effect = {
      currency: 'USD',
      changes: [{ model: 'house-mini', subject: 'rate', meter: 'input', before: '1', after: '9', reason: 'factor' }],
      traffic: {
        attempts: 0, groups: [], complete: true, entries_read: 0, from: '2026-11-19T00:00:00Z', until: '2026-11-26T00:00:00Z',
      },
    };
    const asked = gateway({ 'POST /billing/aliases/import': () => ({ ...DRY, effect }) });
    show(<ImportDialog kind="aliases" onClose={() => undefined} />);
    await upload(CSV, 'aliases.csv');
    expect(await screen.findByRole('table', { name: 'Changes' })).toHaveTextContent('changes by much');
    await userEvent.click(screen.getByRole('button', { name: 'Import 1 row' }));
    await waitFor(() => expect(changes(asked)).toHaveLength(2));
    expect(changes(asked)[1]?.query.confirm).toBe('true');
  });

  it('sends JSON as such', async () => {
    const asked = gateway({ 'POST /billing/aliases/import': () => DRY });
    show(<ImportDialog kind="aliases" onClose={() => undefined} />);
    await upload('{"items": []}', 'aliases.json');
    await waitFor(() => expect(changes(asked)).toHaveLength(1));
    expect(changes(asked)[0]?.headers.get('content-type')).toBe('application/json');
    expect(changes(asked)[0]?.body).toEqual({ items: [] });
  });

  it('does not send what is too large', async () => {
    const asked = gateway({});
    show(<ImportDialog kind="overrides" onClose={() => undefined} />);
    await upload('x'.repeat(1_048_577), 'overrides.csv');
    expect(await screen.findByText(/^At most/)).toBeInTheDocument();
    expect(asked).toHaveLength(0);
  });
});

describe('the tables of rules', () => {
  it('are offered as CSV and JSON to everybody, the import only to those who may', async () => {
    gateway({});
    show(<RuleTables kind="overrides" />, { role: 'viewer' });
    expect(screen.queryByRole('button', { name: 'Import' })).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Export' }));
    const csv = await screen.findByRole('menuitem', { name: 'CSV, for spreadsheets' });
    expect(csv).toHaveAttribute('href', '/api/admin/billing/overrides/export?format=csv');
  });
});
