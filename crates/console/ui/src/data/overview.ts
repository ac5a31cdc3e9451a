import { useQuery } from '@tanstack/react-query';

import { api, taken } from '@/api/client';

import { ROOTS } from './keys';

/** Today, this month, and how the gateway is doing. */
export function useOverview(options: { refetchInterval?: number } = {}) {
  return useQuery({
    queryKey: ROOTS.overview,
    queryFn: () => taken(api.GET('/api/admin/billing/overview')),
    ...options,
  });
}
