import { Button, Group, Text } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Live } from '@/data/liveLogs';
import { Badge, type Tone } from '@/shared/Badge';

const TONES: Record<Exclude<Live['state'], 'off'>, Tone> = {
  connecting: 'neutral',
  live: 'good',
  away: 'warn',
  reconnecting: 'warn',
  polling: 'info',
  paused: 'neutral',
};

/** How the list is kept up to date, and what waits to be shown. */
export function LiveNotice({ live }: { live: Live }) {
  const { t } = useTranslation('logs');
  if (live.state === 'off') return null;
  return (
    <Group gap="sm" role="status" aria-label={t('live')}>
      <Badge tone={TONES[live.state]}>{t(`liveStates.${live.state}`)}</Badge>
      {live.state !== 'live' && (
        <Text size="xs" c="dimmed">
          {t(`liveHints.${live.state}`)}
        </Text>
      )}
      {live.lag !== null && <Badge tone="warn">{t('lag', { seconds: live.lag })}</Badge>}
      {live.held > 0 && (
        <Button size="compact-xs" variant="light" leftSection={<IconArrowUp size={12} />} onClick={live.show}>
          {t('showHeld', { count: live.held })}
        </Button>
      )}
    </Group>
  );
}
