import { Card, Group, Modal, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { ComponentProps, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { RuleKind } from '@/data/ruleTables';
import type { Column } from '@/shared/DataTable';
import { PagedTable } from '@/shared/PagedTable';
import { useOpen } from '@/shared/useOpen';
import { When } from '@/shared/When';

import { RuleTables } from './RuleTables';
import { useTyped } from './useTyped';

/** What manual prices and aliases have in common: where they hold, since when, by whom and why. */
export interface Rule {
  id: string;
  note: string | null;
  upstream_id: string | null;
  upstream_name: string | null;
  valid_from: string;
  author: string;
}

interface Props<R extends Rule> {
  kind: RuleKind;
  about?: string;
  searchHint: string;
  /** Further filters, and what makes a new one. */
  filters?: ReactNode;
  add?: ReactNode;
  query: ComponentProps<typeof PagedTable<R>>['query'];
  columns: readonly Column<R>[];
  empty: ReactNode;
  details: (rule: R) => ReactNode;
  /** The form in its dialog; nothing while none is open. */
  form: { title: string; size: 'lg' | 'xl'; content: ReactNode } | null;
  onCloseForm: () => void;
}

/** A searched list of price rules, each with its history, and the dialog to edit one. */
export function RuleList<R extends Rule>(props: Props<R>) {
  const { kind, about, searchHint, filters, add, query, columns, empty, details, form, onCloseForm } = props;
  const { t } = useTranslation(['prices', 'common']);
  const [typed, setTyped] = useTyped();
  const open = useOpen();
  return (
    <Card component="section" aria-label={t(`tabs.${kind}`)}>
      {about && (
        <Text size="sm" c="dimmed" mb="md">
          {about}
        </Text>
      )}
      <Group mb="md" gap="sm" align="flex-end">
        <TextInput
          label={t('searchModel')}
          placeholder={searchHint}
          leftSection={<IconSearch size={16} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          type="search"
          flex="1 1 200px"
        />
        {filters}
        <RuleTables kind={kind} />
        {add}
      </Group>
      <PagedTable
        query={query}
        empty={empty}
        label={t(`tabs.${kind}`)}
        columns={columns}
        rowKey={(row) => row.id}
        expanded={{ keys: open.keys, toggle: open.toggle, render: details }}
      />
      <Modal
        opened={form !== null}
        onClose={onCloseForm}
        size={form?.size}
        title={form?.title}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        {form?.content}
      </Modal>
    </Card>
  );
}

/** Where a rule holds, in words. */
export function useScopeOf(): (rule: Pick<Rule, 'upstream_id' | 'upstream_name'>) => string {
  const { t } = useTranslation('prices');
  return (rule) => (rule.upstream_id === null ? t('everywhere') : (rule.upstream_name ?? t('upstreamGone')));
}

/** The columns around what a rule says: what it is for and why, where it holds, since when and by whom. */
export function useRuleColumns<R extends Rule>(header: string, nameOf: (rule: R) => string): Record<'name' | 'scope' | 'since', Column<R>> {
  const { t } = useTranslation('prices');
  const scopeOf = useScopeOf();
  return {
    name: {
      id: 'name',
      header,
      onCard: 'title',
      cell: (row) => (
        <>
          <Text size="sm" fw={500} className="break">
            {nameOf(row)}
          </Text>
          {row.note && (
            <Text size="xs" c="dimmed" fw={400} className="break">
              {row.note}
            </Text>
          )}
        </>
      ),
    },
    scope: { id: 'scope', header: t('scope'), cell: scopeOf },
    since: {
      id: 'since',
      header: t('since'),
      cell: (row) => (
        <>
          <When at={row.valid_from} />
          <Text size="xs" c="dimmed" className="break">
            {row.author}
          </Text>
        </>
      ),
    },
  };
}
