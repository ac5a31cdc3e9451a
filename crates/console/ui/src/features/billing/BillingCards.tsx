import { SimpleGrid, Text } from '@mantine/core';
import { IconCalendarMonth, IconCoin, IconTagOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useOverview } from '@/data/overview';
import { useUnresolved } from '@/data/unresolved';
import { AmountRange } from '@/shared/AmountRange';
import { isZero } from '@/shared/decimal';
import { count } from '@/shared/format';
import { Money } from '@/shared/Money';
import { useLocale } from '@/shared/preferences';
import { StatCard } from '@/shared/StatCard';

import { SyncCard } from './SyncCard';

/** The four answers at the top of the page. */
export function BillingCards() {
  const { t } = useTranslation('billing');
  const locale = useLocale();
  const overview = useOverview();
  const unresolved = useUnresolved();
  const { data } = overview;

  const waiting = unresolved.data?.items.length ?? 0;
  return (
    <SimpleGrid cols={{ base: 2, lg: 4 }} spacing={{ base: 'xs', sm: 'md' }}>
      <StatCard
        label={t('costToday')}
        icon={IconCoin}
        query={overview}
        value={<Money value={data?.today.cost} />}
        detail={data && <Parts totals={data.today} zone={data.accounting_zone} />}
      />
      <StatCard
        label={t('costMonth')}
        icon={IconCalendarMonth}
        query={overview}
        value={<Money value={data?.month.cost} />}
        detail={data && <Parts totals={data.month} zone={data.accounting_zone} />}
      />
      <StatCard
        label={t('unpricedModels')}
        icon={IconTagOff}
        query={unresolved}
        value={
          <Text span inherit c={waiting > 0 ? 'var(--mantine-color-error)' : undefined}>
            {count(waiting, locale)}
            {unresolved.data?.next_cursor ? '+' : ''}
          </Text>
        }
        detail={waiting > 0 ? t('unpricedHint') : t('allPriced')}
      />
      <SyncCard />
    </SimpleGrid>
  );
}

/** What the sum is made of, and what is not in it. */
function Parts({ totals, zone }: { totals: Schemas['PeriodTotals']; zone: string }) {
  const { t } = useTranslation('billing');
  const locale = useLocale();
  return (
    <>
      <div>{t('attemptsIn', { attempts: count(totals.attempts, locale), zone })}</div>
      {!isZero(totals.estimated_cost) && (
        <div>
          {t('ofWhichEstimated')} <Money value={totals.estimated_cost} />
        </div>
      )}
      {totals.unbilled > 0 && (
        <Text inherit c="var(--mantine-color-error)" component="div">
          {t('notInTheSum', { attempts: count(totals.unbilled, locale) })}
          {totals.parts.unbilled.estimate && (
            <>
              {': '}
              <AmountRange of={totals.parts.unbilled.estimate} />
            </>
          )}
        </Text>
      )}
    </>
  );
}
