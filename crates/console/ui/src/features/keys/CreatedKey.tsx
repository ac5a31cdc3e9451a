import { Alert, Button, Code, CopyButton, Group, Modal, Stack, Tabs, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { SDKS, snippet } from './snippets';

/** A new key, shown this once, with what to paste into a client. */
export function CreatedKey({ token, onClose }: { token: string | null; onClose: () => void }) {
  const { t } = useTranslation(['keys', 'common']);
  return (
    <Modal
      opened={token !== null}
      onClose={onClose}
      title={t('createdTitle')}
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {token && (
        <Stack>
          <Alert color="yellow" icon={<IconAlertTriangle size={18} />}>
            {t('createdHint')}
          </Alert>
          <Group wrap="nowrap" gap="xs">
            <Code block flex={1} className="break" aria-label={t('token')}>
              {token}
            </Code>
            <Copy text={token} />
          </Group>
          <Text fw={600} size="sm">
            {t('snippets')}
          </Text>
          <Tabs defaultValue={SDKS[0].id}>
            <Tabs.List>
              {SDKS.map(({ id, name }) => (
                <Tabs.Tab key={id} value={id}>
                  {name}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {SDKS.map(({ id }) => {
              const code = snippet(id, window.location.origin, token);
              return (
                <Tabs.Panel key={id} value={id} pt="sm">
                  <Stack gap="xs">
                    <Code block className="break">
                      {code}
                    </Code>
                    <Group justify="flex-end">
                      <Copy text={code} />
                    </Group>
                  </Stack>
                </Tabs.Panel>
              );
            })}
          </Tabs>
          <Group justify="flex-end">
            <Button onClick={onClose}>{t('done')}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function Copy({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button
          size="xs"
          variant="light"
          onClick={copy}
          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        >
          {t(copied ? 'copied' : 'copy')}
        </Button>
      )}
    </CopyButton>
  );
}
