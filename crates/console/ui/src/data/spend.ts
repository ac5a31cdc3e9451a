import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api, taken } from '@/api/client';
import type { paths } from '@/api/schema';

import { ROOTS } from './keys';

export type SpendQuery = NonNullable<paths['/api/admin/billing/timeseries']['get']['parameters']['query']>;

/** Cost over time, by upstream, model, key or team; under the overview's key, so that it is read anew with it. */
export function useSpend(query: SpendQuery) {
  return useQuery({
    queryKey: [...ROOTS.overview, 'spend', query],
    queryFn: () => taken(api.GET('/api/admin/billing/timeseries', { params: { query } })),
    placeholderData: keepPreviousData,
  });
}
