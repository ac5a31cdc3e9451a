import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError, type ApiError } from '@/api/problem';
import { useCreateAlias, useUpdateAlias, type Alias } from '@/data/aliases';
import { useUpstreams } from '@/data/upstreams';
import { useNotify } from '@/shared/notify';
import { Problem } from '@/shared/Problem';

import { BackdateField, backdateMistake, instantOf } from './BackdateField';
import { ModelInput } from './ModelInput';
import { useConfirmable } from './useConfirmable';
import { useSaid } from './useSaid';

interface Props {
  /** The name to price as another one; asked for where it is not given. */
  name?: string;
  target?: string;
  /** The alias to change; without it a new one is made. */
  alias?: Alias;
  onDone: () => void;
  onCancel: () => void;
}

const EVERYWHERE = 'everywhere';
const NAME_MAX = 256;

/** A name that is priced as another one: what is sent stays as it is. */
export function AliasForm({ name, target, alias, onDone, onCancel }: Props) {
  const { t } = useTranslation(['prices', 'common']);
  const notify = useNotify();
  const said = useSaid();
  const upstreams = useUpstreams();
  const create = useCreateAlias();
  const update = useUpdateAlias();
  const [error, setError] = useState<ApiError | null>(null);
  const form = useForm({
    initialValues: {
      alias: alias?.alias ?? name ?? '',
      target: alias?.target ?? target ?? '',
      upstream_id: alias?.upstream_id ?? EVERYWHERE,
      note: '',
      since: '',
    },
    validate: {
      alias: (value) => (value.trim() === '' ? t('common:required') : null),
      target: (value, values) => {
        if (value.trim() === '') return t('common:required');
        return value.trim() === values.alias.trim() ? t('aliasOfItself') : null;
      },
      since: (value) => {
        const mistake = backdateMistake(value, Date.now());
        return mistake ? t(`backdateMistakes.${mistake}`) : null;
      },
    },
  });

  const send = useConfirmable(async (values: typeof form.values, confirm: boolean) => {
    const common = {
      target: values.target.trim(),
      note: values.note.trim() || null,
      effective_from: instantOf(values.since),
      confirm,
    };
    const answer = alias
      ? await update.mutateAsync({ alias, body: common })
      : await create.mutateAsync({
          alias: values.alias.trim(),
          upstream_id: values.upstream_id === EVERYWHERE ? null : values.upstream_id,
          ...common,
        });
    notify.done(t('aliasSaved', { alias: answer.alias.alias, target: answer.alias.target }));
    said(answer);
    onDone();
  });

  const submit = async (values: typeof form.values) => {
    setError(null);
    try {
      await send.run(values);
    } catch (reason) {
      const failure = asApiError(reason);
      form.setErrors({ ...failure.fields, since: failure.fields.effective_from });
      setError(failure);
    }
  };

  const places = (upstreams.data?.items ?? []).map((upstream) => ({ value: upstream.id, label: upstream.name }));
  return (
    <form onSubmit={form.onSubmit((values) => void submit(values))} noValidate>
      <Stack gap="sm">
        {!alias && !name && (
          <TextInput
            label={t('aliasName')}
            description={t('modelHint')}
            maxLength={NAME_MAX}
            data-autofocus
            {...form.getInputProps('alias')}
          />
        )}
        <ModelInput
          label={t('pricedLike')}
          description={t('pricedLikeHint')}
          data-autofocus={alias !== undefined || name !== undefined}
          {...form.getInputProps('target')}
        />
        <Group grow preventGrowOverflow={false} wrap="wrap" align="flex-start">
          {!alias && (
            <Select
              label={t('scope')}
              data={[{ value: EVERYWHERE, label: t('everywhere') }, ...places]}
              allowDeselect={false}
              miw={180}
              {...form.getInputProps('upstream_id')}
            />
          )}
          <TextInput
            label={t('common:optionalLabel', { label: t('common:note') })}
            placeholder={t('common:notePlaceholder')}
            maxLength={500}
            miw={220}
            {...form.getInputProps('note')}
          />
          <BackdateField {...form.getInputProps('since')} />
        </Group>
        <Text size="xs" c="dimmed">
          {t('aliasAsked')}
        </Text>
        {error && <Problem error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={send.isPending}>
            {t('saveAlias')}
          </Button>
        </Group>
      </Stack>
      {send.dialog}
    </form>
  );
}
