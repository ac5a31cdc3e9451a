import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useResetOverrides } from '@/data/overrides';
import type { Price } from '@/data/prices';
import { useConfirmable } from '@/features/pricing/useConfirmable';
import { useNotify } from '@/shared/notify';

interface Props {
  prices: readonly Price[];
  onClose: () => void;
}

/** The manual prices of a model that can be taken back. */
export function resettable(price: Price): string[] {
  return price.overrides.flatMap(({ override_id }) => (override_id ? [override_id] : []));
}

const SHOWN = 8;

/** Back to the official prices; says which models have none to go back to. */
export function ResetDialog({ prices, onClose }: Props) {
  const { t } = useTranslation(['prices', 'common']);
  const notify = useNotify();
  const reset = useResetOverrides();
  const orphans = prices.filter((price) => !price.synced);
  const send = useConfirmable(async (ids: string[], confirm: boolean) => {
    const { items } = await reset.mutateAsync({ override_ids: ids, confirm });
    notify.done(t('resetDone', { count: items.length }));
    onClose();
  });
  return (
    <>
      <Modal
        opened={prices.length > 0}
        onClose={onClose}
        title={t('resetTitle', { count: prices.length })}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <Stack>
          <List size="sm" withPadding>
            {prices.slice(0, SHOWN).map((price) => (
              <List.Item key={price.model}>
                <Text size="sm" className="break">
                  {price.model}
                </Text>
              </List.Item>
            ))}
          </List>
          {prices.length > SHOWN && <Text size="sm">{t('andMore', { count: prices.length - SHOWN })}</Text>}
          {orphans.length > 0 && (
            <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={t('noOfficialPrice')}>
              {t('noOfficialPriceHint', { models: orphans.map((price) => price.model).join(', ') })}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button
              data-autofocus
              loading={send.isPending}
              onClick={() => send.run(prices.flatMap(resettable)).catch(notify.failed)}
            >
              {t('reset')}
            </Button>
          </Group>
        </Stack>
      </Modal>
      {send.dialog}
    </>
  );
}
