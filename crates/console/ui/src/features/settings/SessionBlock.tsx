import { Button, Group, SimpleGrid, Text } from '@mantine/core';
import { IconLogout, IconShieldLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useSession } from '@/api/session';
import { Badge } from '@/shared/Badge';
import { Fact } from '@/shared/Fact';
import { IfMay } from '@/shared/may';
import { Block } from '@/shared/Page';
import { useLocale } from '@/shared/preferences';
import { ROLE_TONES } from '@/shared/roleTones';
import { span } from '@/shared/span';
import { When } from '@/shared/When';

/** Who is signed in, what they may do, until when. */
export function SessionBlock() {
  const { t } = useTranslation(['settings', 'shell', 'system', 'domain']);
  const locale = useLocale();
  const { who, signOut } = useSession();
  if (!who) return null;
  return (
    <Block title={t('session')} about={t('sessionAbout')}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <Fact label={t('name')}>{who.name}</Fact>
        <Fact label={t('role')}>
          <Badge tone={ROLE_TONES[who.role]}>{t(`domain:role.${who.role}`)}</Badge>
          <Text size="xs" c="dimmed" mt={4}>
            {t(`system:tokens.roles.${who.role}`)}
          </Text>
        </Fact>
        <Fact label={t('expires')}>{who.expires_at ? <When at={who.expires_at} /> : t('noEnd')}</Fact>
        <Fact label={t('idle')}>
          {who.idle_seconds === null ? t('noEnd') : t('idleAfter', { span: span(who.idle_seconds, locale) })}
        </Fact>
      </SimpleGrid>
      <Group gap="sm" mt="md">
        <Button variant="default" leftSection={<IconLogout size={16} />} onClick={signOut}>
          {t('shell:signOut')}
        </Button>
        <IfMay needs="admin">
          <Button
            component={Link}
            to="/system"
            search={{ tab: 'tokens' } as never}
            variant="subtle"
            leftSection={<IconShieldLock size={16} />}
          >
            {t('toTokens')}
          </Button>
        </IfMay>
      </Group>
    </Block>
  );
}
