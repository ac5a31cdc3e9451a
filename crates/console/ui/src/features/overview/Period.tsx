import { Progress, Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { AmountRange } from '@/shared/AmountRange';
import { difference, forDrawing, isZero, percent } from '@/shared/decimal';
import { compactCount, count } from '@/shared/format';
import { Money } from '@/shared/Money';
import { Block } from '@/shared/Page';
import { useLocale } from '@/shared/preferences';

interface Props {
  title: string;
  about: string;
  totals: Schemas['PeriodTotals'];
}

/** A period in full: what the provider reported, what is estimated, what is in no sum. */
export function Period({ title, about, totals }: Props) {
  const { t } = useTranslation(['overview', 'common']);
  const locale = useLocale();
  const { reported, estimated, unbilled } = totals.parts;
  const saved = difference(totals.list_cost, totals.cost);
  const share = percent(estimated.cost, totals.cost);
  const parts: [string, number, ReactNode][] = [
    [t('reported'), reported.attempts, <Money key="r" value={reported.cost} />],
    [t('estimated'), estimated.attempts, <Money key="e" value={estimated.cost} />],
  ];
  const figures: [string, ReactNode][] = [
    [t('chargeLabel'), <Money key="c" value={totals.charge} />],
    [t('listLabel'), <Money key="l" value={totals.list_cost} />],
    [t('belowList'), <Money key="b" value={saved} />],
    [t('inputTokens'), compactCount(totals.input_tokens, locale)],
    [t('cachedTokens'), compactCount(totals.cache_read_tokens, locale)],
    [t('outputTokens'), compactCount(totals.output_tokens, locale)],
  ];
  return (
    <Block title={title} about={about}>
      <Stack gap="sm">
        {share !== null && (
          <Progress.Root size={8} aria-hidden>
            <Progress.Section value={100 - forDrawing(share)} color="pine.7" />
            <Progress.Section value={forDrawing(share)} color="orange.6" />
          </Progress.Root>
        )}
        <Table verticalSpacing={5} horizontalSpacing={0} withRowBorders={false} aria-label={title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th fz="xs" c="dimmed">{t('part')}</Table.Th>
              <Table.Th fz="xs" c="dimmed" ta="right">{t('attempts')}</Table.Th>
              <Table.Th fz="xs" c="dimmed" ta="right">{t('sum')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {parts.map(([label, attempts, cost]) => (
              <Table.Tr key={label}>
                <Table.Td>{label}</Table.Td>
                <Table.Td ta="right" className="tabular">{count(attempts, locale)}</Table.Td>
                <Table.Td ta="right" className="tabular">{cost}</Table.Td>
              </Table.Tr>
            ))}
            <Table.Tr>
              <Table.Td fw={650}>{t('total')}</Table.Td>
              <Table.Td ta="right" className="tabular" fw={650}>{count(totals.billed, locale)}</Table.Td>
              <Table.Td ta="right" className="tabular" fw={650}>
                <Money value={totals.cost} />
              </Table.Td>
            </Table.Tr>
            <Table.Tr>
              <Table.Td c={unbilled.attempts > 0 ? 'var(--mantine-color-error)' : undefined}>{t('unbilledPart')}</Table.Td>
              <Table.Td ta="right" className="tabular">{count(unbilled.attempts, locale)}</Table.Td>
              <Table.Td ta="right" className="tabular">
                {unbilled.attempts === 0 ? (
                  t('common:none')
                ) : unbilled.estimate ? (
                  <AmountRange of={unbilled.estimate} />
                ) : (
                  t('common:unknownAmount')
                )}
              </Table.Td>
            </Table.Tr>
            {totals.no_charge > 0 && (
              <Table.Tr>
                <Table.Td>{t('noCharge')}</Table.Td>
                <Table.Td ta="right" className="tabular">{count(totals.no_charge, locale)}</Table.Td>
                <Table.Td ta="right">{t('common:none')}</Table.Td>
              </Table.Tr>
            )}
          </Table.Tbody>
        </Table>
        <Stack gap={4}>
          {figures.map(([label, value]) => (
            <Text key={label} size="sm" component="div" display="flex" style={{ justifyContent: 'space-between', gap: 12 }}>
              <Text span inherit c="dimmed">
                {label}
              </Text>
              <span className="tabular">{value}</span>
            </Text>
          ))}
        </Stack>
        {!isZero(estimated.cost) && share && (
          <Text size="xs" c="dimmed">
            {t('estimatedShare', { share })}
          </Text>
        )}
      </Stack>
    </Block>
  );
}
