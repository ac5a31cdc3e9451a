import { Alert, Button, Card, Group, Select, Stack, Switch, Text } from '@mantine/core';
import { IconInfoCircle, IconListDetails, IconRefresh } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useLiveLogs } from '@/data/liveLogs';
import { useLogs, type RequestLog } from '@/data/logs';
import { count, shortDateTime } from '@/shared/format';
import { DataTable } from '@/shared/DataTable';
import { IfMay } from '@/shared/may';
import { Page } from '@/shared/Page';
import { More } from '@/shared/Pager';
import { useLocale } from '@/shared/preferences';
import { Empty, QueryState } from '@/shared/QueryState';
import { Scanned } from '@/shared/Scanned';
import { oneOf, useFilters } from '@/shared/search';
import { useIsPhone } from '@/shared/useIsPhone';

import { logTone, useLogColumns } from './columns';
import { ExportMenu } from './ExportMenu';
import { FilterBar } from './FilterBar';
import { filtersOf, isBeyondStats, isFiltered, SORTS, statsFilters, useLogFilters } from './filters';
import { LiveNotice } from './LiveNotice';
import { LogDetails } from './LogDetails';
import { Presets } from './Presets';
import { StatsStrip } from './StatsStrip';

const ROWS = 50;
/** How often the list is read while there is no stream, and the figures above it while there is. */
const POLL = 4_000;
const STATS = 15_000;

/** Every request, newest first; the address holds the filters. */
export function LogsPage() {
  const { t } = useTranslation(['logs', 'common']);
  const isPhone = useIsPhone();
  const [search, setSearch] = useFilters();
  const filters = useLogFilters(search);
  const sort = oneOf(SORTS, search.sort) ?? 'time_desc';
  // What has an end, or another order, has no place for what comes in.
  const canBeLive = sort === 'time_desc' && filters.until === undefined;
  const isLive = search.live === 'on' && canBeLive;
  const [open, toggle] = useOpenRows(search.request, JSON.stringify(filtersOf(search)));
  const options = { limit: ROWS, sort: sort === 'time_desc' ? undefined : sort };
  const live = useLiveLogs({ isOn: isLive, filters, limit: ROWS, isHeld: open.size > 0 });
  const query = useLogs(filters, { ...options, refetchInterval: live.state === 'polling' ? POLL : false });
  const columns = useLogColumns({ sort, onSort: (next) => setSearch({ sort: next }) });
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <>
          <Switch
            label={t('live')}
            checked={isLive}
            disabled={!canBeLive}
            onChange={(event) => setSearch({ live: event.currentTarget.checked ? 'on' : null })}
          />
          <IfMay needs="finance">
            <ExportMenu filters={filters} />
          </IfMay>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconRefresh size={14} />}
            loading={query.isRefetching && !query.isFetchingNextPage && !isLive}
            onClick={() => void query.refetch()}
          >
            {t('common:refresh')}
          </Button>
        </>
      }
    >
      <StatsStrip
        filters={statsFilters(filters)}
        isPartial={isBeyondStats(search)}
        refetchInterval={isLive && live.state !== 'paused' ? STATS : false}
      />
      <Card component="section" aria-label={t('title')}>
        <Stack gap="md">
          <Presets />
          <FilterBar
            names={namesOf(query.data?.pages)}
            beside={
              isPhone && (
                <Select
                  size="xs"
                  aria-label={t('sort')}
                  data={SORTS.map((value) => ({ value, label: t(`sorts.${value}`) }))}
                  value={sort}
                  onChange={(next) => setSearch({ sort: next })}
                  allowDeselect={false}
                  w={180}
                />
              )
            }
          />
          <LiveNotice live={live} />
          <QueryState
            query={query}
            rows={8}
            isEmpty={(data) => !query.hasNextPage && data.pages.every((page) => page.items.length === 0)}
            empty={
              <Empty
                icon={IconListDetails}
                title={t('none')}
                hint={t(isFiltered(search) ? 'noneFiltered' : 'noneYet')}
                action={!isFiltered(search) && <Beginning />}
              />
            }
          >
            {(data) => (
              <Stack>
                <Ranked ranked={data.pages[0]?.ranked ?? null} />
                <DataTable
                  label={t('title')}
                  columns={columns}
                  rows={data.pages.flatMap((page) => page.items)}
                  rowKey={(row) => row.request_id}
                  tone={logTone}
                  isDense
                  expanded={{ keys: open, toggle, render: (row) => <LogDetails log={row} /> }}
                />
                <Scanned to={query.hasNextPage ? data.pages.at(-1)?.scanned_to : null} />
                <More
                  hasMore={query.hasNextPage}
                  isLoading={query.isFetchingNextPage}
                  onMore={() => void query.fetchNextPage()}
                />
              </Stack>
            )}
          </QueryState>
        </Stack>
      </Card>
    </Page>
  );
}

/** An order by cost goes over a bounded part of the log: over which one is said. */
function Ranked({ ranked }: { ranked: { from: string; until: string; complete: boolean } | null }) {
  const { t } = useTranslation('logs');
  const locale = useLocale();
  if (!ranked) return null;
  const from = shortDateTime(ranked.from, locale);
  const until = shortDateTime(ranked.until, locale);
  return (
    <Alert variant="light" color={ranked.complete ? 'gray' : 'yellow'} icon={<IconInfoCircle size={16} />} py="xs">
      <Group gap={6}>
        <Text size="sm">{t('rankedOver', { from, until })}</Text>
        {!ranked.complete && <Text size="sm">{t('rankedPart', { requests: count(10_000, locale) })}</Text>}
      </Group>
    </Alert>
  );
}

/** Before the first request: what it takes stands on the overview. */
function Beginning() {
  const { t } = useTranslation('logs');
  return (
    <Button size="xs" variant="default" renderRoot={(props) => <Link to="/overview" {...props} />}>
      {t('firstSteps')}
    </Button>
  );
}

/** What upstreams and keys of the rows are called: those that are gone, too. */
function namesOf(pages: readonly { items: readonly RequestLog[] }[] = []): ReadonlyMap<string, string> {
  const named = pages.flatMap(({ items }) =>
    items.flatMap((row) => [
      [row.upstream_id, row.upstream_name] as const,
      [row.key_id, row.key_name] as const,
    ]),
  );
  return new Map(named.flatMap(([id, name]) => (id && name ? [[id, name] as const] : [])));
}

/** Which rows are unfolded, until other ones are asked for; the one request an address asks for is from the start. */
function useOpenRows(asked: string | undefined, filters: string): [ReadonlySet<string>, (key: string) => void] {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(asked ? [asked] : []));
  useEffect(() => setOpen(new Set(asked ? [asked] : [])), [asked, filters]);
  const toggle = (key: string) => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  return [open, toggle];
}
