import { useInfiniteQuery, useQuery } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';
import type { paths } from '@/api/schema';

import { ROOTS } from './keys';

export type RequestLog = Schemas['RequestLog'];
export type LogFilters = Omit<
  NonNullable<paths['/api/admin/request-logs']['get']['parameters']['query']>,
  'cursor' | 'limit'
>;

/** Requests, newest first. */
export function useLogs(filters: LogFilters, options: { limit?: number; refetchInterval?: number | false } = {}) {
  const { limit = 50, refetchInterval = false } = options;
  return useInfiniteQuery({
    queryKey: [...ROOTS.logs, filters, limit],
    queryFn: ({ pageParam }) =>
      taken(api.GET('/api/admin/request-logs', { params: { query: { ...filters, limit, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval,
  });
}

/** What a request cost, and why. */
export function useReceipt(requestId: string) {
  return useQuery({
    queryKey: [...ROOTS.receipts, requestId],
    queryFn: () =>
      taken(api.GET('/api/admin/billing/requests/{id}/receipt', { params: { path: { id: requestId } } })),
  });
}
