import { useInfiniteQuery } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';
import type { paths } from '@/api/schema';

import { ROOTS } from './keys';

export type Deferred = Schemas['DeferredOperation'];
export type DeferredFilters = Omit<
  NonNullable<paths['/api/admin/deferred-operations']['get']['parameters']['query']>,
  'cursor' | 'limit'
>;

const EVERY = 15_000;

/** Background responses and batches, newest first. */
export function useDeferred(filters: DeferredFilters) {
  return useInfiniteQuery({
    queryKey: [...ROOTS.deferred, filters],
    queryFn: ({ pageParam }) =>
      taken(api.GET('/api/admin/deferred-operations', { params: { query: { ...filters, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: EVERY,
  });
}
