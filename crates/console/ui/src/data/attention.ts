import { useInfiniteQuery, useMutation, useQueryClient, type InfiniteData } from '@tanstack/react-query';

import { api, ifMatch, taken, type Schemas } from '@/api/client';
import type { paths } from '@/api/schema';

import { changed, ROOTS } from './keys';

export type AttentionItem = Schemas['AttentionItem'];
export type AttentionState = Schemas['AttentionState'];
export type AttentionKind = Schemas['AttentionKind'];
export type AttentionFilters = Omit<
  NonNullable<paths['/api/admin/billing/attention']['get']['parameters']['query']>,
  'cursor' | 'limit'
>;

type Queue = InfiniteData<Schemas['AttentionList'], string | undefined>;

const ROWS = 20;

/** What wants somebody's eye, the most money at stake first. */
export function useAttention(filters: AttentionFilters, options: { refetchInterval?: number } = {}) {
  return useInfiniteQuery({
    queryKey: [...ROOTS.attention, filters],
    queryFn: ({ pageParam }) =>
      taken(
        api.GET('/api/admin/billing/attention', { params: { query: { ...filters, limit: ROWS, cursor: pageParam } } }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    ...options,
  });
}

export interface AttentionChange {
  state: AttentionState;
  /** What is to be different; the rest of what was said stays. */
  change: Partial<Pick<AttentionState, 'owner' | 'snoozed_until' | 'note'>>;
}

/** Says who looks after a thing and until when it is left out; shown at once, taken back if it is refused. */
export function usePutAttention() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ state, change }: AttentionChange) => {
      const { owner, snoozed_until, note } = { ...state, ...change };
      return taken(
        api.PUT('/api/admin/billing/attention/{id}', {
          params: { path: { id: state.id }, header: ifMatch(state.revision) },
          body: { owner, snoozed_until, note },
        }),
      );
    },
    onMutate: async ({ state, change }) => {
      await queries.cancelQueries({ queryKey: ROOTS.attention });
      const before = queries.getQueriesData<Queue>({ queryKey: ROOTS.attention });
      queries.setQueriesData<Queue>({ queryKey: ROOTS.attention }, (queue) => queue && said(queue, state.id, change));
      return before;
    },
    onError: (_error, _change, before) => {
      for (const [key, queue] of before ?? []) queries.setQueryData(key, queue);
    },
    onSettled: () => changed(queries, 'attention'),
  });
}

/** The queue with one item's state replaced. */
function said(queue: Queue, id: string, change: AttentionChange['change']): Queue {
  const pages = queue.pages.map((page) => ({
    ...page,
    items: page.items.map((item) => (item.id === id ? { ...item, state: { ...item.state, ...change } } : item)),
  }));
  return { ...queue, pages };
}
