import { Button, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconPencilPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useUnresolved, type UnresolvedModel } from '@/data/unresolved';
import { PriceForm } from '@/features/pricing/PriceForm';
import { FIELDS, RATE_NAMES, textsOf } from '@/features/pricing/rates';
import { DataTable, type Column } from '@/shared/DataTable';
import { compactCount, count, exactUsd } from '@/shared/format';
import { Block } from '@/shared/Page';
import { useLocale } from '@/shared/preferences';
import { Empty, QueryState } from '@/shared/QueryState';
import { When } from '@/shared/When';

import { ManualEntry } from './ManualEntry';

const keyOf = (model: UnresolvedModel) => `${model.model ?? ''}@${model.last_upstream_id}`;

/** What was served and could not be billed, with the form that mends it in the row. */
export function UnpricedBlock() {
  const { t } = useTranslation(['billing', 'common']);
  const query = useUnresolved();
  const locale = useLocale();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [start, setStart] = useState<Record<string, UnresolvedModel['suggestions'][number]>>({});

  const toggle = (key: string) => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  const columns: Column<UnresolvedModel>[] = [
    {
      id: 'model',
      header: t('common:model'),
      onCard: 'title',
      cell: (row) => (
        <>
          <Text size="sm" fw={600} className="break">
            {row.model ?? t('unnamedModel')}
          </Text>
          {row.problem && (
            <Text size="xs" c="dimmed" lang="en">
              {row.problem}
            </Text>
          )}
        </>
      ),
    },
    { id: 'occurrences', header: t('occurrences'), align: 'right', cell: (row) => count(row.occurrences, locale) },
    {
      id: 'tokens',
      header: t('tokens'),
      align: 'right',
      cell: (row) =>
        t('inOut', { input: compactCount(row.input_tokens, locale), output: compactCount(row.output_tokens, locale) }),
    },
    { id: 'last', header: t('lastSeen'), cell: (row) => <When at={row.last_seen} relative /> },
    { id: 'upstream', header: t('lastUpstream'), cell: (row) => row.last_upstream },
    {
      id: 'action',
      header: '',
      align: 'right',
      onCard: 'aside',
      cell: (row) =>
        row.model && (
          <Button
            size="xs"
            variant={open.has(keyOf(row)) ? 'default' : 'filled'}
            onClick={() => toggle(keyOf(row))}
            aria-expanded={open.has(keyOf(row))}
            leftSection={<IconPencilPlus size={14} />}
          >
            {open.has(keyOf(row)) ? t('common:close') : t('setPrice')}
          </Button>
        ),
    },
  ];

  const repair = (row: UnresolvedModel) => {
    const key = keyOf(row);
    const chosen = start[key];
    return (
      <Stack gap="md" py="xs">
        {row.suggestions.length > 0 && (
          <Stack gap={6}>
            <Text size="sm" fw={600}>
              {t('suggestions')}
            </Text>
            {row.suggestions.map((suggestion) => (
              <Group key={suggestion.target} gap="xs">
                <Button
                  size="compact-sm"
                  variant={chosen?.target === suggestion.target ? 'filled' : 'light'}
                  onClick={() => setStart({ ...start, [key]: suggestion })}
                >
                  {t('takeFrom', { model: suggestion.target })}
                </Button>
                <Text size="xs" c="dimmed" className="tabular">
                  <Difference suggestion={suggestion} />
                </Text>
              </Group>
            ))}
          </Stack>
        )}
        <PriceForm
          key={chosen?.target ?? ''}
          model={row.model ?? ''}
          start={textsOf(chosen?.price)}
          onDone={() => toggle(key)}
          onCancel={() => toggle(key)}
        />
      </Stack>
    );
  };

  return (
    <Block title={t('unpriced')} about={t('unpricedAbout')} actions={<ManualEntry />}>
      <QueryState
        query={query}
        isEmpty={(data) => data.items.length === 0}
        empty={<Empty isGood icon={IconCircleCheck} title={t('allPriced')} hint={t('allPricedHint')} />}
      >
        {(data) => (
          <DataTable
            label={t('unpriced')}
            columns={columns}
            rows={data.items}
            rowKey={keyOf}
            tone={() => 'warn'}
            opened={{ keys: open, render: repair }}
          />
        )}
      </QueryState>
    </Block>
  );
}

function Difference({ suggestion }: { suggestion: UnresolvedModel['suggestions'][number] }) {
  const { t } = useTranslation(['domain']);
  const how = suggestion.differences.map((difference) => t(`near.${difference}`)).join(', ');
  const rates = RATE_NAMES.flatMap((name) => {
    const value = suggestion.price[FIELDS[name]];
    return value ? [`${t(`rate.${name}`)} ${exactUsd(value)}`] : [];
  });
  return <>{[how, ...rates].filter(Boolean).join(' · ')}</>;
}
