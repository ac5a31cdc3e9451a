import { SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useSpend } from '@/data/spend';
import { Block } from '@/shared/Page';
import { Placeholder } from '@/shared/Placeholder';
import { Empty, QueryState } from '@/shared/QueryState';
import { oneOf, useFilters } from '@/shared/search';

import { colourOf } from './colours';
import { SeriesCost } from './SeriesCost';
import classes from './Spend.module.css';
import { useSeriesName } from './useSeriesName';

const SpendChart = lazy(() => import('./SpendChart'));

const GROUPS = ['upstream', 'model', 'key', 'team'] as const;
const RANGES = ['day', 'week', 'month', 'quarter'] as const;
type Range = (typeof RANGES)[number];

const DAYS: Record<Range, number> = { day: 1, week: 7, month: 30, quarter: 90 };
/** What can be drawn: a bar for each hour of a month would be a hair. */
const DRAWN: Record<Range, readonly ('hour' | 'day')[]> = {
  day: ['hour'],
  week: ['day', 'hour'],
  month: ['day'],
  quarter: ['day'],
};
const SHOWN = 6;
const QUARTER_HOUR = 900_000;

/** Spend over time and who it went to; what is drawn is also listed, with exact figures. */
export function Spend({ zone }: { zone: string }) {
  const { t } = useTranslation('overview');
  const [search, setSearch] = useFilters();
  const nameOf = useSeriesName();
  const group = oneOf(GROUPS, search.by) ?? 'upstream';
  const range = oneOf(RANGES, search.range) ?? 'week';
  const intervals = DRAWN[range];
  const interval = oneOf(intervals, search.interval) ?? intervals[0] ?? 'day';
  const now = useQuarterHour();
  const from = new Date(now - DAYS[range] * 86_400_000).toISOString();
  const query = useSpend({ from, interval, group_by: group, top: SHOWN });
  return (
    <Block
      title={t('spend')}
      about={t('spendAbout', { zone })}
      actions={
        <>
          {intervals.length > 1 && (
            <SegmentedControl
              size="xs"
              aria-label={t('spendInterval')}
              value={interval}
              onChange={(next) => setSearch({ interval: next })}
              data={intervals.map((value) => ({ value, label: t(`intervals.${value}`) }))}
            />
          )}
          <SegmentedControl
            size="xs"
            aria-label={t('spendRange')}
            value={range}
            onChange={(next) => setSearch({ range: next, interval: null })}
            data={RANGES.map((value) => ({ value, label: t(`ranges.${value}`) }))}
          />
          <SegmentedControl
            size="xs"
            aria-label={t('spendBy')}
            value={group}
            onChange={(next) => setSearch({ by: next })}
            data={GROUPS.map((value) => ({ value, label: t(`groups.${value}`) }))}
          />
        </>
      }
    >
      <QueryState
        query={query}
        placeholder={<Skeleton h={240} />}
        isEmpty={(data) => data.series.length === 0}
        empty={<Empty icon={IconChartBar} title={t('noSpend')} hint={t('noSpendHint')} />}
      >
        {(data) => {
          const all = [...data.series, ...(data.other ? [data.other] : [])];
          return (
            <Stack gap="md">
              <Suspense fallback={<Placeholder h={240} />}>
                <SpendChart data={data} />
              </Suspense>
              <ul className={classes.legend} aria-label={t('spendBy')}>
                {all.map((series, index) => {
                  const isOther = index >= data.series.length;
                  return (
                    <li key={series.member ?? 'other'} className={classes.entry}>
                      <span className={classes.swatch} style={{ background: colourOf(index, isOther) }} aria-hidden />
                      <Text size="sm" className="break" flex={1}>
                        {isOther ? t('others') : nameOf(series)}
                      </Text>
                      <SeriesCost of={series} whole={data.total.total.cost} />
                    </li>
                  );
                })}
              </ul>
            </Stack>
          );
        }}
      </QueryState>
    </Block>
  );
}

/** The start of the present quarter hour, which sums are kept by; moves on while the page stays open. */
function useQuarterHour(): number {
  const present = () => Math.floor(Date.now() / QUARTER_HOUR) * QUARTER_HOUR;
  const [start, setStart] = useState(present);
  useEffect(() => {
    const timer = window.setInterval(() => setStart(present()), 60_000);
    return () => window.clearInterval(timer);
  }, []);
  return start;
}
