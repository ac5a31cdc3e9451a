import { Group, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useLocale } from '@/shared/preferences';

import { CHOICES, type Choice } from './tokens';

interface Props {
  choice: Choice;
  /** In the reader's time zone, as the browser's field has it. */
  typed: string;
  error?: React.ReactNode;
  onChoice: (choice: Choice) => void;
  onType: (typed: string) => void;
}

/** Until when a token is good: for some time from now, until a day and hour, or without an end. */
export function ExpiryField({ choice, typed, error, onChoice, onType }: Props) {
  const { t } = useTranslation('system');
  const { timeZone } = useLocale();
  return (
    <Group gap="sm" align="flex-start" grow>
      <Select
        label={t('tokens.expires')}
        data={CHOICES.map((value) => ({ value, label: t(`tokens.lives.${value}`) }))}
        value={choice}
        allowDeselect={false}
        error={choice === 'custom' ? undefined : error}
        onChange={(next) => onChoice((next ?? 'never') as Choice)}
      />
      {choice === 'custom' && (
        <TextInput
          type="datetime-local"
          label={t('tokens.until', { zone: timeZone })}
          value={typed}
          error={error}
          onChange={(event) => onType(event.currentTarget.value)}
        />
      )}
    </Group>
  );
}
