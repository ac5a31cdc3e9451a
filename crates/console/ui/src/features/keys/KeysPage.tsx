import { ActionIcon, Button, Card, Code, Group, Modal, Stack, Text, Tooltip } from '@mantine/core';
import { IconKey, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useApiKeys, useDeleteApiKey, type ApiKey } from '@/data/apiKeys';
import { Badge } from '@/shared/Badge';
import { useConfirm } from '@/shared/confirm';
import { DataTable, type Column } from '@/shared/DataTable';
import { useNotify } from '@/shared/notify';
import { Page } from '@/shared/Page';
import { More } from '@/shared/Pager';
import { Empty, QueryState } from '@/shared/QueryState';
import { When } from '@/shared/When';

import { CreatedKey } from './CreatedKey';
import { KeyForm } from './KeyForm';

/** Who may send requests. */
export function KeysPage() {
  const { t } = useTranslation(['keys', 'common']);
  const query = useApiKeys();
  const remove = useDeleteApiKey();
  const confirm = useConfirm();
  const notify = useNotify();
  const [edited, setEdited] = useState<ApiKey | 'new' | null>(null);
  const [token, setToken] = useState<string | null>(null);

  const ask = (key: ApiKey) =>
    confirm({
      title: t('deleteTitle', { name: key.name }),
      text: t('deleteText'),
      action: t('delete'),
      isDangerous: true,
      onConfirm: () =>
        remove.mutate(key, {
          onSuccess: () => notify.done(t('deleted', { name: key.name })),
          onError: notify.failed,
        }),
    });

  const columns: Column<ApiKey>[] = [
    {
      id: 'name',
      header: t('name'),
      onCard: 'title',
      cell: (row) => (
        <>
          <Text size="sm" fw={600} className="break">
            {row.name}
          </Text>
          <Text size="xs" c="dimmed" fw={400}>
            {row.tags.join(', ')}
          </Text>
        </>
      ),
    },
    { id: 'status', header: t('status'), cell: (row) => <KeyStatus row={row} /> },
    { id: 'hint', header: t('hint'), cell: (row) => <Code>{`…${row.token_hint}`}</Code> },
    {
      id: 'owner',
      header: t('ownerTeam'),
      cell: (row) => (
        <Text size="sm" className="break">
          {[row.owner, row.team].filter(Boolean).join(' · ') || t('common:none')}
        </Text>
      ),
    },
    {
      id: 'expires',
      header: t('expires'),
      cell: (row) => (row.expires_at ? <When at={row.expires_at} relative /> : t('common:none')),
    },
    { id: 'created', header: t('created'), cell: (row) => <When at={row.created_at} relative /> },
    {
      id: 'actions',
      header: '',
      align: 'right',
      onCard: 'aside',
      cell: (row) => (
        <Group gap={4} wrap="nowrap" justify="flex-end">
          <Tooltip label={t('common:edit')}>
            <ActionIcon variant="subtle" onClick={() => setEdited(row)} aria-label={t('editTitle', { name: row.name })}>
              <IconPencil size={18} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('common:delete')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={() => ask(row)}
              aria-label={t('deleteTitle', { name: row.name })}
            >
              <IconTrash size={18} />
            </ActionIcon>
          </Tooltip>
        </Group>
      ),
    },
  ];

  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
      {t('add')}
    </Button>
  );
  return (
    <Page title={t('title')} about={t('about')} actions={add}>
      <Card component="section" aria-label={t('title')}>
        <QueryState
          query={query}
          isEmpty={(data) => data.pages[0]?.items.length === 0}
          empty={<Empty icon={IconKey} title={t('none')} hint={t('noneHint')} />}
        >
          {(data) => (
            <Stack>
              <DataTable
                label={t('title')}
                columns={columns}
                rows={data.pages.flatMap((page) => page.items)}
                rowKey={(row) => row.id}
              />
              <More
                hasMore={query.hasNextPage}
                isLoading={query.isFetchingNextPage}
                onMore={() => void query.fetchNextPage()}
              />
            </Stack>
          )}
        </QueryState>
      </Card>
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited && edited !== 'new' ? t('editTitle', { name: edited.name }) : t('add')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        {edited && (
          <KeyForm
            apiKey={edited === 'new' ? null : edited}
            onDone={(made) => {
              setEdited(null);
              setToken(made ?? null);
            }}
          />
        )}
      </Modal>
      <CreatedKey token={token} onClose={() => setToken(null)} />
    </Page>
  );
}

function KeyStatus({ row }: { row: ApiKey }) {
  const { t } = useTranslation('keys');
  if (row.expires_at && new Date(row.expires_at).getTime() <= Date.now()) {
    return <Badge tone="warn">{t('expired')}</Badge>;
  }
  return <Badge tone={row.enabled ? 'good' : 'neutral'}>{t(row.enabled ? 'on' : 'off')}</Badge>;
}
