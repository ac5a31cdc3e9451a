import { ActionIcon, Menu, Text, Tooltip } from '@mantine/core';
import { IconApi, IconLogout, IconSettings, IconUserCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useSession } from '@/api/session';

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const { t } = useTranslation(['shell', 'domain']);
  const { who, signOut } = useSession();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Tooltip label={t('account')}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('account')}>
            <IconUserCircle size={20} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {who && (
          <Menu.Label>
            <Text size="sm" fw={600} c="var(--mantine-color-text)" className="break" maw={240}>
              {who.name}
            </Text>
            <Text size="xs">{t(`domain:role.${who.role}`)}</Text>
          </Menu.Label>
        )}
        <Menu.Item component={Link} to="/settings" leftSection={<IconSettings size={16} />}>
          {t('places.settings')}
        </Menu.Item>
        <Menu.Item component="a" href="/api/docs" target="_blank" rel="noopener" leftSection={<IconApi size={16} />}>
          {t('reference')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
