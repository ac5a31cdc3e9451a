import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useMemberName } from './memberName';
import { useFilters } from './search';

export interface Choice {
  value: string;
  label: string;
}

interface Props {
  /** Its name in the address. */
  name: string;
  label: string;
  data: readonly Choice[];
  searchable?: boolean;
  /** How it shares the room of its line. */
  flex?: string;
  /** What of the address no longer holds once another choice is made. */
  resets?: Record<string, null>;
  /** Names of what may be asked for and is not among the choices (any more), by value. */
  known?: ReadonlyMap<string, string>;
}

/** A filter with fixed choices; the address holds the choice. */
export function ChoiceFilter({ name, label, data, searchable = false, flex = '1 1 140px', resets, known }: Props) {
  const { t } = useTranslation();
  const nameOf = useMemberName();
  const [search, setSearch] = useFilters();
  const value = search[name] ?? null;
  // What an address asks for is shown even where it is not among the choices (any more).
  const isOther = value !== null && !data.some((choice) => choice.value === value);
  const other = isOther ? [{ value, label: nameOf({ id: value, name: known?.get(value) }) }] : [];
  return (
    <Select
      label={label}
      placeholder={t('all')}
      data={[...data, ...other]}
      value={value}
      onChange={(next) => setSearch({ ...resets, [name]: next })}
      clearable
      searchable={searchable}
      clearButtonProps={{ 'aria-label': t('clear') }}
      flex={flex}
    />
  );
}

/** Things with an id and a name as choices. */
export function choicesOf(things: readonly { id: string; name: string }[] | undefined): Choice[] {
  return (things ?? []).map(({ id, name }) => ({ value: id, label: name }));
}
