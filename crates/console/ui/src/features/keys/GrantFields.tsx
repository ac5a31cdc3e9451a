import { Checkbox, MultiSelect, Stack, TagsInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useUpstreams } from '@/data/upstreams';

import type { KeyFormType } from './useKeyForm';

/** What a key may use: anything, or only what is named. */
export function GrantFields({ form }: { form: KeyFormType }) {
  const { t } = useTranslation('keys');
  const { data } = useUpstreams();
  const living = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  // One that is gone stays in the list and serves nothing.
  const gone = form.values.allowed_upstreams
    .filter((id) => data && living.every(({ value }) => value !== id))
    .map((id) => ({ value: id, label: t('goneUpstream', { id: id.slice(-6) }) }));
  return (
    <Stack gap="sm">
      <Checkbox label={t('limitModels')} {...form.getInputProps('limitsModels', { type: 'checkbox' })} />
      {form.values.limitsModels && (
        <TagsInput
          label={t('allowedModels')}
          description={t('allowedModelsHint')}
          maxTags={200}
          {...form.getInputProps('allowed_models')}
        />
      )}
      <Checkbox label={t('limitUpstreams')} {...form.getInputProps('limitsUpstreams', { type: 'checkbox' })} />
      {form.values.limitsUpstreams && (
        <MultiSelect
          label={t('allowedUpstreams')}
          data={[...living, ...gone]}
          searchable
          {...form.getInputProps('allowed_upstreams')}
        />
      )}
    </Stack>
  );
}
