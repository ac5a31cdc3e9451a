import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { MultiplierMistake } from '@/features/pricing/rates';

interface Props {
  side: 'input' | 'output';
  /** What it is of: the upstream, or the pattern too. */
  of: string;
  value: string;
  mistake: MultiplierMistake | null;
  /** What the gateway said of it. */
  refusal?: string;
  isReadOnly: boolean;
  onChange: (value: string) => void;
}

/** One multiplier, checked as it is typed. */
export function MultiplierField({ side, of, value, mistake, refusal, isReadOnly, onChange }: Props) {
  const { t } = useTranslation('billing');
  return (
    <TextInput
      label={t(`${side}Multiplier`)}
      aria-label={t(`${side}MultiplierOf`, { upstream: of })}
      inputMode="decimal"
      leftSection="×"
      leftSectionWidth={28}
      value={value}
      readOnly={isReadOnly}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={mistake ? t(`multiplierMistakes.${mistake}`) : refusal}
      classNames={{ input: 'tabular' }}
    />
  );
}
