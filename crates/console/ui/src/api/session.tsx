import { useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';

import { api, taken, whenForbidden, whenUnauthenticated, withHeaders, type Schemas } from './client';
import { useIdleEnd } from './idle';
import { asApiError } from './problem';

/** Who is signed in, what they may do, and for how long. */
export type SessionInfo = Schemas['Session'];

interface Session {
  isSignedIn: boolean;
  /** Nobody, when signed out. */
  who: SessionInfo | null;
  /** Whether the last session ended because nobody touched the console any more. */
  wasIdle: boolean;
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

/** What this browser had when the page was loaded. */
let resumed: SessionInfo | null = null;

async function current(): Promise<SessionInfo> {
  const session = await taken(api.GET(PATH));
  proof = session.csrf_token;
  return session;
}

/** Takes up the session this browser has, if it has one. */
export async function resumeSession(): Promise<void> {
  resumed = await current().catch(() => null);
}

interface ProviderProps {
  /** Who is looking at first. */
  initial?: SessionInfo | null;
  children: ReactNode;
}

/** Who is looking. */
export function SessionProvider({ initial = resumed, children }: ProviderProps) {
  const queries = useQueryClient();
  const [who, setWho] = useState(initial);
  const [wasIdle, setWasIdle] = useState(false);

  const forget = useCallback(() => {
    proof = null;
    setWho(null);
    queries.clear();
  }, [queries]);

  const signOut = useCallback(() => {
    // A session that cannot be ended now ends by itself when it is not used.
    void taken(api.DELETE(PATH)).catch(() => undefined).finally(forget);
  }, [forget]);

  const signIn = useCallback(async (given: string) => {
    const session = await taken(api.POST(PATH, { body: { token: given.trim() } }));
    proof = session.csrf_token;
    setWasIdle(false);
    setWho(session);
  }, []);

  const endIdle = useCallback(() => {
    setWasIdle(true);
    signOut();
  }, [signOut]);
  useIdleEnd(who?.idle_seconds ?? null, endIdle);

  // Somebody may have changed the role since: what the page offers follows.
  const lookAgain = useCallback(() => {
    void current().then(setWho, (reason: unknown) => {
      if (asApiError(reason).status === 401) forget();
    });
  }, [forget]);

  useEffect(() => whenUnauthenticated(forget), [forget]);
  useEffect(() => whenForbidden(lookAgain), [lookAgain]);

  const value = useMemo(() => ({ isSignedIn: who !== null, who, wasIdle, signIn, signOut }), [who, wasIdle, signIn, signOut]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useSession(): Session {
  const value = useContext(Context);
  if (!value) throw new Error('no SessionProvider');
  return value;
}
