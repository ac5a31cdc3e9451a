import { Anchor, Button, Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { IconCalendarMonth, IconChevronRight, IconCircleCheck, IconCoin, IconPigMoney, IconTag } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useOverview } from '@/data/overview';
import { Badge } from '@/shared/Badge';
import { difference, isZero, percent } from '@/shared/decimal';
import { compactCount, count } from '@/shared/format';
import { Money } from '@/shared/Money';
import { Block, Page } from '@/shared/Page';
import { useLocale } from '@/shared/preferences';
import { Empty, QueryState } from '@/shared/QueryState';
import { StatCard } from '@/shared/StatCard';
import { When } from '@/shared/When';

import { Spend } from './Spend';
import { useAttention } from './useAttention';

type Overview = Schemas['BillingOverview'];

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
            <Attention overview={overview} />
            <Spend />
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
              <Period title={t('today')} totals={overview.today} />
              <Period title={t('month')} totals={overview.month} />
            </SimpleGrid>
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}

function Cards({ overview }: { overview: Overview }) {
  const { t } = useTranslation('overview');
  const locale = useLocale();
  const { today, month, catalog } = overview;
  const saved = difference(month.list_cost, month.cost);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="md">
      <StatCard
        label={t('costToday')}
        icon={IconCoin}
        value={<Money value={today.cost} />}
        detail={t('attemptsBilled', { billed: count(today.billed, locale), attempts: count(today.attempts, locale) })}
      />
      <StatCard
        label={t('costMonth')}
        icon={IconCalendarMonth}
        value={<Money value={month.cost} />}
        detail={
          <>
            {t('chargeLabel')} <Money value={month.charge} />
          </>
        }
      />
      <StatCard
        label={t('belowList')}
        icon={IconPigMoney}
        value={<Money value={saved} />}
        detail={
          <>
            {t('listLabel')} <Money value={month.list_cost} />
          </>
        }
      />
      <StatCard
        label={t('pricedModels')}
        icon={IconTag}
        value={catalog ? count(catalog.models, locale) : t('unknown')}
        detail={
          catalog ? (
            <>
              {t('pricesSince')} <When at={catalog.published_at} relative />
            </>
          ) : (
            t('noCatalog')
          )
        }
      />
    </SimpleGrid>
  );
}

/** What waits for somebody, worst first, each with the way to mend it. */
function Attention({ overview }: { overview: Overview }) {
  const { t } = useTranslation('overview');
  const items = useAttention(overview);
  return (
    <Block title={t('attention')} about={t('attentionAbout')}>
      {items.length === 0 ? (
        <Empty isGood icon={IconCircleCheck} title={t('nothingToDo')} hint={t('nothingToDoHint')} />
      ) : (
        <Stack gap="sm" component="ul" m={0} p={0}>
          {items.map((item) => (
            <Group key={item.id} component="li" justify="space-between" gap="sm" style={{ listStyle: 'none' }}>
              <Group gap="sm" flex="1 1 260px">
                <Badge tone={item.tone}>{item.kind}</Badge>
                <Text size="sm" className="break">
                  {item.text}
                </Text>
              </Group>
              {item.to && (
                <Button
                  renderRoot={(props) => <Link {...item.to} {...props} />}
                  size="xs"
                  variant="light"
                  rightSection={<IconChevronRight size={14} />}
                >
                  {item.action}
                </Button>
              )}
            </Group>
          ))}
        </Stack>
      )}
    </Block>
  );
}

/** A period in full: what is sure, what is estimated, what is missing. */
function Period({ title, totals }: { title: string; totals: Schemas['PeriodTotals'] }) {
  const { t } = useTranslation('overview');
  const locale = useLocale();
  const reported = difference(totals.cost, totals.estimated_cost);
  const share = percent(totals.estimated_cost, totals.cost);
  const rows: [string, ReactNode][] = [
    [t('reported'), <Money key="r" value={reported} />],
    [
      isZero(totals.estimated_cost) || !share ? t('estimated') : t('estimatedShare', { share }),
      <Money key="e" value={totals.estimated_cost} />,
    ],
    [t('sum'), <Money key="s" value={totals.cost} fw={650} />],
    [t('chargeLabel'), <Money key="c" value={totals.charge} />],
    [t('inputTokens'), compactCount(totals.input_tokens, locale)],
    [t('cachedTokens'), compactCount(totals.cache_read_tokens, locale)],
    [t('outputTokens'), compactCount(totals.output_tokens, locale)],
  ];
  return (
    <Block
      title={title}
      actions={
        totals.unbilled > 0 && (
          <Anchor renderRoot={(props) => <Link to="/logs" search={{ status: 'unbilled' }} {...props} />} size="sm">
            {t('unbilledCount', { count: totals.unbilled })}
          </Anchor>
        )
      }
    >
      <Stack gap={6}>
        {rows.map(([label, value]) => (
          <Group key={label} justify="space-between" wrap="nowrap">
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text size="sm" component="div" className="tabular">
              {value}
            </Text>
          </Group>
        ))}
      </Stack>
    </Block>
  );
}
