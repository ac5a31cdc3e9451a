import { useInfiniteQuery } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';
import type { paths } from '@/api/schema';

import { ROOTS } from './keys';

export type RecentEntry = Schemas['RecentEntry'];
export type RecentFilters = Omit<
  NonNullable<paths['/api/admin/billing/recent']['get']['parameters']['query']>,
  'cursor' | 'limit'
>;

/** The latest ledger entries with all their amounts are made of; under the logs' key, whose other side they are. */
export function useRecentEntries(filters: RecentFilters, limit: number) {
  return useInfiniteQuery({
    queryKey: [...ROOTS.logs, 'entries', filters, limit],
    queryFn: ({ pageParam }) =>
      taken(api.GET('/api/admin/billing/recent', { params: { query: { ...filters, limit, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}
