import { TextInput, type TextInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const DAY = 86_400_000;
const MOST_DAYS = 400;

/** The start of a typed day in UTC, as the API wants it; nothing where none was typed. */
export function instantOf(day: string): string | null {
  return day === '' ? null : `${day}T00:00:00Z`;
}

/** What is wrong with a day since when a price is right: it lies in the past, at most 400 days ago. */
export function backdateMistake(day: string, now: number): 'future' | 'tooEarly' | null {
  const instant = instantOf(day);
  if (instant === null) return null;
  const at = new Date(instant).getTime();
  if (at > now) return 'future';
  return at < now - MOST_DAYS * DAY ? 'tooEarly' : null;
}

/** Since when a price is right: what was billed otherwise since then is counted, not changed. */
export function BackdateField(props: TextInputProps) {
  const { t } = useTranslation(['prices', 'common']);
  return (
    <TextInput
      type="date"
      label={t('common:optionalLabel', { label: t('rightSince') })}
      description={t('rightSinceHint')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      miw={180}
      {...props}
    />
  );
}
