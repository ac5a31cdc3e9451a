import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useResetOverrides, type Override } from '@/data/overrides';
import { usePrices } from '@/data/prices';
import { useConfirmable } from '@/features/pricing/useConfirmable';
import { useNotify } from '@/shared/notify';

interface Props {
  override: Override | null;
  onClose: () => void;
}

/** Takes one manual price back; says whether there is an official one behind it. */
export function RemoveOverrideDialog({ override, onClose }: Props) {
  const { t } = useTranslation(['prices', 'common']);
  return (
    <Modal
      opened={override !== null}
      onClose={onClose}
      title={t('removeOverride')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {override && <Question key={override.id} override={override} onClose={onClose} />}
    </Modal>
  );
}

function Question({ override, onClose }: { override: Override; onClose: () => void }) {
  const { t } = useTranslation(['prices', 'common']);
  const notify = useNotify();
  const reset = useResetOverrides();
  const [note, setNote] = useState('');
  const found = usePrices({ q: override.model, page: 1, page_size: 200 });
  const price = found.data?.items.find(({ model }) => model === override.model);
  const isOrphaned = found.isSuccess && !price?.synced;
  const send = useConfirmable(async (given: string, confirm: boolean) => {
    await reset.mutateAsync({ override_ids: [override.id], note: given.trim() || null, confirm });
    notify.done(t('resetDone', { count: 1 }));
    onClose();
  });
  return (
    <Stack>
      <Text size="sm" className="break">
        {override.model} · {override.upstream_id === null ? t('everywhere') : (override.upstream_name ?? t('upstreamGone'))}
      </Text>
      {isOrphaned && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={t('noOfficialPrice')}>
          {t('noOfficialPriceHint', { models: override.model })}
        </Alert>
      )}
      <TextInput
        label={t('common:optionalLabel', { label: t('common:note') })}
        placeholder={t('common:notePlaceholder')}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-autofocus
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button loading={send.isPending} onClick={() => void send.run(note).catch(notify.failed)}>
          {t('removeOverride')}
        </Button>
      </Group>
      {send.dialog}
    </Stack>
  );
}
