import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** The first word of every query's key, one per resource. */
export const ROOTS = {
  overview: ['overview'],
  attention: ['attention'],
  unresolved: ['unresolved'],
  overrides: ['overrides'],
  aliases: ['aliases'],
  prices: ['prices'],
  releases: ['releases'],
  multipliers: ['multipliers'],
  upstreams: ['upstreams'],
  keys: ['keys'],
  logs: ['logs'],
  receipts: ['receipts'],
  stale: ['stale'],
  jobs: ['jobs'],
  audit: ['audit'],
  journal: ['journal'],
  config: ['config'],
  version: ['version'],
  tokens: ['tokens'],
  deferred: ['deferred'],
  traffic: ['traffic'],
  found: ['found'],
} as const satisfies Record<string, QueryKey>;

export type Resource = keyof typeof ROOTS;

/** What is no longer true once something has changed. */
export const AFTER = {
  override: ['overrides', 'prices', 'unresolved', 'overview', 'attention'],
  alias: ['aliases', 'prices', 'unresolved', 'overview', 'attention'],
  attention: ['attention'],
  sync: ['releases', 'prices', 'unresolved', 'overview', 'stale', 'attention'],
  release: ['releases', 'prices', 'unresolved', 'overview', 'stale', 'attention'],
  multipliers: ['multipliers', 'upstreams', 'prices', 'overview', 'attention'],
  upstream: ['upstreams', 'multipliers', 'prices', 'overview', 'audit'],
  key: ['keys', 'audit'],
  test: ['logs', 'overview'],
  stale: ['stale', 'prices', 'unresolved', 'overview'],
  job: ['jobs', 'audit'],
  token: ['tokens', 'audit'],
} as const satisfies Record<string, readonly Resource[]>;

/** Reads anew whatever the change touches. */
export async function changed(queries: QueryClient, change: keyof typeof AFTER): Promise<void> {
  await Promise.all(AFTER[change].map((resource) => queries.invalidateQueries({ queryKey: ROOTS[resource] })));
}
