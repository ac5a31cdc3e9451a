import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError } from '@/api/problem';
import { useRotateApiKey, type ApiKey } from '@/data/apiKeys';
import { Problem } from '@/shared/Problem';

/** For how long the token before may be used, in seconds. */
const GRACES = { none: 0, hour: 3_600, day: 86_400, week: 604_800 } as const;
const NAMES = ['none', 'hour', 'day', 'week'] as const;

interface Props {
  apiKey: ApiKey | null;
  onClose: () => void;
  onRotated: (made: { token: string; key: ApiKey }) => void;
}

/** Gives a key a new token, and its clients time to change over. */
export function RotateDialog({ apiKey, onClose, onRotated }: Props) {
  const { t } = useTranslation(['keys', 'common']);
  const rotate = useRotateApiKey();
  const [grace, setGrace] = useState<(typeof NAMES)[number]>('day');
  const close = () => {
    rotate.reset();
    onClose();
  };
  return (
    <Modal
      opened={apiKey !== null}
      onClose={close}
      title={t('rotateTitle', { name: apiKey?.name ?? '' })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {apiKey && (
        <Stack>
          <Text size="sm">{t('rotateText')}</Text>
          <Select
            label={t('grace')}
            data={NAMES.map((value) => ({ value, label: t(`graces.${value}`) }))}
            value={grace}
            onChange={(next) => setGrace(NAMES.find((name) => name === next) ?? 'day')}
            allowDeselect={false}
          />
          {apiKey.retiring_token && (
            <Text size="sm" c="dimmed">
              {t('endsEarlier')}
            </Text>
          )}
          {rotate.error && <Problem error={asApiError(rotate.error)} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {t('common:cancel')}
            </Button>
            <Button
              loading={rotate.isPending}
              onClick={() =>
                rotate.mutate({ key: apiKey, graceSeconds: GRACES[grace] }, { onSuccess: (made) => onRotated(made) })
              }
            >
              {t('rotate')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
