import { ActionIcon, Button, Card, Group, Modal, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconPlus, IconServer2, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useDeleteUpstream, useUpstreams, type Upstream } from '@/data/upstreams';
import { Badge } from '@/shared/Badge';
import { useConfirm } from '@/shared/confirm';
import { DataTable, type Column } from '@/shared/DataTable';
import { useNotify } from '@/shared/notify';
import { Page } from '@/shared/Page';
import { Empty, QueryState } from '@/shared/QueryState';

import { UpstreamForm } from './UpstreamForm';

/** Where requests go. */
export function UpstreamsPage() {
  const { t } = useTranslation(['upstreams', 'common', 'domain']);
  const query = useUpstreams();
  const remove = useDeleteUpstream();
  const confirm = useConfirm();
  const notify = useNotify();
  const [edited, setEdited] = useState<Upstream | 'new' | null>(null);
  const close = () => setEdited(null);

  const ask = (upstream: Upstream) =>
    confirm({
      title: t('deleteTitle', { name: upstream.name }),
      text: t('deleteText'),
      action: t('delete'),
      isDangerous: true,
      onConfirm: () =>
        remove.mutate(upstream, {
          onSuccess: () => notify.done(t('deleted', { name: upstream.name })),
          onError: notify.failed,
        }),
    });

  const columns: Column<Upstream>[] = [
    {
      id: 'name',
      header: t('name'),
      onCard: 'title',
      cell: (row) => (
        <>
          <Text size="sm" fw={600} className="break">
            {row.name}
          </Text>
          <Text size="xs" c="dimmed" fw={400} className="break">
            {[row.provider, row.account_label].filter(Boolean).join(' · ')}
          </Text>
        </>
      ),
    },
    {
      id: 'status',
      header: t('status'),
      cell: (row) => (
        <Group gap={4}>
          <Badge tone={row.enabled ? 'good' : 'neutral'}>{t(row.enabled ? 'on' : 'off')}</Badge>
          {!row.has_credential && <Badge tone="warn">{t('noCredential')}</Badge>}
        </Group>
      ),
    },
    {
      id: 'address',
      header: t('baseUrl'),
      cell: (row) => (
        <Text size="sm" className="break" miw={150}>
          {row.base_url}
        </Text>
      ),
    },
    {
      id: 'models',
      header: t('models'),
      cell: (row) => (
        <Text size="sm" className="break" lineClamp={3}>
          {row.models.map(({ model }) => model).join(', ') || t('anyModel')}
        </Text>
      ),
    },
    {
      id: 'protocols',
      header: t('protocols'),
      cell: (row) => (
        <Text size="xs" c="dimmed">
          {row.protocols.map((protocol) => t(`domain:protocol.${protocol}`)).join(', ')}
        </Text>
      ),
    },
    {
      id: 'multipliers',
      header: t('multipliers'),
      align: 'right',
      cell: (row) => `× ${row.input_multiplier} / × ${row.output_multiplier}`,
    },
    { id: 'order', header: t('order'), align: 'right', cell: (row) => `${row.priority} · ${row.weight}` },
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
          isEmpty={(data) => data.items.length === 0}
          empty={<Empty icon={IconServer2} title={t('none')} hint={t('noneHint')} />}
        >
          {(data) => <DataTable label={t('title')} columns={columns} rows={data.items} rowKey={(row) => row.id} />}
        </QueryState>
      </Card>
      <Modal
        opened={edited !== null}
        onClose={close}
        size="lg"
        title={edited && edited !== 'new' ? t('editTitle', { name: edited.name }) : t('add')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        {edited && <UpstreamForm upstream={edited === 'new' ? null : edited} onDone={close} />}
      </Modal>
    </Page>
  );
}
