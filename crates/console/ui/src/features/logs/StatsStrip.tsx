import { Box, Card, Group, SimpleGrid, Skeleton, Text, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useStats, type StatsFilters, type StatsSums } from '@/data/stats';
import { percent } from '@/shared/decimal';
import { count, duration, rate, shortDateTime } from '@/shared/format';
import { Money } from '@/shared/Money';
import { useLocale } from '@/shared/preferences';
import { QueryState } from '@/shared/QueryState';

import classes from './StatsStrip.module.css';

interface Props {
  filters: StatsFilters;
  /** Whether the list has filters that these figures do not follow. */
  isPartial: boolean;
  refetchInterval: number | false;
}

/** How many, how well, how fast: of the requests above which these figures stand, as far as statistics know filters. */
export function StatsStrip({ filters, isPartial, refetchInterval }: Props) {
  const { t } = useTranslation('logs');
  const locale = useLocale();
  const query = useStats(filters, { refetchInterval });
  return (
    <Card component="section" aria-label={t('statistics')} padding="md">
      <QueryState query={query} placeholder={<OnTheWay />}>
        {(stats) => (
          <>
            <SimpleGrid cols={{ base: 3, lg: 6 }} spacing={{ base: 'xs', sm: 'md' }} verticalSpacing={0}>
              <Counts sums={stats.total} />
              <Latency label={t('firstToken')} latency={stats.total.ttft} />
              <Latency label={t('duration')} latency={stats.total.duration} />
              <Throughput sums={stats.total} />
              <Caching sums={stats.total} />
            </SimpleGrid>
            <Text size="xs" c="dimmed">
              {t(isPartial ? 'statisticsPartial' : 'statisticsOf', {
                from: shortDateTime(stats.from, locale),
                until: shortDateTime(stats.until, locale),
              })}
            </Text>
          </>
        )}
      </QueryState>
    </Card>
  );
}

/** The figures before they are known: as high as they will be. */
function OnTheWay() {
  const { t } = useTranslation('logs');
  const names = ['requests', 'errors', 'firstToken', 'duration', 'tokensPerSecond', 'cacheHits'] as const;
  return (
    <>
      <SimpleGrid cols={{ base: 3, lg: 6 }} spacing={{ base: 'xs', sm: 'md' }} verticalSpacing={0}>
        {names.map((name) => (
          <Figure key={name} label={t(name)} value={<Skeleton h="1em" w="50%" my="0.175em" />}>
            <Box className={classes.below}>
              <Skeleton h="0.9em" w="80%" />
            </Box>
          </Figure>
        ))}
      </SimpleGrid>
      <Text size="xs">
        <Skeleton component="span" display="inline-block" h="0.9em" w={260} />
      </Text>
    </>
  );
}

interface FigureProps {
  label: string;
  hint?: string;
  value: ReactNode;
  children?: ReactNode;
}

function Figure({ label, hint, value, children }: FigureProps) {
  const name = (
    <Text size="xs" c="dimmed" fw={500} component="div" lh={1.3} w="fit-content">
      {label}
    </Text>
  );
  return (
    <div className={classes.figure}>
      {hint ? <Tooltip label={hint}>{name}</Tooltip> : name}
      <Text fz={20} fw={650} lh={1.35} className="tabular nowrap" component="div">
        {value}
      </Text>
      <Text size="xs" c="dimmed" className="tabular" component="div">
        {children}
      </Text>
    </div>
  );
}

function Counts({ sums }: { sums: StatsSums }) {
  const { t } = useTranslation('logs');
  const locale = useLocale();
  const share = percent(String(sums.errors), String(sums.requests));
  return (
    <>
      <Figure label={t('requests')} value={count(sums.requests, locale)}>
        {t('attempts', { count: sums.attempts })}
      </Figure>
      <Figure label={t('errors')} value={count(sums.errors, locale)}>
        {share && t('ofRequests', { share })}
      </Figure>
    </>
  );
}

function Latency({ label, latency }: { label: string; latency: Schemas['StatsLatency'] | null }) {
  const { t } = useTranslation(['logs', 'common']);
  const locale = useLocale();
  if (!latency) return <Figure label={label} value={t('common:none')} />;
  return (
    <Figure label={label} hint={t('percentilesHint')} value={duration(latency.p50_us, locale)}>
      <Group gap={8} style={{ rowGap: 0 }}>
        <span>{t('p90', { time: duration(latency.p90_us, locale) })}</span>
        <span>{t('p99', { time: duration(latency.p99_us, locale) })}</span>
      </Group>
    </Figure>
  );
}

function Throughput({ sums }: { sums: StatsSums }) {
  const { t } = useTranslation(['logs', 'common']);
  const locale = useLocale();
  const { tokens_per_second: speed, tokens } = sums;
  return (
    <Figure label={t('tokensPerSecond')} value={speed ? rate(speed, locale) : t('common:none')}>
      {t('tokensOut', { tokens: count(tokens.output, locale) })}
    </Figure>
  );
}

function Caching({ sums }: { sums: StatsSums }) {
  const { t } = useTranslation(['logs', 'common']);
  const locale = useLocale();
  const { cache_hit_share: share, cache_saved_cost: saved, cache_saved_unknown: unknown } = sums;
  const hits = share ? percent(share, '1') : null;
  return (
    <Figure
      label={t('cacheHits')}
      hint={t('cacheHitsHint')}
      value={hits ? t('percent', { share: hits }) : t('common:none')}
    >
      <Group gap={8} style={{ rowGap: 0 }}>
        {saved !== null && (
          <span>
            {t('cacheSaved')} <Money value={saved} />
          </span>
        )}
        {unknown > 0 && <span>{t('cacheUnknown', { attempts: count(unknown, locale) })}</span>}
      </Group>
    </Figure>
  );
}
