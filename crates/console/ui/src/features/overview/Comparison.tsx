import { Text } from '@mantine/core';
import { IconArrowDownRight, IconArrowRight, IconArrowUpRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { changePercent, type Decimal } from '@/shared/decimal';
import { Money } from '@/shared/Money';

interface Props {
  now: Decimal;
  /** What the earlier period had come to at the same point of it. */
  before: Decimal;
  /** Which period that was. */
  against: string;
}

/** How an amount stands to that of an earlier period. More is neither good nor bad: it has no colour. */
export function Comparison({ now, before, against }: Props) {
  const { t } = useTranslation('overview');
  const change = changePercent(now, before);
  const isSame = change === '+0.0' || change === '-0.0';
  const Arrow = change === null || isSame ? IconArrowRight : change.startsWith('-') ? IconArrowDownRight : IconArrowUpRight;
  return (
    <Text inherit component="div" data-testid="comparison">
      {change !== null && (
        <>
          <Arrow size={15} aria-hidden style={{ verticalAlign: '-2px' }} />{' '}
          <Text span inherit fw={600} c="var(--mantine-color-text)" className="tabular nowrap">
            {t('changeBy', { change })}
          </Text>{' '}
        </>
      )}
      {against} (<Money value={before} />)
    </Text>
  );
}
