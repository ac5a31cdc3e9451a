import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { ApiError } from '@/api/problem';

interface Props {
  error: ApiError;
  /** Offers to ask again. */
  onRetry?: () => void;
}

/** A failure in the reader's language, with the gateway's own words beneath. */
export function Problem({ error, onRetry }: Props) {
  const { t } = useTranslation(['problems', 'common']);
  const detail = error.problem?.detail;
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} role="alert" title={t(error.kind)}>
      <Text size="sm">{t(`hints.${error.kind}`)}</Text>
      {detail && (
        <Text size="sm" c="dimmed" mt={4} lang="en" className="break">
          {detail}
        </Text>
      )}
      {onRetry && (
        <Group mt="sm">
          <Button size="xs" variant="default" leftSection={<IconRefresh size={14} />} onClick={onRetry}>
            {t('common:retry')}
          </Button>
        </Group>
      )}
    </Alert>
  );
}
