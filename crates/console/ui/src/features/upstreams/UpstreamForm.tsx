import {
  Button,
  Checkbox,
  Group,
  NumberInput,
  PasswordInput,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError, type ApiError } from '@/api/problem';
import { useCreateUpstream, useUpdateUpstream, type Upstream } from '@/data/upstreams';
import { multiplierMistake } from '@/features/pricing/rates';
import { useConfirmable } from '@/features/pricing/useConfirmable';
import { parseDecimal } from '@/shared/decimal';
import { shortUsd } from '@/shared/format';
import { useNotify } from '@/shared/notify';
import { Problem } from '@/shared/Problem';

import { PROTOCOLS, modelRules, modelText } from './models';

interface Props {
  upstream: Upstream | null;
  onDone: () => void;
}

/** An upstream, made or changed; what is wrong stands beside its field. */
export function UpstreamForm({ upstream, onDone }: Props) {
  const { t } = useTranslation(['upstreams', 'common', 'domain', 'billing']);
  const notify = useNotify();
  const create = useCreateUpstream();
  const update = useUpdateUpstream();
  const [error, setError] = useState<ApiError | null>(null);
  const isNew = upstream === null;
  const within = (least: number, most: number) => (value: number | string) =>
    Number(value) >= least && Number(value) <= most && value !== '' ? null : t('mistakes.range', { least, most });

  const form = useForm({
    initialValues: {
      name: upstream?.name ?? '',
      provider: upstream?.provider ?? '',
      base_url: upstream?.base_url ?? '',
      credential: '',
      account_label: upstream?.account_label ?? '',
      protocols: upstream?.protocols ?? [],
      models: modelText(upstream?.models ?? []),
      priority: (upstream?.priority ?? 0) as number | string,
      weight: (upstream?.weight ?? 1) as number | string,
      input_multiplier: upstream?.input_multiplier ?? '1',
      output_multiplier: upstream?.output_multiplier ?? '1',
      allow_free: upstream?.allow_free ?? false,
      enabled: upstream?.enabled ?? true,
    },
    validateInputOnBlur: true,
    validate: {
      name: (name) => (name.trim() === '' ? t('common:required') : null),
      provider: (provider) => (/^[a-z0-9_.-]{1,64}$/.test(provider.trim()) ? null : t('mistakes.provider')),
      base_url: (url) => (isHttp(url.trim()) ? null : t('mistakes.url')),
      protocols: (protocols) => (protocols.length === 0 ? t('mistakes.protocols') : null),
      priority: within(0, 1000),
      weight: within(1, 1000),
      input_multiplier: (text, { allow_free }) => multiplierText(text, allow_free),
      output_multiplier: (text, { allow_free }) => multiplierText(text, allow_free),
    },
  });

  function multiplierText(text: string, allowsFree: boolean): string | null {
    const mistake = multiplierMistake(text, allowsFree);
    return mistake ? t(`billing:multiplierMistakes.${mistake}`) : null;
  }

  const send = useConfirmable(async (values: typeof form.values, confirm: boolean) => {
    const body = {
      name: values.name.trim(),
      provider: values.provider.trim(),
      base_url: values.base_url.trim(),
      account_label: values.account_label.trim() || null,
      protocols: values.protocols,
      models: modelRules(values.models),
      priority: Number(values.priority),
      weight: Number(values.weight),
      input_multiplier: parseDecimal(values.input_multiplier) ?? values.input_multiplier,
      output_multiplier: parseDecimal(values.output_multiplier) ?? values.output_multiplier,
      allow_free: values.allow_free,
      enabled: values.enabled,
      ...(values.credential.trim() === '' ? {} : { credential: values.credential.trim() }),
    };
    if (upstream) await update.mutateAsync({ upstream, body: { ...body, confirm } });
    else await create.mutateAsync(body);
    notify.done(t('saved', { name: body.name }));
    onDone();
  });

  const submit = async (values: typeof form.values) => {
    setError(null);
    try {
      await send.run(values);
    } catch (reason) {
      const failure = asApiError(reason);
      form.setErrors(failure.kind === 'name_taken' ? { name: failure.problem?.detail } : failure.fields);
      setError(failure);
    }
  };

  const multiplied = (text: string) => {
    const value = parseDecimal(text);
    return value ? shortUsd(value) : t('common:none');
  };
  return (
    <form onSubmit={form.onSubmit((values) => void submit(values))} noValidate>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          <TextInput label={t('name')} maxLength={100} data-autofocus {...form.getInputProps('name')} />
          <TextInput label={t('provider')} description={t('providerHint')} {...form.getInputProps('provider')} />
        </SimpleGrid>
        <TextInput
          label={t('baseUrl')}
          description={t('baseUrlHint')}
          inputMode="url"
          {...form.getInputProps('base_url')}
        />
        <PasswordInput
          label={isNew ? t('credential') : t('common:optionalLabel', { label: t('credential') })}
          description={
            upstream?.credential_fingerprint
              ? t('credentialKept', { fingerprint: upstream.credential_fingerprint })
              : t('credentialHint')
          }
          autoComplete="off"
          {...form.getInputProps('credential')}
        />
        <Checkbox.Group label={t('protocols')} {...form.getInputProps('protocols')}>
          <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing={8} mt={6}>
            {PROTOCOLS.map((protocol) => (
              <Checkbox key={protocol} value={protocol} label={t(`domain:protocol.${protocol}`)} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        <Textarea
          label={t('models')}
          description={t('modelsHint')}
          autosize
          minRows={2}
          maxRows={8}
          {...form.getInputProps('models')}
        />
        <SimpleGrid cols={2} spacing="sm">
          <TextInput
            label={t('inputMultiplier')}
            inputMode="decimal"
            leftSection="×"
            {...form.getInputProps('input_multiplier')}
          />
          <TextInput
            label={t('outputMultiplier')}
            inputMode="decimal"
            leftSection="×"
            {...form.getInputProps('output_multiplier')}
          />
          <NumberInput
            label={t('priority')}
            description={t('priorityHint')}
            min={0}
            max={1000}
            allowDecimal={false}
            {...form.getInputProps('priority')}
          />
          <NumberInput
            label={t('weight')}
            description={t('weightHint')}
            min={1}
            max={1000}
            allowDecimal={false}
            {...form.getInputProps('weight')}
          />
        </SimpleGrid>
        <Text size="xs" c="dimmed" aria-live="polite">
          {t('exampleHint', {
            input: multiplied(form.values.input_multiplier),
            output: multiplied(form.values.output_multiplier),
          })}
        </Text>
        <TextInput
          label={t('common:optionalLabel', { label: t('account') })}
          description={t('accountHint')}
          maxLength={200}
          {...form.getInputProps('account_label')}
        />
        <Group gap="lg">
          <Switch label={t('enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
          <Switch label={t('allowFree')} {...form.getInputProps('allow_free', { type: 'checkbox' })} />
        </Group>
        {error && <Problem error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={send.isPending}>
            {t('common:save')}
          </Button>
        </Group>
      </Stack>
      {send.dialog}
    </form>
  );
}

function isHttp(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
