import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import type { RateCard } from '@/data/prices';
import { count, rateUsd } from '@/shared/format';
import { useLocale } from '@/shared/preferences';
import { useMeterName } from '@/shared/useMeterName';

import { UNITS } from './meters';
import { FIELDS, RATE_NAMES, type RateField, type RateName } from './rates';

type Further = Schemas['FurtherRate'];

/** What a price card, an override and each version of one have in common. */
export type CardLike = Pick<RateCard, RateField | 'bands' | 'rates' | 'modifiers'>;

/** One price of a card: what for, and how much. */
export interface CardLine {
  label: string;
  value: string;
}

/** The token rates of a card side by side: the ordinary ones, those above so many tokens, those of other tiers. */
export interface CardMatrix {
  /** The rates that any row has. */
  columns: RateName[];
  rows: { label: string; values: Partial<Record<RateName, string>> }[];
  /** What has no place in it. */
  others: CardLine[];
}

interface Cards {
  /** Every price as a line: flat rates, what holds above so many tokens, other tiers and units, modifiers. */
  linesOf: (card: CardLike) => CardLine[];
  matrixOf: (card: CardLike) => CardMatrix;
}

/** A card in words. */
export function useCards(): Cards {
  const { t } = useTranslation(['prices', 'domain']);
  const locale = useLocale();
  const meterName = useMeterName();
  const above = (tokens: number) => t('above', { tokens: count(tokens, locale) });

  const further = (rate: Further): CardLine => {
    const unit = UNITS.find((name) => rate[`usd_per_${name}`]);
    const value = unit && rate[`usd_per_${unit}`];
    const place = [
      rate.tier,
      rate.size,
      rate.above_tokens ? above(rate.above_tokens) : null,
      unit && unit !== 'mtok' ? t(`units.${unit}`) : null,
    ];
    const label = [meterName(rate.meter), ...place].filter(Boolean).join(' · ');
    return { label, value: value ? rateUsd(value) : '–' };
  };
  const modifiers = (card: CardLike) =>
    Object.entries(card.modifiers).map(([name, factor]) => ({ label: t('modifier', { name }), value: `× ${factor}` }));

  const linesOf = (card: CardLike) => [
    ...RATE_NAMES.flatMap((name) => {
      const value = card[FIELDS[name]];
      return value ? [{ label: t(`domain:rate.${name}`), value: rateUsd(value) }] : [];
    }),
    ...card.bands.flatMap((band) =>
      RATE_NAMES.flatMap((name) => {
        const value = band[FIELDS[name]];
        return value ? [{ label: `${t(`domain:rate.${name}`)} · ${above(band.above_tokens)}`, value: rateUsd(value) }] : [];
      }),
    ),
    ...card.rates.map(further),
    ...modifiers(card),
  ];

  const matrixOf = (card: CardLike): CardMatrix => {
    const rows: CardMatrix['rows'] = [{ label: t('ordinary'), values: shown(card) }];
    for (const band of card.bands) rows.push({ label: above(band.above_tokens), values: shown(band) });
    const others: CardLine[] = [];
    for (const rate of card.rates) {
      const name = RATE_NAMES.find((one) => one === rate.meter);
      if (!name || !rate.usd_per_mtok || rate.size) {
        others.push(further(rate));
        continue;
      }
      const label = [rate.tier, rate.above_tokens ? above(rate.above_tokens) : null].filter(Boolean).join(' · ');
      let row = rows.find((one) => one.label === label);
      if (!row) rows.push((row = { label, values: {} }));
      row.values[name] = rateUsd(rate.usd_per_mtok);
    }
    const columns = RATE_NAMES.filter((name) => rows.some(({ values }) => values[name] !== undefined));
    return { columns, rows, others: [...others, ...modifiers(card)] };
  };
  return { linesOf, matrixOf };
}

function shown(rates: Partial<Record<RateField, string | null>>): Partial<Record<RateName, string>> {
  return Object.fromEntries(
    RATE_NAMES.flatMap((name) => {
      const value = rates[FIELDS[name]];
      return value ? [[name, rateUsd(value)]] : [];
    }),
  );
}
