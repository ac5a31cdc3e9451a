import { Button, Card, Group, Modal, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFilterOff, IconPencil, IconPlus, IconSearch, IconTrash, type Icon } from '@tabler/icons-react';
import { useEffect, useState, type ComponentProps, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Column } from './DataTable';
import { Guarded, useMay } from './may';
import { Page } from './Page';
import { PagedTable } from './PagedTable';
import { Empty } from './QueryState';
import { RowActions, type RowAction } from './RowActions';
import { useFilters } from './search';
import { useDeletion } from './useDeletion';
import { useOpen } from './useOpen';

interface Named {
  id: string;
  name: string;
}

interface Props<Row extends Named> {
  /** Which things: the namespace of their words. */
  of: 'keys' | 'upstreams';
  icon: Icon;
  query: ComponentProps<typeof PagedTable<Row>>['query'];
  columns: readonly Column<Row>[];
  details: (row: Row) => ReactNode;
  /** Further filters, and the names of all of them in the address. */
  filters: ReactNode;
  filterNames: readonly string[];
  /** What can be done with a row besides editing and deleting it. */
  actions: (row: Row) => RowAction[];
  /** The form for a new one or one that is there, in a dialog. */
  form: (row: Row | null, close: () => void) => ReactNode;
  formSize: 'lg' | 'xl';
  remove: (row: Row) => Promise<unknown>;
}

const WAIT = 250;
/** Who may change what stands in a registry. */
const NEEDS = 'admin';

/** A page of things that are made, changed and deleted: search and filters, a list, what each row unfolds to. */
export function Registry<Row extends Named>(props: Props<Row>) {
  const { of, icon, query, columns, details, filters, filterNames, actions, form, formSize, remove } = props;
  const { t } = useTranslation([of, 'common']);
  const [search, setSearch] = useFilters();
  const open = useOpen();
  const mayAdd = useMay(NEEDS);
  // A link may ask for the form of a new one.
  const [edited, setEdited] = useState<Row | 'new' | null>(mayAdd && search.new ? 'new' : null);
  const close = () => {
    setEdited(null);
    if (search.new) setSearch({ new: null });
  };
  const removeAfterAll = useDeletion(remove, ({ name }: Row) => ({
    title: t(`${of}:deleteTitle`, { name }),
    text: t(`${of}:deleteText`),
    action: t(`${of}:delete`),
    done: t(`${of}:deleted`, { name }),
  }));
  const isFiltered = [...filterNames, 'q'].some((name) => search[name]);
  const clear = () => setSearch(Object.fromEntries([...filterNames, 'q'].map((name) => [name, null])));
  const plus = (
    <Guarded needs={NEEDS}>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
        {t(`${of}:add`)}
      </Button>
    </Guarded>
  );
  const nothing = isFiltered ? (
    <Empty
      icon={icon}
      title={t('common:noneFiltered')}
      action={
        <Button size="xs" variant="default" leftSection={<IconFilterOff size={14} />} onClick={clear}>
          {t('common:clearFilters')}
        </Button>
      }
    />
  ) : (
    <Empty icon={icon} title={t(`${of}:none`)} hint={t(`${of}:noneHint`)} action={plus} />
  );
  const doing: Column<Row> = {
    id: 'actions',
    header: '',
    align: 'right',
    onCard: 'aside',
    cell: (row) => {
      const label = { edit: t(`${of}:editTitle`, { name: row.name }), delete: t(`${of}:deleteTitle`, { name: row.name }) };
      return (
        <RowActions
          needs={NEEDS}
          actions={[
            ...actions(row),
            { id: 'edit', icon: IconPencil, hint: t('common:edit'), label: label.edit, onClick: () => setEdited(row) },
            {
              id: 'delete',
              icon: IconTrash,
              hint: t('common:delete'),
              label: label.delete,
              isQuiet: true,
              onClick: () => removeAfterAll(row),
            },
          ]}
        />
      );
    },
  };
  return (
    <Page title={t(`${of}:title`)} about={t(`${of}:about`)} actions={plus}>
      <Card component="section" aria-label={t(`${of}:title`)}>
        <Group gap="sm" mb="md" align="flex-end">
          <Search label={t(`${of}:searchIn`)} />
          {filters}
        </Group>
        <PagedTable
          query={query}
          empty={nothing}
          label={t(`${of}:title`)}
          columns={[...columns, doing]}
          rowKey={(row) => row.id}
          expanded={{ ...open, render: details }}
          isDense
        />
      </Card>
      <Modal
        opened={edited !== null}
        onClose={close}
        size={formSize}
        title={edited && edited !== 'new' ? t(`${of}:editTitle`, { name: edited.name }) : t(`${of}:add`)}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        {edited && form(edited === 'new' ? null : edited, close)}
      </Modal>
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
