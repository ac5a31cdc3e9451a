import { Alert, Anchor, Group, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconMoon } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useSession } from '@/api/session';
import { useAttention, type AttentionFilters } from '@/data/attention';
import { count } from '@/shared/format';
import { Block } from '@/shared/Page';
import { More } from '@/shared/Pager';
import { useLocale } from '@/shared/preferences';
import { Empty, QueryState } from '@/shared/QueryState';
import { oneOf, useFilters } from '@/shared/search';

import { Item } from './attention/Item';
import classes from './AttentionBlock.module.css';
import { KINDS } from './attention/kinds';

const SLEEPING = ['exclude', 'only'] as const;
const WHOSE = ['mine', 'nobody'] as const;
/** So many are seen at once: they need no filters. */
const FEW = 5;

/** What waits for somebody, the most money at stake first, each with the way to mend it beside it. */
export function AttentionBlock({ overview }: { overview: Schemas['BillingOverview'] }) {
  const { t } = useTranslation(['overview', 'common']);
  const locale = useLocale();
  const { who } = useSession();
  const [search, setSearch] = useFilters();
  const kind = oneOf(KINDS, search.kind);
  const whose = oneOf(WHOSE, search.whose);
  const snoozed = oneOf(SLEEPING, search.snoozed) ?? 'exclude';
  const owner = whose === 'mine' ? who?.name : whose === 'nobody' ? '' : undefined;
  const filters: AttentionFilters = { kind, owner, snoozed };
  const query = useAttention(filters, { refetchInterval: 30_000 });
  const kinds = query.data?.pages[0]?.kinds ?? [];
  const isFiltered = kind !== undefined || whose !== undefined;
  const items = kinds.reduce((sum, found) => sum + found.items, 0);
  const hasFilters = isFiltered || items > FEW;
  return (
    <Block
      title={t('attention')}
      about={<Text inherit component="span" visibleFrom="xs">{t('attentionAbout')}</Text>}
      actions={
        <>
          {hasFilters && (
            <>
              <Select
                size="xs"
                aria-label={t('kindFilter')}
                placeholder={t('allKinds')}
                data={KINDS.filter((value) => value === kind || kinds.some((found) => found.kind === value)).map((value) => {
                  const items = kinds.find((found) => found.kind === value)?.items ?? 0;
                  return { value, label: t('kindCount', { kind: t(`kinds.${value}`), items: count(items, locale) }) };
                })}
                value={kind ?? null}
                onChange={(next) => setSearch({ kind: next })}
                clearable
                clearButtonProps={{ 'aria-label': t('common:clear') }}
                w={210}
              />
              <Select
                size="xs"
                aria-label={t('whoseFilter')}
                placeholder={t('everybody')}
                data={WHOSE.map((value) => ({ value, label: t(`whose.${value}`) }))}
                value={whose ?? null}
                onChange={(next) => setSearch({ whose: next })}
                clearable
                clearButtonProps={{ 'aria-label': t('common:clear') }}
                w={150}
              />
            </>
          )}
          <SegmentedControl
            size="xs"
            aria-label={t('snoozedFilter')}
            value={snoozed}
            onChange={(next) => setSearch({ snoozed: next === 'exclude' ? null : next })}
            data={SLEEPING.map((value) => ({ value, label: t(`sleeping.${value}`) }))}
          />
        </>
      }
    >
      <Stack gap="sm">
        <Notices overview={overview} />
        <QueryState
          query={query}
          isEmpty={(data) => data.pages[0]?.items.length === 0}
          empty={
            isFiltered ? (
              <Empty title={t('noneMatch')} hint={t('noneMatchHint')} />
            ) : snoozed === 'only' ? (
              <Empty icon={IconMoon} title={t('noneSnoozed')} />
            ) : (
              <Empty isGood icon={IconCircleCheck} title={t('nothingToDo')} hint={t('nothingToDoHint')} />
            )
          }
        >
          {(data) => (
            <>
              <ul className={classes.queue} aria-label={t('attention')}>
                {data.pages.flatMap((page) => page.items.map((item) => <Item key={item.id} item={item} />))}
              </ul>
              <More
                hasMore={query.hasNextPage}
                isLoading={query.isFetchingNextPage}
                onMore={() => void query.fetchNextPage()}
              />
            </>
          )}
        </QueryState>
      </Stack>
    </Block>
  );
}

/** What is not about money of the past and cannot be put off: the gateway itself, and prices that stopped coming. */
function Notices({ overview }: { overview: Schemas['BillingOverview'] }) {
  const { t } = useTranslation('overview');
  const last = overview.catalog?.last_sync;
  return (
    <>
      {overview.health === 'degraded' && (
        <Alert color="red" icon={<IconAlertTriangle size={18} />} title={t('degraded')}>
          {t('degradedHint')}
        </Alert>
      )}
      {last?.state === 'failed' && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={t('syncFailed')}>
          <Group justify="space-between" gap="xs">
            <Text size="sm" lang="en" className="break" flex="1 1 240px">
              {last.reason}
            </Text>
            <Anchor renderRoot={(props) => <Link to="/prices" search={{ tab: 'releases' }} {...props} />} size="sm">
              {t('repairs.look')}
            </Anchor>
          </Group>
        </Alert>
      )}
    </>
  );
}
