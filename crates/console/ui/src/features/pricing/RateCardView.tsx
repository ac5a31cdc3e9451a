import { Card, Group, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useIsPhone } from '@/shared/useIsPhone';

import { useCards, type CardLike, type CardLine, type CardMatrix } from './cardLines';

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
  const isPhone = useIsPhone();
  const { linesOf, matrixOf } = useCards();
  const matrix = matrixOf(card);
  // A phone has no room for columns, and one row needs none.
  const isWide = !isPhone && matrix.rows.length > 1;
  const lines = isWide ? matrix.others : linesOf(card);
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
      {isWide && <Matrix label={title} matrix={matrix} />}
      {lines.length > 0 && <Lines label={title} lines={lines} />}
      {actions && (
        <Group gap="xs" mt="sm">
          {actions}
        </Group>
      )}
    </Card>
  );
}

function Matrix({ label, matrix }: { label: string; matrix: CardMatrix }) {
  const { t } = useTranslation(['prices', 'domain']);
  return (
    <Table.ScrollContainer minWidth={320} type="native" tabIndex={0}>
      <Table verticalSpacing={4} horizontalSpacing={6} aria-label={label} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('tierOrSize')}</Table.Th>
            {matrix.columns.map((name) => (
              <Table.Th key={name} ta="right">
                {t(`domain:rate.${name}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {matrix.rows.map(({ label: row, values }) => (
            <Table.Tr key={row}>
              <Table.Td c="dimmed">{row}</Table.Td>
              {matrix.columns.map((name) => (
                <Table.Td key={name} ta="right" className="tabular nowrap">
                  {values[name] ?? '–'}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Lines({ label, lines }: { label: string; lines: readonly CardLine[] }) {
  return (
    <Table verticalSpacing={4} horizontalSpacing={6} aria-label={label} fz="sm">
      <Table.Tbody>
        {lines.map(({ label: name, value }, index) => (
          <Table.Tr key={index}>
            <Table.Td c="dimmed">{name}</Table.Td>
            <Table.Td ta="right" className="tabular nowrap">
              {value}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
