import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useDeleteAlias, type Alias } from '@/data/aliases';
import { useResetOverrides, type Override } from '@/data/overrides';
import { usePrices } from '@/data/prices';
import { useConfirmable } from '@/features/pricing/useConfirmable';
import { useNotify } from '@/shared/notify';

import { useScopeOf } from './RuleList';

export type Removable = { alias: Alias } | { override: Override };

interface Props {
  rule: Removable | null;
  onClose: () => void;
}

/** Takes a price rule back: an alias, or a manual price. */
export function RemoveRuleDialog({ rule, onClose }: Props) {
  const { t } = useTranslation(['prices', 'common']);
  return (
    <Modal
      opened={rule !== null}
      onClose={onClose}
      title={rule && t('alias' in rule ? 'deleteAlias' : 'removeOverride')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {rule &&
        ('alias' in rule ? (
          <RemoveAlias key={rule.alias.id} alias={rule.alias} onClose={onClose} />
        ) : (
          <RemoveOverride key={rule.override.id} override={rule.override} onClose={onClose} />
        ))}
    </Modal>
  );
}

/** Requests under its name may then have no price. */
function RemoveAlias({ alias, onClose }: { alias: Alias; onClose: () => void }) {
  const { t } = useTranslation('prices');
  const remove = useDeleteAlias();
  return (
    <Question
      action={t('deleteAlias')}
      done={t('aliasDeleted', { alias: alias.alias })}
      remove={(note, confirm) => remove.mutateAsync({ alias, note: note || undefined, confirm })}
      onClose={onClose}
    >
      <Text size="sm" className="break">
        {t('deleteAliasHint', { alias: alias.alias, target: alias.target })}
      </Text>
    </Question>
  );
}

/** Says whether there is an official price behind it. */
function RemoveOverride({ override, onClose }: { override: Override; onClose: () => void }) {
  const { t } = useTranslation('prices');
  const scopeOf = useScopeOf();
  const reset = useResetOverrides();
  const found = usePrices({ q: override.model, page: 1, page_size: 200 });
  const price = found.data?.items.find(({ model }) => model === override.model);
  const isOrphaned = found.isSuccess && !price?.synced;
  return (
    <Question
      action={t('removeOverride')}
      done={t('resetDone', { count: 1 })}
      remove={(note, confirm) => reset.mutateAsync({ override_ids: [override.id], note: note || null, confirm })}
      onClose={onClose}
    >
      <Text size="sm" className="break">
        {override.model} · {scopeOf(override)}
      </Text>
      {isOrphaned && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={t('noOfficialPrice')}>
          {t('noOfficialPriceHint', { models: override.model })}
        </Alert>
      )}
    </Question>
  );
}

interface QuestionProps {
  action: string;
  done: string;
  /** Removes it, for the reason given; `confirm` once the effect was shown. */
  remove: (note: string, confirm: boolean) => Promise<unknown>;
  onClose: () => void;
  /** What is removed, and what then. */
  children: ReactNode;
}

function Question({ action, done, remove, onClose, children }: QuestionProps) {
  const { t } = useTranslation();
  const notify = useNotify();
  const [note, setNote] = useState('');
  const send = useConfirmable(async (given: string, confirm: boolean) => {
    await remove(given.trim(), confirm);
    notify.done(done);
    onClose();
  });
  return (
    <Stack>
      {children}
      <TextInput
        label={t('optionalLabel', { label: t('note') })}
        placeholder={t('notePlaceholder')}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-autofocus
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button color="red" loading={send.isPending} onClick={() => void send.run(note).catch(notify.failed)}>
          {action}
        </Button>
      </Group>
      {send.dialog}
    </Stack>
  );
}
