import { Button } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useLogs } from '@/data/logs';
import { logTone, useLogColumns } from '@/features/logs/columns';
import { LogDetails } from '@/features/logs/LogDetails';
import { DataTable } from '@/shared/DataTable';
import { Block } from '@/shared/Page';
import { Empty, QueryState } from '@/shared/QueryState';

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
  const columns = useLogColumns();
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
            tone={logTone}
            expanded={{ keys: open, toggle, render: (row) => <LogDetails log={row} /> }}
          />
        )}
      </QueryState>
    </Block>
  );
}
