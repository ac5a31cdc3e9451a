/** The token that `TOLLGATE_ADMIN_TOKEN` sets. */
export const ENVIRONMENT = 'environment';

const SOON = 14 * 86_400_000;

/** How near an end is: two weeks before it is time to think of it. */
export function ending(at: string, now: number): 'past' | 'soon' | 'far' {
  const left = Date.parse(at) - now;
  return left <= 0 ? 'past' : left < SOON ? 'soon' : 'far';
}

/** What may be chosen for how long a token lives, in days; none is without an end. */
export const LIVES = { month: 30, quarter: 90, year: 365 } as const;
export const CHOICES = ['never', 'month', 'quarter', 'year', 'custom'] as const;
export type Choice = (typeof CHOICES)[number];

/** The end a choice means; `custom` is what was typed. */
export function endOf(choice: Choice, typed: string | null, now: number): string | null {
  if (choice === 'never') return null;
  if (choice === 'custom') return typed;
  return new Date(now + LIVES[choice] * 86_400_000).toISOString();
}

/** For how long an old token may go on working after a rotation, in seconds. */
export const GRACES = ['0', '300', '3600', '86400', '604800'] as const;
