import { Alert, Anchor, Box, Button, Card, Code, Group, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconClockPause } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type SyntheticEvent } from 'react';
import { Trans, useTranslation } from 'react-i18next';

import { asApiError, type ApiError } from '@/api/problem';
import { useSession } from '@/api/session';
import { Problem } from '@/shared/Problem';

import { LanguageMenu } from './shell/LanguageMenu';
import { Logo } from './shell/Logo';
import { ThemeMenu } from './shell/ThemeMenu';
import classes from './SignIn.module.css';

/** Asks for an admin token, then goes where the reader wanted to go. */
export function SignIn() {
  const { t } = useTranslation('shell');
  const { signIn, isSignedIn, wasIdle } = useSession();
  const { to } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const [token, setToken] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);

  useEffect(() => {
    // Only paths of this console: an address of somebody else's must not be a way out of it.
    const target = to?.startsWith('/') && !to.startsWith('//') ? to : '/';
    if (isSignedIn) void navigate({ href: target, replace: true });
  }, [isSignedIn, navigate, to]);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await signIn(token);
    } catch (reason) {
      setError(asApiError(reason));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Box className={classes.page}>
      <Group justify="flex-end" p="md" component="header">
        <LanguageMenu />
        <ThemeMenu />
      </Group>
      <Stack className={classes.middle} gap="lg" component="main">
        <Stack gap={6} align="center">
          <Logo size={48} />
          <Title order={1} size="h2">
            {t('name')}
          </Title>
          <Text c="dimmed">{t('tagline')}</Text>
        </Stack>
        <Card className={classes.card} shadow="sm">
          <form onSubmit={(event) => void submit(event)}>
            <Stack>
              {wasIdle && !error && (
                <Alert color="gray" icon={<IconClockPause size={18} />} role="status">
                  {t('idleEnded')}
                </Alert>
              )}
              <PasswordInput
                label={t('token')}
                description={t('tokenHint')}
                value={token}
                onChange={(event) => setToken(event.currentTarget.value)}
                autoComplete="current-password"
                autoFocus
                required
                withAsterisk={false}
                data-autofocus
                visibilityToggleButtonProps={{ 'aria-label': t('showToken') }}
              />
              {error?.status === 401 ? (
                <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert">
                  {t('tokenUnknown')}
                </Alert>
              ) : (
                error && <Problem error={error} />
              )}
              <Button type="submit" loading={isBusy} disabled={token.trim() === ''} fullWidth>
                {t('signIn')}
              </Button>
            </Stack>
          </form>
        </Card>
        <Text size="sm" c="dimmed" ta="center" maw={420} style={{ textWrap: 'balance' }}>
          <Trans t={t} i18nKey="tokenWhere" components={{ file: <Code className="nowrap">{'admin-token'}</Code> }} />
        </Text>
        <Anchor href="/api/docs" size="sm">
          {t('reference')}
        </Anchor>
      </Stack>
    </Box>
  );
}
