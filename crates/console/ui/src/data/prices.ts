import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';
import type { paths } from '@/api/schema';

import { changed, ROOTS } from './keys';

export type Price = Schemas['Price'];
export type RateCard = Schemas['RateCard'];
export type PriceFilters = Omit<
  NonNullable<paths['/api/admin/billing/prices']['get']['parameters']['query']>,
  'cursor' | 'limit'
>;

/** The catalog. While the next page is on its way the present one stays. */
export function usePrices(filters: PriceFilters) {
  return useQuery({
    queryKey: [...ROOTS.prices, filters],
    queryFn: () => taken(api.GET('/api/admin/billing/prices', { params: { query: filters } })),
    placeholderData: keepPreviousData,
  });
}

/** Prices of models that the public map no longer lists. */
export function useStalePrices() {
  return useInfiniteQuery({
    queryKey: ROOTS.stale,
    queryFn: ({ pageParam }) =>
      taken(api.GET('/api/admin/billing/prices/stale', { params: { query: { limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

export function useRemoveStalePrices() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['RemoveStalePricesRequest']) =>
      taken(api.POST('/api/admin/billing/prices/stale/remove', { body })),
    onSuccess: () => changed(queries, 'stale'),
  });
}

/** What a request would cost on each upstream. */
export function useSimulate() {
  return useMutation({
    mutationFn: (body: Schemas['SimulatePriceRequest']) => taken(api.POST('/api/admin/billing/simulate', { body })),
  });
}
