import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Upstream } from '@/data/upstreams';
import { ActivityCost, LastUsed } from '@/shared/Activity';
import { Badge } from '@/shared/Badge';
import type { Column } from '@/shared/DataTable';

/** An upstream as a row or a card. */
export function useUpstreamColumns(): Column<Upstream>[] {
  const { t } = useTranslation('upstreams');
  return [
    {
      id: 'name',
      header: t('name'),
      onCard: 'title',
      cell: (row) => (
        <>
          <Text size="sm" fw={600} className="break" miw={110}>
            {row.name}
          </Text>
          <Text size="xs" c="dimmed" fw={400} className="break">
            {[row.provider, row.account_label].filter(Boolean).join(' · ')}
          </Text>
        </>
      ),
    },
    {
      id: 'status',
      header: t('status'),
      cell: (row) => (
        <Group gap={4}>
          <Badge tone={row.enabled ? 'good' : 'neutral'}>{t(row.enabled ? 'on' : 'off')}</Badge>
          {!row.has_credential && <Badge tone="warn">{t('noCredential')}</Badge>}
        </Group>
      ),
    },
    {
      id: 'models',
      header: t('models'),
      cell: (row) => (
        <Text size="sm" className="break" lineClamp={3} miw={120}>
          {row.models.map(({ model }) => model).join(', ') || t('anyModel')}
        </Text>
      ),
    },
    {
      id: 'multipliers',
      header: t('multipliers'),
      align: 'right',
      cell: (row) => (
        <>
          <Text size="sm" className="nowrap">{`× ${row.input_multiplier} / × ${row.output_multiplier}`}</Text>
          {row.model_multipliers.length > 0 && (
            <Text size="xs" c="dimmed">
              {t('otherFor', { count: row.model_multipliers.length })}
            </Text>
          )}
        </>
      ),
    },
    { id: 'order', header: t('order'), align: 'right', cell: (row) => `${row.priority} · ${row.weight}` },
    { id: 'used', header: t('lastUsed'), cell: (row) => <LastUsed activity={row.activity} /> },
    { id: 'cost', header: t('costMonth'), align: 'right', cell: (row) => <ActivityCost activity={row.activity} /> },
  ];
}
