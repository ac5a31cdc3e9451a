import { useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import {
  IconApi,
  IconDeviceDesktop,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSearch,
  IconServerCog,
  IconSun,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { useSession } from '@/api/session';
import { LEAST, useFound } from '@/data/search';
import { SYSTEM_TABS } from '@/features/system/tabs';
import { chooseLanguage, LANGUAGES, type Language } from '@/i18n';

import { PLACES } from './places';
import { useFoundActions } from './useFoundActions';

const ICON = { size: 20, stroke: 1.7 } as const;
const TYPING = 200;

/** Everything one can go to or switch, by typing a part of its name; also what the gateway knows by such a name. */
export function Palette() {
  const { t } = useTranslation('shell');
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text, TYPING);
  const found = useFound(asked);
  const foundActions = useFoundActions(asked.trim().length >= LEAST ? found.data : undefined, asked.trim());
  const groups = useFixed();
  const isAsking = text.trim().length >= LEAST && (text !== asked || found.isFetching);
  return (
    <Spotlight
      query={text}
      onQueryChange={setText}
      actions={[groups.pages, ...foundActions, groups.themes, groups.languages, groups.others]}
      shortcut={null}
      nothingFound={t(isAsking ? 'searching' : found.isError ? 'searchFailed' : 'nothingFound')}
      highlightQuery
      scrollable
      maxHeight={440}
      searchProps={{
        leftSection: <IconSearch {...ICON} />,
        placeholder: t('searchPlaceholder'),
        'aria-label': t('search'),
        onKeyDown: isAsking ? undefined : takeFirst,
      }}
    />
  );
}

/** Enter takes the first entry where none was gone to; not while what was typed is still being composed or asked for. */
function takeFirst(event: KeyboardEvent<HTMLInputElement>) {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
  if (document.querySelector('[data-action][data-selected]')) return;
  document.querySelector<HTMLElement>('[data-action]')?.click();
}

/** What is always there. */
function useFixed() {
  const { t } = useTranslation(['shell', 'system']);
  const navigate = useNavigate();
  const { signOut } = useSession();
  const { setColorScheme } = useMantineColorScheme();
  const pages: SpotlightActionData[] = PLACES.map(({ name, to, icon: Icon }) => ({
    id: to,
    label: t(`places.${name}`),
    description: t(`about.${name}`),
    leftSection: <Icon {...ICON} />,
    onClick: () => void navigate({ to }),
  }));
  const parts: SpotlightActionData[] = SYSTEM_TABS.map((tab) => ({
    id: `system-${tab}`,
    label: t('systemPart', { part: t(`system:tabs.${tab}`) }),
    leftSection: <IconServerCog {...ICON} />,
    onClick: () => void navigate({ to: '/system', search: { tab } as never }),
  }));
  const schemes = [
    ['light', IconSun],
    ['dark', IconMoon],
    ['auto', IconDeviceDesktop],
  ] as const;
  const themes: SpotlightActionData[] = schemes.map(([scheme, Icon]) => ({
    id: `theme-${scheme}`,
    label: t('useTheme', { theme: t(`themes.${scheme}`) }),
    leftSection: <Icon {...ICON} />,
    onClick: () => setColorScheme(scheme),
  }));
  const languages: SpotlightActionData[] = Object.entries(LANGUAGES).map(([tag, name]) => ({
    id: `language-${tag}`,
    label: name,
    description: t('language'),
    leftSection: <IconLanguage {...ICON} />,
    onClick: () => void chooseLanguage(tag as Language),
  }));
  const others: SpotlightActionData[] = [
    {
      id: 'reference',
      label: t('reference'),
      leftSection: <IconApi {...ICON} />,
      onClick: () => window.open('/api/docs', '_blank', 'noopener'),
    },
    { id: 'sign-out', label: t('signOut'), leftSection: <IconLogout {...ICON} />, onClick: signOut },
  ];
  const group = (name: string, actions: SpotlightActionData[]): SpotlightActionGroupData => ({ group: name, actions });
  return {
    pages: group(t('pages'), [...pages, ...parts]),
    themes: group(t('theme'), themes),
    languages: group(t('language'), languages),
    others: group(t('more'), others),
  };
}
