import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it, vi } from 'vitest';

import type { AdminToken } from '@/data/tokens';
import { startTexts } from '@/i18n';
import { answer, problem, show, signedIn } from '@/testing/show';

import { TOKEN } from '../samples';
import { ending, endOf } from './tokens';
import { TokensTab } from './TokensTab';

beforeAll(() => startTexts('en'));

type Reply = (request: Request, body: unknown) => Promise<Response>;

interface Sent {
  what: string;
  ifMatch: string | null;
  body: unknown;
}

/** A gateway with these tokens; `reply` answers whatever is not the list. */
function gateway(tokens: AdminToken[], reply: Reply): Sent[] {
  const sent: Sent[] = [];
  vi.spyOn(window, 'fetch').mockImplementation(async (given) => {
    const request = given as Request;
    const path = new URL(request.url).pathname;
    if (request.method === 'GET' && path.endsWith('/tokens')) return answer(200, { items: tokens, next_cursor: null });
    const text = await request.clone().text();
    const body: unknown = text === '' ? null : JSON.parse(text);
    if (request.method !== 'GET') {
      sent.push({ what: `${request.method} ${path.split('/admin')[1]!}`, ifMatch: request.headers.get('if-match'), body });
    }
    return reply(request, body);
  });
  return sent;
}

const click = async (name: string | RegExp) => userEvent.click(await screen.findByRole('button', { name }));

describe('a new token', () => {
  it('is shown once, with the role it was given', async () => {
    const made = { ...TOKEN, id: 'n', name: 'ci', role: 'viewer' };
    const sent = gateway([TOKEN], () => answer(201, { admin_token: made, token: 'tga-secret-of-ci' }));
    show(<TokensTab />);
    await click('Create a token');
    const form = await screen.findByRole('dialog');
    await userEvent.type(within(form).getByRole('textbox', { name: 'Name' }), ' ci ');
    await userEvent.click(within(form).getByRole('button', { name: 'Create a token' }));
    expect(await screen.findByText('tga-secret-of-ci')).toBeInTheDocument();
    expect(sent).toHaveLength(1);
    expect(sent[0]!.body).toMatchObject({ name: 'ci', role: 'viewer' });

    await click('I have copied it');
    await waitFor(() => expect(screen.queryByText('tga-secret-of-ci')).not.toBeInTheDocument());
    expect(document.body.innerHTML).not.toContain('tga-secret-of-ci');
  });

  it('is not made without a name, and a name that is taken is said at the field', async () => {
    const sent = gateway([TOKEN], () => problem(409, 'name_taken', 'there is one of that name'));
    show(<TokensTab />);
    await click('Create a token');
    const form = await screen.findByRole('dialog');
    await userEvent.click(within(form).getByRole('button', { name: 'Create a token' }));
    expect(await within(form).findByText('Please fill this in.')).toBeInTheDocument();
    expect(sent).toHaveLength(0);
    await userEvent.type(within(form).getByRole('textbox', { name: 'Name' }), TOKEN.name);
    await userEvent.click(within(form).getByRole('button', { name: 'Create a token' }));
    expect(await within(form).findByText('The name is taken')).toBeInTheDocument();
  });
});

describe('an edit that somebody else was faster with', () => {
  const theirs: AdminToken = { ...TOKEN, role: 'viewer', revision: 4 };
  const reply: Reply = (request) => {
    if (request.method === 'GET') return answer(200, theirs);
    return request.headers.get('if-match') === '"3"' ? problem(412, 'stale') : answer(200, { ...theirs, revision: 5 });
  };

  async function edited() {
    const sent = gateway([TOKEN], reply);
    show(<TokensTab />);
    await click(`Edit ${TOKEN.name}`);
    const name = await screen.findByRole('textbox', { name: 'Name' });
    await userEvent.clear(name);
    await userEvent.type(name, 'lin');
    await click('Save');
    expect((await screen.findAllByText('Somebody else changed this token')).length).toBeGreaterThan(0);
    return sent;
  }

  it('is explained with what they changed', async () => {
    await edited();
    const table = screen.getByRole('table', { name: 'Somebody else changed this token' });
    expect(within(table).getByText('Finance')).toBeInTheDocument();
    expect(within(table).getByText('Viewer')).toBeInTheDocument();
    expect(within(table).queryByText(TOKEN.name)).not.toBeInTheDocument();
  });

  it('may be saved all the same, over theirs', async () => {
    const sent = await edited();
    await click('Save mine all the same');
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent.map(({ ifMatch }) => ifMatch)).toEqual(['"3"', '"4"']);
    expect(sent[1]!.body).toMatchObject({ name: 'lin', role: 'finance' });
  });

  it('may begin again from theirs', async () => {
    const sent = await edited();
    await click('Start again from theirs');
    expect(await screen.findByRole('textbox', { name: 'Name' })).toHaveValue(TOKEN.name);
    expect(screen.getByRole('radio', { name: 'Viewer' })).toBeChecked();
    expect(sent).toHaveLength(1);
  });
});

it('keeps an end to the second where only the name is changed', async () => {
  const sent = gateway([{ ...TOKEN, expires_at: '2027-01-01T00:00:59Z' }], () => answer(200, TOKEN));
  show(<TokensTab />);
  await click(`Edit ${TOKEN.name}`);
  await userEvent.type(await screen.findByRole('textbox', { name: 'Name' }), '2');
  await click('Save');
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]!.body).toEqual({ name: `${TOKEN.name}2`, role: 'finance' });
});

it('rotates a token and shows the new one', async () => {
  const sent = gateway([TOKEN], () => answer(200, { admin_token: TOKEN, token: 'tga-the-next' }));
  show(<TokensTab />);
  await click(`Rotate ${TOKEN.name}`);
  await click('Rotate');
  expect(await screen.findByText('tga-the-next')).toBeInTheDocument();
  expect(sent[0]).toEqual({ what: 'POST /tokens/t/rotate', ifMatch: '"3"', body: { grace_seconds: 3600 } });
});

it('does not offer to end one’s own session before the new token can be read', async () => {
  gateway([{ ...TOKEN, id: signedIn().token_id }], () => answer(200, {}));
  show(<TokensTab />);
  await click(`Rotate ${TOKEN.name}`);
  await userEvent.click(await screen.findByRole('textbox', { name: 'The old token works on for' }));
  expect(await screen.findByRole('option', { name: '5 minutes', hidden: true })).toBeInTheDocument();
  expect(screen.queryByRole('option', { name: 'no longer', hidden: true })).not.toBeInTheDocument();
});

it('revokes a token after asking, and says why the last admin stays', async () => {
  const sent = gateway([TOKEN], () => problem(409, 'last_admin', 'it is the last'));
  show(<TokensTab />);
  await click(`Revoke ${TOKEN.name}`);
  expect(sent).toHaveLength(0);
  await click('Revoke');
  expect(await screen.findByText('Nobody would be left who may do everything')).toBeInTheDocument();
  expect(sent[0]!.what).toBe('DELETE /tokens/t');
});

it.each(['viewer', 'finance'] as const)('asks the gateway for nothing where a %s looks', async (role) => {
  const fetched = vi.spyOn(window, 'fetch');
  show(<TokensTab />, { role });
  expect(await screen.findByText('Only admins see admin tokens')).toBeInTheDocument();
  expect(fetched).not.toHaveBeenCalled();
});

describe('an end', () => {
  const now = Date.parse('2026-11-26T00:00:00Z');

  it('is near for two weeks', () => {
    expect(ending('2026-12-10T00:00:00Z', now)).toBe('far');
    expect(ending('2026-12-09T23:59:59Z', now)).toBe('soon');
    expect(ending('2026-11-26T00:00:00Z', now)).toBe('past');
  });

  it('is what was chosen', () => {
    expect(endOf('never', null, now)).toBeNull();
    expect(endOf('month', null, now)).toBe('2026-12-26T00:00:00.000Z');
    expect(endOf('custom', '2027-01-01T00:00:00Z', now)).toBe('2027-01-01T00:00:00Z');
  });
});
