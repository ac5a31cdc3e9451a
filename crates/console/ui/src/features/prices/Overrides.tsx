import { Button, Card, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPencil, IconRestore, IconSearch, IconTagOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useOverrides, type Override } from '@/data/overrides';
import { useUpstreams } from '@/data/upstreams';
import { ManualEntry } from '@/features/billing/ManualEntry';
import { PriceForm } from '@/features/pricing/PriceForm';
import { RateCardView } from '@/features/pricing/RateCardView';
import { DataTable, type Column } from '@/shared/DataTable';
import { IfMay } from '@/shared/may';
import { Rate } from '@/shared/Money';
import { More } from '@/shared/Pager';
import { Empty, QueryState } from '@/shared/QueryState';
import { oneOf, useFilters } from '@/shared/search';
import { useOpen } from '@/shared/useOpen';
import { When } from '@/shared/When';

import { OverrideHistory } from './OverrideHistory';
import { RemoveOverrideDialog } from './RemoveOverrideDialog';
import { RuleTables } from './RuleTables';
import { useTyped } from './useTyped';

const SCOPES = ['global', 'upstream'] as const;

/** Every manual price in force, with its history. */
export function Overrides() {
  const { t } = useTranslation(['prices', 'common', 'domain']);
  const [search, setSearch] = useFilters();
  const [typed, setTyped] = useTyped();
  const scope = oneOf(SCOPES, search.scope);
  const query = useOverrides({ q: search.q, scope, upstream_id: search.upstream });
  const upstreams = useUpstreams();
  const open = useOpen();
  const [editing, setEditing] = useState<Override | null>(null);
  const [removing, setRemoving] = useState<Override | null>(null);
  const scopeOf = (row: Override) =>
    row.upstream_id === null ? t('everywhere') : (row.upstream_name ?? t('upstreamGone'));

  const columns: Column<Override>[] = [
    {
      id: 'model',
      header: t('common:model'),
      onCard: 'title',
      cell: (row) => (
        <>
          <Text size="sm" fw={500} className="break">
            {row.model}
          </Text>
          {row.note && (
            <Text size="xs" c="dimmed" fw={400} className="break">
              {row.note}
            </Text>
          )}
        </>
      ),
    },
    { id: 'scope', header: t('scope'), cell: scopeOf },
    { id: 'input', header: t('domain:rate.input'), align: 'right', cell: (row) => <Rate value={row.input_usd_per_mtok} /> },
    {
      id: 'output',
      header: t('domain:rate.output'),
      align: 'right',
      cell: (row) => <Rate value={row.output_usd_per_mtok} />,
    },
    {
      id: 'cacheRead',
      header: t('domain:rate.cache_read'),
      align: 'right',
      cell: (row) => <Rate value={row.cache_read_usd_per_mtok} />,
    },
    {
      id: 'since',
      header: t('since'),
      cell: (row) => (
        <>
          <When at={row.valid_from} />
          <Text size="xs" c="dimmed" className="break">
            {row.author}
          </Text>
        </>
      ),
    },
  ];

  return (
    <Card component="section" aria-label={t('tabs.overrides')}>
      <Group mb="md" gap="sm" align="flex-end">
        <TextInput
          label={t('searchModel')}
          placeholder={t('searchModelPlaceholder')}
          leftSection={<IconSearch size={16} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          type="search"
          flex="1 1 200px"
        />
        <Select
          label={t('scope')}
          placeholder={t('common:all')}
          data={SCOPES.map((value) => ({ value, label: t(`scopes.${value}`) }))}
          value={scope ?? null}
          onChange={(next) => setSearch({ scope: next })}
          clearable
          clearButtonProps={{ 'aria-label': t('common:clear') }}
          flex="0 1 170px"
        />
        <Select
          label={t('common:upstream')}
          placeholder={t('common:all')}
          data={(upstreams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={search.upstream ?? null}
          onChange={(next) => setSearch({ upstream: next })}
          clearable
          clearButtonProps={{ 'aria-label': t('common:clear') }}
          flex="0 1 170px"
        />
        <RuleTables kind="overrides" />
      </Group>
      <QueryState
        query={query}
        isEmpty={(data) => data.pages[0]?.items.length === 0}
        empty={
          <Empty
            icon={IconTagOff}
            title={t('noOverrides')}
            hint={t('noOverridesHint')}
            action={
              <IfMay needs="finance">
                <ManualEntry />
              </IfMay>
            }
          />
        }
      >
        {(data) => (
          <Stack>
            <DataTable
              label={t('tabs.overrides')}
              columns={columns}
              rows={data.pages.flatMap((page) => page.items)}
              rowKey={(row) => row.id}
              expanded={{
                keys: open.keys,
                toggle: open.toggle,
                render: (row) => (
                  <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" py="xs">
                    <RateCardView
                      title={t('inForce')}
                      card={row}
                      about={`${t('multiplied')}: ${t(`multipliedIs.${row.apply_multipliers ? 'yes' : 'no'}`)}`}
                      actions={
                        <IfMay needs="finance">
                          <Button
                            size="xs"
                            variant="light"
                            leftSection={<IconPencil size={14} />}
                            onClick={() => setEditing(row)}
                          >
                            {t('editPrice')}
                          </Button>
                          <Button
                            size="xs"
                            variant="default"
                            leftSection={<IconRestore size={14} />}
                            onClick={() => setRemoving(row)}
                          >
                            {t('removeOverride')}
                          </Button>
                        </IfMay>
                      }
                    />
                    <Stack gap="xs">
                      <Title order={3} size="h6">
                        {t('history')}
                      </Title>
                      <OverrideHistory id={row.id} />
                    </Stack>
                  </SimpleGrid>
                ),
              }}
            />
            <More
              hasMore={query.hasNextPage}
              isLoading={query.isFetchingNextPage}
              onMore={() => void query.fetchNextPage()}
            />
          </Stack>
        )}
      </QueryState>
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        size="xl"
        title={editing && `${editing.model} · ${scopeOf(editing)}`}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        {editing && (
          <PriceForm
            override={editing}
            model={editing.model}
            onDone={() => setEditing(null)}
            onCancel={() => setEditing(null)}
          />
        )}
      </Modal>
      <RemoveOverrideDialog override={removing} onClose={() => setRemoving(null)} />
    </Card>
  );
}
