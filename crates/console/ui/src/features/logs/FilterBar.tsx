import { Button, Collapse, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useApiKeys } from '@/data/apiKeys';
import { useUpstreams } from '@/data/upstreams';
import { ChoiceFilter, choicesOf } from '@/shared/ChoiceFilter';
import { CONSOLE_KEY } from '@/shared/memberName';
import { useFilters } from '@/shared/search';
import { useIsPhone } from '@/shared/useIsPhone';

import { TextFilter } from './FilterField';
import { CLASSES, FILTER_NAMES, FURTHER, ORIGINS, PROTOCOL_NAMES, REASONS, STATUSES } from './filters';
import { TimeFilter } from './TimeFilter';

interface Props {
  /** The last names of upstreams and keys that are known by id. */
  names?: ReadonlyMap<string, string>;
}

interface BarProps extends Props {
  /** What stands beside the button that unfolds the rest. */
  beside?: ReactNode;
}

/** Everything requests can be chosen by: the usual in sight, the rest unfolds; on a phone all of it does. */
export function FilterBar({ names, beside }: BarProps) {
  const { t } = useTranslation(['logs', 'common', 'domain']);
  const isPhone = useIsPhone();
  const [search] = useFilters();
  const folded = isPhone ? FILTER_NAMES : FURTHER;
  const set = folded.filter((name) => search[name]).length;
  const [isOpen, { toggle }] = useDisclosure(!isPhone && set > 0);
  const first = <First names={names} />;
  return (
    <Stack gap="sm">
      {!isPhone && first}
      <Group justify="space-between">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={14} />}
          onClick={toggle}
          aria-expanded={isOpen}
        >
          {t(isPhone ? 'filters' : 'moreFilters')}
          {set > 0 && ` (${set})`}
        </Button>
        {beside}
      </Group>
      <Collapse in={isOpen}>
        {isOpen && (
          <Stack gap="sm">
            {isPhone && first}
            <Group gap="sm" align="flex-start">
              <ChoiceFilter
                name="class"
                label={t('statusClass')}
                data={CLASSES.map((value) => ({ value, label: value === 'none' ? t('neverAnswered') : value }))}
              />
              <ChoiceFilter
                name="origin"
                label={t('errorOf')}
                data={ORIGINS.map((value) => ({ value, label: t(`origins.${value}`) }))}
              />
              <ChoiceFilter
                name="reason"
                label={t('reason')}
                data={REASONS.map((value) => ({ value, label: t(`domain:reason.${value}`) }))}
              />
              <ChoiceFilter
                name="protocol"
                label={t('protocol')}
                data={PROTOCOL_NAMES.map((value) => ({ value, label: t(`domain:protocol.${value}`) }))}
              />
              <ChoiceFilter
                name="stream"
                label={t('streamed')}
                data={(['yes', 'no'] as const).map((value) => ({ value, label: t(`streams.${value}`) }))}
              />
            </Group>
            <Group gap="sm" align="flex-start">
              <Payers />
              <TextFilter name="caller_id" label={t('callerId')} />
              <TextFilter name="request" label={t('requestId')} />
            </Group>
            <Group gap="sm" align="flex-start">
              <TextFilter name="min_cost" label={t('costFrom')} unit="USD" inputMode="decimal" />
              <TextFilter name="max_cost" label={t('costTo')} unit="USD" inputMode="decimal" />
              <TextFilter name="min_ttft" label={t('ttftFrom')} unit="ms" inputMode="numeric" />
              <TextFilter name="max_ttft" label={t('ttftTo')} unit="ms" inputMode="numeric" />
              <TextFilter name="min_duration" label={t('durationFrom')} unit="ms" inputMode="numeric" />
              <TextFilter name="max_duration" label={t('durationTo')} unit="ms" inputMode="numeric" />
            </Group>
          </Stack>
        )}
      </Collapse>
    </Stack>
  );
}

function First({ names }: Props) {
  const { t } = useTranslation(['logs', 'common', 'domain']);
  const upstreams = useUpstreams();
  const keys = useKeys();
  return (
    <Group gap="sm" align="flex-start">
      <TimeFilter />
      <ChoiceFilter
        name="status"
        label={t('billing')}
        data={STATUSES.map((value) => ({ value, label: t(`domain:billing_status.${value}`) }))}
      />
      <TextFilter name="model" label={t('common:model')} />
      <ChoiceFilter
        name="upstream"
        label={t('common:upstream')}
        data={choicesOf(upstreams.data?.items)}
        known={names}
        searchable
      />
      <ChoiceFilter
        name="key"
        label={t('key')}
        data={[...choicesOf(keys), { value: CONSOLE_KEY, label: t('common:testCalls') }]}
        known={names}
        searchable
      />
    </Group>
  );
}

/** Teams and owners are texts on keys; those of living keys are offered. */
function Payers() {
  const { t } = useTranslation('logs');
  const keys = useKeys();
  const known = (pick: 'team' | 'owner') => [...new Set(keys.flatMap((key) => key[pick] ?? []))].sort();
  return (
    <>
      <TextFilter name="team" label={t('team')} data={known('team')} />
      <TextFilter name="owner" label={t('owner')} data={known('owner')} />
    </>
  );
}

function useKeys() {
  const { data } = useApiKeys();
  return useMemo(() => (data?.pages ?? []).flatMap((page) => page.items), [data]);
}
