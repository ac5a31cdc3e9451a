import { Anchor, Group, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useSpend } from '@/data/spend';
import { forDrawing } from '@/shared/decimal';
import { Block } from '@/shared/Page';
import { Empty, QueryState } from '@/shared/QueryState';
import { oneOf, useFilters, type Search } from '@/shared/search';

import { SeriesCost, shareOf } from './SeriesCost';
import classes from './TopLists.module.css';
import { useSeriesName } from './useSeriesName';

type Series = Schemas['TimeseriesSeries'];

const GROUPS = ['model', 'upstream', 'key', 'team'] as const;
const PERIODS = ['today', 'month'] as const;
/** So many are listed; the card of the day asks for the same. */
export const SHOWN = 5;

type By = (typeof GROUPS)[number];

interface Props {
  /** When the day and the month began. */
  today: string;
  month: string;
  /** Whether anything was spent today; otherwise the month is shown at first. */
  hasToday: boolean;
}

/** Where the money goes: the models, upstreams, keys and teams that cost most, each with the way to its requests. */
export function TopLists({ today, month, hasToday }: Props) {
  const { t } = useTranslation('overview');
  const [search, setSearch] = useFilters();
  const period = oneOf(PERIODS, search.top) ?? (hasToday ? 'today' : 'month');
  return (
    <Block
      title={t('top')}
      about={t('topAbout')}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('topPeriod')}
          value={period}
          onChange={(next) => setSearch({ top: next })}
          data={PERIODS.map((value) => ({ value, label: t(value) }))}
        />
      }
    >
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="lg" verticalSpacing="xl">
        {GROUPS.map((by) => (
          <TopList key={by} by={by} from={period === 'today' ? today : month} />
        ))}
      </SimpleGrid>
    </Block>
  );
}

function TopList({ by, from }: { by: By; from: string }) {
  const { t } = useTranslation('overview');
  const query = useSpend({ from, interval: 'month', group_by: by, top: SHOWN });
  return (
    <Stack gap="xs" component="section" aria-label={t(`tops.${by}`)} miw={0}>
      <Title order={3} size="h6" c="dimmed">
        {t(`tops.${by}`)}
      </Title>
      <QueryState
        query={query}
        rows={3}
        isEmpty={(data) => data.series.length === 0}
        empty={<Empty title={t('noSpend')} />}
      >
        {(data) => (
          <ul className={classes.list}>
            {data.series.map((series) => (
              <Entry key={series.member ?? ''} by={by} from={from} series={series} whole={data.total.total.cost} />
            ))}
            {data.other && <Entry by={by} from={from} series={data.other} whole={data.total.total.cost} isRest />}
          </ul>
        )}
      </QueryState>
    </Stack>
  );
}

interface EntryProps {
  by: By;
  /** Since when; the requests are shown from then on. */
  from: string;
  series: Series;
  whole: string;
  /** Whether it stands for all that are not listed. */
  isRest?: boolean;
}

function Entry({ by, from, series, whole, isRest = false }: EntryProps) {
  const { t } = useTranslation('overview');
  const share = shareOf(series, whole);
  const nameOf = useSeriesName();
  const name = isRest ? t('others') : nameOf(series);
  const search: Search | null = !isRest && series.member ? { [by]: series.member, from } : null;
  return (
    <li className={classes.item}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm" className="break" lineClamp={2} title={name}>
          {search ? (
            <Anchor renderRoot={(props) => <Link to="/logs" search={search} {...props} />} inherit>
              {name}
            </Anchor>
          ) : (
            name
          )}
        </Text>
        <SeriesCost of={series} whole={whole} />
      </Group>
      <div className={classes.bar} aria-hidden>
        <div className={classes.fill} style={{ width: `${forDrawing(share ?? '0')}%` }} />
      </div>
    </li>
  );
}
