import { ActionIcon, Box, Card, Group, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './DataTable.module.css';
import { useIsPhone } from './useIsPhone';
import { useNear } from './useNear';

/** From so many rows on, only those near the window are drawn. */
const LONG = 60;
/** Rows that come and go together. */
const CHUNK = 5;
/** Rows that are drawn before anybody knows what is near. */
const FIRST = 15;
/** About how high a row and a card are, in pixels; measured once they are drawn. */
const ROW_HEIGHT = 53;
const CARD_HEIGHT = 190;

export interface Column<Row> {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Figures stand at the right. */
  align?: 'left' | 'right';
  width?: number | string;
  /** Whether the rows are in the order of this column; the header is the caller's. */
  sorted?: 'ascending' | 'descending';
  /** Where on a phone's card it stands: as its title, beside it, as a line with its header (by default), or as the first of them. */
  onCard?: 'title' | 'aside' | 'lead' | 'line' | 'hidden';
}

export interface TableProps<Row> {
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
export function DataTable<Row>(props: TableProps<Row>) {
  return useIsPhone() ? <Cards {...props} /> : <Rows {...props} />;
}

function Rows<Row>(props: TableProps<Row>) {
  const { t } = useTranslation();
  const { label, columns, rows, rowKey, expanded, isDense = false } = props;
  const isLong = rows.length > LONG;
  return (
    <Box className={classes.scroll} tabIndex={0} role="region" aria-label={label}>
      <Table
        className={classes.table}
        aria-label={label}
        highlightOnHover
        horizontalSpacing={isDense ? 'xs' : undefined}
        // Rows come and go while one scrolls: the columns must not move with them.
        layout={isLong ? 'fixed' : undefined}
        data-long={isLong || undefined}
        aria-rowcount={isLong ? rows.length + 1 : undefined}
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
        {isLong ? (
          chunksOf(rows).map((start) => (
            <NearRows key={start} start={start} of={props} />
          ))
        ) : (
          <Table.Tbody>
            {rows.map((row) => (
              <OneRow key={rowKey(row)} row={row} of={props} />
            ))}
          </Table.Tbody>
        )}
      </Table>
    </Box>
  );
}

/** Where each so many rows begin. */
function chunksOf(rows: readonly unknown[]): number[] {
  return Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, chunk) => chunk * CHUNK);
}

interface NearRowsProps<Row> {
  start: number;
  of: TableProps<Row>;
}

/** Some rows, drawn while they are near the window; otherwise there is room for them. */
function NearRows<Row>({ start, of }: NearRowsProps<Row>) {
  const rows = of.rows.slice(start, start + CHUNK);
  const { place, isNear, height } = useNear<HTMLTableSectionElement>(start < FIRST, rows.length * ROW_HEIGHT);
  return (
    <Table.Tbody ref={place}>
      {isNear ? (
        rows.map((row, index) => <OneRow key={of.rowKey(row)} row={row} of={of} index={start + index + 2} />)
      ) : (
        <tr aria-hidden style={{ height }}>
          <td colSpan={of.columns.length + 1} />
        </tr>
      )}
    </Table.Tbody>
  );
}

interface OneRowProps<Row> {
  row: Row;
  of: TableProps<Row>;
  /** Its number in a table of which not all rows are drawn; the header is the first. */
  index?: number;
}

function OneRow<Row>({ row, of, index }: OneRowProps<Row>) {
  const { columns, rowKey, expanded, opened, tone } = of;
  const key = rowKey(row);
  const isOpen = (expanded ?? opened)?.keys.has(key) ?? false;
  return (
    <>
      <Table.Tr data-tone={tone?.(row)} className={classes.row} aria-rowindex={index}>
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
    </>
  );
}

function Cards<Row>(props: TableProps<Row>) {
  const { label, rows, rowKey } = props;
  const isLong = rows.length > LONG;
  return (
    <Stack gap="xs" component="ul" className={classes.cards} aria-label={label}>
      {rows.map((row, index) =>
        isLong ? (
          <NearCard key={rowKey(row)} row={row} index={index} of={props} />
        ) : (
          <OneCard key={rowKey(row)} row={row} of={props} />
        ),
      )}
    </Stack>
  );
}

interface NearCardProps<Row> {
  row: Row;
  index: number;
  of: TableProps<Row>;
}

/** A card, drawn while it is near the window; otherwise there is room for it. */
function NearCard<Row>({ row, index, of }: NearCardProps<Row>) {
  const { place, isNear, height } = useNear<HTMLLIElement>(index < FIRST, CARD_HEIGHT);
  return (
    <li ref={place} style={{ height: isNear ? undefined : height }}>
      {isNear && <OneCard row={row} of={of} isInItem />}
    </li>
  );
}

interface OneCardProps<Row> {
  row: Row;
  of: TableProps<Row>;
  /** Whether it stands in an item of the list; otherwise it is one. */
  isInItem?: boolean;
}

function OneCard<Row>({ row, of, isInItem = false }: OneCardProps<Row>) {
  const { columns, rowKey, expanded, opened, tone } = of;
  const place = (where: Column<Row>['onCard']) => columns.filter((column) => (column.onCard ?? 'line') === where);
  const key = rowKey(row);
  const isOpen = (expanded ?? opened)?.keys.has(key) ?? false;
  return (
    <Card
      component={isInItem ? 'div' : 'li'}
      padding="sm"
      radius="md"
      data-tone={tone?.(row)}
      className={classes.card}
    >
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
        {[...place('lead'), ...place('line')].map((column) => {
          const value = column.cell(row);
          if (value === null || value === undefined || value === false) return null;
          return (
            <Group key={column.id} justify="space-between" wrap="nowrap" gap="md" align="flex-start">
              <Text size="sm" c="dimmed" component="div" className="nowrap">
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
