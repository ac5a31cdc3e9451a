import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, ifMatch, taken, type Schemas } from '@/api/client';

import { changed, ROOTS } from './keys';

export type UpstreamMultipliers = Schemas['UpstreamMultipliers'];

/** What each upstream charges relative to the price card. */
export function useMultipliers() {
  return useQuery({
    queryKey: ROOTS.multipliers,
    queryFn: () => taken(api.GET('/api/admin/billing/upstream-multipliers', { params: { query: { limit: 200 } } })),
  });
}

export function useMultiplierHistory(upstreamId: string, isEnabled: boolean) {
  return useQuery({
    queryKey: [...ROOTS.multipliers, 'history', upstreamId],
    queryFn: () =>
      taken(
        api.GET('/api/admin/billing/upstream-multipliers/{upstream_id}/history', {
          params: { path: { upstream_id: upstreamId } },
        }),
      ),
    enabled: isEnabled,
  });
}

interface Put {
  upstream: Pick<UpstreamMultipliers, 'upstream_id' | 'revision'>;
  body: Schemas['PutUpstreamMultipliersRequest'];
}

export function usePutMultipliers() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ upstream, body }: Put) =>
      taken(
        api.PUT('/api/admin/billing/upstream-multipliers/{upstream_id}', {
          params: { path: { upstream_id: upstream.upstream_id }, header: ifMatch(upstream.revision) },
          body,
        }),
      ),
    onSuccess: () => changed(queries, 'multipliers'),
    onError: () => queries.invalidateQueries({ queryKey: ROOTS.multipliers }),
  });
}
