import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, ifMatch, taken, type Schemas } from '@/api/client';

import { changed, ROOTS } from './keys';

export type Upstream = Schemas['Upstream'];

/** Where requests go. */
export function useUpstreams() {
  return useQuery({
    queryKey: ROOTS.upstreams,
    queryFn: () => taken(api.GET('/api/admin/upstreams', { params: { query: { limit: 200 } } })),
  });
}

export function useCreateUpstream() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['CreateUpstreamRequest']) => taken(api.POST('/api/admin/upstreams', { body })),
    onSuccess: () => changed(queries, 'upstream'),
  });
}

interface Update {
  upstream: Pick<Upstream, 'id' | 'revision'>;
  body: Schemas['UpdateUpstreamRequest'];
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
