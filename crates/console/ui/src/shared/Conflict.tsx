import { Alert, Button, Group, Stack, Table, Text } from '@mantine/core';
import { IconGitMerge } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { isContested, type Change } from './revision';

interface Props {
  changes: readonly Change[];
  /** What a field is called in the form. */
  labelOf: (field: string) => string;
  /** Sends the form's own changes on top of what there is now. */
  onMine: () => void;
  /** Goes on with what there is now. */
  onTheirs: () => void;
  isPending: boolean;
}

/** Somebody was faster: what they changed, and what may become of it. Nothing is lost either way until one is chosen. */
export function Conflict({ changes, labelOf, onMine, onTheirs, isPending }: Props) {
  const { t } = useTranslation('common');
  return (
    <Alert color="yellow" icon={<IconGitMerge size={18} />} title={t('conflict.title')} role="alert">
      <Stack gap="sm">
        <Text size="sm">{t(changes.length > 0 ? 'conflict.text' : 'conflict.nothing')}</Text>
        {changes.length > 0 && (
          <Table.ScrollContainer minWidth={380} type="native" tabIndex={0}>
            <Table aria-label={t('conflict.changes')} fz="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('conflict.field')}</Table.Th>
                  <Table.Th>{t('conflict.before')}</Table.Th>
                  <Table.Th>{t('conflict.theirs')}</Table.Th>
                  <Table.Th>{t('conflict.mine')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {changes.map((change) => (
                  <Table.Tr key={change.field}>
                    <Table.Td>{labelOf(change.field)}</Table.Td>
                    <Table.Td className="break">{words(change.before)}</Table.Td>
                    <Table.Td className="break">{words(change.theirs)}</Table.Td>
                    <Table.Td className="break" fw={isContested(change) ? 650 : undefined}>
                      {isContested(change) ? words(change.mine) : t('conflict.untouched')}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        <Group gap="xs">
          <Button size="xs" onClick={onMine} loading={isPending}>
            {t('conflict.keepMine')}
          </Button>
          <Button size="xs" variant="default" onClick={onTheirs}>
            {t('conflict.takeTheirs')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

/** A value of any kind, readable. */
function words(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(words).join(', ');
  if (typeof value === 'object') return Object.values(value).filter(Boolean).map(words).join(' · ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
