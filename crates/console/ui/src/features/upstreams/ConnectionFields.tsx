import {
  Autocomplete,
  Checkbox,
  NumberInput,
  PasswordInput,
  SimpleGrid,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Upstream } from '@/data/upstreams';

import { PROTOCOLS } from './models';
import { PROVIDERS } from './providers';
import type { UpstreamFormType } from './useUpstreamForm';

interface Props {
  form: UpstreamFormType;
  upstream: Upstream | null;
}

/** Where requests go, as whom, and which of them. */
export function ConnectionFields({ form, upstream }: Props) {
  const { t } = useTranslation(['upstreams', 'common', 'domain']);
  const fill = (name: string) => {
    form.setFieldValue('provider', name);
    const provider = PROVIDERS[name];
    if (!provider || upstream) return;
    if (form.values.base_url === '') form.setFieldValue('base_url', provider.base_url);
    if (form.values.protocols.length === 0) form.setFieldValue('protocols', provider.protocols);
    if (form.values.name === '') form.setFieldValue('name', name);
  };
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <TextInput label={t('name')} maxLength={100} data-autofocus {...form.getInputProps('name')} />
        <Autocomplete
          label={t('provider')}
          description={t('providerHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={Object.keys(PROVIDERS)}
          {...form.getInputProps('provider')}
          onOptionSubmit={fill}
        />
      </SimpleGrid>
      <TextInput label={t('baseUrl')} description={t('baseUrlHint')} inputMode="url" {...form.getInputProps('base_url')} />
      <PasswordInput
        label={upstream === null ? t('credential') : t('common:optionalLabel', { label: t('credential') })}
        description={
          upstream?.credential_fingerprint
            ? t('credentialKept', { fingerprint: upstream.credential_fingerprint })
            : t('credentialHint')
        }
        autoComplete="off"
        disabled={form.values.removesCredential}
        {...form.getInputProps('credential')}
      />
      {upstream?.has_credential && (
        <Checkbox label={t('removeCredential')} {...form.getInputProps('removesCredential', { type: 'checkbox' })} />
      )}
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
        <NumberInput
          label={t('priority')}
          description={t('priorityHint')}
          min={0}
          max={1000}
          clampBehavior="none"
          allowDecimal={false}
          {...form.getInputProps('priority')}
        />
        <NumberInput
          label={t('weight')}
          description={t('weightHint')}
          min={1}
          max={1000}
          clampBehavior="none"
          allowDecimal={false}
          {...form.getInputProps('weight')}
        />
      </SimpleGrid>
      <TextInput
        label={t('common:optionalLabel', { label: t('account') })}
        description={t('accountHint')}
        maxLength={200}
        {...form.getInputProps('account_label')}
      />
      <Switch label={t('enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
    </Stack>
  );
}
