import { Alert, Button, Card, Checkbox, Group, Stack, Text } from '@mantine/core';
import { IconInfoCircle, IconRestore, IconZoomQuestion } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { usePrices, type Price } from '@/data/prices';
import { DataTable, type Column } from '@/shared/DataTable';
import { useMay } from '@/shared/may';
import { Rate } from '@/shared/Money';
import { Pager } from '@/shared/Pager';
import { Empty, QueryState } from '@/shared/QueryState';
import { numberOf, useFilters } from '@/shared/search';
import { useOpen } from '@/shared/useOpen';

import classes from './Catalog.module.css';
import { CatalogFilters, catalogFilters } from './CatalogFilters';
import { PriceDetails } from './PriceDetails';
import { PriceStatus } from './PriceStatus';
import { ResetDialog, resettable } from './ResetDialog';

/** Every model with a price. The present rows stay while the next are on their way. */
export function Catalog() {
  const { t } = useTranslation(['prices', 'common', 'domain']);
  const [search, setSearch] = useFilters();
  const open = useOpen();
  const [picked, setPicked] = useState<ReadonlyMap<string, Price>>(new Map());
  const [resetting, setResetting] = useState<readonly Price[]>([]);
  const page = numberOf(search.page, 1, 1, 100_000);
  const size = numberOf(search.size, 50, 1, 200);
  const query = usePrices({ ...catalogFilters(search), page, page_size: size });
  // A page of 200 rows is drawn in slices between which the browser answers.
  const shown = useDeferredValue(query.data?.items);
  const hasOwn = shown?.some((row) => row.overrides.length > 0) ?? false;
  const columns = useColumns(hasOwn, picked, setPicked);
  // One element as long as its rows are the same: what is asked for meanwhile does not draw them again.
  const table = useMemo(
    () => (
      <DataTable
        label={t('tabs.catalog')}
        columns={columns}
        rows={shown ?? []}
        rowKey={nameOf}
        expanded={{
          keys: open.keys,
          toggle: open.toggle,
          render: (row) => <PriceDetails price={row} onReset={() => setResetting([row])} />,
        }}
      />
    ),
    [columns, open, shown, t],
  );

  return (
    <Card component="section" aria-label={t('tabs.catalog')}>
      <CatalogFilters />
      <QueryState
        // Pages are turned below the rows: without rows there is no place for that yet.
        query={{ ...query, isPending: query.isPending || (query.isSuccess && shown === undefined) }}
        rows={8}
        isEmpty={(data) => data.items.length === 0}
        empty={<Empty icon={IconZoomQuestion} title={t('noModelFound')} hint={t('noModelFoundHint')} />}
      >
        {(data) => (
          <Stack>
            {!data.held_known && (
              <Alert color="yellow" icon={<IconInfoCircle size={18} />}>
                {t('heldUnknown')}
              </Alert>
            )}
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
            {table}
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

const nameOf = (row: Price) => row.model;

type Picked = ReadonlyMap<string, Price>;

/** What stands beside a name; the official price only where some row has one of yours. */
function useColumns(hasOwn: boolean, picked: Picked, setPicked: (next: Picked) => void): Column<Price>[] {
  const { t } = useTranslation(['prices', 'common', 'domain']);
  const mayReset = useMay('finance');
  return useMemo(() => {
    const pick = (price: Price) => {
      const next = new Map(picked);
      if (!next.delete(price.model)) next.set(price.model, price);
      setPicked(next);
    };
    const rate = (id: string, name: 'input' | 'output' | 'cache_read' | 'cache_write_5m'): Column<Price> => ({
      id,
      header: t(`domain:rate.${name}`),
      align: 'right',
      width: 104,
      cell: (row) => <Rate value={row.effective?.[`${name}_usd_per_mtok`]} />,
    });
    const boxes: Column<Price> = {
      id: 'pick',
      header: '',
      width: 40,
      onCard: 'hidden',
      cell: (row) =>
        resettable(row).length > 0 && (
          <Checkbox
            checked={picked.has(row.model)}
            onChange={() => pick(row)}
            radius="sm"
            aria-label={t('pick', { model: row.model })}
          />
        ),
    };
    const synced: Column<Price> = {
      id: 'synced',
      header: t('syncedInOut'),
      align: 'right',
      width: 140,
      cell: (row) =>
        row.overrides.length > 0 && (
          <span className="dimmed nowrap">
            <Rate value={row.synced?.input_usd_per_mtok} /> / <Rate value={row.synced?.output_usd_per_mtok} />
          </span>
        ),
    };
    return [
      ...(mayReset && hasOwn ? [boxes] : []),
      {
        id: 'model',
        header: t('common:model'),
        onCard: 'title',
        cell: (row) => (
          <>
            <div className={classes.name}>{row.model}</div>
            <div className={classes.meta}>{[row.provider, row.mode?.replaceAll('_', ' ')].filter(Boolean).join(' · ')}</div>
          </>
        ),
      },
      { id: 'status', header: t('status'), width: 170, onCard: 'aside', cell: (row) => <PriceStatus price={row} /> },
      rate('input', 'input'),
      rate('output', 'output'),
      rate('cacheRead', 'cache_read'),
      rate('cacheWrite', 'cache_write_5m'),
      ...(hasOwn ? [synced] : []),
    ];
  }, [hasOwn, mayReset, picked, setPicked, t]);
}
