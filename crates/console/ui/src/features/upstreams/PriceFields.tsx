import { ActionIcon, Button, Group, SimpleGrid, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { PriceExamples } from './PriceExamples';
import type { UpstreamFormType } from './useUpstreamForm';

interface Props {
  form: UpstreamFormType;
  upstreamId: string | null;
}

/** What this upstream charges relative to the price list, and what that comes to. */
export function PriceFields({ form, upstreamId }: Props) {
  const { t } = useTranslation('upstreams');
  return (
    <Stack gap="sm">
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
      </SimpleGrid>
      <Switch label={t('allowFree')} {...form.getInputProps('allow_free', { type: 'checkbox' })} />
      <ModelMultipliers form={form} />
      <TagsInput
        label={t('modifiers')}
        description={t('modifiersHint')}
        maxTags={20}
        {...form.getInputProps('price_modifiers')}
      />
      <Text size="sm" fw={600}>
        {t('examples')}
      </Text>
      <PriceExamples upstreamId={upstreamId} values={form.values} />
    </Stack>
  );
}

const EXAMPLE = 'gpt-5*';

/** Other multipliers for some models. */
function ModelMultipliers({ form }: { form: UpstreamFormType }) {
  const { t } = useTranslation('upstreams');
  const fieldsOf = (index: number) => {
    const props = (field: string) => form.getInputProps(`model_multipliers.${index}.${field}`);
    return { pattern: props('pattern'), input: props('input_multiplier'), output: props('output_multiplier') };
  };
  const add = () =>
    form.insertListItem('model_multipliers', {
      pattern: '',
      input_multiplier: form.values.input_multiplier,
      output_multiplier: form.values.output_multiplier,
      allow_free: false,
    });
  return (
    <Stack gap="xs" role="group" aria-label={t('modelMultipliers')}>
      <Text size="sm" fw={500}>
        {t('modelMultipliers')}
      </Text>
      <Text size="xs" c="dimmed">
        {t('modelMultipliersHint')}
      </Text>
      {form.values.model_multipliers.map((_, index) => (
        <Group key={index} gap="xs" align="flex-start" wrap="nowrap">
          <TextInput
            aria-label={t('patternOf', { number: index + 1 })}
            placeholder={EXAMPLE}
            flex={2}
            {...fieldsOf(index).pattern}
          />
          <TextInput
            aria-label={t('inputOf', { number: index + 1 })}
            inputMode="decimal"
            leftSection="×"
            flex={1}
            {...fieldsOf(index).input}
          />
          <TextInput
            aria-label={t('outputOf', { number: index + 1 })}
            inputMode="decimal"
            leftSection="×"
            flex={1}
            {...fieldsOf(index).output}
          />
          <Switch
            aria-label={t('freeOf', { number: index + 1 })}
            label={t('mayBeFree')}
            mt={8}
            {...form.getInputProps(`model_multipliers.${index}.allow_free`, { type: 'checkbox' })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            mt={4}
            onClick={() => form.removeListItem('model_multipliers', index)}
            aria-label={t('dropPattern', { number: index + 1 })}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      {form.errors.model_multipliers && (
        <Text size="xs" c="var(--mantine-color-error)">
          {form.errors.model_multipliers}
        </Text>
      )}
      <Group>
        <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
          {t('addPattern')}
        </Button>
      </Group>
    </Stack>
  );
}
