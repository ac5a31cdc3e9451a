import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';

import { ROOTS } from './keys';

const QUARTER = 900_000;

export interface Traffic {
  from: string;
  /** When it was read, in milliseconds. */
  at: number;
  total: Schemas['StatsSums'];
  /** Upstreams that something was sent to. */
  upstreams: number;
}

/**
 * What went through since the quarter of an hour before this one began: 15 to 30 minutes, which is as fine as the
 * rollups are.
 */
export function useTraffic(options: { refetchInterval?: number } = {}) {
  return useQuery({
    queryKey: ROOTS.traffic,
    queryFn: async (): Promise<Traffic> => {
      const at = Date.now();
      const from = new Date((Math.floor(at / QUARTER) - 1) * QUARTER).toISOString();
      const query = { from, group_by: 'upstream', limit: 200 } as const;
      const stats = await taken(api.GET('/api/admin/stats', { params: { query } }));
      const used = stats.groups.filter(({ of, sums }) => of !== null && sums.attempts > 0).length;
      return { from: stats.from, at, total: stats.total, upstreams: used };
    },
    placeholderData: keepPreviousData,
    ...options,
  });
}
