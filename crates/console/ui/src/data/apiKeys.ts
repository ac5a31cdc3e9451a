import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';

import { api, ifMatch, taken, type Schemas } from '@/api/client';

import { changed, ROOTS } from './keys';

export type ApiKey = Schemas['Key'];
export type NewApiKey = Schemas['CreateKeyRequest'];

export interface ApiKeyFilters {
  q?: string;
  team?: string;
  owner?: string;
  enabled?: boolean;
  expired?: boolean;
}

/** Who may send requests. */
export function useApiKeys() {
  return useInfiniteQuery({
    queryKey: ROOTS.keys,
    queryFn: ({ pageParam }) =>
      taken(api.GET('/api/admin/keys', { params: { query: { limit: 100, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** Those that match, with what each did today and this month. */
export function useApiKeyList(filters: ApiKeyFilters) {
  return useInfiniteQuery({
    queryKey: [...ROOTS.keys, 'list', filters],
    queryFn: ({ pageParam }) =>
      taken(
        api.GET('/api/admin/keys', {
          params: { query: { ...filters, activity: true, limit: 50, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** One as it is at this moment. */
export function readApiKey({ id }: Pick<ApiKey, 'id'>): Promise<ApiKey> {
  return taken(api.GET('/api/admin/keys/{id}', { params: { path: { id } } }));
}

interface Rotation {
  key: Pick<ApiKey, 'id' | 'revision'>;
  graceSeconds: number;
}

/** Gives a key a new token; the one before works on for as long as is said. */
export function useRotateApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ key, graceSeconds }: Rotation) =>
      taken(
        api.POST('/api/admin/keys/{id}/rotate', {
          params: { path: { id: key.id }, header: ifMatch(key.revision) },
          body: { grace_seconds: graceSeconds },
        }),
      ),
    onSuccess: () => changed(queries, 'key'),
    onError: () => queries.invalidateQueries({ queryKey: ROOTS.keys }),
  });
}

export function useCreateApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewApiKey) => taken(api.POST('/api/admin/keys', { body })),
    onSuccess: () => changed(queries, 'key'),
  });
}

interface Update {
  key: Pick<ApiKey, 'id' | 'revision'>;
  body: Schemas['UpdateKeyRequest'];
}

export function useUpdateApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ key, body }: Update) =>
      taken(
        api.PATCH('/api/admin/keys/{id}', {
          params: { path: { id: key.id }, header: ifMatch(key.revision) },
          body,
        }),
      ),
    onSuccess: () => changed(queries, 'key'),
  });
}

export function useDeleteApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (key: Pick<ApiKey, 'id' | 'revision'>) =>
      taken(
        api.DELETE('/api/admin/keys/{id}', { params: { path: { id: key.id }, header: ifMatch(key.revision) } }),
      ),
    onSuccess: () => changed(queries, 'key'),
  });
}
