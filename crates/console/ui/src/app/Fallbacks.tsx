import { Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** While a page's script is on its way. */
export function RoutePending() {
  const { t } = useTranslation();
  return (
    <Center mih={320}>
      <Loader aria-label={t('loading')} />
    </Center>
  );
}

/** A page that broke; the gateway behind it is not affected. */
export function RouteError({ reset }: ErrorComponentProps) {
  const { t } = useTranslation('shell');
  return (
    <Center mih={320} p="md">
      <Stack align="center" gap="sm" role="alert">
        <Title order={1} size="h3">
          {t('pageBroken')}
        </Title>
        <Text c="dimmed">{t('pageBrokenHint')}</Text>
        <Button
          onClick={() => {
            reset();
            window.location.reload();
          }}
        >
          {t('reload')}
        </Button>
      </Stack>
    </Center>
  );
}

export function NotFound() {
  const { t } = useTranslation('shell');
  return (
    <Center mih={320} p="md">
      <Stack align="center" gap="sm">
        <Title order={1} size="h3">
          {t('notFound')}
        </Title>
        <Text c="dimmed">{t('notFoundHint')}</Text>
        <Button component={Link} to="/">
          {t('toStart')}
        </Button>
      </Stack>
    </Center>
  );
}
