import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, ifMatch, taken, type Schemas } from '@/api/client';

import { changed, ROOTS } from './keys';

export type Alias = Schemas['Alias'];

/** The names that are priced as another one. */
export function useAliases(filters: { q?: string; target?: string; upstream_id?: string }) {
  return useInfiniteQuery({
    queryKey: [...ROOTS.aliases, 'list', filters],
    queryFn: ({ pageParam }) =>
      taken(api.GET('/api/admin/billing/aliases', { params: { query: { ...filters, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** Every version of one alias, the latest first. */
export function useAliasHistory(id: string) {
  return useQuery({
    queryKey: [...ROOTS.aliases, 'history', id],
    queryFn: () => taken(api.GET('/api/admin/billing/aliases/{id}/history', { params: { path: { id } } })),
  });
}

export function useCreateAlias() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['CreateAliasRequest']) => taken(api.POST('/api/admin/billing/aliases', { body })),
    onSuccess: () => changed(queries, 'alias'),
  });
}

interface Update {
  alias: Pick<Alias, 'id' | 'price_version'>;
  body: Schemas['UpdateAliasRequest'];
}

export function useUpdateAlias() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ alias, body }: Update) =>
      taken(
        api.PATCH('/api/admin/billing/aliases/{id}', {
          params: { path: { id: alias.id }, header: ifMatch(alias.price_version) },
          body,
        }),
      ),
    onSuccess: () => changed(queries, 'alias'),
  });
}

interface Removal {
  alias: Pick<Alias, 'id' | 'price_version'>;
  note?: string;
  confirm: boolean;
}

export function useDeleteAlias() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ alias, note, confirm }: Removal) =>
      taken(
        api.DELETE('/api/admin/billing/aliases/{id}', {
          params: { path: { id: alias.id }, query: { note, confirm }, header: ifMatch(alias.price_version) },
        }),
      ),
    onSuccess: () => changed(queries, 'alias'),
  });
}
