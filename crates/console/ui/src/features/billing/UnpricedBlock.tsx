import { Button, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconPencilPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useUnresolved, type UnresolvedModel } from '@/data/unresolved';
import { AliasForm } from '@/features/pricing/AliasForm';
import { PriceForm } from '@/features/pricing/PriceForm';
import { FIELDS, RATE_NAMES, textsOf } from '@/features/pricing/rates';
import { DataTable, type Column } from '@/shared/DataTable';
import { compactCount, count, exactUsd } from '@/shared/format';
import { IfMay, useMay } from '@/shared/may';
import { Block } from '@/shared/Page';
import { useLocale } from '@/shared/preferences';
import { Empty, QueryState } from '@/shared/QueryState';
import { useOpen } from '@/shared/useOpen';
import { When } from '@/shared/When';

import { ManualEntry } from './ManualEntry';

const keyOf = (model: UnresolvedModel) => `${model.model ?? ''}@${model.last_upstream_id}`;

/** What was served and could not be billed, with the form that mends it in the row. */
export function UnpricedBlock() {
  const { t } = useTranslation(['billing', 'common']);
  const query = useUnresolved();
  const locale = useLocale();
  const mayRepair = useMay('finance');
  const { keys: open, toggle } = useOpen();
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
          {row.problem && <Problem problem={row.problem} />}
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
        row.model &&
        mayRepair && (
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

  return (
    <Block
      title={t('unpriced')}
      about={t('unpricedAbout')}
      actions={
        <IfMay needs="finance">
          <ManualEntry />
        </IfMay>
      }
    >
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
            opened={{ keys: open, render: (row) => <Repair row={row} onDone={() => toggle(keyOf(row))} /> }}
          />
        )}
      </QueryState>
    </Block>
  );
}

/** Under which names a price was looked for; other trouble stands in the gateway's own words. */
function Problem({ problem }: { problem: string }) {
  const { t } = useTranslation('billing');
  const names = /^no price for (.+)$/.exec(problem)?.[1];
  return (
    <Text size="xs" c="dimmed" lang={names ? undefined : 'en'} className="break">
      {names ? t('noPriceFor', { names }) : problem}
    </Text>
  );
}

/** Names that may be meant, to price it as one of them or to start from its price; and the form. */
function Repair({ row, onDone }: { row: UnresolvedModel; onDone: () => void }) {
  const { t } = useTranslation('billing');
  const [start, setStart] = useState<UnresolvedModel['suggestions'][number] | null>(null);
  const [target, setTarget] = useState<string | null>(null);
  const model = row.model ?? '';
  return (
    <Stack gap="md" py="xs">
      {row.suggestions.length > 0 && (
        <Stack gap={8}>
          <Text size="sm" fw={600}>
            {t('suggestions')}
          </Text>
          {row.suggestions.map((suggestion) => (
            <Group key={suggestion.target} gap="xs">
              <Button
                size="compact-sm"
                variant={target === suggestion.target ? 'filled' : 'light'}
                onClick={() => setTarget(suggestion.target)}
              >
                {t('priceLike', { model: suggestion.target })}
              </Button>
              <Button
                size="compact-sm"
                variant={start?.target === suggestion.target && target === null ? 'filled' : 'default'}
                onClick={() => {
                  setStart(suggestion);
                  setTarget(null);
                }}
                aria-label={t('takeFrom', { model: suggestion.target })}
              >
                {t('take')}
              </Button>
              <Text size="xs" c="dimmed" className="tabular">
                <Difference suggestion={suggestion} />
              </Text>
            </Group>
          ))}
        </Stack>
      )}
      {target === null ? (
        <PriceForm
          key={start?.target ?? ''}
          model={model}
          start={textsOf(start?.price)}
          keep={start?.price}
          onDone={onDone}
          onCancel={onDone}
        />
      ) : (
        <AliasForm key={target} name={model} target={target} onDone={onDone} onCancel={() => setTarget(null)} />
      )}
    </Stack>
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
