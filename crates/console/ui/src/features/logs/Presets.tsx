import { ActionIcon, Button, Group, Popover, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBookmarkPlus, IconFilterOff, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFilters } from '@/shared/search';

import { filtersOf, isFiltered, NO_FILTERS, type Filters } from './filters';
import { isSame, NAME_MAX, useSavedViews } from './savedViews';

const BUILT_IN = {
  unbilled: { status: 'unbilled' },
  noPrice: { reason: 'price_not_found' },
  failed: { class: '5xx', period: 'day' },
  slow: { min_duration: '10000', period: 'day' },
  dearest: { sort: 'cost_desc', period: 'day' },
} as const satisfies Record<string, Filters>;

const NAMES = Object.keys(BUILT_IN) as (keyof typeof BUILT_IN)[];

/** Filters at one press: those everybody needs, and those this browser keeps. */
export function Presets() {
  const { t } = useTranslation(['logs', 'common']);
  const [search, setSearch] = useFilters();
  const { views, save, remove } = useSavedViews();
  const present = filtersOf(search);
  const apply = (filters: Filters) => setSearch({ ...NO_FILTERS, ...filters }, false);
  const canSave = isFiltered(search) || Boolean(search.sort);
  return (
    <Group gap="xs" role="group" aria-label={t('views')}>
      {NAMES.map((name) => (
        <Preset
          key={name}
          label={t(`presets.${name}`)}
          isOn={isSame(present, BUILT_IN[name])}
          onClick={() => apply(isSame(present, BUILT_IN[name]) ? {} : BUILT_IN[name])}
        />
      ))}
      {views.map((view) => (
        <Group key={view.name} gap={0} wrap="nowrap">
          <Preset label={view.name} isOn={isSame(present, view.filters)} onClick={() => apply(view.filters)} />
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            onClick={() => remove(view.name)}
            aria-label={t('forgetView', { name: view.name })}
          >
            <IconX size={14} />
          </ActionIcon>
        </Group>
      ))}
      {canSave && (
        <>
          <SaveView onSave={(name) => save({ name, filters: present })} />
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconFilterOff size={14} />}
            onClick={() => apply({})}
          >
            {t('common:clearFilters')}
          </Button>
        </>
      )}
    </Group>
  );
}

function Preset({ label, isOn, onClick }: { label: string; isOn: boolean; onClick: () => void }) {
  return (
    <Button size="compact-sm" radius="xl" variant={isOn ? 'filled' : 'light'} aria-pressed={isOn} onClick={onClick}>
      {label}
    </Button>
  );
}

function SaveView({ onSave }: { onSave: (name: string) => void }) {
  const { t } = useTranslation(['logs', 'common']);
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const [name, setName] = useState('');
  return (
    <Popover opened={isOpen} onChange={close} position="bottom-start" trapFocus shadow="md">
      <Popover.Target>
        <Button size="compact-sm" variant="subtle" leftSection={<IconBookmarkPlus size={14} />} onClick={toggle}>
          {t('saveView')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === '') return;
            onSave(name.trim());
            setName('');
            close();
          }}
        >
          <Group gap="xs" align="flex-end" wrap="nowrap">
            <TextInput
              label={t('viewName')}
              description={t('viewHint')}
              value={name}
              maxLength={NAME_MAX}
              onChange={(event) => setName(event.currentTarget.value)}
              data-autofocus
            />
            <Button type="submit" disabled={name.trim() === ''}>
              {t('common:save')}
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
