import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useDeleteAlias, type Alias } from '@/data/aliases';
import { useConfirmable } from '@/features/pricing/useConfirmable';
import { useNotify } from '@/shared/notify';

interface Props {
  alias: Alias | null;
  onClose: () => void;
}

/** Takes an alias back; requests under its name may then have no price. */
export function RemoveAliasDialog({ alias, onClose }: Props) {
  const { t } = useTranslation(['prices', 'common']);
  return (
    <Modal
      opened={alias !== null}
      onClose={onClose}
      title={t('deleteAlias')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {alias && <Question key={alias.id} alias={alias} onClose={onClose} />}
    </Modal>
  );
}

function Question({ alias, onClose }: { alias: Alias; onClose: () => void }) {
  const { t } = useTranslation(['prices', 'common']);
  const notify = useNotify();
  const remove = useDeleteAlias();
  const [note, setNote] = useState('');
  const send = useConfirmable(async (given: string, confirm: boolean) => {
    await remove.mutateAsync({ alias, note: given.trim() || undefined, confirm });
    notify.done(t('aliasDeleted', { alias: alias.alias }));
    onClose();
  });
  return (
    <Stack>
      <Text size="sm" className="break">
        {t('deleteAliasHint', { alias: alias.alias, target: alias.target })}
      </Text>
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
        <Button color="red" loading={send.isPending} onClick={() => void send.run(note).catch(notify.failed)}>
          {t('deleteAlias')}
        </Button>
      </Group>
      {send.dialog}
    </Stack>
  );
}
