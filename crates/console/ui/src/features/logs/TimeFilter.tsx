import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useLocale } from '@/shared/preferences';
import { oneOf, useFilters } from '@/shared/search';
import { inputOf, instantOf } from '@/shared/zoned';

import { PERIOD_NAMES } from './filters';

const CUSTOM = 'custom';

/** Since when: a period up to now, or from one instant to another in the reader's time zone. */
export function TimeFilter() {
  const { t } = useTranslation(['logs', 'common']);
  const { timeZone } = useLocale();
  const [search, setSearch] = useFilters();
  const hasRange = Boolean(search.from ?? search.until);
  const [isCustom, setCustom] = useState(hasRange);
  const period = oneOf(PERIOD_NAMES, search.period);
  const value = period ?? (hasRange || isCustom ? CUSTOM : null);
  const choices: { value: string; label: string }[] = [
    ...PERIOD_NAMES.map((name) => ({ value: name, label: t(`periods.${name}`) })),
    { value: CUSTOM, label: t('periods.custom') },
  ];
  const bound = (name: 'from' | 'until') => (
    <TextInput
      type="datetime-local"
      label={t(name)}
      description={timeZone}
      defaultValue={inputOf(search[name], timeZone)}
      key={`${name} ${search[name] ?? ''} ${timeZone}`}
      onBlur={(event) => setSearch({ period: null, [name]: instantOf(event.currentTarget.value, timeZone) })}
      flex="1 1 190px"
    />
  );
  return (
    <>
      <Select
        label={t('period')}
        placeholder={t('common:all')}
        data={choices}
        value={value}
        onChange={(next) => {
          setCustom(next === CUSTOM);
          if (next !== CUSTOM) setSearch({ period: next, from: null, until: null });
          else setSearch({ period: null });
        }}
        clearable
        clearButtonProps={{ 'aria-label': t('common:clear') }}
        flex="1 1 150px"
      />
      {value === CUSTOM && bound('from')}
      {value === CUSTOM && bound('until')}
    </>
  );
}
