import { screen, within } from '@testing-library/react';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import type { RequestLog } from '@/data/logs';
import { startTexts } from '@/i18n';
import { DataTable } from '@/shared/DataTable';
import * as phone from '@/shared/useIsPhone';
import { LOG } from '@/testing/samples';
import { show } from '@/testing/show';

import { logTone, useLogColumns } from './columns';

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

  const place = () => (isPhone ? screen.getByRole('listitem') : screen.getByRole('table'));

  it.each([
    ['billed', { billing_status: 'billed' }, ['Billed', '$0.00191', '$0.0025']],
    ['unbilled', { billing_status: 'unbilled', reason: 'price_not_found', ...NOTHING }, ['Unbilled', 'no price', 'not known']],
    ['partly billed', { billing_status: 'partly_billed', reason: 'interrupted' }, ['Partly billed', 'interrupted', '$0.00191']],
    ['no charge', { billing_status: 'no_charge', ...NOTHING }, ['No charge', '–']],
    ['none yet', { billing_status: null, ...NOTHING }, ['On its way', 'not known']],
  ] as const)('show cost, status and reason of a request that is %s', (_name, change, texts) => {
    show(<Logs logs={[{ ...LOG, ...change } as RequestLog]} />);
    for (const text of texts) expect(within(place()).getAllByText(text).length).toBeGreaterThan(0);
  });

  it('never show an amount of nothing for one that is not known', () => {
    show(<Logs logs={[{ ...LOG, billing_status: 'unbilled', reason: 'price_not_found', ...NOTHING }]} />);
    expect(place()).not.toHaveTextContent('$0');
  });

  it('show model served, upstream, key, tokens and speed', () => {
    show(<Logs logs={[LOG]} />);
    const texts = [
      'gpt-5-mini',
      'served by gpt-5-mini-2026-01-01',
      'openai',
      'app · search',
      '1,000 in',
      '800 cached',
      '120 out',
      '1.5 sec',
      'first token 350 ms',
      '104 tokens/s',
    ];
    for (const text of texts) expect(within(place()).getByText(text)).toBeInTheDocument();
  });

  it('say that usage and duration are not known, rather than zero', () => {
    const change = { tokens: null, duration_us: null, ttft_us: null, tokens_per_second: null, http_status: null };
    show(<Logs logs={[{ ...LOG, ...change }]} />);
    expect(place()).not.toHaveTextContent(/\b0 (in|out|ms)/);
    expect(within(place()).getByText('unknown')).toBeInTheDocument();
  });
});
