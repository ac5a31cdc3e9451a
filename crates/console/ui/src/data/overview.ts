import { useQuery } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';

import { ROOTS } from './keys';

type Overview = Schemas['BillingOverview'];

interface Options {
  /** How long to wait between two looks, which may follow from what the last one said. */
  every?: (overview: Overview | undefined) => number;
  /** Milliseconds for which what was read counts as new. */
  staleTime?: number;
}

/** Today, this month, and how the gateway is doing. */
export function useOverview({ every, staleTime }: Options = {}) {
  return useQuery({
    queryKey: ROOTS.overview,
    queryFn: () => taken(api.GET('/api/admin/billing/overview')),
    refetchInterval: every ? ({ state }) => every(state.data) : false,
    ...(staleTime !== undefined && { staleTime }),
  });
}
