import { ActionIcon, Code, Group, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconRotateClockwise, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useSession } from '@/api/session';
import { useRevokeToken, type AdminToken } from '@/data/tokens';
import { Badge } from '@/shared/Badge';
import { useConfirm } from '@/shared/confirm';
import type { Column } from '@/shared/DataTable';
import { useNotify } from '@/shared/notify';
import { ROLE_TONES } from '@/shared/roleTones';
import { When } from '@/shared/When';

import { ENVIRONMENT, ending } from './tokens';

interface Actions {
  onEdit: (token: AdminToken) => void;
  onRotate: (token: AdminToken) => void;
}

/** What is shown of an admin token, and what can be done with it. */
export function useTokenColumns(actions: Actions): Column<AdminToken>[] {
  const { t } = useTranslation(['system', 'domain', 'common']);
  return [
    {
      id: 'name',
      header: t('tokens.name'),
      onCard: 'title',
      cell: (token) => <Name token={token} />,
    },
    {
      id: 'role',
      header: t('tokens.role'),
      cell: (token) => <Badge tone={ROLE_TONES[token.role]}>{t(`domain:role.${token.role}`)}</Badge>,
    },
    {
      id: 'hint',
      header: t('tokens.hint'),
      cell: (token) => (token.token_hint === '' ? t('common:none') : <Code>{`…${token.token_hint}`}</Code>),
    },
    { id: 'expires', header: t('tokens.expires'), cell: (token) => <Expiry token={token} /> },
    {
      id: 'used',
      header: t('tokens.used'),
      cell: (token) => (token.last_used_at ? <When at={token.last_used_at} relative /> : t('tokens.neverUsed')),
    },
    { id: 'created', header: t('tokens.created'), cell: (token) => <When at={token.created_at} relative /> },
    {
      id: 'actions',
      header: '',
      align: 'right',
      onCard: 'aside',
      cell: (token) => <Buttons token={token} {...actions} />,
    },
  ];
}

function Name({ token }: { token: AdminToken }) {
  const { t } = useTranslation('system');
  const { who } = useSession();
  return (
    <>
      <Group gap={6}>
        <Text size="sm" fw={600} className="break">
          {token.name}
        </Text>
        {who?.token_id === token.id && <Badge tone="good">{t('tokens.yours')}</Badge>}
      </Group>
      {token.name === ENVIRONMENT && (
        <Text size="xs" c="dimmed" fw={400}>
          {t('tokens.fromEnvironment')}
        </Text>
      )}
      {token.previous_until && Date.parse(token.previous_until) > Date.now() && (
        <Text size="xs" c="dimmed" fw={400} component="div">
          {t('tokens.oldUntil')} <When at={token.previous_until} relative />
        </Text>
      )}
    </>
  );
}

function Expiry({ token }: { token: AdminToken }) {
  const { t } = useTranslation('system');
  if (!token.expires_at) return t('tokens.never');
  const state = ending(token.expires_at, Date.now());
  if (state === 'far') return <When at={token.expires_at} relative />;
  return (
    <Group gap={6}>
      <When at={token.expires_at} relative />
      <Badge tone={state === 'past' ? 'bad' : 'warn'}>{t(`tokens.endings.${state}`)}</Badge>
    </Group>
  );
}

function Buttons({ token, onEdit, onRotate }: Actions & { token: AdminToken }) {
  const { t } = useTranslation(['system', 'common']);
  const { who } = useSession();
  const confirm = useConfirm();
  const notify = useNotify();
  const revoke = useRevokeToken();
  const isOwn = who?.token_id === token.id;
  const ask = () =>
    confirm({
      title: t('tokens.revokeTitle', { name: token.name }),
      text: t(isOwn ? 'tokens.revokeOwnText' : 'tokens.revokeText'),
      action: t('tokens.revoke'),
      isDangerous: true,
      onConfirm: () =>
        revoke.mutate(token, {
          onSuccess: () => notify.done(t('tokens.revoked', { name: token.name })),
          onError: notify.failed,
        }),
    });
  const all = [
    { title: t('common:edit'), label: t('tokens.editTitle', { name: token.name }), Icon: IconPencil, act: () => onEdit(token) },
    { title: t('tokens.rotate'), label: t('tokens.rotateTitle', { name: token.name }), Icon: IconRotateClockwise, act: () => onRotate(token) },
    { title: t('tokens.revoke'), label: t('tokens.revokeTitle', { name: token.name }), Icon: IconTrash, act: ask },
  ];
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      {all.map(({ title, label, Icon, act }) => (
        <Tooltip key={title} label={title}>
          <ActionIcon variant="subtle" color={Icon === IconTrash ? 'gray' : undefined} onClick={act} aria-label={label}>
            <Icon size={18} />
          </ActionIcon>
        </Tooltip>
      ))}
    </Group>
  );
}
