import { useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';

import { api, taken, whenUnauthenticated, withHeaders } from './client';

interface Session {
  isSignedIn: boolean;
  /** Tries a token; throws an `ApiError` when the gateway does not know it. */
  signIn: (token: string) => Promise<void>;
  signOut: () => void;
}

const Context = createContext<Session | null>(null);

/** In memory only: whoever closes the page has signed out. */
let token: string | null = null;
withHeaders((): Record<string, string> => (token ? { authorization: `Bearer ${token}` } : {}));

/** Who is looking. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [isSignedIn, setSignedIn] = useState(token !== null);

  const signOut = useCallback(() => {
    token = null;
    setSignedIn(false);
    queries.clear();
  }, [queries]);

  const signIn = useCallback(async (given: string) => {
    token = given.trim();
    try {
      await taken(api.GET('/api/admin/billing/overview'));
      setSignedIn(true);
    } catch (error) {
      token = null;
      throw error;
    }
  }, []);

  useEffect(() => whenUnauthenticated(signOut), [signOut]);

  const value = useMemo(() => ({ isSignedIn, signIn, signOut }), [isSignedIn, signIn, signOut]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useSession(): Session {
  const value = useContext(Context);
  if (!value) throw new Error('no SessionProvider');
  return value;
}
