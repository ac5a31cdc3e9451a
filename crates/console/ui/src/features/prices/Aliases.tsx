import { Button, Card, Group, Modal, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconArrowRight, IconArrowsExchange, IconPencil, IconPlus, IconSearch, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAliases, useAliasHistory, type Alias } from '@/data/aliases';
import { AliasForm } from '@/features/pricing/AliasForm';
import { History } from '@/features/pricing/History';
import { DataTable, type Column } from '@/shared/DataTable';
import { IfMay, useMay } from '@/shared/may';
import { More } from '@/shared/Pager';
import { Empty, QueryState } from '@/shared/QueryState';
import { useFilters } from '@/shared/search';
import { useOpen } from '@/shared/useOpen';
import { When } from '@/shared/When';

import { RemoveAliasDialog } from './RemoveAliasDialog';
import { RuleTables } from './RuleTables';
import { useTyped } from './useTyped';

/** Names that are priced as another one. */
export function Aliases() {
  const { t } = useTranslation(['prices', 'common']);
  const [search] = useFilters();
  const [typed, setTyped] = useTyped();
  const query = useAliases({ q: search.q });
  const open = useOpen();
  const mayEdit = useMay('finance');
  const [editing, setEditing] = useState<Alias | 'new' | null>(null);
  const [removing, setRemoving] = useState<Alias | null>(null);

  const columns: Column<Alias>[] = [
    {
      id: 'alias',
      header: t('aliasName'),
      onCard: 'title',
      cell: (row) => (
        <>
          <Text size="sm" fw={500} className="break">
            {row.alias}
          </Text>
          {row.note && (
            <Text size="xs" c="dimmed" fw={400} className="break">
              {row.note}
            </Text>
          )}
        </>
      ),
    },
    {
      id: 'target',
      header: t('pricedLike'),
      cell: (row) => (
        <Text size="sm" className="break">
          <IconArrowRight size={13} aria-hidden /> {row.target}
        </Text>
      ),
    },
    {
      id: 'scope',
      header: t('scope'),
      cell: (row) => (row.upstream_id === null ? t('everywhere') : (row.upstream_name ?? t('upstreamGone'))),
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
    ...(mayEdit
      ? [
          {
            id: 'actions',
            header: '',
            align: 'right',
            cell: (row: Alias) => (
              <Group gap={6} justify="flex-end" wrap="nowrap">
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconPencil size={14} />}
                  onClick={() => setEditing(row)}
                  aria-label={t('editAliasOf', { alias: row.alias })}
                >
                  {t('common:edit')}
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconTrash size={14} />}
                  onClick={() => setRemoving(row)}
                  aria-label={t('deleteAliasOf', { alias: row.alias })}
                >
                  {t('common:delete')}
                </Button>
              </Group>
            ),
          } as const,
        ]
      : []),
  ];

  const add = (
    <IfMay needs="finance">
      <Button leftSection={<IconPlus size={14} />} onClick={() => setEditing('new')}>
        {t('newAlias')}
      </Button>
    </IfMay>
  );
  return (
    <Card component="section" aria-label={t('tabs.aliases')}>
      <Text size="sm" c="dimmed" mb="md">
        {t('aliasesAbout')}
      </Text>
      <Group mb="md" gap="sm" align="flex-end">
        <TextInput
          label={t('searchModel')}
          placeholder={t('searchAliasPlaceholder')}
          leftSection={<IconSearch size={16} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          type="search"
          flex="1 1 200px"
        />
        <RuleTables kind="aliases" />
        {add}
      </Group>
      <QueryState
        query={query}
        isEmpty={(data) => data.pages[0]?.items.length === 0}
        empty={
          search.q ? (
            <Empty title={t('noAliasFound')} hint={t('noModelFoundHint')} />
          ) : (
            <Empty icon={IconArrowsExchange} title={t('noAliases')} hint={t('noAliasesHint')} />
          )
        }
      >
        {(data) => (
          <Stack>
            <DataTable
              label={t('tabs.aliases')}
              columns={columns}
              rows={data.pages.flatMap((page) => page.items)}
              rowKey={(row) => row.id}
              expanded={{ keys: open.keys, toggle: open.toggle, render: (row) => <AliasHistory id={row.id} /> }}
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
        size="lg"
        title={editing === null || editing === 'new' ? t('newAlias') : editing.alias}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        {editing && (
          <AliasForm
            alias={editing === 'new' ? undefined : editing}
            onDone={() => setEditing(null)}
            onCancel={() => setEditing(null)}
          />
        )}
      </Modal>
      <RemoveAliasDialog alias={removing} onClose={() => setRemoving(null)} />
    </Card>
  );
}

function AliasHistory({ id }: { id: string }) {
  const { t } = useTranslation('prices');
  const query = useAliasHistory(id);
  return (
    <Stack gap="xs" py="xs">
      <Title order={3} size="h6">
        {t('history')}
      </Title>
      <QueryState query={query} rows={2}>
        {(data) => (
          <History
            versions={data.items}
            facts={(version) => [{ label: t('pricedLike'), value: version.target }]}
            label={t('history')}
          />
        )}
      </QueryState>
    </Stack>
  );
}
