import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { api, taken, type Schemas } from '@/api/client';

import { changed, ROOTS } from './keys';

export type PriceRelease = Schemas['PriceRelease'];

const WHILE_RUNNING = 1000;

/** All runs of the price sync, newest first. */
export function useReleases() {
  return useInfiniteQuery({
    queryKey: [...ROOTS.releases, 'list'],
    queryFn: ({ pageParam }) =>
      taken(api.GET('/api/admin/billing/prices/releases', { params: { query: { limit: 20, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages[0]?.items.some((run) => run.state === 'running') ? WHILE_RUNNING : false,
  });
}

/** One run, read again each second while it is running; then what it changed is read anew. */
export function useRelease(id: string | null) {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: [...ROOTS.releases, 'one', id],
    queryFn: () => taken(api.GET('/api/admin/billing/prices/releases/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? WHILE_RUNNING : false),
  });
  const state = query.data?.state;
  useEffect(() => {
    if (state && state !== 'running') void changed(queries, 'sync');
  }, [queries, state]);
  return query;
}

/** What a run changed and what it holds. */
export function useReleaseDiff(id: string, isEnabled: boolean) {
  return useInfiniteQuery({
    queryKey: [...ROOTS.releases, 'diff', id],
    queryFn: ({ pageParam }) =>
      taken(
        api.GET('/api/admin/billing/prices/releases/{id}/diff', {
          params: { path: { id }, query: { limit: 50, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    enabled: isEnabled,
  });
}

export function useStartSync() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['StartPriceSyncRequest']) => taken(api.POST('/api/admin/billing/prices/sync', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: [...ROOTS.releases, 'list'] }),
  });
}

interface Decision {
  id: string;
  verdict: 'accept' | 'reject';
  body: Schemas['DecidePriceReleaseRequest'];
}

export function useDecideRelease() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, verdict, body }: Decision) => {
      const options = { params: { path: { id } }, body };
      return taken(
        verdict === 'accept'
          ? api.POST('/api/admin/billing/prices/releases/{id}/accept', options)
          : api.POST('/api/admin/billing/prices/releases/{id}/reject', options),
      );
    },
    onSuccess: () => changed(queries, 'release'),
  });
}

/** Puts the prices of an earlier run in force again. */
export function useActivateRelease() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      taken(api.POST('/api/admin/billing/prices/releases/{id}/activate', { params: { path: { id } } })),
    onSuccess: () => changed(queries, 'release'),
  });
}
