import { Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useSpend } from '@/data/spend';
import { percent } from '@/shared/decimal';
import { Money } from '@/shared/Money';
import { Block } from '@/shared/Page';
import { Empty, QueryState } from '@/shared/QueryState';
import { oneOf, useFilters } from '@/shared/search';

const SpendChart = lazy(() => import('./SpendChart'));

const GROUPS = ['upstream', 'model', 'key', 'team'] as const;
const RANGES = ['day', 'week', 'month'] as const;
const DAYS: Record<(typeof RANGES)[number], number> = { day: 1, week: 7, month: 30 };
const SHOWN = 6;
const QUARTER_HOUR = 900_000;

/** Spend over time and who it went to; what is drawn is also listed, with exact figures. */
export function Spend() {
  const { t } = useTranslation('overview');
  const [search, setSearch] = useFilters();
  const group = oneOf(GROUPS, search.by) ?? 'upstream';
  const range = oneOf(RANGES, search.range) ?? 'week';
  const from = useMemo(() => {
    const start = Date.now() - DAYS[range] * 86_400_000;
    return new Date(Math.floor(start / QUARTER_HOUR) * QUARTER_HOUR).toISOString();
  }, [range]);
  const query = useSpend({ from, interval: range === 'day' ? 'hour' : 'day', group_by: group, top: SHOWN });
  return (
    <Block
      title={t('spend')}
      about={t('spendAbout')}
      actions={
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={t('spendRange')}
            value={range}
            onChange={(next) => setSearch({ range: next })}
            data={RANGES.map((value) => ({ value, label: t(`ranges.${value}`) }))}
          />
          <SegmentedControl
            size="xs"
            aria-label={t('spendBy')}
            value={group}
            onChange={(next) => setSearch({ by: next })}
            data={GROUPS.map((value) => ({ value, label: t(`groups.${value}`) }))}
          />
        </Group>
      }
    >
      <QueryState
        query={query}
        rows={5}
        isEmpty={(data) => data.series.length === 0}
        empty={<Empty icon={IconChartBar} title={t('noSpend')} hint={t('noSpendHint')} />}
      >
        {(data) => (
          <Stack gap="md">
            <Suspense fallback={<Skeleton h={240} />}>
              <SpendChart data={data} />
            </Suspense>
            <Stack gap={4} component="ul" m={0} p={0} aria-label={t('spendBy')}>
              {data.series.map((series) => {
                const share = percent(series.total.cost, data.total.total.cost);
                return (
                  <Group key={series.member ?? ''} component="li" justify="space-between" wrap="nowrap">
                    <Text size="sm" className="break">
                      {series.name ?? series.member ?? t('noMember')}
                    </Text>
                    <Group gap="sm" wrap="nowrap">
                      {share && (
                        <Text size="xs" c="dimmed" className="tabular">{`${share} %`}</Text>
                      )}
                      <Money value={series.total.cost} fz="sm" fw={600} />
                    </Group>
                  </Group>
                );
              })}
            </Stack>
          </Stack>
        )}
      </QueryState>
    </Block>
  );
}
