import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { beforeAll, describe, expect, it, vi } from 'vitest';

import type { Schemas } from '@/api/client';
import type { PriceRelease } from '@/data/releases';
import { startTexts } from '@/i18n';
import { LOG, UPSTREAM } from '@/testing/samples';
import { answer, problem, showAt } from '@/testing/show';

import { BillingCards } from './billing/BillingCards';
import { MultiplierHistory } from './billing/multipliers/MultiplierHistory';
import { MultipliersBlock } from './billing/MultipliersBlock';
import { RecentBlock } from './billing/RecentBlock';
import { SyncCard } from './billing/SyncCard';
import { UnpricedBlock } from './billing/UnpricedBlock';
import { KeysPage } from './keys/KeysPage';
import { LogDetails } from './logs/LogDetails';
import { LogsPage } from './logs/LogsPage';
import { Receipt } from './logs/Receipt';
import { StatsStrip } from './logs/StatsStrip';
import { AttentionBlock } from './overview/AttentionBlock';
import { Cards } from './overview/Cards';
import { OverviewPage } from './overview/OverviewPage';
import { Spend } from './overview/Spend';
import { TopLists } from './overview/TopLists';
import { Aliases } from './prices/Aliases';
import { Catalog } from './prices/Catalog';
import { OverrideHistory } from './prices/OverrideHistory';
import { Overrides } from './prices/Overrides';
import { ReleaseDiff } from './prices/ReleaseDiff';
import { Releases } from './prices/Releases';
import { Stale } from './prices/Stale';
import { BillingBlock } from './settings/BillingBlock';
import { AuditDetails } from './system/audit/AuditDiff';
import { EDIT } from './system/samples';
import { PriceExamples } from './upstreams/PriceExamples';
import { TestDialog } from './upstreams/TestDialog';
import { UpstreamsPage } from './upstreams/UpstreamsPage';
import { valuesOf } from './upstreams/values';

beforeAll(() => startTexts('en'));

const NOTHING = { cost: '0', charge: '0', list_cost: '0', attempts: 0, billed: 0, unbilled: 0, estimated_cost: '0' };
const PART = { attempts: 0, cost: '0' };
const TOTALS = {
  ...NOTHING,
  from: '2026-11-26T00:00:00Z',
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  parts: { reported: PART, estimated: PART, unbilled: { attempts: 0, estimate: null } },
};
const OVERVIEW = {
  accounting_zone: 'UTC',
  health: 'ready',
  catalog: { last_sync: null },
  price_version: 1,
  today: TOTALS,
  month: TOTALS,
  previous: { day: NOTHING, day_so_far: NOTHING, month: NOTHING, month_so_far: NOTHING },
} as unknown as Schemas['BillingOverview'];
const LATENCY = { count: 0, p50_us: null, p90_us: null, p99_us: null };
const SUMS = {
  ...NOTHING,
  requests: 0,
  errors: 0,
  errors_by: [],
  cache_hit_share: null,
  cache_saved_cost: '0',
  cache_saved_unknown: 0,
  duration: LATENCY,
  ttft: LATENCY,
  tokens: { cache_read: 0, cache_write: 0, input: 0, output: 0, reasoning: 0 },
  tokens_per_second: null,
};

/** An answer of every read in which there is nothing. */
const NONE = {
  ...OVERVIEW,
  items: [],
  next_cursor: null,
  ranked: null,
  total: SUMS,
  kinds: [],
  held_known: true,
  series: [],
  points: [],
  other: null,
  groups: [],
  settings: [],
  attempts: [],
  routing: null,
  before: null,
  after: null,
  preview: { cost: null, billing_status: 'unbilled', reason: null, detail: null, rule: null, usage: {} },
  model_sent: 'gpt-5-mini',
  routed: true,
  from: '2026-11-25T00:00:00Z',
  until: '2026-11-26T00:00:00Z',
};
const RUN = { id: 'r1', waiting: 0 } as PriceRelease;
const DAY = '2026-11-26T00:00:00Z';

/**
 * Everything that is asked for, by the file that shows it: the part of the console, and what is seen of it where there is
 * nothing. Those of the System page have a table of their own, for desktop and phone, in `system/blocks.test.tsx`.
 */
const BLOCKS: Record<string, [ReactElement, string]> = {
  'billing/BillingCards': [<BillingCards key="b" />, 'Every model served has a price'],
  'billing/SyncCard': [<SyncCard key="b" />, 'Not yet'],
  'billing/MultipliersBlock': [<MultipliersBlock key="b" />, 'There is no upstream yet'],
  'billing/multipliers/MultiplierHistory': [<MultiplierHistory key="b" upstreamId="u" />, ''],
  'billing/RecentBlock': [<RecentBlock key="b" />, 'No request yet'],
  'billing/UnpricedBlock': [<UnpricedBlock key="b" />, 'Every model served has a price'],
  'keys/KeysPage': [<KeysPage key="b" />, 'There is no key yet'],
  'logs/LogDetails': [<LogDetails key="b" log={LOG} />, 'Receipt'],
  'logs/LogsPage': [<LogsPage key="b" />, 'No request here'],
  'logs/Receipt': [<Receipt key="b" requestId="r" />, ''],
  'logs/StatsStrip': [<StatsStrip key="b" filters={{}} isPartial={false} refetchInterval={false} />, '0 attempts'],
  'overview/AttentionBlock': [<AttentionBlock key="b" overview={OVERVIEW} />, 'Nothing needs you'],
  'overview/Cards': [<Cards key="b" overview={OVERVIEW} />, 'No input yet'],
  'overview/OverviewPage': [<OverviewPage key="b" />, 'To the first bill in three steps'],
  'overview/Spend': [<Spend key="b" zone="UTC" />, 'Nothing was spent in this time'],
  'overview/TopLists': [<TopLists key="b" today={DAY} month={DAY} hasToday />, 'Nothing was spent in this time'],
  'prices/Aliases': [<Aliases key="b" />, 'No alias yet'],
  'prices/Catalog': [<Catalog key="b" />, 'No model matches'],
  'prices/OverrideHistory': [<OverrideHistory key="b" id="o" />, ''],
  'prices/Overrides': [<Overrides key="b" />, 'No price of yours'],
  'prices/ReleaseDiff': [<ReleaseDiff key="b" run={RUN} />, 'This run changed no price'],
  'prices/Releases': [<Releases key="b" />, 'No run yet'],
  'prices/Stale': [<Stale key="b" />, 'Every price in use is still listed'],
  'settings/BillingBlock': [<BillingBlock key="b" />, 'This gateway does not say how it bills'],
  'system/audit/AuditDiff': [<AuditDetails key="b" entry={EDIT} />, 'Nothing is kept beside the fact itself.'],
  'upstreams/PriceExamples': [
    <PriceExamples key="b" upstreamId={null} values={valuesOf(UPSTREAM)} />,
    'The catalog has no priced model of openai that these rules serve.',
  ],
  'upstreams/TestDialog': [<TestDialog key="b" upstream={UPSTREAM} onClose={() => undefined} />, 'gpt-5-mini'],
  'upstreams/UpstreamsPage': [<UpstreamsPage key="b" />, 'There is no upstream yet'],
};

type Gateway = 'silent' | 'broken' | 'empty';

/** A gateway in one state after another; what it was asked counts. */
function inState(first: Gateway) {
  const state = { now: first, asked: 0 };
  vi.spyOn(window, 'fetch').mockImplementation(() => {
    state.asked += 1;
    if (state.now === 'silent') return new Promise<Response>(() => undefined);
    return state.now === 'broken' ? problem(500, 'internal') : answer(200, NONE);
  });
  return state;
}

describe.each(Object.entries(BLOCKS))('%s', (_file, [element, empty]) => {
  it('says that it loads', async () => {
    inState('silent');
    await showAt('/', element);
    expect(screen.getAllByRole('status', { name: 'Loading' }).length).toBeGreaterThan(0);
    if (empty !== 'Receipt' && empty !== '') expect(screen.queryByText(empty)).not.toBeInTheDocument();
  });

  it('shows that nothing is there', async () => {
    inState('empty');
    await showAt('/', element);
    if (empty !== '') expect((await screen.findAllByText(empty)).length).toBeGreaterThan(0);
    await waitFor(() => expect(screen.queryByRole('status', { name: 'Loading' })).not.toBeInTheDocument());
    expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
  });

  it('says what failed, and asks again', async () => {
    const gateway = inState('broken');
    await showAt('/', element);
    expect((await screen.findAllByText('The gateway failed')).length).toBeGreaterThan(0);
    if (empty !== 'Receipt' && empty !== '') expect(screen.queryByText(empty)).not.toBeInTheDocument();
    gateway.now = 'empty';
    const before = gateway.asked;
    for (const again of screen.getAllByRole('button', { name: 'Try again' })) await userEvent.click(again);
    await waitFor(() => expect(screen.queryByText('The gateway failed')).not.toBeInTheDocument());
    expect(gateway.asked).toBeGreaterThan(before);
  });
});

it('stands for every part of the console that asks for something', () => {
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.tsx') && !file.endsWith('.test.tsx'),
  );
  const asking = files.filter((file) => {
    const code = readFileSync(join(__dirname, file), 'utf8');
    return /<(QueryState|PagedTable|Registry|RuleList)\b|\bquery=\{/.test(code) && !/export function RuleList/.test(code);
  });
  const others = readFileSync(join(__dirname, 'system/blocks.test.tsx'), 'utf8');
  const missing = asking
    .map((file) => file.replace('.tsx', ''))
    .filter((file) => !(file in BLOCKS) && !(file.startsWith('system/') && others.includes(`/${file.split('/').slice(1).join('/')}'`)));
  expect(asking.length).toBeGreaterThan(30);
  expect(missing).toEqual([]);
});
