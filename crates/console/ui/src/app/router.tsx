import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';

import type { useSession } from '@/api/session';
import { allTexts } from '@/i18n';
import { parseSearch, stringifySearch, type Search } from '@/shared/search';

import { NotFound, RouteError, RoutePending } from './Fallbacks';
import { Shell } from './shell/Shell';

/** A page beyond the first view: its script, and the texts it needs. */
async function withTexts<T>(script: Promise<T>): Promise<T> {
  const [module] = await Promise.all([script, allTexts()]);
  return module;
}

interface RouterContext {
  session: ReturnType<typeof useSession>;
}

const root = createRootRouteWithContext<RouterContext>()({ notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Search): { to?: string } => (search.to ? { to: search.to } : {}),
  component: lazyRouteComponent(() => import('./SignIn'), 'SignIn'),
});

/** What only those who are signed in see; others come back here after signing in. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: ({ context, location }) => {
    if (!context.session.isSignedIn) {
      const search = location.href === '/' ? {} : { to: location.href };
      throw redirect({ to: '/sign-in', search });
    }
  },
});

/** Filters live in the address: text in, text out. */
const validateSearch = (search: Search): Search => search;

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/overview' });
  },
});

const billing = createRoute({
  getParentRoute: () => shell,
  path: '/system/billing',
  validateSearch,
  component: lazyRouteComponent(() => withTexts(import('@/features/billing/BillingPage')), 'BillingPage'),
});

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/overview',
  validateSearch,
  component: lazyRouteComponent(() => import('@/features/overview/OverviewPage'), 'OverviewPage'),
});

const logs = createRoute({
  getParentRoute: () => shell,
  path: '/logs',
  validateSearch,
  component: lazyRouteComponent(() => withTexts(import('@/features/logs/LogsPage')), 'LogsPage'),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  validateSearch,
  component: lazyRouteComponent(() => withTexts(import('@/features/settings/SettingsPage')), 'SettingsPage'),
});

const system = createRoute({
  getParentRoute: () => shell,
  path: '/system',
  validateSearch,
  component: lazyRouteComponent(() => withTexts(import('@/features/system/SystemPage')), 'SystemPage'),
});

const prices = createRoute({
  getParentRoute: () => shell,
  path: '/prices',
  validateSearch,
  component: lazyRouteComponent(() => withTexts(import('@/features/prices/PricesPage')), 'PricesPage'),
});

const upstreams = createRoute({
  getParentRoute: () => shell,
  path: '/upstreams',
  validateSearch,
  component: lazyRouteComponent(() => withTexts(import('@/features/upstreams/UpstreamsPage')), 'UpstreamsPage'),
});

const keys = createRoute({
  getParentRoute: () => shell,
  path: '/keys',
  validateSearch,
  component: lazyRouteComponent(() => withTexts(import('@/features/keys/KeysPage')), 'KeysPage'),
});

const pages = shell.addChildren([overview, logs, billing, prices, upstreams, keys, system, settings]);
const routeTree = root.addChildren([home, signIn, pages]);

export function makeRouter() {
  return createRouter({
    routeTree,
    context: { session: undefined as never },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingMs: 300,
    scrollRestoration: true,
    defaultPendingComponent: RoutePending,
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFound,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
