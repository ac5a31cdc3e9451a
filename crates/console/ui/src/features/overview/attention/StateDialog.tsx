import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError, type ApiError } from '@/api/problem';
import { usePutAttention, type AttentionState } from '@/data/attention';
import { useNotify } from '@/shared/notify';
import { Problem } from '@/shared/Problem';

interface Props {
  state: AttentionState;
  name: string;
  onClose: () => void;
}

const OWNER_MAX = 100;
const NOTE_MAX = 500;

/** Everything one can say of an item at once: who, until when, why. */
export default function StateDialog({ state, name, onClose }: Props) {
  const { t } = useTranslation(['overview', 'common']);
  const notify = useNotify();
  const put = usePutAttention();
  const [owner, setOwner] = useState(state.owner ?? '');
  const [day, setDay] = useState(state.snoozed_until?.slice(0, 10) ?? '');
  const [note, setNote] = useState(state.note ?? '');
  const [error, setError] = useState<ApiError | null>(null);

  const isDayUnchanged = day === (state.snoozed_until?.slice(0, 10) ?? '');
  const isPast = day !== '' && !isDayUnchanged && new Date(`${day}T00:00:00Z`).getTime() <= Date.now();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (isPast) return;
    setError(null);
    const snoozed_until = isDayUnchanged ? state.snoozed_until : day === '' ? null : `${day}T00:00:00Z`;
    put.mutate(
      { state, change: { owner: owner.trim() || null, note: note.trim() || null, snoozed_until } },
      {
        onSuccess: () => {
          notify.done(t('common:saved'));
          onClose();
        },
        onError: (reason) => setError(asApiError(reason)),
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title={name} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            label={t('owner')}
            description={t('ownerHint')}
            value={owner}
            maxLength={OWNER_MAX}
            onChange={(event) => setOwner(event.currentTarget.value)}
            error={error?.fields.owner}
            data-autofocus
          />
          <TextInput
            type="date"
            label={t('snoozeUntil')}
            description={t('snoozeUntilHint')}
            value={day}
            onChange={(event) => setDay(event.currentTarget.value)}
            error={isPast ? t('dayPast') : error?.fields.snoozed_until}
          />
          <Textarea
            label={t('stateNote')}
            value={note}
            maxLength={NOTE_MAX}
            autosize
            minRows={2}
            onChange={(event) => setNote(event.currentTarget.value)}
            error={error?.fields.note}
          />
          {error && <Problem error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={put.isPending} disabled={isPast}>
              {t('common:save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
