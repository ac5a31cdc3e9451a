import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, ifMatch, taken, type Schemas } from '@/api/client';
import type { paths } from '@/api/schema';

import { changed, ROOTS } from './keys';

export type Override = Schemas['Override'];
export type NewOverride = Schemas['CreateOverrideRequest'];
export type OverrideUpdate = Schemas['UpdateOverrideRequest'];

export type OverrideFilters = Omit<
  NonNullable<paths['/api/admin/billing/overrides']['get']['parameters']['query']>,
  'cursor' | 'limit'
>;

/** The manual prices in force, by model. */
export function useOverrides(filters: OverrideFilters) {
  return useInfiniteQuery({
    queryKey: [...ROOTS.overrides, 'list', filters],
    queryFn: ({ pageParam }) =>
      taken(api.GET('/api/admin/billing/overrides', { params: { query: { ...filters, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** The manual prices of one model, of any scope. */
export function useOverridesOf(model: string, isEnabled = true) {
  return useQuery({
    queryKey: [...ROOTS.overrides, { model }],
    queryFn: () => taken(api.GET('/api/admin/billing/overrides', { params: { query: { model, limit: 200 } } })),
    enabled: isEnabled,
  });
}

/** Every version of one manual price. */
export function useOverrideHistory(id: string) {
  return useQuery({
    queryKey: [...ROOTS.overrides, 'history', id],
    queryFn: () => taken(api.GET('/api/admin/billing/overrides/{id}/history', { params: { path: { id } } })),
  });
}

export function useCreateOverride() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewOverride) => taken(api.POST('/api/admin/billing/overrides', { body })),
    onSuccess: () => changed(queries, 'override'),
  });
}

interface Update {
  override: Pick<Override, 'id' | 'price_version'>;
  body: OverrideUpdate;
}

export function useUpdateOverride() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ override, body }: Update) =>
      taken(
        api.PATCH('/api/admin/billing/overrides/{id}', {
          params: { path: { id: override.id }, header: ifMatch(override.price_version) },
          body,
        }),
      ),
    onSuccess: () => changed(queries, 'override'),
  });
}

export function useResetOverrides() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['ResetOverridesRequest']) =>
      taken(api.POST('/api/admin/billing/overrides/reset', { body })),
    onSuccess: () => changed(queries, 'override'),
  });
}
