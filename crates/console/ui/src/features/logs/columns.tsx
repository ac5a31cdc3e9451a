import { useTranslation } from 'react-i18next';

import type { LogSort, RequestLog } from '@/data/logs';
import { BillingBadge } from '@/shared/BillingBadge';
import type { Column } from '@/shared/DataTable';
import { When } from '@/shared/When';

import { Answer, Cost, Model, Route, Tokens } from './cells';
import { SortHeader } from './SortHeader';

interface Sorting {
  sort: LogSort;
  onSort: (sort: LogSort) => void;
}

/**
 * A request as a row or a card: what it cost and whether it is billed stand in it, and why not. Few columns, some of
 * two lines, so that a row fits a small laptop’s window beside the sidebar.
 */
export function useLogColumns(sorting?: Sorting): Column<RequestLog>[] {
  const { t } = useTranslation(['logs', 'common']);
  const header = (name: 'time' | 'cost') =>
    sorting ? <SortHeader name={name} label={t(name)} {...sorting} /> : t(name);
  const sorted = (name: 'time' | 'cost') => {
    if (!sorting?.sort.startsWith(name)) return undefined;
    return sorting.sort.endsWith('asc') ? 'ascending' : 'descending';
  };
  return [
    {
      id: 'time',
      header: header('time'),
      sorted: sorted('time'),
      cell: (row) => <When at={row.occurred_at} isStacked />,
    },
    { id: 'model', header: t('common:model'), onCard: 'title', cell: (row) => <Model row={row} /> },
    { id: 'route', header: t('route'), cell: (row) => <Route row={row} /> },
    { id: 'answer', header: t('answer'), align: 'right', cell: (row) => <Answer row={row} /> },
    { id: 'tokens', header: t('tokens'), align: 'right', cell: (row) => <Tokens row={row} /> },
    {
      id: 'billing',
      header: t('billing'),
      onCard: 'aside',
      cell: (row) => <BillingBadge status={row.billing_status} reason={row.reason} />,
    },
    {
      id: 'cost',
      header: header('cost'),
      sorted: sorted('cost'),
      align: 'right',
      onCard: 'lead',
      cell: (row) => <Cost row={row} />,
    },
  ];
}

/** Which rows to look at first. */
export function logTone(row: RequestLog): 'warn' | 'bad' | undefined {
  if (row.billing_status === 'unbilled') return 'bad';
  return row.billing_status === 'partly_billed' ? 'warn' : undefined;
}
