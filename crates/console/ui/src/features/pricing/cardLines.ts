import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import type { RateCard } from '@/data/prices';
import { count, rateUsd } from '@/shared/format';
import { useLocale } from '@/shared/preferences';
import { useMeterName } from '@/shared/useMeterName';

import { UNITS } from './meters';
import { FIELDS, RATE_NAMES, type RateField } from './rates';

type Further = Schemas['FurtherRate'];

/** What a price card, an override and each version of one have in common. */
export type CardLike = Pick<RateCard, RateField | 'bands' | 'rates' | 'modifiers'>;

/** One price of a card: what for, and how much. */
export interface CardLine {
  label: string;
  value: string;
}

/** Every price of a card as a line: flat rates, what holds above so many tokens, other tiers and units, modifiers. */
export function useCardLines(): (card: CardLike) => CardLine[] {
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

  return (card) => [
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
    ...Object.entries(card.modifiers).map(([name, factor]) => ({ label: t('modifier', { name }), value: `× ${factor}` })),
  ];
}
