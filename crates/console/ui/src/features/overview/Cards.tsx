import { Anchor, Box, SimpleGrid, Text } from '@mantine/core';
import { IconCalendarMonth, IconCoin, IconPigMoney, IconReceiptOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useSpend } from '@/data/spend';
import { useStats } from '@/data/stats';
import { AmountRange } from '@/shared/AmountRange';
import { isZero, shareText } from '@/shared/decimal';
import { count } from '@/shared/format';
import { Money } from '@/shared/Money';
import { useLocale } from '@/shared/preferences';
import { StatCard } from '@/shared/StatCard';

import { Comparison } from './Comparison';
import { shareOf } from './SeriesCost';
import { SHOWN } from './TopLists';
import { useSeriesName } from './useSeriesName';

type Overview = Schemas['BillingOverview'];

/** What it cost today and this month beside earlier periods, what caches saved, what nobody knows the cost of. */
export function Cards({ overview }: { overview: Overview }) {
  const { t } = useTranslation('overview');
  const locale = useLocale();
  const { today, month, previous } = overview;
  return (
    <SimpleGrid cols={{ base: 2, lg: 4 }} spacing={{ base: 'xs', sm: 'md' }}>
      <StatCard
        label={t('costToday')}
        icon={IconCoin}
        value={<Money value={today.cost} />}
        detail={
          <>
            <Comparison now={today.cost} before={previous.day_so_far.cost} against={t('againstYesterday')} />
            <Box visibleFrom="xs">
              {t('yesterdayWhole')} <Money value={previous.day.cost} />
            </Box>
            <div>
              {t('attemptsBilled', { billed: count(today.billed, locale), attempts: count(today.attempts, locale) })}
            </div>
            {!isZero(today.cost) && <Mostly from={today.from} />}
          </>
        }
      />
      <StatCard
        label={t('costMonth')}
        icon={IconCalendarMonth}
        value={<Money value={month.cost} />}
        detail={
          <>
            <Comparison now={month.cost} before={previous.month_so_far.cost} against={t('againstLastMonth')} />
            <Box visibleFrom="xs">
              {t('lastMonthWhole')} <Money value={previous.month.cost} />
            </Box>
            <div>
              {t('chargedToKeys')} <Money value={month.charge} />
            </div>
          </>
        }
      />
      <CacheCard from={month.from} />
      <Unbilled month={month} />
    </SimpleGrid>
  );
}

/** Which model most of it went to. Two lines are kept for it: a name is long, and it comes after the rest. */
function Mostly({ from }: { from: string }) {
  const { t } = useTranslation('overview');
  const nameOf = useSeriesName();
  const { data } = useSpend({ from, interval: 'month', group_by: 'model', top: SHOWN });
  const [first] = data?.series ?? [];
  const share = first && data ? shareOf(first, data.total.total.cost) : null;
  return (
    <Box className="break" mih="2lh">
      {first && share !== null && !isZero(share) && t('mostly', { name: nameOf(first), share })}
    </Box>
  );
}

/** What tokens read from caches would have cost more. */
function CacheCard({ from }: { from: string }) {
  const { t } = useTranslation(['overview', 'common']);
  const locale = useLocale();
  const query = useStats({ from, limit: 1 });
  const total = query.data?.total;
  return (
    <StatCard
      label={t('cacheSaved')}
      icon={IconPigMoney}
      query={query}
      value={<Money value={total?.cache_saved_cost} />}
      detail={
        total && (
          <>
            <div>
              {total.cache_hit_share
                ? t('cacheHit', { share: shareText(total.cache_hit_share) })
                : t('noInput')}
            </div>
            {total.cache_saved_unknown > 0 && (
              <div>{t('cacheUnknown', { attempts: count(total.cache_saved_unknown, locale) })}</div>
            )}
          </>
        )
      }
    />
  );
}

function Unbilled({ month }: { month: Schemas['PeriodTotals'] }) {
  const { t } = useTranslation('overview');
  const locale = useLocale();
  const { attempts, estimate } = month.parts.unbilled;
  return (
    <StatCard
      label={t('unbilledMonth')}
      icon={IconReceiptOff}
      value={attempts === 0 ? t('noneUnbilled') : estimate ? <Range of={estimate} /> : count(attempts, locale)}
      detail={
        attempts === 0 ? (
          t('allBilled')
        ) : (
          <>
            <Anchor renderRoot={(props) => <Link to="/logs" search={{ status: 'unbilled' }} {...props} />} inherit>
              {t('unbilledCount', { count: attempts })}
            </Anchor>
            <div>{t('inNoSum')}</div>
            {estimate && estimate.unknown_attempts > 0 && estimate.cost_low !== null && (
              <div>{t('unknownToo', { attempts: count(estimate.unknown_attempts, locale) })}</div>
            )}
          </>
        )
      }
    />
  );
}

/** From what to what: two amounts need more room than one. */
function Range({ of }: { of: Schemas['UnbilledEstimate'] }) {
  return (
    <Text span inherit fz="0.68em" className="break" display="block">
      <AmountRange of={of} />
    </Text>
  );
}
