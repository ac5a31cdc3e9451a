import { Code, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { ApiKey } from '@/data/apiKeys';
import { ActivityCost, LastUsed } from '@/shared/Activity';
import { Badge } from '@/shared/Badge';
import type { Column } from '@/shared/DataTable';
import { When } from '@/shared/When';

/** A key as a row or a card. */
export function useKeyColumns(): Column<ApiKey>[] {
  const { t } = useTranslation(['keys', 'common']);
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
          <Text size="xs" c="dimmed" fw={400}>
            {row.tags.join(', ')}
          </Text>
        </>
      ),
    },
    { id: 'status', header: t('status'), cell: (row) => <KeyStatus row={row} /> },
    { id: 'hint', header: t('hint'), cell: (row) => <Code>{`…${row.token_hint}`}</Code> },
    {
      id: 'owner',
      header: t('ownerTeam'),
      cell: (row) => (
        <Text size="sm" className="break" miw={100}>
          {[row.owner, row.team].filter(Boolean).join(' · ') || t('common:none')}
        </Text>
      ),
    },
    {
      id: 'expires',
      header: t('expires'),
      cell: (row) => (row.expires_at ? <When at={row.expires_at} relative /> : t('never')),
    },
    { id: 'used', header: t('lastUsed'), cell: (row) => <LastUsed activity={row.activity} /> },
    { id: 'cost', header: t('costMonth'), align: 'right', cell: (row) => <ActivityCost activity={row.activity} /> },
  ];
}

function KeyStatus({ row }: { row: ApiKey }) {
  const { t } = useTranslation('keys');
  const isExpired = row.expires_at !== null && new Date(row.expires_at).getTime() <= Date.now();
  return (
    <Group gap={4}>
      {isExpired ? (
        <Badge tone="warn">{t('expired')}</Badge>
      ) : (
        <Badge tone={row.enabled ? 'good' : 'neutral'}>{t(row.enabled ? 'on' : 'off')}</Badge>
      )}
      {row.retiring_token && <Badge tone="info">{t('changingOver')}</Badge>}
    </Group>
  );
}
