import { Button, Card, Group, Modal, Text } from '@mantine/core';
import { IconPlus, IconShieldLock, IconShieldOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useTokens, type AdminToken, type Issued } from '@/data/tokens';
import { useMay } from '@/shared/may';
import { PagedTable } from '@/shared/PagedTable';
import { Empty } from '@/shared/QueryState';

import { IssuedToken } from './IssuedToken';
import { RotateForm } from './RotateForm';
import { TokenForm } from './TokenForm';
import { useTokenColumns } from './useTokenColumns';

/** Who may work with the console and the API. Only an admin is told. */
export function TokensTab() {
  const { t } = useTranslation('system');
  if (useMay('admin')) return <Tokens />;
  return (
    <Card component="section" aria-label={t('tabs.tokens')}>
      <Empty icon={IconShieldOff} title={t('tokens.onlyAdmins')} hint={t('tokens.onlyAdminsHint')} />
    </Card>
  );
}

type Open = { what: 'create' } | { what: 'edit' | 'rotate'; token: AdminToken };

function Tokens() {
  const { t } = useTranslation(['system', 'common']);
  const query = useTokens();
  const [open, setOpen] = useState<Open | null>(null);
  const [issued, setIssued] = useState<Issued | null>(null);
  const columns = useTokenColumns({
    onEdit: (token) => setOpen({ what: 'edit', token }),
    onRotate: (token) => setOpen({ what: 'rotate', token }),
  });
  const done = (made?: Issued) => {
    setOpen(null);
    if (made) setIssued(made);
  };
  return (
    <Card component="section" aria-label={t('tabs.tokens')}>
      <Group justify="space-between" mb="md" gap="sm">
        <Text size="sm" c="dimmed" maw={640}>
          {t('tokens.about')}
        </Text>
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({ what: 'create' })}>
          {t('tokens.add')}
        </Button>
      </Group>
      <PagedTable
        query={query}
        empty={<Empty icon={IconShieldLock} title={t('tokens.none')} />}
        label={t('tabs.tokens')}
        columns={columns}
        rowKey={(token) => token.id}
      />
      <Modal
        opened={open !== null}
        onClose={() => setOpen(null)}
        title={open && (open.what === 'create' ? t('tokens.add') : t(`tokens.${open.what}Title`, { name: open.token.name }))}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        {open?.what === 'rotate' && <RotateForm token={open.token} onDone={done} />}
        {open?.what === 'edit' && <TokenForm token={open.token} onDone={done} />}
        {open?.what === 'create' && <TokenForm token={null} onDone={done} />}
      </Modal>
      <IssuedToken issued={issued} onClose={() => setIssued(null)} />
    </Card>
  );
}
