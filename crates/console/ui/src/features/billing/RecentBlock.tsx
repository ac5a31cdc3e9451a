import { Anchor, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconFilterOff, IconListDetails } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { useRecentEntries, type RecentEntry } from '@/data/recent';
import { useUpstreams } from '@/data/upstreams';
import { DataTable } from '@/shared/DataTable';
import { useMemberName } from '@/shared/memberName';
import { Block } from '@/shared/Page';
import { More } from '@/shared/Pager';
import { Empty, QueryState } from '@/shared/QueryState';
import { Scanned } from '@/shared/Scanned';
import { useOpen } from '@/shared/useOpen';

import { EntryDetails } from './recent/EntryDetails';
import { useEntryColumns } from './recent/columns';

export const ENTRY_STATUSES = ['billed', 'unbilled', 'no_charge'] as const;
export const ENTRY_REASONS = [
  'price_not_found',
  'model_missing',
  'usage_missing',
  'calculation_error',
  'interrupted',
  'not_metered',
  'rejected',
  'free_endpoint',
] as const;

export interface EntryFilters {
  status?: (typeof ENTRY_STATUSES)[number];
  reason?: (typeof ENTRY_REASONS)[number];
  model?: string;
  upstream?: string;
}

interface Props {
  filters?: EntryFilters;
  onFilter?: (change: Partial<Record<keyof EntryFilters | 'view', string | null>>) => void;
  /** Whether a link leads here. */
  isLinked?: boolean;
}

const ROWS = 10;
const keyOf = (row: RecentEntry) => `${row.event_id}@${row.entry.revision}`;

/** The newest ledger entries: what each amount is made of; those without one stand out and say why. */
export function RecentBlock({ filters = {}, onFilter, isLinked = false }: Props) {
  const { t } = useTranslation(['billing', 'common', 'domain']);
  const { status, reason, model, upstream } = filters;
  const query = useRecentEntries({ billing_status: status, reason, model, upstream_id: upstream }, ROWS);
  const upstreams = useUpstreams();
  const open = useOpen();
  const columns = useEntryColumns();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isLinked) place.current?.scrollIntoView({ block: 'start' });
  }, [isLinked]);
  const isFiltered = Boolean(status ?? reason ?? model ?? upstream);
  const clearLabel = { 'aria-label': t('common:clear') };
  const nameOf = useMemberName();
  // One that is gone keeps its name in its entries.
  const named = upstreams.data?.items.find(({ id }) => id === upstream)?.name;
  const lastNamed = query.data?.pages[0]?.items.find((row) => row.upstream_id === upstream)?.upstream_name;
  const upstreamName = upstream && nameOf({ id: upstream, name: named ?? lastNamed });
  return (
    <div ref={place} style={{ scrollMarginTop: 72 }}>
      <Block
        title={t('recent')}
        about={t('recentAbout')}
        actions={
          <>
            {onFilter && (
              <>
                <Select
                  size="xs"
                  aria-label={t('entryStatus')}
                  placeholder={t('entryStatus')}
                  data={ENTRY_STATUSES.map((value) => ({ value, label: t(`domain:billing_status.${value}`) }))}
                  value={status ?? null}
                  onChange={(next) => onFilter({ status: next })}
                  clearable
                  clearButtonProps={clearLabel}
                  w={150}
                />
                <Select
                  size="xs"
                  aria-label={t('entryReason')}
                  placeholder={t('entryReason')}
                  data={ENTRY_REASONS.map((value) => ({ value, label: t(`domain:reason.${value}`) }))}
                  value={reason ?? null}
                  onChange={(next) => onFilter({ reason: next })}
                  clearable
                  clearButtonProps={clearLabel}
                  w={170}
                />
              </>
            )}
            <Button
              size="xs"
              variant="default"
              loading={query.isRefetching && !query.isFetchingNextPage}
              onClick={() => void query.refetch()}
            >
              {t('common:refresh')}
            </Button>
          </>
        }
      >
        {isFiltered && onFilter && (model !== undefined || upstream !== undefined) && (
          <Group gap="sm" mb="sm">
            <Text size="sm" className="break">
              {t('onlyOf', { what: [model, upstreamName].filter(Boolean).join(' · ') })}
            </Text>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconFilterOff size={14} />}
              onClick={() => onFilter({ status: null, reason: null, model: null, upstream: null, view: null })}
            >
              {t('common:clearFilters')}
            </Button>
          </Group>
        )}
        <QueryState
          query={query}
          isEmpty={(data) => !query.hasNextPage && data.pages.every((page) => page.items.length === 0)}
          empty={
            isFiltered ? (
              <Empty icon={IconListDetails} title={t('noEntryMatches')} />
            ) : (
              <Empty icon={IconListDetails} title={t('noRequests')} hint={t('noRequestsHint')} />
            )
          }
        >
          {(data) => (
            <Stack>
              <DataTable
                label={t('recent')}
                isDense
                columns={columns}
                rows={data.pages.flatMap((page) => page.items)}
                rowKey={keyOf}
                tone={(row) => (row.entry.billing_status === 'unbilled' ? 'bad' : undefined)}
                expanded={{ keys: open.keys, toggle: open.toggle, render: (row) => <EntryDetails row={row} /> }}
              />
              <Scanned to={query.hasNextPage ? data.pages.at(-1)?.scanned_to : null} />
              <Group justify="center" gap="md">
                <More
                  hasMore={query.hasNextPage}
                  isLoading={query.isFetchingNextPage}
                  onMore={() => void query.fetchNextPage()}
                />
                {onFilter && (
                  <Anchor renderRoot={(props) => <Link to="/logs" {...props} />} size="sm">
                    {t('allLogs')}
                  </Anchor>
                )}
              </Group>
            </Stack>
          )}
        </QueryState>
      </Block>
    </div>
  );
}
