import { notifications } from '@mantine/notifications';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';

import { SessionProvider, type SessionInfo } from '@/api/session';
import { Look } from '@/app/Look';
import { makeQueries } from '@/app/queries';
import type { Role } from '@/shared/may';
import { parseSearch, stringifySearch } from '@/shared/search';

/** Somebody of a role, signed in. */
export function signedIn(role: Role = 'admin'): SessionInfo {
  return {
    csrf_token: 'proof',
    expires_at: '2026-11-26T22:00:00Z',
    idle_seconds: 7200,
    name: 'ada@example.com',
    origin: 'session',
    role,
    token_id: '0198f0a0-0000-7000-8000-00000000000a',
  };
}

interface Options {
  /** What who is looking may do. */
  role?: Role;
}

function queriesWithoutPatience(): QueryClient {
  // Those of the test before: there is one list of them for all.
  notifications.clean();
  notifications.cleanQueue();
  const queries = makeQueries();
  queries.setDefaultOptions({ queries: { ...queries.getDefaultOptions().queries, retry: false } });
  return queries;
}

function Around({ role, queries, children }: { role: Role; queries: QueryClient; children: ReactNode }) {
  return (
    <QueryClientProvider client={queries}>
      <Look>
        <SessionProvider initial={signedIn(role)}>{children}</SessionProvider>
      </Look>
    </QueryClientProvider>
  );
}

/** Shows a part of the console to somebody; failures are not tried again. */
export function show(element: ReactNode, { role = 'admin' }: Options = {}) {
  return render(
    <Around role={role} queries={queriesWithoutPatience()}>
      {element}
    </Around>,
  );
}

/** The same for what reads the address or has links; returns the router, whose state has the address. */
export async function showAt(address: string, element: ReactNode, { role = 'admin' }: Options = {}) {
  const root = createRootRoute({ component: () => element, notFoundComponent: () => element });
  const router = createRouter({
    routeTree: root,
    history: createMemoryHistory({ initialEntries: [address] }),
    parseSearch,
    stringifySearch,
  });
  await router.load();
  const shown = render(
    <Around role={role} queries={queriesWithoutPatience()}>
      <RouterProvider router={router as never} />
    </Around>,
  );
  return { ...shown, router };
}

/** An answer of the gateway. */
export function answer(status: number, body: unknown): Promise<Response> {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  const text = status === 204 ? null : JSON.stringify(body);
  return Promise.resolve(new Response(text, { status, headers: { 'content-type': type } }));
}

/** A failure as the gateway words it. */
export function problem(status: number, kind: string, detail = 'the log says why') {
  return answer(status, { type: `urn:tollgate:problem:${kind}`, title: kind, status, detail });
}
