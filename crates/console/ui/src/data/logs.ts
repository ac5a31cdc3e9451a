import { useInfiniteQuery, useQuery, type InfiniteData, type QueryKey } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';
import type { paths } from '@/api/schema';

import { ROOTS } from './keys';

export type RequestLog = Schemas['RequestLog'];
export type LogList = Schemas['RequestLogList'];
export type LogPages = InfiniteData<LogList, string | undefined>;
/** What chooses requests: the list, the live stream and the export take the same. */
export type LogFilters = NonNullable<paths['/api/admin/request-logs/stream']['get']['parameters']['query']>;
export type LogSort = NonNullable<
  NonNullable<paths['/api/admin/request-logs']['get']['parameters']['query']>['sort']
>;

interface Options {
  limit?: number;
  sort?: LogSort;
  refetchInterval?: number | false;
}

export function logsKey(filters: LogFilters, { limit = 50, sort }: Options): QueryKey {
  return [...ROOTS.logs, filters, sort ?? null, limit];
}

/** Requests, newest first if nothing else is asked for. */
export function useLogs(filters: LogFilters, options: Options = {}) {
  const { limit = 50, sort, refetchInterval = false } = options;
  return useInfiniteQuery({
    queryKey: logsKey(filters, options),
    queryFn: ({ pageParam }) =>
      taken(
        api.GET('/api/admin/request-logs', { params: { query: { ...filters, sort, limit, cursor: pageParam } } }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval,
  });
}

export type LogRouting = Schemas['LogRouting'];
export type RoutingCandidate = Schemas['LogCandidate'];

/** One request with its attempts. */
export function useLog(requestId: string) {
  return useQuery({
    queryKey: [...ROOTS.logs, 'one', requestId],
    queryFn: () => taken(api.GET('/api/admin/request-logs/{id}', { params: { path: { id: requestId } } })),
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

/** Filters as what stands behind the question mark of an address. */
export function queryOf(filters: object): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  }
  return parameters.toString();
}

/** Where these requests can be downloaded; the session's cookie is all that is needed. */
export function exportAddress(filters: LogFilters, format: 'csv' | 'jsonl'): string {
  return `/api/admin/request-logs/export?${queryOf({ ...filters, format })}`;
}
