import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconArrowRight, IconArrowsExchange, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAliases, useAliasHistory, type Alias } from '@/data/aliases';
import { AliasForm } from '@/features/pricing/AliasForm';
import { History } from '@/features/pricing/History';
import type { Column } from '@/shared/DataTable';
import { IfMay, useMay } from '@/shared/may';
import { Empty, QueryState } from '@/shared/QueryState';
import { useFilters } from '@/shared/search';

import { RemoveRuleDialog } from './RemoveRuleDialog';
import { RuleList, useRuleColumns } from './RuleList';

/** Names that are priced as another one. */
export function Aliases() {
  const { t } = useTranslation(['prices', 'common']);
  const [search] = useFilters();
  const query = useAliases({ q: search.q });
  const mayEdit = useMay('finance');
  const [editing, setEditing] = useState<Alias | 'new' | null>(null);
  const [removing, setRemoving] = useState<Alias | null>(null);
  const { name, scope, since } = useRuleColumns<Alias>(t('aliasName'), (row) => row.alias);

  const target: Column<Alias> = {
    id: 'target',
    header: t('pricedLike'),
    cell: (row) => (
      <Text size="sm" className="break">
        <IconArrowRight size={13} aria-hidden /> {row.target}
      </Text>
    ),
  };
  const actions: Column<Alias> = {
    id: 'actions',
    header: '',
    align: 'right',
    cell: (row) => (
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
  };
  const close = () => setEditing(null);
  const isNew = editing === 'new';
  return (
    <>
      <RuleList
        kind="aliases"
        about={t('aliasesAbout')}
        searchHint={t('searchAliasPlaceholder')}
        add={
          <IfMay needs="finance">
            <Button leftSection={<IconPlus size={14} />} onClick={() => setEditing('new')}>
              {t('newAlias')}
            </Button>
          </IfMay>
        }
        query={query}
        columns={[name, target, scope, since, ...(mayEdit ? [actions] : [])]}
        empty={
          search.q ? (
            <Empty title={t('noAliasFound')} hint={t('noModelFoundHint')} />
          ) : (
            <Empty icon={IconArrowsExchange} title={t('noAliases')} hint={t('noAliasesHint')} />
          )
        }
        details={(row) => <AliasHistory id={row.id} />}
        form={
          editing && {
            title: isNew ? t('newAlias') : editing.alias,
            size: 'lg',
            content: <AliasForm alias={isNew ? undefined : editing} onDone={close} onCancel={close} />,
          }
        }
        onCloseForm={close}
      />
      <RemoveRuleDialog rule={removing && { alias: removing }} onClose={() => setRemoving(null)} />
    </>
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
