import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';

import { api, ifMatch, taken, type Schemas } from '@/api/client';

import { changed, ROOTS } from './keys';

export type AdminToken = Schemas['AdminToken'];
export type Issued = Schemas['IssuedAdminToken'];

type Known = Pick<AdminToken, 'id' | 'revision'>;

/** Of that token, and only if it is still as it was seen. */
const seen = ({ id, revision }: Known) => ({ params: { path: { id }, header: ifMatch(revision) } });

/** Who may work with this console and its API; only an admin is told. */
export function useTokens() {
  return useInfiniteQuery({
    queryKey: ROOTS.tokens,
    queryFn: ({ pageParam }) =>
      taken(api.GET('/api/admin/tokens', { params: { query: { limit: 100, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** One token as it is now: what somebody else has made of it. */
export function fetchToken(id: string): Promise<AdminToken> {
  return taken(api.GET('/api/admin/tokens/{id}', { params: { path: { id } } }));
}

export function useCreateToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['CreateAdminTokenRequest']) => taken(api.POST('/api/admin/tokens', { body })),
    onSuccess: () => changed(queries, 'token'),
  });
}

export function useUpdateToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ token, body }: { token: Known; body: Schemas['UpdateAdminTokenRequest'] }) =>
      taken(api.PATCH('/api/admin/tokens/{id}', { ...seen(token), body })),
    onSettled: () => changed(queries, 'token'),
  });
}

export function useRotateToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ token, body }: { token: Known; body: Schemas['RotateAdminTokenRequest'] }) =>
      taken(api.POST('/api/admin/tokens/{id}/rotate', { ...seen(token), body })),
    onSettled: () => changed(queries, 'token'),
  });
}

export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (token: Known) => taken(api.DELETE('/api/admin/tokens/{id}', seen(token))),
    onSettled: () => changed(queries, 'token'),
  });
}
