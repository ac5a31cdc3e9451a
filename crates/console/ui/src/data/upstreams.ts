import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, ifMatch, taken, type Schemas } from '@/api/client';

import { changed, ROOTS } from './keys';

export type Upstream = Schemas['Upstream'];
export type NewUpstream = Schemas['CreateUpstreamRequest'];
export type UpstreamUpdate = Schemas['UpdateUpstreamRequest'];
export type UpstreamTest = Schemas['UpstreamTest'];
export type TestRequest = Schemas['TestUpstreamRequest'];

export interface UpstreamFilters {
  q?: string;
  provider?: string;
  enabled?: boolean;
}

/** Where requests go. */
export function useUpstreams() {
  return useQuery({
    queryKey: ROOTS.upstreams,
    queryFn: () => taken(api.GET('/api/admin/upstreams', { params: { query: { limit: 200 } } })),
  });
}

/** Those that match, with what each did today and this month. */
export function useUpstreamList(filters: UpstreamFilters) {
  return useInfiniteQuery({
    queryKey: [...ROOTS.upstreams, 'list', filters],
    queryFn: ({ pageParam }) =>
      taken(
        api.GET('/api/admin/upstreams', {
          params: { query: { ...filters, activity: true, limit: 50, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** One as it is at this moment. */
export function readUpstream({ id }: Pick<Upstream, 'id'>): Promise<Upstream> {
  return taken(api.GET('/api/admin/upstreams/{id}', { params: { path: { id } } }));
}

/** What a test call would send and cost at most; nothing is sent. */
export function useTestPreview(id: string, body: TestRequest, isEnabled: boolean) {
  return useQuery({
    queryKey: [...ROOTS.upstreams, 'preview', id, body],
    queryFn: () =>
      taken(
        api.POST('/api/admin/upstreams/{id}/test', { params: { path: { id } }, body: { ...body, dry_run: true } }),
      ),
    enabled: isEnabled,
    placeholderData: keepPreviousData,
  });
}

/** Sends one tiny request the way of every request. */
export function useTestUpstream() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: TestRequest }) =>
      taken(api.POST('/api/admin/upstreams/{id}/test', { params: { path: { id } }, body })),
    onSuccess: () => changed(queries, 'test'),
  });
}

export function useCreateUpstream() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewUpstream) => taken(api.POST('/api/admin/upstreams', { body })),
    onSuccess: () => changed(queries, 'upstream'),
  });
}

interface Update {
  upstream: Pick<Upstream, 'id' | 'revision'>;
  body: UpstreamUpdate;
}

export function useUpdateUpstream() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ upstream, body }: Update) =>
      taken(
        api.PATCH('/api/admin/upstreams/{id}', {
          params: { path: { id: upstream.id }, header: ifMatch(upstream.revision) },
          body,
        }),
      ),
    onSuccess: () => changed(queries, 'upstream'),
  });
}

export function useDeleteUpstream() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (upstream: Pick<Upstream, 'id' | 'revision'>) =>
      taken(
        api.DELETE('/api/admin/upstreams/{id}', {
          params: { path: { id: upstream.id }, header: ifMatch(upstream.revision) },
        }),
      ),
    onSuccess: () => changed(queries, 'upstream'),
  });
}
