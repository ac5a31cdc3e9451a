import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';

import { api, ifMatch, taken, type Schemas } from '@/api/client';

import { changed, ROOTS } from './keys';

export type ApiKey = Schemas['Key'];

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

export function useCreateApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['CreateKeyRequest']) => taken(api.POST('/api/admin/keys', { body })),
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
