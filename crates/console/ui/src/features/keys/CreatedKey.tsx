import { Alert, Button, Code, Group, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { ApiKey } from '@/data/apiKeys';
import { Copy } from '@/shared/Copy';
import { When } from '@/shared/When';

import { Snippets } from './Snippets';

interface Props {
  made: { token: string; key: ApiKey } | null;
  onClose: () => void;
}

/** A new token, shown this once, with what to paste into a client. */
export function CreatedKey({ made, onClose }: Props) {
  const { t } = useTranslation(['keys', 'common']);
  const retiring = made?.key.retiring_token;
  return (
    <Modal
      opened={made !== null}
      onClose={onClose}
      title={t('createdTitle')}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {made && (
        <Stack>
          <Alert color="yellow" icon={<IconAlertTriangle size={18} />}>
            {t('createdHint')}
          </Alert>
          {retiring && (
            <Text size="sm">
              {t('retiringUntil', { hint: retiring.token_hint })} <When at={retiring.accepted_until} />
            </Text>
          )}
          <Group wrap="nowrap" gap="xs">
            <Code block flex={1} className="break" aria-label={t('token')}>
              {made.token}
            </Code>
            <Copy text={made.token} />
          </Group>
          <Text fw={600} size="sm">
            {t('snippets')}
          </Text>
          <Snippets token={made.token} models={made.key.allowed_models} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{t('done')}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
