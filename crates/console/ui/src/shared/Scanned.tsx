import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { shortDateTime } from './format';
import { useLocale } from './preferences';

/** A page that found little looked only so far back; the next one goes on from there. */
export function Scanned({ to }: { to: string | null | undefined }) {
  const { t } = useTranslation('logs');
  const locale = useLocale();
  if (!to) return null;
  return (
    <Text size="sm" c="dimmed" ta="center">
      {t('scannedTo', { at: shortDateTime(to, locale) })}
    </Text>
  );
}
