import { SimpleGrid, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { RATE_NAMES, type RateTexts } from './rates';

interface Props<T extends RateTexts> {
  form: UseFormReturnType<T>;
}

/** One field per rate, in USD per million tokens. */
export function RateFields<T extends RateTexts>({ form }: Props<T>) {
  const { t } = useTranslation('domain');
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, md: 5 }} spacing="sm">
      {RATE_NAMES.map((name) => (
        <TextInput
          key={name}
          label={t(`rate.${name}`)}
          inputMode="decimal"
          leftSection="$"
          leftSectionWidth={24}
          classNames={{ input: 'tabular' }}
          {...form.getInputProps(name)}
        />
      ))}
    </SimpleGrid>
  );
}
