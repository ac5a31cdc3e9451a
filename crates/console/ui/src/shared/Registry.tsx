import { Button, Card, Group, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { IconFilterOff, IconPlus, IconSearch, type Icon } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { DataTable, type Column } from './DataTable';
import { Guarded, type Role } from './may';
import { Page } from './Page';
import { More } from './Pager';
import { Empty, QueryState } from './QueryState';
import { useFilters } from './search';

interface Listed<Row> {
  items: Row[];
  next_cursor: string | null;
}

interface Props<Row> {
  title: string;
  about: string;
  add: string;
  needs: Role;
  onAdd: () => void;
  query: UseInfiniteQueryResult<InfiniteData<Listed<Row>>>;
  columns: readonly Column<Row>[];
  details: (row: Row) => ReactNode;
  /** What the search looks into. */
  searchLabel: string;
  /** Further filters, and the names of all of them in the address. */
  filters: ReactNode;
  filterNames: readonly string[];
  empty: { icon: Icon; title: string; hint: string };
}

const WAIT = 250;

/** A page of things that are made, changed and deleted: search and filters, a list, what each row unfolds to. */
export function Registry<Row extends { id: string }>(props: Props<Row>) {
  const { title, about, add, needs, onAdd, query, columns, details, searchLabel, filters, filterNames, empty } = props;
  const { t } = useTranslation();
  const [search, setSearch] = useFilters();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string) => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  const isFiltered = [...filterNames, 'q'].some((name) => search[name]);
  const clear = () => setSearch(Object.fromEntries([...filterNames, 'q'].map((name) => [name, null])));
  const plus = (
    <Guarded needs={needs}>
      <Button leftSection={<IconPlus size={16} />} onClick={onAdd}>
        {add}
      </Button>
    </Guarded>
  );
  const nothing = isFiltered ? (
    <Empty
      icon={empty.icon}
      title={t('noneFiltered')}
      action={
        <Button size="xs" variant="default" leftSection={<IconFilterOff size={14} />} onClick={clear}>
          {t('clearFilters')}
        </Button>
      }
    />
  ) : (
    <Empty {...empty} action={plus} />
  );
  return (
    <Page title={title} about={about} actions={plus}>
      <Card component="section" aria-label={title}>
        <Group gap="sm" mb="md" align="flex-end">
          <Search label={searchLabel} />
          {filters}
        </Group>
        <QueryState query={query} isEmpty={(data) => data.pages[0]?.items.length === 0} empty={nothing}>
          {(data) => (
            <Stack>
              <DataTable
                label={title}
                columns={columns}
                rows={data.pages.flatMap((page) => page.items)}
                rowKey={(row) => row.id}
                expanded={{ keys: open, toggle, render: details }}
                isDense
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
    </Page>
  );
}

/** Searches as one types, a moment after the last key. */
function Search({ label }: { label: string }) {
  const [search, setSearch] = useFilters();
  const kept = search.q ?? '';
  const [text, setText] = useState(kept);
  const commit = useDebouncedCallback((next: string) => setSearch({ q: next.trim() }), WAIT);
  useEffect(() => setText((now) => (now.trim() === kept ? now : kept)), [kept]);
  return (
    <TextInput
      type="search"
      label={label}
      value={text}
      leftSection={<IconSearch size={16} />}
      onChange={(event) => {
        setText(event.currentTarget.value);
        commit(event.currentTarget.value);
      }}
      flex="2 1 220px"
    />
  );
}
