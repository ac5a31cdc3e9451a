import { Button, Checkbox, Group, Text } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { Badge, type Tone } from '@/shared/Badge';
import { multiple } from '@/shared/decimal';
import { count, rateUsd } from '@/shared/format';
import { IfMay, useMay } from '@/shared/may';
import { useLocale } from '@/shared/preferences';
import { useMeterName } from '@/shared/useMeterName';

import classes from './ModelChange.module.css';
import { perUnit } from './perUnit';

type Change = Schemas['PriceModelChange'];
type RateChange = Schemas['PriceRateChange'];

const TONES: Record<Change['change'], Tone> = {
  added: 'good',
  changed: 'info',
  removed: 'warn',
  returned: 'good',
  let_go: 'neutral',
};

interface Props {
  change: Change;
  isPicked: boolean;
  onPick: () => void;
  onVerdict: (verdict: 'accept' | 'reject') => void;
}

/** What a run says of one model: each rate before and after, and the decision where one waits. */
export function ModelChange({ change, isPicked, onPick, onVerdict }: Props) {
  const { t } = useTranslation(['prices', 'domain']);
  const mayDecide = useMay('finance');
  const isWaiting = change.held?.state === 'held';
  return (
    <>
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          {isWaiting && mayDecide && (
            <Checkbox checked={isPicked} onChange={onPick} aria-label={t('pick', { model: change.model })} size="xs" radius="sm" />
          )}
          <Text size="sm" fw={600} className="break">
            {change.model}
          </Text>
          <Badge tone={TONES[change.change]}>{t(`changeKinds.${change.change}`)}</Badge>
          {change.held && (
            <Badge tone={isWaiting ? 'warn' : 'neutral'}>
              {t(`holdStates.${change.held.state}`)}: {t(`holdReasons.${change.held.reason}`)}
            </Badge>
          )}
        </Group>
        {isWaiting && (
          <IfMay needs="finance">
            <Group gap={4}>
              <Button
                size="compact-xs"
                variant="light"
                onClick={() => onVerdict('accept')}
                aria-label={t('acceptModel', { model: change.model })}
              >
                {t('accept')}
              </Button>
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => onVerdict('reject')}
                aria-label={t('rejectModel', { model: change.model })}
              >
                {t('reject')}
              </Button>
            </Group>
          </IfMay>
        )}
      </Group>
      <ul className={classes.lines}>
        {change.rates.map((rate, index) => (
          <RateLine key={index} rate={rate} />
        ))}
        {change.modifiers.map((modifier) => (
          <Line
            key={modifier.name}
            label={t('modifier', { name: modifier.name })}
            before={modifier.old_multiplier && `× ${modifier.old_multiplier}`}
            after={modifier.new_multiplier && `× ${modifier.new_multiplier}`}
          />
        ))}
        {change.terms.map((term) => (
          <li key={term.name} className={classes.term} lang="en">
            {term.text}
          </li>
        ))}
      </ul>
    </>
  );
}

function RateLine({ rate }: { rate: RateChange }) {
  const { t } = useTranslation('prices');
  const meterName = useMeterName();
  const place = usePlace(rate.place);
  const unit = rate.unit === 'token' ? null : t(`units.${rate.unit}`);
  const { old_usd_per_million: old, new_usd_per_million: now } = rate;
  const factor = old !== null && now !== null ? multiple(now, old) : null;
  return (
    <Line
      label={[meterName(rate.meter), ...place, unit].filter(Boolean).join(' · ')}
      before={old && rateUsd(perUnit(old, rate.unit))}
      after={now && rateUsd(perUnit(now, rate.unit))}
      factor={factor}
    />
  );
}

interface LineProps {
  label: string;
  before: string | null;
  after: string | null;
  factor?: string | null;
}

function Line({ label, before, after, factor = null }: LineProps) {
  const { t } = useTranslation('prices');
  return (
    <li className={classes.line}>
      <span className={classes.label}>{label}</span>
      <span className="tabular nowrap">{before ?? t('noPrice')}</span>
      <IconArrowRight size={12} aria-label={t('becomes')} />
      <strong className="tabular nowrap">{after ?? t('noPrice')}</strong>
      {factor !== null && factor !== '1' && <span className="tabular nowrap">{`(×${factor})`}</span>}
    </li>
  );
}

/** What else a rate is for, in words: the tier, the size, above how many tokens. */
function usePlace(place: RateChange['place']): string[] {
  const { t } = useTranslation('prices');
  const locale = useLocale();
  return Object.entries(place).flatMap(([name, value]) => {
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    return [name === 'above_tokens' ? t('above', { tokens: count(Number(value), locale) }) : String(value)];
  });
}
