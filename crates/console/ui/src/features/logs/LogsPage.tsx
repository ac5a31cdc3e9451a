import { Button, Card, Group, Select, Stack, Switch, TextInput } from '@mantine/core';
import { IconFilterOff, IconListDetails, IconRefresh } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useApiKeys } from '@/data/apiKeys';
import { useLogs, type LogFilters } from '@/data/logs';
import { useUpstreams } from '@/data/upstreams';
import { DataTable } from '@/shared/DataTable';
import { Page } from '@/shared/Page';
import { More } from '@/shared/Pager';
import { Empty, QueryState } from '@/shared/QueryState';
import { oneOf, useFilters, type Search } from '@/shared/search';

import { logTone, useLogColumns } from './columns';
import { LogDetails } from './LogDetails';

const PERIODS = { hour: 3_600, day: 86_400, week: 604_800, month: 2_592_000 } as const;
const PERIOD_NAMES = ['hour', 'day', 'week', 'month'] as const;
const STATUSES = ['billed', 'partly_billed', 'unbilled', 'no_charge'] as const;
const REASONS = [
  'price_not_found',
  'usage_missing',
  'model_missing',
  'calculation_error',
  'interrupted',
  'not_metered',
] as const;
const LIVE = 2_000;

/** Every request, newest first; the address holds the filters. */
export function LogsPage() {
  const { t } = useTranslation(['logs', 'common', 'domain']);
  const [search, setSearch] = useFilters();
  const isLive = search.live === 'on';
  const filters = useLogFilters(search);
  const query = useLogs(filters, { refetchInterval: isLive ? LIVE : false });
  const upstreams = useUpstreams();
  const keys = useApiKeys();
  const columns = useLogColumns();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string) => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  const isFiltered = Object.keys(search).some((name) => name !== 'live');
  const clear = () =>
    setSearch({ period: null, model: null, key: null, upstream: null, status: null, reason: null });
  const clearLabel = { 'aria-label': t('common:clear') };

  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <>
          <Switch
            label={t('live')}
            checked={isLive}
            onChange={(event) => setSearch({ live: event.currentTarget.checked ? 'on' : null })}
          />
          <Button
            variant="default"
            size="xs"
            leftSection={<IconRefresh size={14} />}
            onClick={() => void query.refetch()}
          >
            {t('common:refresh')}
          </Button>
        </>
      }
    >
      <Card component="section" aria-label={t('title')}>
        <Group gap="xs" mb="sm">
          <Preset label={t('presets.unbilled')} isOn={search.status === 'unbilled' && !search.reason} onClick={() => setSearch({ status: 'unbilled', reason: null })} />
          <Preset
            label={t('presets.noPrice')}
            isOn={search.reason === 'price_not_found'}
            onClick={() => setSearch({ reason: 'price_not_found', status: null })}
          />
          <Preset label={t('presets.lastHour')} isOn={search.period === 'hour'} onClick={() => setSearch({ period: 'hour' })} />
          {isFiltered && (
            <Button size="compact-sm" variant="subtle" leftSection={<IconFilterOff size={14} />} onClick={clear}>
              {t('common:clearFilters')}
            </Button>
          )}
        </Group>
        <Group gap="sm" mb="md" align="flex-end">
          <Select
            label={t('period')}
            placeholder={t('common:all')}
            data={PERIOD_NAMES.map((value) => ({ value, label: t(`periods.${value}`) }))}
            value={oneOf(PERIOD_NAMES, search.period) ?? null}
            onChange={(period) => setSearch({ period })}
            clearable
            clearButtonProps={clearLabel}
            flex="1 1 140px"
          />
          <Select
            label={t('billing')}
            placeholder={t('common:all')}
            data={STATUSES.map((value) => ({ value, label: t(`domain:billing_status.${value}`) }))}
            value={oneOf(STATUSES, search.status) ?? null}
            onChange={(status) => setSearch({ status })}
            clearable
            clearButtonProps={clearLabel}
            flex="1 1 150px"
          />
          <Select
            label={t('reason')}
            placeholder={t('common:all')}
            data={REASONS.map((value) => ({ value, label: t(`domain:reason.${value}`) }))}
            value={oneOf(REASONS, search.reason) ?? null}
            onChange={(reason) => setSearch({ reason })}
            clearable
            clearButtonProps={clearLabel}
            flex="1 1 160px"
          />
          <TextInput
            key={search.model ?? ''}
            label={t('common:model')}
            defaultValue={search.model ?? ''}
            onBlur={(event) => setSearch({ model: event.currentTarget.value.trim() })}
            onKeyDown={(event) => {
              if (event.key === 'Enter') setSearch({ model: event.currentTarget.value.trim() });
            }}
            flex="1 1 170px"
          />
          <Select
            label={t('common:upstream')}
            placeholder={t('common:all')}
            data={(upstreams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={search.upstream ?? null}
            onChange={(upstream) => setSearch({ upstream })}
            clearable
            clearButtonProps={clearLabel}
            flex="1 1 140px"
          />
          <Select
            label={t('key')}
            placeholder={t('common:all')}
            data={(keys.data?.pages ?? []).flatMap((page) => page.items.map(({ id, name }) => ({ value: id, label: name })))}
            value={search.key ?? null}
            onChange={(key) => setSearch({ key })}
            clearable
            searchable
            clearButtonProps={clearLabel}
            flex="1 1 140px"
          />
        </Group>
        <QueryState
          query={query}
          rows={8}
          isEmpty={(data) => data.pages[0]?.items.length === 0}
          empty={<Empty icon={IconListDetails} title={t('none')} hint={t(isFiltered ? 'noneFiltered' : 'noneYet')} />}
        >
          {(data) => (
            <Stack>
              <DataTable
                label={t('title')}
                columns={columns}
                rows={data.pages.flatMap((page) => page.items)}
                rowKey={(row) => row.request_id}
                tone={logTone}
                expanded={{ keys: open, toggle, render: (row) => <LogDetails log={row} /> }}
              />
              <More
                hasMore={query.hasNextPage}
                isLoading={query.isFetchingNextPage}
                onMore={() => void query.fetchNextPage()}
              />
            </Stack>
          )}
        </QueryState>
      </Card>
    </Page>
  );
}

function Preset({ label, isOn, onClick }: { label: string; isOn: boolean; onClick: () => void }) {
  return (
    <Button size="compact-sm" radius="xl" variant={isOn ? 'filled' : 'light'} aria-pressed={isOn} onClick={onClick}>
      {label}
    </Button>
  );
}

/** The address as the API's filters. A period starts when it is chosen, not anew at each drawing. */
function useLogFilters(search: Search): LogFilters {
  const period = oneOf(PERIOD_NAMES, search.period);
  const from = useMemo(
    () => (period ? new Date(Date.now() - PERIODS[period] * 1000).toISOString() : undefined),
    [period],
  );
  return {
    from,
    model: search.model,
    key_id: search.key,
    upstream_id: search.upstream,
    billing_status: oneOf(STATUSES, search.status),
    reason: oneOf(REASONS, search.reason),
  };
}
