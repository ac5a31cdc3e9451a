import { Autocomplete, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFilters } from '@/shared/search';

import { MISTAKES, type FilterName } from './filters';

const FLEX = '1 1 150px';

interface TextProps {
  name: FilterName;
  label: string;
  /** What can be chosen instead of typed. */
  data?: string[];
  unit?: string;
  inputMode?: 'text' | 'numeric' | 'decimal';
}

/** A filter that is typed; it counts when the field is left or Enter is pressed. */
export function TextFilter({ name, label, data, unit, inputMode = 'text' }: TextProps) {
  const { t } = useTranslation('logs');
  const [search, setSearch] = useFilters();
  const kept = search[name] ?? '';
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  const mistake = MISTAKES[name]?.(text.trim()) ?? null;
  const commit = (next: string) => {
    if (next.trim() !== kept && !MISTAKES[name]?.(next.trim())) setSearch({ [name]: next.trim() });
  };
  const shared = {
    label,
    value: text,
    error: mistake && t(`mistakes.${mistake}`),
    flex: FLEX,
    rightSection: unit,
    rightSectionWidth: unit ? 48 : undefined,
    onBlur: () => commit(text),
    onKeyDown: (event: React.KeyboardEvent) => {
      if (event.key === 'Enter') commit(text);
    },
  };
  if (data) return <Autocomplete {...shared} data={data} onChange={setText} onOptionSubmit={commit} />;
  return <TextInput {...shared} inputMode={inputMode} onChange={(event) => setText(event.currentTarget.value)} />;
}
