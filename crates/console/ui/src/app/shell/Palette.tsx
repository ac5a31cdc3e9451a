import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import {
  IconApi,
  IconDeviceDesktop,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
} from '@tabler/icons-react';
import { useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useSession } from '@/api/session';
import { chooseLanguage, LANGUAGES, type Language } from '@/i18n';

import { PLACES } from './places';

/** Everything one can go to or switch, by typing a part of its name. */
export function Palette() {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const { signOut } = useSession();
  const { setColorScheme } = useMantineColorScheme();

  const pages: SpotlightActionData[] = PLACES.map(({ name, to, icon: Icon }) => ({
    id: to,
    label: t(`places.${name}`),
    description: t(`about.${name}`),
    leftSection: <Icon size={20} stroke={1.7} />,
    onClick: () => void navigate({ to }),
  }));
  const themes: SpotlightActionData[] = (
    [
      ['light', IconSun],
      ['dark', IconMoon],
      ['auto', IconDeviceDesktop],
    ] as const
  ).map(([scheme, Icon]) => ({
    id: `theme-${scheme}`,
    label: t('useTheme', { theme: t(`themes.${scheme}`) }),
    leftSection: <Icon size={20} stroke={1.7} />,
    onClick: () => setColorScheme(scheme),
  }));
  const languages: SpotlightActionData[] = Object.entries(LANGUAGES).map(([tag, name]) => ({
    id: `language-${tag}`,
    label: name,
    description: t('language'),
    leftSection: <IconLanguage size={20} stroke={1.7} />,
    onClick: () => void chooseLanguage(tag as Language),
  }));
  const others: SpotlightActionData[] = [
    {
      id: 'reference',
      label: t('reference'),
      leftSection: <IconApi size={20} stroke={1.7} />,
      onClick: () => window.open('/api/docs', '_blank', 'noopener'),
    },
    { id: 'sign-out', label: t('signOut'), leftSection: <IconLogout size={20} stroke={1.7} />, onClick: signOut },
  ];

  return (
    <Spotlight
      actions={[
        { group: t('pages'), actions: pages },
        { group: t('theme'), actions: themes },
        { group: t('language'), actions: languages },
        { group: t('more'), actions: others },
      ]}
      shortcut={['mod + K', '/']}
      nothingFound={t('nothingFound')}
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={20} stroke={1.7} />,
        placeholder: t('searchPlaceholder'),
        'aria-label': t('search'),
      }}
    />
  );
}
