import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconArchiveOff, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useRemoveStalePrices, useStalePrices } from '@/data/prices';
import { useConfirm } from '@/shared/confirm';
import { DataTable, type Column } from '@/shared/DataTable';
import { useNotify } from '@/shared/notify';
import { More } from '@/shared/Pager';
import { Empty, QueryState } from '@/shared/QueryState';
import { When } from '@/shared/When';

/** Prices that serve on although the public map no longer lists them. */
export function Stale() {
  const { t } = useTranslation(['prices', 'common']);
  const query = useStalePrices();
  const remove = useRemoveStalePrices();
  const confirm = useConfirm();
  const notify = useNotify();

  const ask = (body: Schemas['RemoveStalePricesRequest'], what: string) =>
    confirm({
      title: t('removeStale'),
      text: t('removeStaleHint', { what }),
      action: t('removeStale'),
      isDangerous: true,
      onConfirm: () =>
        remove.mutate(body, {
          onSuccess: ({ models }) => notify.done(t('staleRemoved', { count: models.length })),
          onError: notify.failed,
        }),
    });

  const columns: Column<Schemas['StalePrice']>[] = [
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
    { id: 'since', header: t('staleSince'), cell: (row) => <When at={row.since} /> },
    {
      id: 'rates',
      header: t('rates'),
      cell: (row) => (
        <Text size="xs" c="dimmed" lang="en">
          {row.rates.slice(0, 3).join(' · ')}
        </Text>
      ),
    },
    {
      id: 'action',
      header: '',
      align: 'right',
      onCard: 'aside',
      cell: (row) => (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconTrash size={14} />}
          onClick={() => ask({ models: [row.model] }, row.model)}
        >
          {t('removeStale')}
        </Button>
      ),
    },
  ];
  return (
    <Card component="section" aria-label={t('tabs.stale')}>
      <Text size="sm" c="dimmed" mb="md">
        {t('staleAbout')}
      </Text>
      <QueryState
        query={query}
        isEmpty={(data) => data.pages[0]?.items.length === 0}
        empty={<Empty isGood icon={IconArchiveOff} title={t('noStale')} />}
      >
        {(data) => (
          <Stack>
            <Group justify="flex-end">
              <Button size="xs" variant="default" onClick={() => ask({ all: true }, t('allStale'))}>
                {t('removeAllStale')}
              </Button>
            </Group>
            <DataTable
              label={t('tabs.stale')}
              columns={columns}
              rows={data.pages.flatMap((page) => page.items)}
              rowKey={(row) => row.model}
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
  );
}
