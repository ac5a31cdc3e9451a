import { Card, Group, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useCardLines, type CardLike } from './cardLines';

interface Props {
  title: string;
  card: CardLike;
  /** What can be done with it. */
  actions?: ReactNode;
  /** What else is to be said of it. */
  about?: ReactNode;
}

/** A price card with all its prices. */
export function RateCardView({ title, card, actions, about }: Props) {
  const { t } = useTranslation(['prices', 'domain']);
  const lines = useCardLines()(card);
  return (
    <Card padding="sm" radius="md" component="section" aria-label={title}>
      <Group justify="space-between" mb={4} gap="xs">
        <Text size="sm" fw={600} className="break">
          {title}
        </Text>
        <Text size="xs" c="dimmed">
          {t('domain:perMillion')}
        </Text>
      </Group>
      {about && (
        <Text size="xs" c="dimmed" mb={4} component="div" className="break">
          {about}
        </Text>
      )}
      <Table verticalSpacing={4} aria-label={title}>
        <Table.Tbody>
          {lines.map(({ label, value }, index) => (
            <Table.Tr key={index}>
              <Table.Td>
                <Text size="sm" c="dimmed">
                  {label}
                </Text>
              </Table.Td>
              <Table.Td ta="right" className="tabular nowrap">
                {value}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {actions && (
        <Group gap="xs" mt="sm">
          {actions}
        </Group>
      )}
    </Card>
  );
}
