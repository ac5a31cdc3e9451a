import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { RequestLog } from '@/data/logs';
import { Badge } from '@/shared/Badge';
import { BillingBadge } from '@/shared/BillingBadge';
import type { Column } from '@/shared/DataTable';
import { duration } from '@/shared/format';
import { Money } from '@/shared/Money';
import { useLocale } from '@/shared/preferences';
import { When } from '@/shared/When';

/** A request as a row or a card: what it cost and whether it is billed stand in it, and why not. */
export function useLogColumns(): Column<RequestLog>[] {
  const { t } = useTranslation(['logs', 'common']);
  const locale = useLocale();
  return [
    { id: 'time', header: t('time'), cell: (row) => <When at={row.occurred_at} /> },
    {
      id: 'model',
      header: t('common:model'),
      onCard: 'title',
      cell: (row) => (
        <>
          <Text size="sm" fw={500} className="break">
            {row.model_requested ?? t('unnamedModel')}
          </Text>
          {(row.stream || row.attempts > 1) && (
            <Text size="xs" c="dimmed" fw={400}>
              {[row.stream && t('stream'), row.attempts > 1 && t('attempts', { count: row.attempts })]
                .filter(Boolean)
                .join(' · ')}
            </Text>
          )}
        </>
      ),
    },
    { id: 'upstream', header: t('common:upstream'), cell: (row) => row.upstream_name ?? t('common:none') },
    {
      id: 'key',
      header: t('key'),
      cell: (row) => (
        <>
          <Text size="sm" className="break">
            {row.key_name}
          </Text>
          {row.team && (
            <Text size="xs" c="dimmed">
              {row.team}
            </Text>
          )}
        </>
      ),
    },
    {
      id: 'answer',
      header: t('answer'),
      cell: (row) => (
        <Group gap={6} wrap="nowrap" justify="flex-end" display="inline-flex">
          {row.http_status !== null && row.http_status >= 400 ? (
            <Badge tone="warn">{row.http_status}</Badge>
          ) : (
            <Text span inherit className="tabular">
              {row.http_status ?? t('common:none')}
            </Text>
          )}
          {row.duration_us !== null && (
            <Text span size="xs" c="dimmed" className="tabular nowrap">
              {duration(row.duration_us, locale)}
            </Text>
          )}
        </Group>
      ),
    },
    {
      id: 'billing',
      header: t('billing'),
      onCard: 'aside',
      cell: (row) => <BillingBadge status={row.billing_status} reason={row.reason} />,
    },
    {
      id: 'cost',
      header: t('cost'),
      align: 'right',
      cell: (row) => <Money value={row.cost} isNothing={row.billing_status === 'no_charge'} />,
    },
    {
      id: 'charge',
      header: t('charge'),
      align: 'right',
      cell: (row) => <Money value={row.charge} isNothing={row.billing_status === 'no_charge'} />,
    },
  ];
}

/** Which rows to look at first. */
export function logTone(row: RequestLog): 'warn' | 'bad' | undefined {
  if (row.billing_status === 'unbilled') return 'bad';
  return row.billing_status === 'partly_billed' ? 'warn' : undefined;
}
