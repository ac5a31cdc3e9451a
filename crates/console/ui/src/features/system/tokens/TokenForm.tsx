import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError, type ApiError } from '@/api/problem';
import { fetchToken, useCreateToken, useUpdateToken, type AdminToken, type Issued } from '@/data/tokens';
import { useNotify } from '@/shared/notify';
import { useLocale } from '@/shared/preferences';
import { Problem } from '@/shared/Problem';
import { inputOf, instantOf } from '@/shared/zoned';

import { Conflict } from './Conflict';
import { ExpiryField } from './ExpiryField';
import { endOf, type Choice } from './tokens';

const ROLES = ['viewer', 'finance', 'admin'] as const;

interface Values {
  name: string;
  role: AdminToken['role'];
  life: Choice;
  typed: string;
}

interface Props {
  /** Nothing for a new one. */
  token: AdminToken | null;
  onDone: (made?: Issued) => void;
}

/** An admin token, made or changed. Where somebody else was faster, both versions are shown before anything is lost. */
export function TokenForm({ token: given, onDone }: Props) {
  const { t } = useTranslation(['system', 'domain', 'common']);
  const { timeZone } = useLocale();
  const notify = useNotify();
  const create = useCreateToken();
  const update = useUpdateToken();
  // What the form edits: the token as it was opened or, after a conflict, as it is now.
  const [token, setToken] = useState(given);
  const [theirs, setTheirs] = useState<AdminToken | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const form = useForm<Values>({
    initialValues: valuesOf(given, timeZone),
    validate: {
      name: (name) => (name.trim() === '' ? t('common:required') : null),
      typed: (typed, { life }) => (life === 'custom' && !instantOf(typed, timeZone) ? t('common:required') : null),
    },
  });

  const save = async (values: Values, base: AdminToken | null) => {
    setError(null);
    const expires_at = endOf(values.life, instantOf(values.typed, timeZone), Date.now());
    const body = { name: values.name.trim(), role: values.role, expires_at };
    try {
      if (base) {
        // An end that was not touched is not sent: it may carry seconds, and one in the past would be refused.
        const isTouched = values.life !== 'custom' || values.typed !== inputOf(base.expires_at, timeZone);
        await update.mutateAsync({ token: base, body: isTouched ? body : { name: body.name, role: body.role } });
        notify.done(t('tokens.saved', { name: body.name }));
        onDone();
      } else {
        onDone(await create.mutateAsync(body));
      }
    } catch (reason) {
      await explain(asApiError(reason), base);
    }
  };

  const explain = async (failure: ApiError, base: AdminToken | null) => {
    const now = base && failure.kind === 'stale' ? await fetchToken(base.id).catch(() => null) : null;
    setTheirs(now);
    if (now) return;
    const { expires_at: end, ...fields } = failure.fields;
    form.setErrors(end ? { ...fields, typed: end } : fields);
    setError(failure);
  };

  const take = (now: AdminToken) => {
    setToken(now);
    setTheirs(null);
    setError(null);
  };

  if (theirs && token) {
    return (
      <Conflict
        before={token}
        theirs={theirs}
        onTheirs={() => {
          take(theirs);
          form.setValues(valuesOf(theirs, timeZone));
        }}
        onMine={() => {
          take(theirs);
          void save(form.values, theirs);
        }}
      />
    );
  }
  return (
    <form onSubmit={form.onSubmit((values) => void save(values, token))} noValidate>
      <Stack gap="sm">
        <TextInput
          label={t('tokens.name')}
          description={t('tokens.nameHint')}
          maxLength={100}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Radio.Group label={t('tokens.role')} {...form.getInputProps('role')}>
          <Stack gap="xs" mt={6}>
            {ROLES.map((role) => (
              <Radio key={role} value={role} label={t(`domain:role.${role}`)} description={t(`tokens.roles.${role}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <ExpiryField
          choice={form.values.life}
          typed={form.values.typed}
          error={form.errors.typed}
          onChoice={(life) => form.setFieldValue('life', life)}
          onType={(typed) => form.setFieldValue('typed', typed)}
        />
        {error && <Problem error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => onDone()}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={create.isPending || update.isPending}>
            {t(token ? 'common:save' : 'tokens.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function valuesOf(token: AdminToken | null, timeZone: string): Values {
  return {
    name: token?.name ?? '',
    role: token?.role ?? 'viewer',
    life: token ? (token.expires_at ? 'custom' : 'never') : 'quarter',
    typed: inputOf(token?.expires_at, timeZone),
  };
}
