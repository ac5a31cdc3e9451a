import { Text } from '@mantine/core';
import { IconChecks } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useLedgerConflicts } from '@/data/journal';
import { DataTable, type Column } from '@/shared/DataTable';
import { count } from '@/shared/format';
import { Money } from '@/shared/Money';
import { useLocale } from '@/shared/preferences';
import { Empty, QueryState } from '@/shared/QueryState';
import { When } from '@/shared/When';

type Item = Schemas['AttentionItem'];

/** Two entries of one identity that do not say the same: the first counts, the other is kept to look at. */
export function Conflicts() {
  const { t } = useTranslation(['system', 'common']);
  const locale = useLocale();
  const query = useLedgerConflicts();
  const columns: Column<Item>[] = [
    {
      id: 'model',
      header: t('common:model'),
      onCard: 'title',
      cell: (item) => <Text size="sm" fw={600} className="break">{item.model_served ?? item.model_sent ?? t('common:unknown')}</Text>,
    },
    { id: 'upstream', header: t('common:upstream'), cell: (item) => item.upstream ?? t('common:unknown') },
    { id: 'count', header: t('journal.attempts'), align: 'right', cell: (item) => count(item.count, locale) },
    {
      id: 'stake',
      header: t('journal.difference'),
      align: 'right',
      cell: (item) => <Money value={item.at_stake.cost_high} />,
    },
    { id: 'seen', header: t('journal.lastSeen'), cell: (item) => <When at={item.last_seen} relative /> },
  ];
  return (
    <QueryState
      query={query}
      rows={2}
      isEmpty={(data) => data.items.length === 0}
      empty={<Empty icon={IconChecks} isGood title={t('journal.noConflict')} hint={t('journal.noConflictHint')} />}
    >
      {(data) => (
        <DataTable
          label={t('journal.conflicts')}
          columns={columns}
          rows={data.items}
          rowKey={(item) => item.id}
          tone={() => 'bad'}
        />
      )}
    </QueryState>
  );
}
