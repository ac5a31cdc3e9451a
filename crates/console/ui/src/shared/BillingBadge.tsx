import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';

import { Badge, type Tone } from './Badge';

type Status = Schemas['RequestStatus'];

const TONES: Record<Status, Tone> = {
  billed: 'good',
  partly_billed: 'warn',
  unbilled: 'bad',
  no_charge: 'neutral',
};

interface Props {
  /** Nothing while the entry is on its way to the ledger. */
  status: Status | null | undefined;
  reason?: Schemas['Reason'] | null;
}

/** Whether a request is billed and, where it is not, why. */
export function BillingBadge({ status, reason }: Props) {
  const { t } = useTranslation('domain');
  if (!status) return <Badge tone="info">{t('billing_status.pending')}</Badge>;
  return (
    <Stack gap={2} align="flex-start">
      <Badge tone={TONES[status]}>{t(`billing_status.${status}`)}</Badge>
      {reason && (
        <Text size="xs" c="dimmed">
          {t(`reason.${reason}`)}
        </Text>
      )}
    </Stack>
  );
}
