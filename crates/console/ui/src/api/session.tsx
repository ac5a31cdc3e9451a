import { useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';

import { whenUnauthenticated, withHeaders } from './client';
import { ApiError, networkError, problemOf } from './problem';

interface Session {
  isSignedIn: boolean;
  /** Tries a token; throws an `ApiError` when the gateway does not know it. */
  signIn: (token: string) => Promise<void>;
  signOut: () => void;
}

const PATH = '/api/admin/session';
const Context = createContext<Session | null>(null);

/**
 * The session's secret is in a cookie no script can read. What shows that a request is this page's own is kept in
 * memory: a foreign page that sends the cookie along does not know it.
 */
let proof: string | null = null;
withHeaders((): Record<string, string> => (proof ? { 'x-csrf-token': proof } : {}));

async function call(method: 'GET' | 'POST' | 'DELETE', body?: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(proof ? { 'x-csrf-token': proof } : {}) };
  const options = { method, headers, credentials: 'same-origin', body: body && JSON.stringify(body) } as const;
  const response = await window.fetch(PATH, options).catch(() => null);
  if (!response) throw networkError();
  if (!response.ok) throw new ApiError(response.status, problemOf(await response.json().catch(() => null)));
  return response;
}

async function proofOf(response: Response): Promise<string | null> {
  const session = (await response.json()) as { csrf_token: string | null };
  return session.csrf_token;
}

/** Takes up the session this browser has, if it has one. */
export async function resumeSession(): Promise<void> {
  proof = await call('GET').then(proofOf, () => null);
}

/** Who is looking. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [isSignedIn, setSignedIn] = useState(proof !== null);

  const forget = useCallback(() => {
    proof = null;
    setSignedIn(false);
    queries.clear();
  }, [queries]);

  const signOut = useCallback(() => {
    // A session that cannot be ended now ends by itself when it is not used.
    void call('DELETE').catch(() => undefined).finally(forget);
  }, [forget]);

  const signIn = useCallback(async (given: string) => {
    proof = await proofOf(await call('POST', { token: given.trim() }));
    setSignedIn(true);
  }, []);

  useEffect(() => whenUnauthenticated(forget), [forget]);

  const value = useMemo(() => ({ isSignedIn, signIn, signOut }), [isSignedIn, signIn, signOut]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useSession(): Session {
  const value = useContext(Context);
  if (!value) throw new Error('no SessionProvider');
  return value;
}
