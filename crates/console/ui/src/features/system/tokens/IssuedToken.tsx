import { Alert, Button, Code, Group, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Issued } from '@/data/tokens';
import { Copy } from '@/shared/Copy';
import { When } from '@/shared/When';

/** A new admin token, shown this once. */
export function IssuedToken({ issued, onClose }: { issued: Issued | null; onClose: () => void }) {
  const { t } = useTranslation(['system', 'domain', 'common']);
  return (
    <Modal
      opened={issued !== null}
      onClose={onClose}
      title={t('tokens.issuedTitle')}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {issued && (
        <Stack>
          <Alert color="yellow" icon={<IconAlertTriangle size={18} />}>
            {t('tokens.issuedHint')}
          </Alert>
          <Group wrap="nowrap" gap="xs" align="flex-start">
            <Code block flex={1} className="break" aria-label={t('tokens.token')}>
              {issued.token}
            </Code>
            <Copy text={issued.token} />
          </Group>
          <Text size="sm" c="dimmed">
            {t('tokens.issuedFor', {
              name: issued.admin_token.name,
              role: t(`domain:role.${issued.admin_token.role}`),
            })}
          </Text>
          {issued.admin_token.previous_until && (
            <Text size="sm" c="dimmed" component="div">
              {t('tokens.oldUntil')} <When at={issued.admin_token.previous_until} />
            </Text>
          )}
          <Group justify="flex-end">
            <Button onClick={onClose}>{t('tokens.copied')}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
