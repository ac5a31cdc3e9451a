import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';
import type { paths } from '@/api/schema';

import { ROOTS } from './keys';

export type StatsSums = Schemas['StatsSums'];
export type StatsFilters = NonNullable<paths['/api/admin/stats']['get']['parameters']['query']>;

/** How many requests, how fast, how many failed, what caching saved; from the rollups of 15 minutes. */
export function useStats(filters: StatsFilters, options: { refetchInterval?: number | false } = {}) {
  return useQuery({
    queryKey: [...ROOTS.logs, 'stats', filters],
    queryFn: () => taken(api.GET('/api/admin/stats', { params: { query: filters } })),
    placeholderData: keepPreviousData,
    ...options,
  });
}
