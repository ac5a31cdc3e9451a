import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconCheck, IconLanguage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { chooseLanguage, LANGUAGES, type Language } from '@/i18n';

/** Each language stands under its own name: who cannot read this one must find theirs. */
export function LanguageMenu() {
  const { t, i18n } = useTranslation('shell');
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Tooltip label={t('language')}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('language')}>
            <IconLanguage size={20} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(LANGUAGES).map(([tag, name]) => (
          <Menu.Item
            key={tag}
            lang={tag}
            onClick={() => void chooseLanguage(tag as Language)}
            rightSection={i18n.language === tag ? <IconCheck size={16} aria-label={t('chosen')} /> : null}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
