import { Button, Group, Select, SimpleGrid, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError, type ApiError } from '@/api/problem';
import { useCreateApiKey, useUpdateApiKey, type ApiKey } from '@/data/apiKeys';
import { useNotify } from '@/shared/notify';
import { Problem } from '@/shared/Problem';

interface Props {
  apiKey: ApiKey | null;
  /** With the token of a new key. */
  onDone: (token?: string) => void;
}

const INHERIT = 'inherit';
const CHOICES = [INHERIT, 'serve', 'refuse'] as const;

interface Values {
  name: string;
  owner: string;
  team: string;
  tags: string[];
  expires_at: string;
  on_unpriced: (typeof CHOICES)[number];
  enabled: boolean;
}

/** A key, made or changed. */
export function KeyForm({ apiKey, onDone }: Props) {
  const { t } = useTranslation(['keys', 'common']);
  const notify = useNotify();
  const create = useCreateApiKey();
  const update = useUpdateApiKey();
  const [error, setError] = useState<ApiError | null>(null);
  const form = useForm<Values>({
    initialValues: {
      name: apiKey?.name ?? '',
      owner: apiKey?.owner ?? '',
      team: apiKey?.team ?? '',
      tags: apiKey?.tags ?? [],
      expires_at: localInput(apiKey?.expires_at),
      on_unpriced: apiKey?.on_unpriced ?? INHERIT,
      enabled: apiKey?.enabled ?? true,
    },
    validate: { name: (name) => (name.trim() === '' ? t('common:required') : null) },
  });

  const submit = async (values: typeof form.values) => {
    setError(null);
    const body = {
      name: values.name.trim(),
      owner: values.owner.trim() || null,
      team: values.team.trim() || null,
      tags: values.tags,
      expires_at: values.expires_at === '' ? null : new Date(values.expires_at).toISOString(),
      on_unpriced: values.on_unpriced === INHERIT ? null : values.on_unpriced,
      enabled: values.enabled,
    };
    try {
      if (apiKey) {
        await update.mutateAsync({ key: apiKey, body });
        notify.done(t('saved', { name: body.name }));
        onDone();
      } else {
        onDone((await create.mutateAsync(body)).token);
      }
    } catch (reason) {
      const failure = asApiError(reason);
      form.setErrors(failure.fields);
      setError(failure);
    }
  };

  return (
    <form onSubmit={form.onSubmit((values) => void submit(values))} noValidate>
      <Stack gap="sm">
        <TextInput label={t('name')} maxLength={100} data-autofocus {...form.getInputProps('name')} />
        <SimpleGrid cols={2} spacing="sm">
          <TextInput label={t('common:optionalLabel', { label: t('owner') })} {...form.getInputProps('owner')} />
          <TextInput label={t('common:optionalLabel', { label: t('team') })} {...form.getInputProps('team')} />
        </SimpleGrid>
        <TagsInput
          label={t('common:optionalLabel', { label: t('tags') })}
          description={t('tagsHint')}
          {...form.getInputProps('tags')}
        />
        <TextInput
          type="datetime-local"
          label={t('expires')}
          description={t('expiresHint')}
          {...form.getInputProps('expires_at')}
        />
        <Select
          label={t('onUnpriced')}
          data={CHOICES.map((value) => ({ value, label: t(`onUnpricedOptions.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('on_unpriced')}
        />
        <Switch label={t('enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
        {error && <Problem error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => onDone()}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={create.isPending || update.isPending}>
            {t(apiKey ? 'common:save' : 'add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** An instant as the browser's field wants it, in the browser's own time zone. */
function localInput(at: string | null | undefined): string {
  if (!at) return '';
  const instant = new Date(at);
  return new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
