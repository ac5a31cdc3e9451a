import { SimpleGrid, Stack } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useApiKeys } from '@/data/apiKeys';
import { useOverview } from '@/data/overview';
import { useUpstreams } from '@/data/upstreams';
import { isZero } from '@/shared/decimal';
import { Page } from '@/shared/Page';
import { Placeholder } from '@/shared/Placeholder';
import { QueryState } from '@/shared/QueryState';

import { AttentionBlock } from './AttentionBlock';
import { Cards } from './Cards';
import { Period } from './Period';
import { Spend } from './Spend';
import { TopLists } from './TopLists';

type Overview = Schemas['BillingOverview'];

/** Loaded where nothing was sent yet. */
const FirstSteps = lazy(async () => ({ default: (await import('./FirstSteps')).FirstSteps }));

/** Who waits for the first bill looks at the page until it is there. */
const UNTIL_THE_FIRST = 3_000;
const EVERY = 15_000;

/** What did it cost, and what needs me? */
export function OverviewPage() {
  const { t } = useTranslation('overview');
  const query = useOverview({ every: (seen) => (seen && isFresh(seen) ? UNTIL_THE_FIRST : EVERY), staleTime: 0 });
  return (
    <Page title={t('title')} about={query.data ? t('about', { zone: query.data.accounting_zone }) : <Placeholder h={16} w={240} my={3} />}>
      <QueryState query={query} rows={6}>
        {(overview) => (
          <Stack gap="lg">
            {isFresh(overview) ? <Beginning /> : <Cards overview={overview} />}
            <AttentionBlock overview={overview} />
            {!isFresh(overview) && <Figures overview={overview} />}
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}

/** Whether there is nothing to add up: what is empty everywhere answers no question. */
function isFresh({ month, previous }: Overview): boolean {
  return month.attempts === 0 && previous.month.attempts === 0;
}

/** Leads whoever has just installed the gateway to the first request. */
function Beginning() {
  const upstreams = useUpstreams();
  const keys = useApiKeys();
  const isKnown = upstreams.data !== undefined && keys.data !== undefined;
  return (
    <Suspense fallback={<Placeholder h={320} radius="lg" />}>
      {isKnown && (
        <FirstSteps
          hasUpstream={upstreams.data.items.length > 0}
          hasKey={keys.data.pages.some((page) => page.items.length > 0)}
        />
      )}
    </Suspense>
  );
}

/** Where the money went, over time and by whom, and what the sums are made of. */
function Figures({ overview }: { overview: Overview }) {
  const { t } = useTranslation('overview');
  const { accounting_zone: zone, today, month } = overview;
  return (
    <>
      <Spend zone={zone} />
      <TopLists today={today.from} month={month.from} hasToday={!isZero(today.cost)} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Period title={t('today')} about={t('inZone', { zone })} totals={today} />
        <Period title={t('month')} about={t('inZone', { zone })} totals={month} />
      </SimpleGrid>
    </>
  );
}
