import { useQuery } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';

import { ROOTS } from './keys';

export type Journal = Schemas['SystemJournal'];

/** What the journal of the answering gateway holds, what waits, what could not be recorded. */
export function useJournal(options: { refetchInterval?: number } = {}) {
  return useQuery({
    queryKey: ROOTS.journal,
    queryFn: () => taken(api.GET('/api/admin/system/journal')),
    ...options,
  });
}

/** Entries that say something else than one of the same identity before them, of the last 90 days. */
export function useLedgerConflicts() {
  return useQuery({
    queryKey: [...ROOTS.journal, 'conflicts'],
    queryFn: () =>
      taken(
        api.GET('/api/admin/billing/attention', {
          params: { query: { kind: 'ledger_conflict', snoozed: 'include', limit: 200 } },
        }),
      ),
  });
}
