import { QueryClient } from '@tanstack/react-query';

import { asApiError } from '@/api/problem';

/** Failures that asking again may mend. */
function mayPass(error: unknown): boolean {
  const { status } = asApiError(error);
  return status === 0 || status === 503;
}

export function makeQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && mayPass(error),
        retryDelay: (failures) => 500 * 2 ** failures,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });
}
