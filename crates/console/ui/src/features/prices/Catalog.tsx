import { Button, Card, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconRestore, IconSearch, IconZoomQuestion } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { usePrices, type Price, type PriceFilters } from '@/data/prices';
import { DataTable, type Column } from '@/shared/DataTable';
import { Rate } from '@/shared/Money';
import { Pager } from '@/shared/Pager';
import { Empty, QueryState } from '@/shared/QueryState';
import { numberOf, oneOf, useFilters } from '@/shared/search';

import { PriceDetails } from './PriceDetails';
import { PriceStatus } from './PriceStatus';
import { ResetDialog, resettable } from './ResetDialog';

const STATUSES = ['overridden', 'stale', 'unpriced', 'free', 'litellm', 'manual'] as const;
const TYPING = 250;

/** Every model with a price. The present rows stay while the next are on their way. */
export function Catalog() {
  const { t } = useTranslation(['prices', 'common', 'domain']);
  const [search, setSearch] = useFilters();
  const [typed, setTyped] = useState(search.q ?? '');
  const [q] = useDebouncedValue(typed, TYPING);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [picked, setPicked] = useState<ReadonlyMap<string, Price>>(new Map());
  const [resetting, setResetting] = useState<readonly Price[]>([]);

  const asked = useRef(search.q ?? '');
  useEffect(() => {
    const inAddress = search.q ?? '';
    if (inAddress !== asked.current) {
      // The address changed by itself: a link, or back and forward.
      asked.current = inAddress;
      setTyped(inAddress);
    } else if (q !== inAddress && q === typed) {
      asked.current = q;
      setSearch({ q, page: null });
    }
  }, [q, typed, search.q, setSearch]);

  const page = numberOf(search.page, 1, 1, 100_000);
  const size = numberOf(search.size, 50, 1, 200);
  const status = oneOf(STATUSES, search.status);
  const query = usePrices({ ...filtersOf(status), q: search.q, provider: search.provider, page, page_size: size });

  const toggle = (key: string) => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  const pick = (price: Price) => {
    const next = new Map(picked);
    if (!next.delete(price.model)) next.set(price.model, price);
    setPicked(next);
  };

  const columns: Column<Price>[] = [
    {
      id: 'pick',
      header: '',
      width: 40,
      onCard: 'hidden',
      cell: (row) =>
        resettable(row).length > 0 && (
          <Checkbox
            checked={picked.has(row.model)}
            onChange={() => pick(row)}
            aria-label={t('pick', { model: row.model })}
          />
        ),
    },
    {
      id: 'model',
      header: t('common:model'),
      onCard: 'title',
      cell: (row) => (
        <>
          <Text size="sm" fw={500} className="break">
            {row.model}
          </Text>
          <Text size="xs" c="dimmed">
            {[row.provider, row.mode?.replaceAll('_', ' ')].filter(Boolean).join(' · ')}
          </Text>
        </>
      ),
    },
    { id: 'status', header: t('status'), onCard: 'aside', cell: (row) => <PriceStatus price={row} /> },
    {
      id: 'input',
      header: t('domain:rate.input'),
      align: 'right',
      cell: (row) => <Rate value={row.effective?.input_usd_per_mtok} />,
    },
    {
      id: 'output',
      header: t('domain:rate.output'),
      align: 'right',
      cell: (row) => <Rate value={row.effective?.output_usd_per_mtok} />,
    },
    {
      id: 'cacheRead',
      header: t('domain:rate.cache_read'),
      align: 'right',
      cell: (row) => <Rate value={row.effective?.cache_read_usd_per_mtok} />,
    },
    {
      id: 'synced',
      header: t('syncedInOut'),
      align: 'right',
      cell: (row) =>
        row.overrides.length > 0 && (
          <Text span inherit c="dimmed" className="nowrap">
            <Rate value={row.synced?.input_usd_per_mtok} /> / <Rate value={row.synced?.output_usd_per_mtok} />
          </Text>
        ),
    },
  ];

  return (
    <Card component="section" aria-label={t('tabs.catalog')}>
      <Group mb="md" gap="sm" align="flex-end">
        <TextInput
          label={t('searchModel')}
          placeholder={t('searchModelPlaceholder')}
          leftSection={<IconSearch size={16} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          type="search"
          flex="1 1 240px"
        />
        <Select
          label={t('status')}
          placeholder={t('common:all')}
          data={STATUSES.map((value) => ({ value, label: t(`statusFilter.${value}`) }))}
          value={status ?? null}
          onChange={(next) => setSearch({ status: next, page: null })}
          clearable
          clearButtonProps={{ 'aria-label': t('common:clear') }}
          flex="0 1 220px"
        />
        <TextInput
          label={t('provider')}
          defaultValue={search.provider ?? ''}
          onBlur={(event) => setSearch({ provider: event.currentTarget.value.trim(), page: null })}
          onKeyDown={(event) => {
            if (event.key === 'Enter') setSearch({ provider: event.currentTarget.value.trim(), page: null });
          }}
          flex="0 1 160px"
        />
      </Group>
      <QueryState
        query={query}
        rows={8}
        isEmpty={(data) => data.items.length === 0}
        empty={<Empty icon={IconZoomQuestion} title={t('noModelFound')} hint={t('noModelFoundHint')} />}
      >
        {(data) => (
          <Stack>
            {picked.size > 0 && (
              <Group gap="sm">
                <Text size="sm">{t('pickedCount', { count: picked.size })}</Text>
                <Button
                  size="xs"
                  variant="light"
                  leftSection={<IconRestore size={14} />}
                  onClick={() => setResetting([...picked.values()])}
                >
                  {t('resetPicked')}
                </Button>
                <Button size="xs" variant="default" onClick={() => setPicked(new Map())}>
                  {t('common:clear')}
                </Button>
              </Group>
            )}
            <Text size="xs" c="dimmed">
              {t('domain:perMillion')}
            </Text>
            <DataTable
              label={t('tabs.catalog')}
              columns={columns}
              rows={data.items}
              rowKey={(row) => row.model}
              expanded={{
                keys: open,
                toggle,
                render: (row) => <PriceDetails price={row} onReset={() => setResetting([row])} />,
              }}
            />
            <Pager
              page={page}
              size={size}
              total={data.total}
              onPage={(next) => setSearch({ page: next === 1 ? null : String(next) }, false)}
              onSize={(next) => setSearch({ size: String(next), page: null })}
            />
          </Stack>
        )}
      </QueryState>
      <ResetDialog
        prices={resetting}
        onClose={() => {
          setResetting([]);
          setPicked(new Map());
        }}
      />
    </Card>
  );
}

function filtersOf(status: (typeof STATUSES)[number] | undefined): PriceFilters {
  if (status === undefined) return {};
  return status === 'litellm' || status === 'manual' ? { source: status } : { [status]: true };
}
