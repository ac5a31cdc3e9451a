import { Card, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useAuditLog, type AuditEntry } from '@/data/audit';
import { Badge } from '@/shared/Badge';
import type { Column } from '@/shared/DataTable';
import { PagedTable } from '@/shared/PagedTable';
import { Empty } from '@/shared/QueryState';
import { shortId } from '@/shared/memberName';
import { useFilters } from '@/shared/search';
import { useOpen } from '@/shared/useOpen';
import { When } from '@/shared/When';

import { toneOf, useWords } from './actions';
import { AuditDetails } from './AuditDiff';
import { AuditFilterBar, isFiltered, useAuditFilters } from './AuditFilters';

const FIELDS_IN_ROW = 4;

/** Who changed what, when and from where. */
export function AuditTab() {
  const { t } = useTranslation('system');
  const [search] = useFilters();
  const query = useAuditLog(useAuditFilters());
  const columns = useColumns();
  const open = useOpen();
  const empty = isFiltered(search) ? (
    <Empty icon={IconHistory} title={t('audit.noneFiltered')} hint={t('audit.noneFilteredHint')} />
  ) : (
    <Empty icon={IconHistory} title={t('audit.none')} hint={t('audit.noneHint')} />
  );
  return (
    <Card component="section" aria-label={t('tabs.audit')}>
      <AuditFilterBar />
      <PagedTable
        query={query}
        placeholders={8}
        empty={empty}
        label={t('tabs.audit')}
        columns={columns}
        rowKey={(entry) => String(entry.id)}
        expanded={{ ...open, render: (entry) => <AuditDetails entry={entry} /> }}
      />
    </Card>
  );
}

function useColumns(): Column<AuditEntry>[] {
  const { t } = useTranslation(['system', 'domain', 'common']);
  const words = useWords();
  return [
    {
      id: 'thing',
      header: t('audit.thing'),
      width: '22%',
      onCard: 'title',
      cell: (entry) => (
        <>
          <Text size="sm" fw={600} className="break">
            {entry.resource_name ?? (entry.resource_id && shortId(entry.resource_id)) ?? words.kind(entry.resource_kind)}
          </Text>
          <Text size="xs" c="dimmed" fw={400}>
            {words.kind(entry.resource_kind)}
          </Text>
        </>
      ),
    },
    {
      id: 'deed',
      header: t('audit.action'),
      onCard: 'aside',
      cell: (entry) => <Badge tone={toneOf(entry.action)}>{words.verb(entry.action)}</Badge>,
    },
    {
      id: 'fields',
      header: t('audit.changed'),
      cell: ({ action, changed_fields: all }) => {
        // Of what was made or is gone every field is new or gone: that says nothing.
        const fields = action.endsWith('.create') || action.endsWith('.delete') ? [] : all.filter((field) => field !== 'revision' && field !== 'updated_at');
        if (fields.length === 0) return t('common:none');
        const more = fields.length - FIELDS_IN_ROW;
        return (
          <Text size="xs" ff="monospace" className="break" component="span">
            {fields.slice(0, FIELDS_IN_ROW).join(', ')}
            {more > 0 && ` ${t('audit.moreFields', { count: more })}`}
          </Text>
        );
      },
    },
    {
      id: 'who',
      header: t('audit.actor'),
      width: 190,
      cell: (entry) => (
        <>
          <Text size="sm" className="break">
            {entry.actor_name}
          </Text>
          <Text size="xs" c="dimmed">
            {t(`domain:role.${entry.actor_role}`)} · {t(`audit.origins.${entry.origin}`)}
          </Text>
        </>
      ),
    },
    {
      id: 'address',
      header: t('audit.address'),
      cell: (entry) => <Text size="sm" className="tabular break">{entry.address ?? t('common:none')}</Text>,
    },
    {
      id: 'when',
      header: t('audit.when'),
      cell: (entry) => <When at={entry.at} />,
    },
  ];
}
