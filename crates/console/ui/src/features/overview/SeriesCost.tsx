import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { percent, type Decimal } from '@/shared/decimal';
import { Money } from '@/shared/Money';

interface Props {
  of: Schemas['TimeseriesSeries'];
  /** What all of them cost. */
  whole: Decimal;
}

/** What one member cost and which share that is. Where nothing of it is billed, nobody knows: that is no zero. */
export function SeriesCost({ of, whole }: Props) {
  const { t } = useTranslation('overview');
  const share = shareOf(of, whole);
  return (
    <Group gap={8} wrap="nowrap">
      {share !== null && (
        <Text size="xs" c="dimmed" className="tabular nowrap">
          {t('share', { share })}
        </Text>
      )}
      <Money value={isUnknown(of) ? null : of.total.cost} fz="sm" fw={600} />
    </Group>
  );
}

/** Its share in percent; nothing where its cost is not known. */
export function shareOf(of: Props['of'], whole: Decimal): string | null {
  return isUnknown(of) ? null : percent(of.total.cost, whole);
}

function isUnknown({ total }: Props['of']): boolean {
  return total.billed === 0 && total.unbilled > 0;
}
