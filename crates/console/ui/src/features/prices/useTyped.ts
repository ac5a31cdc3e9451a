import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

import { useFilters } from '@/shared/search';

const TYPING = 250;

/**
 * What is typed into a search field, kept as `q` in the address once typing pauses. A link, or back and forward, change
 * the field.
 */
export function useTyped(): [string, (text: string) => void] {
  const [search, setSearch] = useFilters();
  const inAddress = search.q ?? '';
  const [typed, setTyped] = useState(inAddress);
  const [q] = useDebouncedValue(typed, TYPING);
  const asked = useRef(inAddress);
  useEffect(() => {
    if (inAddress !== asked.current) {
      // The address changed by itself.
      asked.current = inAddress;
      setTyped(inAddress);
    } else if (q !== inAddress && q === typed) {
      asked.current = q;
      setSearch({ q, page: null });
    }
  }, [q, typed, inAddress, setSearch]);
  return [typed, setTyped];
}
