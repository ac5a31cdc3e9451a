import { Card, Group, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import type { RateCard } from '@/data/prices';
import { count, rateUsd } from '@/shared/format';
import { useLocale } from '@/shared/preferences';
import { useMeterName } from '@/shared/useMeterName';

import { FIELDS, RATE_NAMES } from './rates';

type Further = Schemas['FurtherRate'];

const UNITS = ['mtok', 'call', 'character', 'image', 'page', 'pixel', 'second'] as const;

/** A price card: flat rates, what holds above so many tokens, other tiers and units, modifiers. */
export function RateCardView({ title, card }: { title: string; card: RateCard }) {
  const { t } = useTranslation(['prices', 'domain']);
  const locale = useLocale();
  const flat = RATE_NAMES.flatMap((name) => {
    const value = card[FIELDS[name]];
    return value ? [{ name, value }] : [];
  });
  const modifiers = Object.entries(card.modifiers);
  return (
    <Card padding="sm" radius="md" component="section" aria-label={title}>
      <Group justify="space-between" mb={4}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="xs" c="dimmed">
          {t('domain:perMillion')}
        </Text>
      </Group>
      <Table verticalSpacing={4} aria-label={title}>
        <Table.Tbody>
          {flat.map(({ name, value }) => (
            <Line key={name} label={t(`domain:rate.${name}`)} value={rateUsd(value)} />
          ))}
          {card.bands.map((band) =>
            RATE_NAMES.map((name) => {
              const value = band[FIELDS[name]];
              if (!value) return null;
              const tokens = count(band.above_tokens, locale);
              const label = `${t(`domain:rate.${name}`)} · ${t('above', { tokens })}`;
              return <Line key={`${band.above_tokens}${name}`} label={label} value={rateUsd(value)} />;
            }),
          )}
          {card.rates.map((rate, index) => (
            <FurtherLine key={index} rate={rate} />
          ))}
          {modifiers.map(([name, factor]) => (
            <Line key={name} label={t('modifier', { name })} value={`× ${factor}`} />
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

function FurtherLine({ rate }: { rate: Further }) {
  const { t } = useTranslation(['prices', 'domain']);
  const locale = useLocale();
  const meterName = useMeterName();
  const unit = UNITS.find((name) => rate[`usd_per_${name}`]);
  const value = unit && rate[`usd_per_${unit}`];
  const place = [
    rate.tier,
    rate.size,
    rate.above_tokens ? t('above', { tokens: count(rate.above_tokens, locale) }) : null,
    unit && unit !== 'mtok' ? t(`units.${unit}`) : null,
  ];
  const label = [meterName(rate.meter), ...place].filter(Boolean).join(' · ');
  return <Line label={label} value={value ? rateUsd(value) : '–'} />;
}

function Line({ label, value }: { label: string; value: string }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" c="dimmed">
          {label}
        </Text>
      </Table.Td>
      <Table.Td ta="right" className="tabular nowrap">
        {value}
      </Table.Td>
    </Table.Tr>
  );
}
