import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { startTexts } from '@/i18n';
import { KEY, UPSTREAM } from '@/testing/samples';
import { answer, problem, showAt } from '@/testing/show';

import { KeysPage } from './KeysPage';
import { modelFor, SDKS, snippet } from './snippets';

const TOKEN = 'tg-secret-that-is-shown-once';

let asked: URL[] = [];
let sent: { method: string; path: string; body: Record<string, unknown>; match: string | null }[] = [];

function gateway(special: (request: Request) => Promise<Response> | undefined = () => undefined) {
  vi.spyOn(window, 'fetch').mockImplementation(async (input) => {
    const request = input as Request;
    const { pathname } = new URL(request.url);
    asked.push(new URL(request.url));
    if (request.method !== 'GET') {
      const body = (await request.clone().json().catch(() => ({}))) as Record<string, unknown>;
      sent.push({ method: request.method, path: pathname, body, match: request.headers.get('if-match') });
    }
    const answered = special(request);
    if (answered) return answered;
    if (request.method === 'GET') {
      return answer(200, { items: [pathname.endsWith('/keys') ? KEY : UPSTREAM], next_cursor: null });
    }
    if (request.method === 'DELETE') return answer(204, null);
    return request.method === 'PATCH' ? answer(200, KEY) : answer(201, { key: KEY, token: TOKEN });
  });
}

beforeAll(() => startTexts('en'));
beforeEach(() => {
  sent = [];
  asked = [];
  gateway();
});

describe('the list of keys', () => {
  it('says that it loads, then what there is and what that cost', async () => {
    await showAt('/keys', <KeysPage />);
    expect(screen.getByRole('status', { name: 'Loading' })).toBeInTheDocument();
    const table = await screen.findByRole('table', { name: 'Keys' });
    for (const text of ['search-backend', '…x9Qw', 'ada@example.com · search', '$42.50']) {
      expect(within(table).getByText(text)).toBeInTheDocument();
    }
  });

  it('says what to do where there is none', async () => {
    gateway(() => answer(200, { items: [], next_cursor: null }));
    await showAt('/keys', <KeysPage />);
    expect(await screen.findByText('There is no key yet')).toBeInTheDocument();
  });

  it('says what failed, and asks again', async () => {
    gateway(() => problem(503, 'database_unavailable'));
    await showAt('/keys', <KeysPage />);
    await screen.findByText('The database is away');
    gateway();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('table', { name: 'Keys' })).toBeInTheDocument();
  });

  it('asks the gateway for what the address filters by', async () => {
    await showAt('/keys?q=search&team=data&state=expired', <KeysPage />);
    await screen.findByRole('table', { name: 'Keys' });
    const list = asked.find((url) => url.searchParams.has('activity'));
    expect(Object.fromEntries(list?.searchParams ?? [])).toMatchObject({ q: 'search', team: 'data', expired: 'true' });
    expect(list?.searchParams.has('enabled')).toBe(false);
  });
});

describe('a new key', () => {
  const create = async () => {
    await showAt('/keys', <KeysPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Create a key' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByLabelText('Name'), 'chat-app');
    return dialog;
  };

  it('is shown once, with snippets that hold it', async () => {
    const dialog = await create();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create a key' }));
    expect(await screen.findByText(TOKEN)).toBeInTheDocument();
    expect(screen.getByLabelText('curl', { selector: 'pre' })).toHaveTextContent(TOKEN);
    await userEvent.click(screen.getByRole('tab', { name: 'Anthropic (Python)' }));
    expect(screen.getByLabelText('Anthropic (Python)', { selector: 'pre' })).toHaveTextContent(`api_key="${TOKEN}"`);
    await userEvent.click(screen.getByRole('button', { name: 'I have copied it' }));
    await waitFor(() => expect(document.body).not.toHaveTextContent(TOKEN));
    await userEvent.click(screen.getByRole('button', { name: 'Show details' }));
    expect(await screen.findByRole('table', { name: 'Usage and cost' })).toBeInTheDocument();
    expect(document.body).not.toHaveTextContent(TOKEN);
    expect(JSON.stringify(Object.entries(window.localStorage))).not.toContain(TOKEN);
  });

  it('may use anything unless it is limited', async () => {
    const dialog = await create();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create a key' }));
    await screen.findByText(TOKEN);
    expect(sent[0]?.body).toMatchObject({ name: 'chat-app', allowed_models: null, allowed_upstreams: null, expires_at: null });
  });

  it('says beside each field what is wrong, and sends nothing', async () => {
    const dialog = await create();
    await userEvent.clear(within(dialog).getByLabelText('Name'));
    await userEvent.type(within(dialog).getByLabelText('Expires'), '2020-01-01T00:00');
    await userEvent.click(within(dialog).getByLabelText('Only some models'));
    await userEvent.type(within(dialog).getByLabelText('Models it may use'), '*-mini{Enter}');
    await userEvent.click(within(dialog).getByLabelText('Only some upstreams'));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create a key' }));
    for (const text of [
      'Please fill this in.',
      'This must lie in the future; to stop the key now, switch it off.',
      '*-mini: * may only be the last character',
      'Name at least one; to stop the key, switch it off.',
    ]) {
      expect(within(dialog).getByText(text)).toBeInTheDocument();
    }
    expect(sent).toEqual([]);
  });
});

describe('a key that is there', () => {
  it('gets a new token with time to change over, shown once', async () => {
    await showAt('/keys', <KeysPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'New token for search-backend' }));
    await userEvent.click(await screen.findByRole('button', { name: 'New token' }));
    expect(await screen.findByText(TOKEN)).toBeInTheDocument();
    expect(sent).toEqual([
      { method: 'POST', path: `/api/admin/keys/${KEY.id}/rotate`, body: { grace_seconds: 86_400 }, match: '"2"' },
    ]);
  });

  it('is changed in what was changed, on the revision it was made on', async () => {
    await showAt('/keys', <KeysPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Edit search-backend' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByLabelText('Only some models'));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    await screen.findByText('Key search-backend saved');
    expect(sent).toMatchObject([{ method: 'PATCH', body: { allowed_models: null }, match: '"2"' }]);
    expect(Object.keys(sent[0]?.body ?? {})).toEqual(['allowed_models']);
  });

  it('shows what somebody else changed meanwhile, and can go on with that', async () => {
    gateway((request) => {
      if (request.method === 'PATCH') return problem(412, 'stale');
      const isOne = new URL(request.url).pathname.endsWith(KEY.id);
      return isOne ? answer(200, { ...KEY, revision: 3, team: 'data' }) : undefined;
    });
    await showAt('/keys', <KeysPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Edit search-backend' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByLabelText('May send requests'));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await within(dialog).findByRole('row', { name: 'Team search data as it is now' })).toBeInTheDocument();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Take theirs' }));
    expect(within(dialog).getByLabelText('Team (optional)')).toHaveValue('data');
    expect(within(dialog).getByLabelText('May send requests')).toBeChecked();
  });
});

describe('snippets', () => {
  it.each(SDKS.map(({ id }) => id))('for %s name address, token and a model', (id) => {
    const code = snippet(id, 'https://gate.example', 'tg-1', modelFor(id, null));
    expect(code).toContain('https://gate.example');
    expect(code).toContain('tg-1');
    expect(code).toContain(modelFor(id, null));
  });

  it('name a model that the key may use', () => {
    expect(modelFor('openai', ['gpt-5*'])).toBe('gpt-5-mini');
    expect(modelFor('openai', ['claude-*', 'house-model'])).toBe('house-model');
    expect(modelFor('openai', ['claude-*'])).toBe('gpt-5-mini');
  });
});
