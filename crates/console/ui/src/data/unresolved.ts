import { useQuery } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';

import { ROOTS } from './keys';

export type UnresolvedModel = Schemas['UnresolvedModel'];

/** Models that were served without a price. */
export function useUnresolved() {
  return useQuery({
    queryKey: ROOTS.unresolved,
    queryFn: () => taken(api.GET('/api/admin/billing/prices/unresolved', { params: { query: { limit: 200 } } })),
  });
}
