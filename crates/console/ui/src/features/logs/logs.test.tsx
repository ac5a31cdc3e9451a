import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import type { RequestLog } from '@/data/logs';
import { MultipliersBlock } from '@/features/billing/MultipliersBlock';
import { RecentBlock } from '@/features/billing/RecentBlock';
import { UnpricedBlock } from '@/features/billing/UnpricedBlock';
import { startTexts } from '@/i18n';
import { DataTable } from '@/shared/DataTable';
import * as phone from '@/shared/useIsPhone';
import { answer, problem, show } from '@/testing/show';

import { logTone, useLogColumns } from './columns';

const LOG: RequestLog = {
  request_id: 'r',
  occurred_at: '2026-11-26T10:00:00Z',
  attempts: 1,
  billing_status: 'billed',
  caller_request_id: null,
  charge: '0.0025',
  cost: '0.0019125',
  currency: 'USD',
  detail: null,
  duration_us: 1_500_000,
  ended_at: null,
  error: null,
  error_origin: null,
  finish_reason: 'stop',
  http_status: 200,
  key_id: 'k',
  key_name: 'app',
  list_cost: '0.00225',
  model_requested: 'gpt-5-mini',
  model_served: 'gpt-5-mini-2026-01-01',
  owner: null,
  path: '/v1/chat/completions',
  protocol: 'openai_chat',
  reason: null,
  stream: false,
  team: null,
  tokens: { cache_read: 0, cache_write: 0, input: 1000, output: 1000, reasoning: 0 },
  tokens_per_second: null,
  ttft_us: null,
  upstream_id: 'u',
  upstream_name: 'openai',
};

const NOTHING = { cost: null, charge: null, list_cost: null } as const;

function Logs({ logs }: { logs: RequestLog[] }) {
  const columns = useLogColumns();
  return <DataTable label="Logs" columns={columns} rows={logs} rowKey={(row) => row.request_id} tone={logTone} />;
}

beforeAll(() => startTexts('en'));

describe.each([
  ['table', false],
  ['phone card', true],
])('the logs as a %s', (_, isPhone) => {
  beforeEach(() => {
    vi.spyOn(phone, 'useIsPhone').mockReturnValue(isPhone);
  });

  it.each([
    ['billed', { billing_status: 'billed' }, ['Billed', '$0.00191', '$0.0025']],
    ['unbilled', { billing_status: 'unbilled', reason: 'price_not_found', ...NOTHING }, ['Unbilled', 'no price', 'not known']],
    ['partly billed', { billing_status: 'partly_billed', reason: 'interrupted' }, ['Partly billed', 'interrupted', '$0.00191']],
    ['no charge', { billing_status: 'no_charge', ...NOTHING }, ['No charge', '–']],
    ['none yet', { billing_status: null, ...NOTHING }, ['On its way', 'not known']],
  ] as const)('shows cost, status and reason of a request that is %s', (_name, change, texts) => {
    show(<Logs logs={[{ ...LOG, ...change } as RequestLog]} />);
    const place = isPhone ? screen.getByRole('listitem') : screen.getByRole('table');
    for (const text of texts) expect(within(place).getAllByText(text).length).toBeGreaterThan(0);
  });
});

describe.each([
  ['recent requests', RecentBlock, 'No request yet'],
  ['models without a price', UnpricedBlock, 'Every model served has a price'],
  ['multipliers', MultipliersBlock, 'There is no upstream yet'],
] as const)('the list of %s', (_name, List, empty) => {
  it('says that it loads, then that nothing is there', async () => {
    vi.spyOn(window, 'fetch').mockImplementation(() => answer(200, { items: [], next_cursor: null }));
    show(<List />);
    expect(screen.getByRole('status', { name: 'Loading' })).toBeInTheDocument();
    expect(await screen.findByText(empty)).toBeInTheDocument();
  });

  it('says what failed in the reader’s words, and asks again', async () => {
    const fetched = vi.spyOn(window, 'fetch').mockImplementation(() => problem(500, 'internal'));
    show(<List />);
    expect(await screen.findByText('The gateway failed')).toBeInTheDocument();
    fetched.mockImplementation(() => answer(200, { items: [], next_cursor: null }));
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(empty)).toBeInTheDocument();
  });
});
