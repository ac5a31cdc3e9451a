import { useState } from 'react';

import { asApiError } from '@/api/problem';

import { conflictsOf, type Change } from './revision';

interface Options<T, Body extends object> {
  /** What is edited; nothing while it is being made. */
  initial: T | null;
  /** Everything of it that the form shows, as the API writes it. */
  bodyOf: (thing: T) => Body;
  /** Reads it as it is now. */
  read: (thing: T) => Promise<T>;
}

interface Revised<T, Body> {
  /** What the form's changes are relative to. */
  base: T | null;
  /** What others changed meanwhile; nothing while there is no conflict. */
  conflict: { theirs: T; changes: Change[] } | null;
  /** Where a failure says that somebody was faster, reads what they did. Whether it was that. */
  caught: (reason: unknown, mine: Body) => Promise<boolean>;
  /** Goes on from what there is now; returns it. */
  rebase: () => T | null;
}

/** An edit that knows what it was made on, and finds out what changed when that is not there any more. */
export function useRevised<T, Body extends object>({ initial, bodyOf, read }: Options<T, Body>): Revised<T, Body> {
  const [base, setBase] = useState(initial);
  const [conflict, setConflict] = useState<Revised<T, Body>['conflict']>(null);
  return {
    base,
    conflict,
    caught: async (reason, mine) => {
      if (asApiError(reason).kind !== 'stale' || !base) return false;
      const theirs = await read(base);
      setConflict({ theirs, changes: conflictsOf(bodyOf(base), bodyOf(theirs), mine) });
      return true;
    },
    rebase: () => {
      const theirs = conflict?.theirs ?? null;
      if (theirs) setBase(theirs);
      setConflict(null);
      return theirs;
    },
  };
}
