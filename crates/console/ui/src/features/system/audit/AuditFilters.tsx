import { Badge as Chip, Button, CloseButton, Group, Select, TextInput } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { AuditFilters } from '@/data/audit';
import { useLocale } from '@/shared/preferences';
import { oneOf, useFilters, type Search } from '@/shared/search';
import { inputOf, instantOf } from '@/shared/zoned';

import { KINDS, useWords, VERBS } from './actions';

const PERIODS = { day: 86_400, week: 604_800, month: 2_592_000, year: 31_536_000 } as const;
const PERIOD_NAMES = ['day', 'week', 'month', 'year'] as const;
const NAMES = ['period', 'from', 'until', 'actor', 'kind', 'action', 'resource'] as const;
const NONE = Object.fromEntries(NAMES.map((name) => [name, null]));

export const isFiltered = (search: Search): boolean => NAMES.some((name) => search[name]);

/** The address as the API's filters. A period starts when it is chosen, not anew at each drawing. */
export function useAuditFilters(): AuditFilters {
  const [search] = useFilters();
  const period = oneOf(PERIOD_NAMES, search.period);
  const since = useMemo(
    () => (period ? new Date(Date.now() - PERIODS[period] * 1000).toISOString() : undefined),
    [period],
  );
  return {
    from: since ?? instant(search.from),
    until: since ? undefined : instant(search.until),
    actor: search.actor || undefined,
    resource_kind: search.kind || undefined,
    action: search.action || undefined,
    resource_id: search.resource || undefined,
  };
}

function instant(text: string | undefined): string | undefined {
  return text && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : undefined;
}

/** Which edits: when, by whom, what, of which thing. */
export function AuditFilterBar() {
  const { t } = useTranslation(['system', 'common']);
  const { timeZone } = useLocale();
  const words = useWords();
  const [search, setSearch] = useFilters();
  const clear = { clearable: true, clearButtonProps: { 'aria-label': t('common:clear') } };
  const kind = oneOf(KINDS, search.kind);
  const actions = (kind ? [kind] : KINDS).map((of) => ({
    group: words.kind(of),
    items: VERBS[of].map((verb) => ({ value: `${of}.${verb}`, label: words.verb(`${of}.${verb}`) })),
  }));
  const bound = (name: 'from' | 'until') => (
    <TextInput
      key={`${name} ${search[name] ?? ''} ${timeZone}`}
      type="datetime-local"
      label={t(`audit.${name}`, { zone: timeZone })}
      defaultValue={inputOf(search[name], timeZone)}
      onBlur={(event) => setSearch({ period: null, [name]: instantOf(event.currentTarget.value, timeZone) })}
      flex="1 1 140px"
    />
  );
  return (
    <Group gap="sm" mb="md" align="flex-end">
      <Select
        label={t('audit.period')}
        placeholder={t('common:all')}
        data={[
          ...PERIOD_NAMES.map((value) => ({ value, label: t(`audit.periods.${value}`) })),
          { value: 'custom', label: t('audit.periods.custom') },
        ]}
        value={oneOf(PERIOD_NAMES, search.period) ?? (search.period === 'custom' || search.from || search.until ? 'custom' : null)}
        onChange={(period) => setSearch({ period, from: null, until: null })}
        flex="1 1 140px"
        {...clear}
      />
      {(search.period === 'custom' || search.from || search.until) && (
        <>
          {bound('from')}
          {bound('until')}
        </>
      )}
      <TextInput
        key={search.actor ?? ''}
        label={t('audit.actor')}
        placeholder={t('audit.actorHint')}
        defaultValue={search.actor ?? ''}
        onBlur={(event) => setSearch({ actor: event.currentTarget.value.trim() })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') setSearch({ actor: event.currentTarget.value.trim() });
        }}
        flex="1 1 140px"
      />
      <Select
        label={t('audit.kind')}
        placeholder={t('common:all')}
        data={KINDS.map((value) => ({ value, label: words.kind(value) }))}
        value={kind ?? null}
        onChange={(next) => setSearch({ kind: next, action: null, resource: null })}
        searchable
        flex="1 1 140px"
        {...clear}
      />
      <Select
        label={t('audit.action')}
        placeholder={t('common:all')}
        data={actions}
        value={search.action ?? null}
        onChange={(action) => setSearch({ action })}
        searchable
        flex="1 1 140px"
        {...clear}
      />
      {search.resource && (
        <Chip
          variant="light"
          size="lg"
          tt="none"
          h={36}
          rightSection={
            <CloseButton size="xs" aria-label={t('audit.anyThing')} onClick={() => setSearch({ resource: null })} />
          }
        >
          {t('audit.onlyThis', { id: search.resource })}
        </Chip>
      )}
      {isFiltered(search) && (
        <Button variant="subtle" leftSection={<IconFilterOff size={14} />} onClick={() => setSearch(NONE)}>
          {t('common:clearFilters')}
        </Button>
      )}
    </Group>
  );
}
