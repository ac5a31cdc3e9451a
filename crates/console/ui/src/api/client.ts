import createClient, { type Middleware } from 'openapi-fetch';

import { ApiError, networkError, problemOf } from './problem';
import type { components, paths } from './schema';

/** The wire shapes, by the names of docs/openapi.json. */
export type Schemas = components['schemas'];

/** Called when the gateway no longer knows who asks. */
let onUnauthenticated: () => void = () => {};

export function whenUnauthenticated(action: () => void): void {
  onUnauthenticated = action;
}

/** Called when the gateway says that the role does not reach: it may have been changed since. */
let onForbidden: () => void = () => {};

export function whenForbidden(action: () => void): void {
  onForbidden = action;
}

/** What a request carries besides itself: see `session.tsx`. */
let headersOf: () => Record<string, string> = () => ({});

export function withHeaders(source: () => Record<string, string>): void {
  headersOf = source;
}

const authentication: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(headersOf())) request.headers.set(name, value);
    return request;
  },
  onResponse({ response, request }) {
    if (response.status === 401 && !request.url.endsWith('/api/admin/session')) onUnauthenticated();
    if (response.status === 403 && !request.url.endsWith('/api/admin/session')) onForbidden();
  },
  onError() {
    return networkError();
  },
};

/** The generated client; paths, parameters and bodies are checked against the document. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: 'same-origin',
  fetch: (request) => window.fetch(request),
});
api.use(authentication);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer; any other becomes an `ApiError`. */
export async function taken<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw new ApiError(response.status, problemOf(error));
  return data as T;
}

/** The `If-Match` of something whose version is a number. */
export function ifMatch(version: number): { 'If-Match': string } {
  return { 'If-Match': `"${version}"` };
}
