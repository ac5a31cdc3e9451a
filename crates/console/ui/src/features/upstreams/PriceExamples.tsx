import { MultiSelect, Stack, Table, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { usePrices } from '@/data/prices';
import { Rate } from '@/shared/Money';
import { QueryState } from '@/shared/QueryState';

import { isProvider } from './mistakes';
import { modelRules } from './models';
import { exampleOf, fewOf } from './prices';
import type { Values } from './values';

const SIDES = ['input', 'output'] as const;
const FEW = 4;
const WAIT = 300;

interface Props {
  upstreamId: string | null;
  values: Values;
}

/** What some of its models cost at this upstream: the list price times what stands in the form. */
export function PriceExamples({ upstreamId, values }: Props) {
  const { t } = useTranslation('upstreams');
  const [provider] = useDebouncedValue(values.provider.trim(), WAIT);
  if (!isProvider(provider)) {
    return (
      <Text size="sm" c="dimmed">
        {t('examplesWait')}
      </Text>
    );
  }
  return <Examples provider={provider} upstreamId={upstreamId} values={values} />;
}

function Examples({ provider, upstreamId, values }: Props & { provider: string }) {
  const { t } = useTranslation(['upstreams', 'common', 'domain']);
  const query = usePrices({ provider, page: 1, page_size: 200 });
  const [picked, setPicked] = useState<string[]>([]);
  const rules = modelRules(values.models).map(({ model, send_as }) => send_as ?? model);
  return (
    <QueryState query={query} rows={3}>
      {({ items }) => {
        const some = picked.length > 0 ? items.filter(({ model }) => picked.includes(model)) : fewOf(items, rules, FEW);
        const examples = some.flatMap((price) => exampleOf(price, upstreamId, values) ?? []);
        return (
          <Stack gap="xs">
            {examples.length === 0 ? (
              <Text size="sm" c="dimmed">
                {t('noExamples', { provider })}
              </Text>
            ) : (
              <Table.ScrollContainer minWidth={260} type="native" tabIndex={0}>
                <Table aria-label={t('examples')} fz="sm" verticalSpacing={4} horizontalSpacing="xs">
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t('common:model')}</Table.Th>
                      <Table.Th ta="right">{t('domain:rate.input')}</Table.Th>
                      <Table.Th ta="right">{t('domain:rate.output')}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {examples.map(({ model, list, after }) => (
                      <Table.Tr key={model}>
                        <Table.Td className="break">{model}</Table.Td>
                        {SIDES.map((side) => (
                          <Table.Td key={side} ta="right">
                            <strong>
                              <Rate value={after[side]} />
                            </strong>
                            {after[side] !== list[side] && (
                              <Text size="xs" c="dimmed" className="nowrap">
                                {t('listPrice')} <Rate value={list[side]} />
                              </Text>
                            )}
                          </Table.Td>
                        ))}
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            )}
            {items.length > 0 && (
              <MultiSelect
                label={t('examplesOf')}
                description={t('domain:perMillion')}
                data={items.map(({ model }) => model)}
                value={picked}
                onChange={setPicked}
                searchable
                clearable
                clearButtonProps={{ 'aria-label': t('common:clear') }}
                limit={50}
                maxValues={6}
              />
            )}
          </Stack>
        );
      }}
    </QueryState>
  );
}
