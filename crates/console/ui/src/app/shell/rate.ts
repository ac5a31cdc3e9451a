/** How many requests there were since `from`, read at `at` (milliseconds). */
export interface Reading {
  from: string;
  at: number;
  requests: number;
}

/** Over how long a rate is taken, and from which span on two readings say something. */
const WINDOW = 60_000;
const LEAST = 15_000;

/** The readings that still count once this one is there: of the last minute, since the same beginning. */
export function withReading(before: readonly Reading[], next: Reading): Reading[] {
  const recent = before.filter(({ from, at }) => from === next.from && next.at - at <= WINDOW && at < next.at);
  return [...recent, next];
}

/** Requests a minute: what came in the last minute or, until that is known, the average since the beginning. */
export function perMinute(readings: readonly Reading[]): number | null {
  const first = readings[0];
  const last = readings.at(-1);
  if (!first || !last) return null;
  if (last.at - first.at >= LEAST) return rate(last.requests - first.requests, last.at - first.at);
  return rate(last.requests, last.at - Date.parse(last.from));
}

const rate = (requests: number, span: number): number => (Math.max(0, requests) / Math.max(span, 1_000)) * 60_000;
