import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';

import { compare } from './decimal';
import { Money } from './Money';

/** From what to what something may have cost, or why nobody can tell. */
export function AmountRange({ of }: { of: Pick<Schemas['CostEstimate'], 'cost_low' | 'cost_high' | 'reason'> }) {
  const { t } = useTranslation(['domain', 'common']);
  const { cost_low: low, cost_high: high, reason } = of;
  if (low === null || high === null) {
    return (
      <Text span inherit c="dimmed">
        {reason ? t(`estimateReason.${reason}`) : t('common:unknownAmount')}
      </Text>
    );
  }
  if (compare(low, high) === 0) return <Money value={low} />;
  return (
    <span className="nowrap">
      <Money value={low} /> – <Money value={high} />
    </span>
  );
}
