import { Autocomplete, Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFilters } from '@/shared/search';

import { MISTAKES, type FilterName } from './filters';

const FLEX = '1 1 150px';

interface ChoiceProps {
  name: FilterName;
  label: string;
  data: { value: string; label: string }[];
  searchable?: boolean;
}

/** A filter with fixed choices; the address holds the choice. */
export function ChoiceFilter({ name, label, data, searchable = false }: ChoiceProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useFilters();
  const value = search[name] ?? null;
  // What an address asks for is shown even where it is not among the choices (any more).
  const all = value === null || data.some((choice) => choice.value === value) ? data : [...data, { value, label: value }];
  return (
    <Select
      label={label}
      placeholder={t('all')}
      data={all}
      value={value}
      onChange={(next) => setSearch({ [name]: next })}
      clearable
      searchable={searchable}
      clearButtonProps={{ 'aria-label': t('clear') }}
      flex={FLEX}
    />
  );
}

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
