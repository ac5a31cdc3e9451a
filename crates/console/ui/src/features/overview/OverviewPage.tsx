import { SimpleGrid, Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useOverview } from '@/data/overview';
import { Page } from '@/shared/Page';
import { QueryState } from '@/shared/QueryState';

import { AttentionBlock } from './AttentionBlock';
import { Cards } from './Cards';
import { Period } from './Period';
import { Spend } from './Spend';
import { TopLists } from './TopLists';

/** What did it cost, and what needs me? */
export function OverviewPage() {
  const { t } = useTranslation('overview');
  const query = useOverview({ refetchInterval: 15_000 });
  return (
    <Page title={t('title')} about={query.data ? t('about', { zone: query.data.accounting_zone }) : <Skeleton h={16} w={240} />}>
      <QueryState query={query} rows={6}>
        {(overview) => (
          <Stack gap="lg">
            <Cards overview={overview} />
            <AttentionBlock overview={overview} />
            <Spend zone={overview.accounting_zone} />
            <TopLists today={overview.today.from} month={overview.month.from} />
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
              <Period title={t('today')} about={t('inZone', { zone: overview.accounting_zone })} totals={overview.today} />
              <Period title={t('month')} about={t('inZone', { zone: overview.accounting_zone })} totals={overview.month} />
            </SimpleGrid>
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}
