import { useCallback, useMemo, useState } from 'react';

interface Open {
  keys: ReadonlySet<string>;
  toggle: (key: string) => void;
}

/** Which rows of a table are opened. */
export function useOpen(first?: string): Open {
  const [keys, setKeys] = useState<ReadonlySet<string>>(() => new Set(first === undefined ? [] : [first]));
  const toggle = useCallback((key: string) => {
    setKeys((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }, []);
  return useMemo(() => ({ keys, toggle }), [keys, toggle]);
}
