import { Button, Group, TextInput } from '@mantine/core';
import { IconFilterOff, IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { PriceFilters } from '@/data/prices';
import { useUpstreams } from '@/data/upstreams';
import { ChoiceFilter, choicesOf } from '@/shared/ChoiceFilter';
import { oneOf, useFilters, type Search } from '@/shared/search';

import { useTyped } from './useTyped';

const STATUSES = ['held', 'unpriced', 'overridden', 'stale', 'free', 'litellm', 'manual'] as const;
/** The kinds of model of the public map; a text of its own each. */
const MODES = [
  'chat',
  'completion',
  'responses',
  'embedding',
  'rerank',
  'image_generation',
  'audio_transcription',
  'audio_speech',
  'video_generation',
  'moderation',
] as const;

/** What of the address chooses models. */
export function catalogFilters(search: Search): PriceFilters {
  const status = oneOf(STATUSES, search.status);
  const chosen: PriceFilters =
    status === undefined ? {} : status === 'litellm' || status === 'manual' ? { source: status } : { [status]: true };
  return {
    ...chosen,
    q: search.q,
    provider: search.provider,
    mode: oneOf(MODES, search.mode),
    upstream_id: search.upstream,
  };
}

/** Another choice, another list. */
const FIRST_PAGE = { page: null };
const NAMES = ['q', 'status', 'provider', 'mode', 'upstream'] as const;

/** Search as you type, and what else narrows the catalog. */
export function CatalogFilters() {
  const { t } = useTranslation(['prices', 'common']);
  const [search, setSearch] = useFilters();
  const [typed, setTyped] = useTyped();
  const upstreams = useUpstreams();
  const provide = (value: string) => {
    if (value.trim() !== (search.provider ?? '')) setSearch({ provider: value.trim(), page: null });
  };
  return (
    <Group mb="md" gap="sm" align="flex-end">
      <TextInput
        label={t('searchModel')}
        placeholder={t('searchModelPlaceholder')}
        leftSection={<IconSearch size={16} />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        type="search"
        flex="1 1 220px"
      />
      <ChoiceFilter
        name="status"
        label={t('status')}
        data={STATUSES.map((value) => ({ value, label: t(`statusFilter.${value}`) }))}
        resets={FIRST_PAGE}
        flex="1 1 140px"
      />
      <ChoiceFilter
        name="mode"
        label={t('mode')}
        data={MODES.map((value) => ({ value, label: t(`modes.${value}`) }))}
        resets={FIRST_PAGE}
        flex="1 1 140px"
      />
      <TextInput
        key={search.provider ?? ''}
        label={t('provider')}
        placeholder={t('common:all')}
        defaultValue={search.provider ?? ''}
        onBlur={(event) => provide(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') provide(event.currentTarget.value);
        }}
        flex="1 1 140px"
      />
      <ChoiceFilter
        name="upstream"
        label={t('overriddenOn')}
        data={choicesOf(upstreams.data?.items)}
        resets={FIRST_PAGE}
        flex="1 1 140px"
      />
      {NAMES.some((name) => search[name]) && (
        <Button
          variant="subtle"
          leftSection={<IconFilterOff size={14} />}
          onClick={() => {
            setTyped('');
            setSearch({ q: null, status: null, provider: null, mode: null, upstream: null, page: null });
          }}
        >
          {t('common:clearFilters')}
        </Button>
      )}
    </Group>
  );
}
