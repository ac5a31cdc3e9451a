import type { LogPages, RequestLog } from './logs';

/** Rows the live list grows to before it begins anew with the newest page. */
export const MOST_LIVE = 300;

/** Newest first, as the list is; ids decide between two of one instant. */
function isBefore(a: RequestLog, b: RequestLog): boolean {
  if (a.occurred_at !== b.occurred_at) return Date.parse(a.occurred_at) > Date.parse(b.occurred_at);
  return a.request_id > b.request_id;
}

/**
 * A list, newest first, with rows that have come in or changed since it was read. Rows older than all that was read stay
 * out: they are on a page that was not asked for.
 */
export function mergedLogs(pages: LogPages, rows: readonly RequestLog[]): LogPages {
  const news = new Map(rows.map((row) => [row.request_id, row]));
  const known = pages.pages.map((page) => ({
    ...page,
    items: page.items.map((item) => {
      const row = news.get(item.request_id);
      news.delete(item.request_id);
      return row ?? item;
    }),
  }));
  for (const row of news.values()) {
    const place = known.findIndex(({ items, next_cursor }, index) => {
      const last = items.at(-1);
      const isOpenEnd = index === known.length - 1 && next_cursor === null;
      return isOpenEnd || (last !== undefined && isBefore(row, last));
    });
    const page = known[place];
    if (!page) continue;
    const at = page.items.findIndex((item) => isBefore(row, item));
    page.items.splice(at === -1 ? page.items.length : at, 0, row);
  }
  return { ...pages, pages: known };
}

/** Which of these rows a list does not have. */
export function unknownOf(pages: LogPages | undefined, rows: readonly RequestLog[]): RequestLog[] {
  const known = new Set(pages?.pages.flatMap((page) => page.items.map((item) => item.request_id)));
  return rows.filter((row) => !known.has(row.request_id));
}

export function countOf(pages: LogPages | undefined): number {
  return pages?.pages.reduce((total, page) => total + page.items.length, 0) ?? 0;
}
