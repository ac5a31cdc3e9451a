import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';

import { ROOTS } from './keys';

/** The catalog is in the order of its names; the nearest of so many are shown. */
const CANDIDATES = 200;

/** From so many letters on the gateway is asked. */
export const LEAST = 2;
const ROWS = 6;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Callers' own ids have no rule; shorter words are hardly one. */
const CALLER_ID = /^\S{8,}$/;

export interface Found {
  upstreams: Schemas['Upstream'][];
  keys: Schemas['Key'][];
  models: Schemas['Price'][];
  requests: Schemas['RequestLog'][];
}

/** Upstreams, keys and models whose name has these letters, and requests of this id, ours or the caller's. */
export function useFound(text: string) {
  const q = text.trim();
  return useQuery({
    queryKey: [...ROOTS.found, q],
    queryFn: async (): Promise<Found> => {
      const [upstreams, keys, models, requests] = await Promise.all([
        taken(api.GET('/api/admin/upstreams', { params: { query: { q, limit: ROWS } } })),
        taken(api.GET('/api/admin/keys', { params: { query: { q, limit: ROWS } } })),
        taken(api.GET('/api/admin/billing/prices', { params: { query: { q, limit: CANDIDATES } } })),
        requestsOf(q),
      ]);
      return { upstreams: upstreams.items, keys: keys.items, models: nearest(models.items, q).slice(0, ROWS), requests };
    },
    enabled: q.length >= LEAST,
    placeholderData: keepPreviousData,
  });
}

async function requestsOf(id: string): Promise<Found['requests']> {
  const query = ID.test(id) ? { request_id: id } : CALLER_ID.test(id) ? { caller_request_id: id } : null;
  if (!query) return [];
  const { items } = await taken(api.GET('/api/admin/request-logs', { params: { query: { ...query, limit: ROWS } } }));
  return items;
}

/** Names that are what was typed, then those that begin with it, the shorter ones first. */
export function nearest<T extends { model: string }>(prices: readonly T[], text: string): T[] {
  const wanted = text.toLowerCase();
  const begins = ({ model }: T) => (model.toLowerCase().startsWith(wanted) ? 0 : 1);
  return [...prices].sort((a, b) => begins(a) - begins(b) || a.model.length - b.model.length || a.model.localeCompare(b.model));
}
