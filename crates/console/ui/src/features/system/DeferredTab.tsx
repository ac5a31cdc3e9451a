import { Anchor, Card, Group, Stack, Text } from '@mantine/core';
import { IconClockPause } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useDeferred, type Deferred } from '@/data/deferred';
import { useUpstreams } from '@/data/upstreams';
import { Badge } from '@/shared/Badge';
import { ChoiceFilter, choicesOf } from '@/shared/ChoiceFilter';
import type { Column } from '@/shared/DataTable';
import { useMemberName } from '@/shared/memberName';
import { PagedTable } from '@/shared/PagedTable';
import { Empty } from '@/shared/QueryState';
import { oneOf, useFilters } from '@/shared/search';
import { When } from '@/shared/When';

const STATES = ['open', 'settled'] as const;
const KINDS = ['response', 'openai_batch', 'anthropic_batch', 'video'] as const;

/** What was made by a request and is billed when its end is seen. */
export function DeferredTab() {
  const { t } = useTranslation(['system', 'common']);
  const [search] = useFilters();
  const upstreams = useUpstreams();
  const columns = useColumns();
  const query = useDeferred({
    state: oneOf(STATES, search.state),
    kind: oneOf(KINDS, search.kind),
    upstream_id: search.upstream || undefined,
  });
  const isFiltered = Boolean(search.state ?? search.kind ?? search.upstream);
  return (
    <Card component="section" aria-label={t('tabs.deferred')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('deferred.about')}
      </Text>
      <Group gap="sm" mb="md" align="flex-end">
        <ChoiceFilter
          name="state"
          label={t('deferred.state')}
          data={STATES.map((value) => ({ value, label: t(`deferred.states.${value}`) }))}
        />
        <ChoiceFilter
          name="kind"
          label={t('deferred.kind')}
          data={KINDS.map((value) => ({ value, label: t(`deferred.kinds.${value}`) }))}
        />
        <ChoiceFilter name="upstream" label={t('common:upstream')} data={choicesOf(upstreams.data?.items)} />
      </Group>
      <PagedTable
        query={query}
        empty={
          <Empty
            icon={IconClockPause}
            title={t('deferred.none')}
            hint={t(isFiltered ? 'deferred.noneFiltered' : 'deferred.noneHint')}
          />
        }
        label={t('tabs.deferred')}
        columns={columns}
        rowKey={(row) => row.event_id}
        tone={(row) => (row.problem ? 'bad' : undefined)}
      />
    </Card>
  );
}

function useColumns(): Column<Deferred>[] {
  const nameOf = useMemberName();
  const { t } = useTranslation(['system', 'common']);
  return [
    {
      id: 'object',
      header: t('deferred.object'),
      onCard: 'title',
      cell: (row) => (
        <>
          <Text size="sm" ff="monospace" className="break">
            {row.object_id}
          </Text>
          <Text size="xs" c="dimmed" fw={400}>
            {t(`deferred.kinds.${row.kind}`)}
            {row.tier_requested && ` · ${row.tier_requested}`}
          </Text>
        </>
      ),
    },
    {
      id: 'state',
      header: t('deferred.state'),
      onCard: 'aside',
      cell: (row) => (
        <Stack gap={2} align="flex-start">
          <Badge tone={row.state === 'settled' ? 'good' : 'info'}>{t(`deferred.states.${row.state}`)}</Badge>
          {row.duplicate && <Badge tone="neutral">{t('deferred.duplicate')}</Badge>}
        </Stack>
      ),
    },
    { id: 'model', header: t('common:model'), cell: (row) => row.model_requested ?? t('common:none') },
    {
      id: 'where',
      header: t('deferred.where'),
      cell: (row) => (
        <>
          <Text size="sm" className="break">
            {row.upstream_name}
          </Text>
          <Text size="xs" c="dimmed" className="break">
            {nameOf({ id: row.key_id, name: row.key_name })}
          </Text>
        </>
      ),
    },
    {
      id: 'progress',
      header: t('deferred.progress'),
      cell: (row) => (
        <>
          <Text size="sm" ff="monospace">
            {row.provider_state ?? t('deferred.notLooked')}
          </Text>
          <Text size="xs" c="dimmed">
            {t('deferred.looks', { count: row.looks })}
          </Text>
          {row.problem && (
            <Text size="xs" lang="en" c="var(--mantine-color-error)" className="break">
              {row.problem}
            </Text>
          )}
        </>
      ),
    },
    { id: 'made', header: t('deferred.made'), cell: (row) => <When at={row.created_at} /> },
    {
      id: 'next',
      header: t('deferred.next'),
      cell: (row) =>
        row.settled_at ? (
          <>
            {t('deferred.settled')} <When at={row.settled_at} relative />
          </>
        ) : (
          <>
            {row.next_look_at ? <When at={row.next_look_at} relative /> : t('common:none')}
            <Text size="xs" c="dimmed" component="div">
              {t('deferred.givenUp')} <When at={row.expires_at} relative />
            </Text>
          </>
        ),
    },
    {
      id: 'request',
      header: '',
      align: 'right',
      cell: (row) => (
        <Anchor component={Link} to="/logs" search={{ request: row.request_id } as never} size="sm">
          {t('deferred.request')}
        </Anchor>
      ),
    },
  ];
}
