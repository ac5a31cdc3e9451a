import { Alert, Button, Group, Stack, Table, Text } from '@mantine/core';
import { IconGitMerge } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { AdminToken } from '@/data/tokens';
import { When } from '@/shared/When';

interface Props {
  /** As it was when the form was opened. */
  before: AdminToken;
  /** As somebody else left it. */
  theirs: AdminToken;
  onTheirs: () => void;
  onMine: () => void;
}

/** Somebody else was faster: what they changed, and the choice. Nothing was saved so far. */
export function Conflict({ before, theirs, onTheirs, onMine }: Props) {
  const { t } = useTranslation(['system', 'domain', 'common']);
  const end = (token: AdminToken) => (token.expires_at ? <When at={token.expires_at} /> : t('tokens.never'));
  const rows = [
    { name: t('tokens.name'), isChanged: before.name !== theirs.name, was: before.name, is: theirs.name },
    {
      name: t('tokens.role'),
      isChanged: before.role !== theirs.role,
      was: t(`domain:role.${before.role}`),
      is: t(`domain:role.${theirs.role}`),
    },
    { name: t('tokens.expires'), isChanged: before.expires_at !== theirs.expires_at, was: end(before), is: end(theirs) },
  ].filter(({ isChanged }) => isChanged);
  return (
    <Stack>
      <Alert color="yellow" role="alert" icon={<IconGitMerge size={18} />} title={t('tokens.conflict')}>
        {t('tokens.conflictHint')}
      </Alert>
      {rows.length > 0 ? (
        <Table aria-label={t('tokens.conflict')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('audit.field')}</Table.Th>
              <Table.Th>{t('tokens.opened')}</Table.Th>
              <Table.Th>{t('tokens.now')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ name, was, is }) => (
              <Table.Tr key={name}>
                <Table.Td>{name}</Table.Td>
                <Table.Td>{was}</Table.Td>
                <Table.Td fw={600}>{is}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ) : (
        <Text size="sm">{t('tokens.rotatedMeanwhile')}</Text>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onTheirs} data-autofocus>
          {t('tokens.takeTheirs')}
        </Button>
        <Button onClick={onMine}>{t('tokens.keepMine')}</Button>
      </Group>
    </Stack>
  );
}
