import { Modal, Select } from '@mantine/core';
import { IconPencil, IconPlugConnected, IconServer2, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useDeleteUpstream, useUpstreamList, useUpstreams, type Upstream } from '@/data/upstreams';
import type { Column } from '@/shared/DataTable';
import { Registry } from '@/shared/Registry';
import { RowActions } from '@/shared/RowActions';
import { oneOf, useFilters } from '@/shared/search';
import { useDeletion } from '@/shared/useDeletion';

import { useUpstreamColumns } from './columns';
import { TestDialog } from './TestDialog';
import { UpstreamDetails } from './UpstreamDetails';
import { UpstreamForm } from './UpstreamForm';

const STATES = ['on', 'off'] as const;

/** Where requests go. */
export function UpstreamsPage() {
  const { t } = useTranslation(['upstreams', 'common']);
  const [search] = useFilters();
  const state = oneOf(STATES, search.state);
  const query = useUpstreamList({
    q: search.q,
    provider: search.provider,
    enabled: state && state === 'on',
  });
  const [edited, setEdited] = useState<Upstream | 'new' | null>(null);
  const [tested, setTested] = useState<Upstream | null>(null);
  const close = () => setEdited(null);
  const remove = useDeletion(useDeleteUpstream().mutateAsync, ({ name }: Upstream) => ({
    title: t('deleteTitle', { name }),
    text: t('deleteText'),
    action: t('delete'),
    done: t('deleted', { name }),
  }));
  const columns: Column<Upstream>[] = [
    ...useUpstreamColumns(),
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
              id: 'test',
              icon: IconPlugConnected,
              hint: t('test'),
              label: t('testTitle', { name: row.name }),
              onClick: () => setTested(row),
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
        details={(row) => <UpstreamDetails upstream={row} />}
        searchLabel={t('searchIn')}
        filters={<Filters />}
        filterNames={['provider', 'state']}
        empty={{ icon: IconServer2, title: t('none'), hint: t('noneHint') }}
      />
      <Modal
        opened={edited !== null}
        onClose={close}
        size="xl"
        title={edited && edited !== 'new' ? t('editTitle', { name: edited.name }) : t('add')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        {edited && <UpstreamForm upstream={edited === 'new' ? null : edited} onDone={close} />}
      </Modal>
      <TestDialog upstream={tested} onClose={() => setTested(null)} />
    </>
  );
}

function Filters() {
  const { t } = useTranslation(['upstreams', 'common']);
  const [search, setSearch] = useFilters();
  const { data } = useUpstreams();
  const providers = [...new Set([...(data?.items ?? []).map(({ provider }) => provider), search.provider ?? ''])];
  const clear = { 'aria-label': t('common:clear') };
  return (
    <>
      <Select
        label={t('provider')}
        placeholder={t('common:all')}
        data={providers.filter((name) => name !== '').sort()}
        value={search.provider ?? null}
        onChange={(provider) => setSearch({ provider })}
        clearable
        clearButtonProps={clear}
        flex="1 1 140px"
      />
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
