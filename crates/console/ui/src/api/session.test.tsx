import { Button } from '@mantine/core';
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';

import { startTexts } from '@/i18n';
import { answer, problem, show, signedIn } from '@/testing/show';

import { asApiError } from './problem';
import { useSession } from './session';

beforeAll(() => startTexts('en'));

const failed = vi.fn<(kind: string) => void>();

function Doors() {
  const { who, wasIdle, signIn, signOut } = useSession();
  return (
    <>
      <p>{who?.name ?? 'nobody'}</p>
      {wasIdle && <p>for want of use</p>}
      <Button onClick={() => void signIn('  tga-token ').catch((reason: unknown) => failed(asApiError(reason).kind))}>In</Button>
      <Button onClick={signOut}>Out</Button>
    </>
  );
}

it('exchanges a token for a session, and carries its proof from then on', async () => {
  const fetched = vi.spyOn(window, 'fetch').mockImplementation((given) => {
    const request = given as Request;
    return request.method === 'POST' ? answer(201, { ...signedIn(), name: 'lin', csrf_token: 'fresh' }) : answer(204, null);
  });
  show(<Doors />);
  await userEvent.click(screen.getByRole('button', { name: 'In' }));
  expect(await screen.findByText('lin')).toBeInTheDocument();
  const sent = fetched.mock.calls[0]![0] as Request;
  expect(await sent.json()).toEqual({ token: 'tga-token' });

  await userEvent.click(screen.getByRole('button', { name: 'Out' }));
  expect(await screen.findByText('nobody')).toBeInTheDocument();
  const ended = fetched.mock.calls[1]![0] as Request;
  expect([ended.method, ended.headers.get('x-csrf-token')]).toEqual(['DELETE', 'fresh']);
});

it('says that a token is unknown, and nothing else happens', async () => {
  vi.spyOn(window, 'fetch').mockImplementation(() => problem(401, 'unauthenticated'));
  show(<Doors />);
  await userEvent.click(screen.getByRole('button', { name: 'In' }));
  await waitFor(() => expect(failed).toHaveBeenCalledWith('unauthenticated'));
  expect(screen.getByText('ada@example.com')).toBeInTheDocument();
});

it('is signed out here even where the gateway does not answer', async () => {
  vi.spyOn(window, 'fetch').mockRejectedValue(new TypeError('no network'));
  show(<Doors />);
  await userEvent.click(screen.getByRole('button', { name: 'Out' }));
  expect(await screen.findByText('nobody')).toBeInTheDocument();
});

describe('a session that nobody touches', () => {
  const HOURS = 3_600_000;
  let fetched: MockInstance<typeof window.fetch>;
  const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

  beforeEach(() => {
    vi.useFakeTimers();
    fetched = vi.spyOn(window, 'fetch').mockImplementation(() => answer(204, null));
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('ends after the idle time, whatever the page reads by itself meanwhile', async () => {
    show(<Doors />);
    const polling = window.setInterval(() => void window.fetch('/api/admin/stats'), 10_000);
    await pass(2 * HOURS - 20_000);
    expect(screen.getByText('ada@example.com')).toBeInTheDocument();
    await pass(30_000);
    window.clearInterval(polling);
    expect(screen.getByText('nobody')).toBeInTheDocument();
    expect(screen.getByText('for want of use')).toBeInTheDocument();
    const ended = fetched.mock.calls.map(([asked]) => asked).filter((asked) => asked instanceof Request);
    expect(ended.map((request) => request.method)).toContain('DELETE');
  });

  it('goes on while somebody is there, in this tab or in another one', async () => {
    show(<Doors />);
    await pass(1.5 * HOURS);
    fireEvent.keyDown(document.body, { key: 'Tab' });
    await pass(1.5 * HOURS);
    window.localStorage.setItem('tollgate.touched', String(Date.now()));
    await pass(1.5 * HOURS);
    expect(screen.getByText('ada@example.com')).toBeInTheDocument();
    await pass(HOURS);
    expect(screen.getByText('nobody')).toBeInTheDocument();
  });
});
