import { useInfiniteQuery, useQuery } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';
import type { paths } from '@/api/schema';

import { ROOTS } from './keys';

export type AuditEntry = Schemas['AuditEntry'];
export type AuditDetail = Schemas['AuditEntryDetail'];
export type AuditFilters = Omit<
  NonNullable<paths['/api/admin/audit-log']['get']['parameters']['query']>,
  'cursor' | 'limit'
>;

const ROWS = 50;

/** Who changed what, newest first. */
export function useAuditLog(filters: AuditFilters) {
  return useInfiniteQuery({
    queryKey: [...ROOTS.audit, 'list', filters],
    queryFn: ({ pageParam }) =>
      taken(api.GET('/api/admin/audit-log', { params: { query: { ...filters, limit: ROWS, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** One edit with the states before and after it. It is never changed, so it is read once. */
export function useAuditEntry(id: number) {
  return useQuery({
    queryKey: [...ROOTS.audit, 'one', id],
    queryFn: () => taken(api.GET('/api/admin/audit-log/{id}', { params: { path: { id } } })),
    staleTime: Infinity,
  });
}
