import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** What stands behind the question mark: plain names and plain text, so that an address can be read and sent. */
export type Search = Record<string, string | undefined>;

export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

type Change = Record<string, string | null | undefined>;

/**
 * The filters of a page, read from the address and written back to it. An empty value leaves the address; `replace`
 * keeps typing out of the browser's history.
 */
export function useFilters(): [Search, (change: Change, replace?: boolean) => void] {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (next: Change, replace = true) => {
      const merge = (before: Search) => {
        const merged = { ...before, ...next };
        return Object.fromEntries(Object.entries(merged).filter(([, value]) => value));
      };
      void navigate({ to: '.', search: merge as never, replace, resetScroll: !replace });
    },
    [navigate],
  );
  return [search, change];
}

/** One of a fixed set of words, or nothing. */
export function oneOf<const T extends string>(allowed: readonly T[], value: string | undefined): T | undefined {
  return allowed.find((word) => word === value);
}

/** A number within bounds, or the default. */
export function numberOf(value: string | undefined, fallback: number, least: number, most: number): number {
  const number = Number(value);
  return value && Number.isInteger(number) && number >= least && number <= most ? number : fallback;
}
