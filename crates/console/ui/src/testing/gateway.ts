import { vi } from 'vitest';

import { answer } from './show';

/** A request as the gateway got it. */
export interface Asked {
  method: string;
  /** Below `/api/admin`. */
  path: string;
  query: Record<string, string>;
  headers: Headers;
  /** JSON as such, anything else as text. */
  body: unknown;
}

type Reply = (asked: Asked) => Promise<Response> | object;

/**
 * A gateway that answers what it is told to, by `METHOD /path` below `/api/admin`, and an empty list otherwise. Returns
 * what it was asked, in order.
 */
export function gateway(replies: Record<string, Reply>): Asked[] {
  const all: Asked[] = [];
  vi.spyOn(window, 'fetch').mockImplementation(async (input) => {
    const request = input as Request;
    const url = new URL(request.url);
    const text = await request.text();
    const isJson = request.headers.get('content-type') === 'application/json' && text !== '';
    const asked: Asked = {
      method: request.method,
      path: url.pathname.replace('/api/admin', ''),
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: isJson ? (JSON.parse(text) as unknown) : text,
    };
    all.push(asked);
    const reply = replies[`${asked.method} ${asked.path}`];
    if (!reply) return answer(200, { items: [], next_cursor: null });
    const told = reply(asked);
    return told instanceof Promise ? told : answer(200, told);
  });
  return all;
}

/** Of those, the ones that change something. */
export function changes(asked: readonly Asked[]): Asked[] {
  return asked.filter(({ method }) => method !== 'GET');
}
