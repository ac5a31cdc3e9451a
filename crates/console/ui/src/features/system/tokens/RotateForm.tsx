import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError, type ApiError } from '@/api/problem';
import { useSession } from '@/api/session';
import { useRotateToken, type AdminToken, type Issued } from '@/data/tokens';
import { useLocale } from '@/shared/preferences';
import { Problem } from '@/shared/Problem';
import { instantOf } from '@/shared/zoned';

import { ExpiryField } from './ExpiryField';
import { ENVIRONMENT, endOf, GRACES, type Choice } from './tokens';

interface Props {
  token: AdminToken;
  onDone: (made?: Issued) => void;
}

const AN_HOUR = '3600';

/** A new token in place of an old one. */
export function RotateForm({ token, onDone }: Props) {
  const { t } = useTranslation(['system', 'common']);
  const { timeZone } = useLocale();
  const { who } = useSession();
  const rotate = useRotateToken();
  const [grace, setGrace] = useState<string>(AN_HOUR);
  const [life, setLife] = useState<Choice | 'same'>('same');
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const isOwn = who?.token_id === token.id;
  // Without a grace this session would end with the old token, before the new one can be read.
  const graces = GRACES.filter((seconds) => !(isOwn && seconds === '0'));

  const submit = async () => {
    setError(null);
    const expiry = life === 'same' ? {} : { expires_at: endOf(life, instantOf(typed, timeZone), Date.now()) };
    try {
      onDone(await rotate.mutateAsync({ token, body: { grace_seconds: Number(grace), ...expiry } }));
    } catch (reason) {
      setError(asApiError(reason));
    }
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('tokens.rotateText')}</Text>
        {token.name === ENVIRONMENT && (
          <Text size="sm" c="var(--mantine-color-error)">
            {t('tokens.rotateEnvironment')}
          </Text>
        )}
        <Select
          label={t('tokens.grace')}
          description={isOwn ? t('tokens.graceOwn') : undefined}
          data={graces.map((value) => ({ value, label: t(`tokens.graces.${value}`) }))}
          value={grace}
          allowDeselect={false}
          onChange={(next) => setGrace(next ?? AN_HOUR)}
          data-autofocus
        />
        {life === 'same' ? (
          <Group>
            <Button variant="subtle" size="compact-sm" onClick={() => setLife('quarter')}>
              {t('tokens.otherEnd')}
            </Button>
          </Group>
        ) : (
          <ExpiryField choice={life} typed={typed} onChoice={setLife} onType={setTyped} error={error?.fields.expires_at} />
        )}
        {error && <Problem error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => onDone()}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={rotate.isPending}>
            {t('tokens.rotate')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
