import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { ReactNode } from 'react';

import { usePrices } from '@/data/prices';

interface Props {
  label: ReactNode;
  description?: ReactNode;
  error?: ReactNode;
  value?: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  required?: boolean;
  'data-autofocus'?: boolean;
}

const TYPING = 250;
const SHOWN = 12;

/** The name of a model, with names of the catalog to choose from; any other may be typed too. */
export function ModelInput({ value = '', ...field }: Props) {
  const [asked] = useDebouncedValue(value.trim(), TYPING);
  const found = usePrices({ q: asked || undefined, page: 1, page_size: SHOWN });
  const names = [...new Set((found.data?.items ?? []).map(({ model }) => model))];
  return (
    <Autocomplete
      value={value}
      data={names}
      // The gateway has searched already, by parts of the name.
      filter={({ options }) => options}
      limit={SHOWN}
      comboboxProps={{ withinPortal: true }}
      {...field}
    />
  );
}
