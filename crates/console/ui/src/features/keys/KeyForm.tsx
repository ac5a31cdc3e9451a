import { Autocomplete, Button, Group, Select, SimpleGrid, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError, type ApiError } from '@/api/problem';
import { readApiKey, useApiKeys, useCreateApiKey, useUpdateApiKey, type ApiKey } from '@/data/apiKeys';
import { Conflict } from '@/shared/Conflict';
import { useNotify } from '@/shared/notify';
import { useLocale } from '@/shared/preferences';
import { Problem } from '@/shared/Problem';
import { changedFields, formErrors } from '@/shared/revision';
import { useRevised } from '@/shared/useRevised';

import { GrantFields } from './GrantFields';
import { useKeyForm } from './useKeyForm';
import { bodyOf, UNPRICED, valuesOf, type Values } from './values';

interface Props {
  apiKey: ApiKey | null;
  /** With the token of a new key. */
  onDone: (made?: { token: string; key: ApiKey }) => void;
}

/** A key, made or changed; what is wrong stands beside its field. */
export function KeyForm({ apiKey, onDone }: Props) {
  const { t } = useTranslation(['keys', 'common']);
  const { timeZone } = useLocale();
  const notify = useNotify();
  const create = useCreateApiKey();
  const update = useUpdateApiKey();
  const labelOf = useFieldName();
  const [error, setError] = useState<ApiError | null>(null);
  const form = useKeyForm(apiKey, timeZone);
  const bodyOfKey = (key: ApiKey) => bodyOf(valuesOf(key, timeZone), timeZone);
  const revised = useRevised({ initial: apiKey, bodyOf: bodyOfKey, read: readApiKey });
  const isPending = create.isPending || update.isPending;

  const submit = async (values: Values, base: ApiKey | null) => {
    setError(null);
    const body = bodyOf(values, timeZone);
    try {
      if (!base) {
        onDone(await create.mutateAsync(body));
        return;
      }
      const changes = changedFields(bodyOfKey(base), body);
      if (Object.keys(changes).length > 0) await update.mutateAsync({ key: base, body: changes });
      notify.done(t('saved', { name: body.name }));
      onDone();
    } catch (reason) {
      if (await revised.caught(reason, body).catch(() => false)) return;
      const failure = asApiError(reason);
      form.setErrors(failure.kind === 'name_taken' ? { name: failure.problem?.detail } : formErrors(failure.fields));
      setError(failure);
    }
  };

  /** What the form changed, on top of what there is now. */
  const keepMine = () => {
    const { base } = revised;
    const theirs = revised.rebase();
    if (!base || !theirs) return;
    const values = { ...valuesOf(theirs, timeZone), ...changedFields(valuesOf(base, timeZone), form.values) };
    form.setValues(values);
    void submit(values, theirs);
  };

  return (
    <form onSubmit={form.onSubmit((values) => void submit(values, revised.base))} noValidate>
      <Stack gap="sm">
        <TextInput label={t('name')} maxLength={100} data-autofocus {...form.getInputProps('name')} />
        <Payers form={form} />
        <TagsInput
          label={t('common:optionalLabel', { label: t('tags') })}
          description={t('tagsHint')}
          {...form.getInputProps('tags')}
        />
        <TextInput
          type="datetime-local"
          label={t('expires')}
          description={t('expiresHint', { zone: timeZone })}
          {...form.getInputProps('expires_at')}
        />
        <GrantFields form={form} />
        <Select
          label={t('onUnpriced')}
          data={UNPRICED.map((value) => ({ value, label: t(`onUnpricedOptions.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('on_unpriced')}
        />
        <Switch label={t('enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
        {revised.conflict && (
          <Conflict
            changes={revised.conflict.changes}
            labelOf={labelOf}
            isPending={isPending}
            onMine={keepMine}
            onTheirs={() => form.setValues(valuesOf(revised.rebase(), timeZone))}
          />
        )}
        {error && <Problem error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => onDone()}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={isPending} disabled={revised.conflict !== null}>
            {t(apiKey ? 'common:save' : 'add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const PAYERS = ['owner', 'team'] as const;

/** Whose it is and who pays; what other keys say is offered, so that one team has one spelling. */
function Payers({ form }: { form: ReturnType<typeof useKeyForm> }) {
  const { t } = useTranslation(['keys', 'common']);
  const { data } = useApiKeys();
  const keys = (data?.pages ?? []).flatMap((page) => page.items);
  const known = (pick: 'owner' | 'team') => [...new Set(keys.flatMap((key) => key[pick] ?? []))].sort();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {PAYERS.map((field) => (
        <Autocomplete
          key={field}
          label={t('common:optionalLabel', { label: t(field) })}
          maxLength={200}
          data={known(field)}
          {...form.getInputProps(field)}
        />
      ))}
    </SimpleGrid>
  );
}

const NAMES = {
  name: 'name',
  owner: 'owner',
  team: 'team',
  tags: 'tags',
  expires_at: 'expires',
  allowed_models: 'allowedModels',
  allowed_upstreams: 'allowedUpstreams',
  on_unpriced: 'onUnpriced',
  enabled: 'enabled',
} as const;

function useFieldName(): (field: string) => string {
  const { t } = useTranslation('keys');
  return (field) => (field in NAMES ? t(NAMES[field as keyof typeof NAMES]) : field);
}
