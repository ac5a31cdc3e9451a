/** For how long something can be put off with one click, in days. */
export const SNOOZES = { day: 1, week: 7, month: 30 } as const;
export const SNOOZE_NAMES = Object.keys(SNOOZES) as (keyof typeof SNOOZES)[];

const DAY = 86_400_000;

export function snoozedUntil(name: keyof typeof SNOOZES, now: number): string {
  return new Date(now + SNOOZES[name] * DAY).toISOString();
}

/** Whether it is put off at this instant. */
export function isSnoozed(until: string | null, now: number): boolean {
  return until !== null && new Date(until).getTime() > now;
}
