import { Button, Card, Group, Text } from '@mantine/core';
import { IconArchiveOff, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useRemoveStalePrices, useStalePrices } from '@/data/prices';
import { useConfirmable } from '@/features/pricing/useConfirmable';
import { useConfirm } from '@/shared/confirm';
import type { Column } from '@/shared/DataTable';
import { IfMay, useMay } from '@/shared/may';
import { useNotify } from '@/shared/notify';
import { PagedTable } from '@/shared/PagedTable';
import { Empty } from '@/shared/QueryState';
import { When } from '@/shared/When';

/** Prices that serve on although the public map no longer lists them. */
export function Stale() {
  const { t } = useTranslation(['prices', 'common']);
  const query = useStalePrices();
  const remove = useRemoveStalePrices();
  const confirm = useConfirm();
  const notify = useNotify();

  const mayRemove = useMay('finance');
  // Where requests of the last month still use them, the gateway asks again and says what they cost.
  const send = useConfirmable(async (body: Schemas['RemoveStalePricesRequest'], isSure: boolean) => {
    const { models } = await remove.mutateAsync({ ...body, confirm: isSure });
    notify.done(t('staleRemoved', { count: models.length }));
  });
  const ask = (body: Schemas['RemoveStalePricesRequest'], what: string) =>
    confirm({
      title: t('removeStale'),
      text: t('removeStaleHint', { what }),
      action: t('removeStale'),
      isDangerous: true,
      onConfirm: () => void send.run(body).catch(notify.failed),
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
    ...(mayRemove
      ? [
          {
            id: 'action',
            header: '',
            align: 'right',
            onCard: 'aside',
            cell: (row: Schemas['StalePrice']) => (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconTrash size={14} />}
                onClick={() => ask({ models: [row.model] }, row.model)}
              >
                {t('removeStale')}
              </Button>
            ),
          } as const,
        ]
      : []),
  ];
  return (
    <Card component="section" aria-label={t('tabs.stale')}>
      <Text size="sm" c="dimmed" mb="md">
        {t('staleAbout')}
      </Text>
      <PagedTable
        query={query}
        empty={<Empty isGood icon={IconArchiveOff} title={t('noStale')} />}
        above={
          <IfMay needs="finance">
            <Group justify="flex-end">
              <Button size="xs" variant="default" onClick={() => ask({ all: true }, t('allStale'))}>
                {t('removeAllStale')}
              </Button>
            </Group>
          </IfMay>
        }
        label={t('tabs.stale')}
        columns={columns}
        rowKey={(row) => row.model}
      />
      {send.dialog}
    </Card>
  );
}
