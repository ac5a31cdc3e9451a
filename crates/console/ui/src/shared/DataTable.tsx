import { ActionIcon, Box, Card, Group, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './DataTable.module.css';
import { useIsPhone } from './useIsPhone';

export interface Column<Row> {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Figures stand at the right. */
  align?: 'left' | 'right';
  width?: number | string;
  /** Whether the rows are in the order of this column; the header is the caller's. */
  sorted?: 'ascending' | 'descending';
  /** Where on a phone's card it stands: as its title, beside it, or (by default) as a line with its header. */
  onCard?: 'title' | 'aside' | 'line' | 'hidden';
}

interface Props<Row> {
  /** Names the table for those who do not see it. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** What a row opens to; the expanded rows are the caller's, so that an address can hold them. */
  expanded?: { keys: ReadonlySet<string>; toggle: (key: string) => void; render: (row: Row) => ReactNode };
  /** The same, opened by something in the row instead of an arrow before it. */
  opened?: { keys: ReadonlySet<string>; render: (row: Row) => ReactNode };
  /** Rows to look at first. */
  tone?: (row: Row) => 'warn' | 'bad' | undefined;
  /** For many columns: less room between them. */
  isDense?: boolean;
}

/** A table; on a phone, a card for each row. */
export function DataTable<Row>(props: Props<Row>) {
  return useIsPhone() ? <Cards {...props} /> : <Rows {...props} />;
}

function Rows<Row>({ label, columns, rows, rowKey, expanded, opened, tone, isDense = false }: Props<Row>) {
  const { t } = useTranslation();
  return (
    <Box className={classes.scroll} tabIndex={0} role="region" aria-label={label}>
      <Table
        className={classes.table}
        aria-label={label}
        highlightOnHover
        horizontalSpacing={isDense ? 'xs' : undefined}
      >
        <Table.Thead>
          <Table.Tr>
            {expanded && (
              <Table.Th w={44}>
                <VisuallyHidden>{t('details')}</VisuallyHidden>
              </Table.Th>
            )}
            {columns.map((column) => (
              <Table.Th key={column.id} w={column.width} ta={column.align ?? 'left'} aria-sort={column.sorted}>
                {column.header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => {
            const key = rowKey(row);
            const isOpen = (expanded ?? opened)?.keys.has(key) ?? false;
            return (
              <Fragment key={key}>
                <Table.Tr data-tone={tone?.(row)} className={classes.row}>
                  {expanded && (
                    <Table.Td>
                      <Expander isOpen={isOpen} onClick={() => expanded.toggle(key)} />
                    </Table.Td>
                  )}
                  {columns.map((column) => (
                    <Table.Td key={column.id} ta={column.align ?? 'left'} className={column.align && 'tabular'}>
                      {column.cell(row)}
                    </Table.Td>
                  ))}
                </Table.Tr>
                {isOpen && (
                  <Table.Tr className={classes.open}>
                    <Table.Td colSpan={columns.length + 1}>{(expanded ?? opened)?.render(row)}</Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            );
          })}
        </Table.Tbody>
      </Table>
    </Box>
  );
}

function Cards<Row>({ label, columns, rows, rowKey, expanded, opened, tone }: Props<Row>) {
  const place = (where: Column<Row>['onCard']) => columns.filter((column) => (column.onCard ?? 'line') === where);
  return (
    <Stack gap="xs" component="ul" className={classes.cards} aria-label={label}>
      {rows.map((row) => {
        const key = rowKey(row);
        const isOpen = (expanded ?? opened)?.keys.has(key) ?? false;
        return (
          <Card key={key} component="li" padding="sm" radius="md" data-tone={tone?.(row)} className={classes.card}>
            <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
              <Box fw={600} className="break">
                {place('title').map((column) => (
                  <Fragment key={column.id}>{column.cell(row)}</Fragment>
                ))}
              </Box>
              <Group gap={6} wrap="nowrap" align="flex-start">
                {place('aside').map((column) => (
                  <Box key={column.id} ta="right">
                    {column.cell(row)}
                  </Box>
                ))}
                {expanded && <Expander isOpen={isOpen} onClick={() => expanded.toggle(key)} />}
              </Group>
            </Group>
            <Stack gap={4} mt={8}>
              {place('line').map((column) => {
                const value = column.cell(row);
                if (value === null || value === undefined || value === false) return null;
                return (
                  <Group key={column.id} justify="space-between" wrap="nowrap" gap="md" align="flex-start">
                    <Text size="sm" c="dimmed" component="div">
                      {column.header}
                    </Text>
                    <Box ta="right" fz="sm" className="break">
                      {value}
                    </Box>
                  </Group>
                );
              })}
            </Stack>
            {isOpen && <Box mt="sm">{(expanded ?? opened)?.render(row)}</Box>}
          </Card>
        );
      })}
    </Stack>
  );
}

function Expander({ isOpen, onClick }: { isOpen: boolean; onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      onClick={onClick}
      aria-expanded={isOpen}
      aria-label={t(isOpen ? 'hideDetails' : 'showDetails')}
    >
      {isOpen ? <IconChevronDown size={18} /> : <IconChevronRight size={18} />}
    </ActionIcon>
  );
}
