import { useLocalStorage } from '@mantine/hooks';

import { FILTER_NAMES, type Filters } from './filters';

/** Filters under a name, kept by this browser. */
export interface SavedView {
  name: string;
  filters: Filters;
}

const KEY = 'tollgate.logs.views';
export const NAME_MAX = 40;

/** What was kept; whatever else stands there is left out. */
export function readViews(text: string | undefined): SavedView[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(kept) ? kept.flatMap(viewOf) : [];
  } catch {
    return [];
  }
}

function viewOf(kept: unknown): SavedView[] {
  if (typeof kept !== 'object' || kept === null || !('name' in kept) || !('filters' in kept)) return [];
  const { name, filters } = kept;
  if (typeof name !== 'string' || typeof filters !== 'object' || filters === null) return [];
  const known = Object.entries(filters).filter(
    ([filter, value]) => typeof value === 'string' && [...FILTER_NAMES, 'sort'].includes(filter),
  );
  return [{ name: name.slice(0, NAME_MAX), filters: Object.fromEntries(known) }];
}

interface SavedViews {
  views: SavedView[];
  /** Keeps the filters under a name; one that is there already is replaced. */
  save: (view: SavedView) => void;
  remove: (name: string) => void;
}

export function useSavedViews(): SavedViews {
  const [views, keep] = useLocalStorage<SavedView[]>({
    key: KEY,
    defaultValue: [],
    deserialize: readViews,
    getInitialValueInEffect: false,
  });
  const without = (name: string) => views.filter((view) => view.name !== name);
  return {
    views,
    save: (view) => keep([...without(view.name), view]),
    remove: (name) => keep(without(name)),
  };
}

/** Whether an address shows just these filters. */
export function isSame(a: Filters, b: Filters): boolean {
  const names = [...FILTER_NAMES, 'sort' as const];
  return names.every((name) => (a[name] ?? '') === (b[name] ?? ''));
}
