import { Stack } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { DataTable, type TableProps } from './DataTable';
import { More } from './Pager';
import { QueryState } from './QueryState';

export interface Listed<Row> {
  items: Row[];
  next_cursor?: string | null;
}

interface Props<Row> extends Omit<TableProps<Row>, 'rows'> {
  query: UseInfiniteQueryResult<InfiniteData<Listed<Row>>>;
  /** What is said where there is nothing. */
  empty: ReactNode;
  /** Lines of the placeholder while loading. */
  placeholders?: number;
  /** What stands above a list that is not empty. */
  above?: ReactNode;
  /** The rows to show of those that were read. */
  shown?: (rows: Row[]) => Row[];
}

/** A list that is read page by page: its three states, its rows, and the next ones. */
export function PagedTable<Row>({ query, empty, placeholders, above, shown, ...table }: Props<Row>) {
  return (
    <QueryState
      query={query}
      rows={placeholders}
      isEmpty={(data) => data.pages[0]?.items.length === 0}
      empty={empty}
    >
      {(data) => {
        const rows = data.pages.flatMap((page) => page.items);
        return (
          <Stack>
            {above}
            <DataTable {...table} rows={shown?.(rows) ?? rows} />
            <More
              hasMore={query.hasNextPage}
              isLoading={query.isFetchingNextPage}
              onMore={() => void query.fetchNextPage()}
            />
          </Stack>
        );
      }}
    </QueryState>
  );
}
