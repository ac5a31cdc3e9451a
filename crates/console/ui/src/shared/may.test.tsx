import { Button } from '@mantine/core';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it, vi } from 'vitest';

import { api, taken } from '@/api/client';
import { useSession } from '@/api/session';
import { startTexts } from '@/i18n';
import { answer, problem, show, signedIn } from '@/testing/show';

import { IfMay, Guarded, type Role } from './may';

beforeAll(() => startTexts('en'));

const REACH: [Role, Role, boolean][] = [
  ['viewer', 'viewer', true],
  ['viewer', 'finance', false],
  ['viewer', 'admin', false],
  ['finance', 'viewer', true],
  ['finance', 'finance', true],
  ['finance', 'admin', false],
  ['admin', 'finance', true],
  ['admin', 'admin', true],
];

describe.each(REACH)('to a %s, what needs %s', (own, needed, isAllowed) => {
  it(`is ${isAllowed ? 'shown' : 'hidden'}`, () => {
    show(
      <IfMay needs={needed} otherwise="not for you">
        <Button>Delete</Button>
      </IfMay>,
      { role: own },
    );
    expect(screen.queryByRole('button', { name: 'Delete' }) !== null).toBe(isAllowed);
    expect(screen.queryByText('not for you') === null).toBe(isAllowed);
  });

  it(`${isAllowed ? 'works' : 'does nothing'} as a button that all see`, async () => {
    const act = vi.fn();
    show(
      <Guarded needs={needed}>
        <Button onClick={act}>Delete</Button>
      </Guarded>,
      { role: own },
    );
    await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
    expect(act).toHaveBeenCalledTimes(isAllowed ? 1 : 0);
  });
});

it('says why a button is disabled to whoever reaches it by keyboard', async () => {
  show(
    <Guarded needs="admin">
      <Button>Delete</Button>
    </Guarded>,
    { role: 'finance' },
  );
  await userEvent.tab();
  expect(screen.getByRole('button', { name: 'Delete' })).toHaveFocus();
  expect(await screen.findByText('This needs the role “Admin”; you are signed in as “Finance”.')).toBeInTheDocument();
});

function Asking() {
  const { who } = useSession();
  return (
    <>
      <p>{who?.role ?? 'nobody'}</p>
      <Button onClick={() => void taken(api.POST('/api/admin/tokens', { body: { name: 'x', role: 'viewer' } })).catch(() => undefined)}>
        Create
      </Button>
    </>
  );
}

it('follows a role that was changed meanwhile, as soon as something is refused', async () => {
  vi.spyOn(window, 'fetch').mockImplementation((request) =>
    (request as Request).url.endsWith('/session') ? answer(200, signedIn('viewer')) : problem(403, 'forbidden'),
  );
  show(<Asking />);
  expect(screen.getByText('admin')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Create' }));
  await waitFor(() => expect(screen.getByText('viewer')).toBeInTheDocument());
});

it('forgets who was there when the session has ended', async () => {
  vi.spyOn(window, 'fetch').mockImplementation(() => problem(401, 'unauthenticated'));
  show(<Asking />);
  await userEvent.click(screen.getByRole('button', { name: 'Create' }));
  expect(await screen.findByText('nobody')).toBeInTheDocument();
});
