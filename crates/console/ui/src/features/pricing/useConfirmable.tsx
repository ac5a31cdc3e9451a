import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/problem';
import { useNotify } from '@/shared/notify';

import { EffectPanel } from './EffectPanel';

interface Asked<V> {
  values: V;
  effect: Schemas['PriceEffect'];
}

interface Confirmable<V> {
  /** Sends the change; asks first where the gateway wants a confirmation. Throws what is not a question. */
  run: (values: V) => Promise<void>;
  isPending: boolean;
  dialog: ReactNode;
}

/** A change of prices that the gateway may answer with a question: what it would do, and whether that is wanted. */
export function useConfirmable<V>(send: (values: V, confirm: boolean) => Promise<void>): Confirmable<V> {
  const { t } = useTranslation(['prices', 'common']);
  const notify = useNotify();
  const [asked, setAsked] = useState<Asked<V> | null>(null);
  const [isPending, setPending] = useState(false);

  const attempt = async (values: V, confirm: boolean) => {
    setPending(true);
    try {
      await send(values, confirm);
      setAsked(null);
    } catch (reason) {
      const { kind, problem } = asApiError(reason);
      if (kind !== 'confirmation_required' || !problem?.effect) throw reason;
      setAsked({ values, effect: problem.effect });
    } finally {
      setPending(false);
    }
  };

  const dialog = (
    <Modal
      opened={asked !== null}
      onClose={() => setAsked(null)}
      title={t('confirmTitle', { ns: 'common' })}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {asked && (
        <Stack>
          <Alert color="yellow" icon={<IconAlertTriangle size={18} />}>
            <Text size="sm">{t('confirmEffect')}</Text>
          </Alert>
          <EffectPanel effect={asked.effect} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setAsked(null)}>
              {t('common:cancel')}
            </Button>
            <Button
              data-autofocus
              loading={isPending}
              onClick={() => {
                attempt(asked.values, true).catch((reason: unknown) => {
                  setAsked(null);
                  notify.failed(reason);
                });
              }}
            >
              {t('confirmChange')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
  return { run: (values) => attempt(values, false), isPending, dialog };
}
