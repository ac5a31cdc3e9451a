import { Modal, Select } from '@mantine/core';
import { IconKey, IconPencil, IconRefreshDot, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useApiKeyList, useApiKeys, useDeleteApiKey, type ApiKey } from '@/data/apiKeys';
import type { Column } from '@/shared/DataTable';
import { Registry } from '@/shared/Registry';
import { RowActions } from '@/shared/RowActions';
import { oneOf, useFilters } from '@/shared/search';
import { useDeletion } from '@/shared/useDeletion';

import { useKeyColumns } from './columns';
import { CreatedKey } from './CreatedKey';
import { KeyDetails } from './KeyDetails';
import { KeyForm } from './KeyForm';
import { RotateDialog } from './RotateDialog';

const PAYERS = ['team', 'owner'] as const;
const STATES = ['on', 'off', 'expired'] as const;

/** Who may send requests. */
export function KeysPage() {
  const { t } = useTranslation(['keys', 'common']);
  const [search] = useFilters();
  const state = oneOf(STATES, search.state);
  const query = useApiKeyList({
    q: search.q,
    team: search.team,
    owner: search.owner,
    enabled: state === undefined || state === 'expired' ? undefined : state === 'on',
    expired: state === 'expired' ? true : undefined,
  });
  const [edited, setEdited] = useState<ApiKey | 'new' | null>(null);
  const [rotated, setRotated] = useState<ApiKey | null>(null);
  const [made, setMade] = useState<{ token: string; key: ApiKey } | null>(null);
  const remove = useDeletion(useDeleteApiKey().mutateAsync, ({ name }: ApiKey) => ({
    title: t('deleteTitle', { name }),
    text: t('deleteText'),
    action: t('delete'),
    done: t('deleted', { name }),
  }));
  const columns: Column<ApiKey>[] = [
    ...useKeyColumns(),
    {
      id: 'actions',
      header: '',
      align: 'right',
      onCard: 'aside',
      cell: (row) => (
        <RowActions
          needs="admin"
          actions={[
            {
              id: 'rotate',
              icon: IconRefreshDot,
              hint: t('rotate'),
              label: t('rotateTitle', { name: row.name }),
              onClick: () => setRotated(row),
            },
            {
              id: 'edit',
              icon: IconPencil,
              hint: t('common:edit'),
              label: t('editTitle', { name: row.name }),
              onClick: () => setEdited(row),
            },
            {
              id: 'delete',
              icon: IconTrash,
              hint: t('common:delete'),
              label: t('deleteTitle', { name: row.name }),
              isQuiet: true,
              onClick: () => remove(row),
            },
          ]}
        />
      ),
    },
  ];
  return (
    <>
      <Registry
        title={t('title')}
        about={t('about')}
        add={t('add')}
        needs="admin"
        onAdd={() => setEdited('new')}
        query={query}
        columns={columns}
        details={(row) => <KeyDetails apiKey={row} />}
        searchLabel={t('searchIn')}
        filters={<Filters />}
        filterNames={['team', 'owner', 'state']}
        empty={{ icon: IconKey, title: t('none'), hint: t('noneHint') }}
      />
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        size="lg"
        title={edited && edited !== 'new' ? t('editTitle', { name: edited.name }) : t('add')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        {edited && (
          <KeyForm
            apiKey={edited === 'new' ? null : edited}
            onDone={(created) => {
              setEdited(null);
              setMade(created ?? null);
            }}
          />
        )}
      </Modal>
      <RotateDialog
        apiKey={rotated}
        onClose={() => setRotated(null)}
        onRotated={(fresh) => {
          setRotated(null);
          setMade(fresh);
        }}
      />
      <CreatedKey made={made} onClose={() => setMade(null)} />
    </>
  );
}

function Filters() {
  const { t } = useTranslation(['keys', 'common']);
  const [search, setSearch] = useFilters();
  const { data } = useApiKeys();
  const keys = (data?.pages ?? []).flatMap((page) => page.items);
  const clear = { 'aria-label': t('common:clear') };
  return (
    <>
      {PAYERS.map((field) => (
        <Select
          key={field}
          label={t(field)}
          placeholder={t('common:all')}
          data={[...new Set([...keys.map((key) => key[field] ?? ''), search[field] ?? ''])].filter(Boolean).sort()}
          value={search[field] ?? null}
          onChange={(value) => setSearch({ [field]: value })}
          clearable
          searchable
          clearButtonProps={clear}
          flex="1 1 140px"
        />
      ))}
      <Select
        label={t('status')}
        placeholder={t('common:all')}
        data={STATES.map((value) => ({ value, label: t(value) }))}
        value={oneOf(STATES, search.state) ?? null}
        onChange={(state) => setSearch({ state })}
        clearable
        clearButtonProps={clear}
        flex="1 1 140px"
      />
    </>
  );
}
