import { Button, Text } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useLogs, type RequestLog } from '@/data/logs';
import { Receipt } from '@/features/logs/Receipt';
import { BillingBadge } from '@/shared/BillingBadge';
import { DataTable, type Column } from '@/shared/DataTable';
import { Money } from '@/shared/Money';
import { Block } from '@/shared/Page';
import { Empty, QueryState } from '@/shared/QueryState';
import { When } from '@/shared/When';

const ROWS = 10;

/** The newest requests with what they cost; those that are not billed stand out and say why. */
export function RecentBlock() {
  const { t } = useTranslation(['billing', 'common']);
  const query = useLogs({}, { limit: ROWS });
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string) => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  const columns: Column<RequestLog>[] = [
    { id: 'time', header: t('time'), cell: (row) => <When at={row.occurred_at} /> },
    {
      id: 'model',
      header: t('common:model'),
      onCard: 'title',
      cell: (row) => (
        <Text size="sm" fw={500} className="break">
          {row.model_requested ?? t('unnamedModel')}
        </Text>
      ),
    },
    { id: 'upstream', header: t('common:upstream'), cell: (row) => row.upstream_name ?? t('common:none') },
    { id: 'key', header: t('key'), cell: (row) => row.key_name },
    {
      id: 'status',
      header: t('billingStatus'),
      onCard: 'aside',
      cell: (row) => <BillingBadge status={row.billing_status} reason={row.reason} />,
    },
    { id: 'cost', header: t('cost'), align: 'right', cell: (row) => <Money value={row.cost} isNothing={row.billing_status === 'no_charge'} /> },
    { id: 'charge', header: t('charge'), align: 'right', cell: (row) => <Money value={row.charge} isNothing={row.billing_status === 'no_charge'} /> },
  ];
  return (
    <Block
      title={t('recent')}
      about={t('recentAbout')}
      actions={
        <Button size="xs" variant="default" loading={query.isRefetching} onClick={() => void query.refetch()}>
          {t('common:refresh')}
        </Button>
      }
    >
      <QueryState
        query={query}
        isEmpty={(data) => data.pages[0]?.items.length === 0}
        empty={<Empty icon={IconListDetails} title={t('noRequests')} hint={t('noRequestsHint')} />}
      >
        {(data) => (
          <DataTable
            label={t('recent')}
            columns={columns}
            rows={(data.pages[0]?.items ?? []).slice(0, ROWS)}
            rowKey={(row) => row.request_id}
            tone={(row) =>
              row.billing_status === 'unbilled' ? 'bad' : row.billing_status === 'partly_billed' ? 'warn' : undefined
            }
            expanded={{ keys: open, toggle, render: (row) => <Receipt requestId={row.request_id} /> }}
          />
        )}
      </QueryState>
    </Block>
  );
}
