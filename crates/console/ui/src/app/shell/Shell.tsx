import { ActionIcon, AppShell, Burger, Button, Group, Kbd, Tooltip } from '@mantine/core';
import { useDisclosure, useHotkeys, useLocalStorage } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconSearch } from '@tabler/icons-react';
import { Link, Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useSession } from '@/api/session';
import { allTexts } from '@/i18n';

import { AccountMenu } from './AccountMenu';
import { LanguageMenu } from './LanguageMenu';
import { Logo } from './Logo';
import classes from './Shell.module.css';
import { Sidebar } from './Sidebar';
import { StatusLine } from './StatusLine';
import { ThemeMenu } from './ThemeMenu';

const WIDE = 232;
const NARROW = 68;

/** Loaded when somebody searches for the first time. */
const Palette = lazy(async () => {
  const [module] = await Promise.all([import('./Palette'), allTexts()]);
  return { default: module.Palette };
});

/** The frame around every page. */
export function Shell() {
  const { t } = useTranslation('shell');
  const { isSignedIn } = useSession();
  const location = useLocation();
  const [isDrawerOpen, drawer] = useDisclosure(false);
  const [isNarrow, setNarrow] = useLocalStorage({ key: 'tollgate.sidebar.narrow', defaultValue: false });
  const [hasSearched, search] = useSearch();
  useFocusOnArrival(location.pathname, drawer.close);

  if (!isSignedIn) return <Navigate to="/sign-in" search={{ to: location.href }} replace />;
  return (
    <AppShell
      header={{ height: 56 }}
      footer={{ height: 36 }}
      navbar={{ width: isNarrow ? NARROW : WIDE, breakpoint: 'sm', collapsed: { mobile: !isDrawerOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
      transitionDuration={120}
    >
      <a href="#page" className="skip-link">
        {t('skip')}
      </a>
      <AppShell.Header className={classes.bar}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isDrawerOpen}
              onClick={drawer.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t(isDrawerOpen ? 'closeMenu' : 'openMenu')}
              aria-expanded={isDrawerOpen}
            />
            <Link to="/" className={classes.brand}>
              <Logo />
              <span>{t('name')}</span>
            </Link>
          </Group>
          <Group gap={4} wrap="nowrap">
            <Button
              visibleFrom="sm"
              variant="default"
              size="xs"
              onClick={search}
              leftSection={<IconSearch size={16} />}
              rightSection={<Kbd size="xs">{'Ctrl K'}</Kbd>}
              className={classes.search}
            >
              {t('search')}
            </Button>
            <ActionIcon
              hiddenFrom="sm"
              variant="subtle"
              color="gray"
              size="lg"
              onClick={search}
              aria-label={t('search')}
            >
              <IconSearch size={20} />
            </ActionIcon>
            <LanguageMenu />
            <ThemeMenu />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.bar} p="xs" aria-label={t('pages')}>
        <Sidebar isNarrow={isNarrow && !isDrawerOpen} />
        <Group visibleFrom="sm" justify={isNarrow ? 'center' : 'flex-end'} mt="auto">
          <Tooltip label={t(isNarrow ? 'widen' : 'narrow')} position="right">
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              onClick={() => setNarrow(!isNarrow)}
              aria-label={t(isNarrow ? 'widen' : 'narrow')}
              aria-expanded={!isNarrow}
            >
              {isNarrow ? <IconLayoutSidebarLeftExpand size={20} /> : <IconLayoutSidebarLeftCollapse size={20} />}
            </ActionIcon>
          </Tooltip>
        </Group>
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1} className={classes.main}>
        <div className={classes.content}>
          <Outlet />
        </div>
      </AppShell.Main>
      <AppShell.Footer className={classes.bar}>
        <StatusLine />
      </AppShell.Footer>
      {hasSearched && (
        <Suspense fallback={null}>
          <Palette />
        </Suspense>
      )}
    </AppShell>
  );
}

/** Opens the search: by its button, by `/`, and by Ctrl or Cmd and K from within a field, too. */
function useSearch(): [boolean, () => void] {
  const [hasSearched, setSearched] = useState(false);
  const search = useCallback(() => {
    setSearched(true);
    spotlight.open();
  }, []);
  useHotkeys([['/', search]]);
  useHotkeys([['mod+K', search]], []);
  return [hasSearched, search];
}

/** A new page takes the focus, so that keyboard and screen reader start at its top; not the first one. */
function useFocusOnArrival(path: string, closeDrawer: () => void) {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    closeDrawer();
    document.getElementById('page')?.focus({ preventScroll: true });
  }, [path, closeDrawer]);
}
