import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';

import { SessionProvider, useSession } from '@/api/session';

import { Look } from './Look';
import { makeQueries } from './queries';
import { makeRouter } from './router';

/** Everything, from the outside in. */
export function App() {
  const [queries] = useState(makeQueries);
  return (
    <QueryClientProvider client={queries}>
      <Look>
        <SessionProvider>
          <Routed />
        </SessionProvider>
      </Look>
    </QueryClientProvider>
  );
}

function Routed() {
  const session = useSession();
  const [router] = useState(makeRouter);
  return <RouterProvider router={router} context={{ session }} />;
}
