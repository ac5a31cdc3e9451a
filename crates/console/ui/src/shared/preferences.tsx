import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Locale } from './format';

const ZONE = 'tollgate.zone';

interface Preferences {
  /** `local`, or an IANA name. */
  zone: string;
  setZone: (zone: string) => void;
}

const Context = createContext<Preferences | null>(null);

/** What the reader chose for this browser; kept in its local storage. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [zone, keep] = useState(() => readable(window.localStorage.getItem(ZONE)));
  const setZone = useCallback((next: string) => {
    window.localStorage.setItem(ZONE, next);
    keep(next);
  }, []);
  const value = useMemo(() => ({ zone, setZone }), [zone, setZone]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function usePreferences(): Preferences {
  const value = useContext(Context);
  if (!value) throw new Error('no PreferencesProvider');
  return value;
}

/** How figures and times are written for this reader. */
export function useLocale(): Locale {
  const { i18n } = useTranslation();
  const { zone } = usePreferences();
  return useMemo(() => ({ language: i18n.language, timeZone: resolved(zone) }), [i18n.language, zone]);
}

export function resolved(zone: string): string {
  return zone === 'local' ? Intl.DateTimeFormat().resolvedOptions().timeZone : zone;
}

/** A stored zone that this browser knows; else its own. */
function readable(zone: string | null): string {
  if (!zone) return 'local';
  try {
    new Intl.DateTimeFormat('en', { timeZone: resolved(zone) });
    return zone;
  } catch {
    return 'local';
  }
}
