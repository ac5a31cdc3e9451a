import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { startTexts } from '@/i18n';
import { UPSTREAM } from '@/testing/samples';
import { answer, problem, showAt } from '@/testing/show';

import { UpstreamsPage } from './UpstreamsPage';

type Answerer = (request: Request) => Promise<Response> | undefined;

let sent: { method: string; path: string; body: Record<string, unknown>; match: string | null }[] = [];

/** A gateway with one upstream; `special` answers first. */
function gateway(special: Answerer = () => undefined) {
  vi.spyOn(window, 'fetch').mockImplementation(async (input) => {
    const request = input as Request;
    const { pathname } = new URL(request.url);
    if (request.method !== 'GET') {
      const body = (await request.clone().json().catch(() => ({}))) as Record<string, unknown>;
      sent.push({ method: request.method, path: pathname, body, match: request.headers.get('if-match') });
    }
    const answered = special(request);
    if (answered) return answered;
    if (pathname.endsWith('/billing/prices')) return answer(200, { items: [], next_cursor: null, total: 0, held_known: true, price_version: 1 });
    if (request.method === 'GET' && pathname.endsWith(UPSTREAM.id)) return answer(200, UPSTREAM);
    if (request.method === 'GET') return answer(200, { items: [UPSTREAM], next_cursor: null });
    return request.method === 'DELETE' ? answer(204, null) : answer(200, UPSTREAM);
  });
}

beforeAll(() => startTexts('en'));
beforeEach(() => {
  sent = [];
  gateway();
});

const listed = { items: [], next_cursor: null };

describe('the list of upstreams', () => {
  it('says that it loads, then what there is and what that cost', async () => {
    await showAt('/upstreams', <UpstreamsPage />);
    expect(screen.getByRole('status', { name: 'Loading' })).toBeInTheDocument();
    const table = await screen.findByRole('table', { name: 'Upstreams' });
    for (const text of ['openai', '× 0.8 / × 0.9', '$42.50', '$1.06']) {
      expect(within(table).getAllByText(text).length).toBeGreaterThan(0);
    }
  });

  it('says what to do where there is none, and other words where none matches', async () => {
    gateway((request) => (request.method === 'GET' ? answer(200, listed) : undefined));
    await showAt('/upstreams', <UpstreamsPage />);
    expect(await screen.findByText('There is no upstream yet')).toBeInTheDocument();
    await showAt('/upstreams?q=nobody', <UpstreamsPage />);
    expect(await screen.findByText('None matches these filters.')).toBeInTheDocument();
  });

  it('says what failed, and asks again', async () => {
    gateway(() => problem(500, 'internal'));
    await showAt('/upstreams', <UpstreamsPage />);
    await screen.findByText('The gateway failed');
    gateway();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('table', { name: 'Upstreams' })).toBeInTheDocument();
  });

  it('offers a viewer nothing to change', async () => {
    await showAt('/upstreams', <UpstreamsPage />, { role: 'viewer' });
    await screen.findByRole('table', { name: 'Upstreams' });
    expect(screen.queryByRole('button', { name: 'Edit openai' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Add an upstream' })).toHaveAttribute('aria-disabled', 'true');
  });

  it('deletes after a question', async () => {
    await showAt('/upstreams', <UpstreamsPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Delete openai' }));
    expect(sent).toEqual([]);
    await userEvent.click(await screen.findByRole('button', { name: 'Delete the upstream' }));
    expect(await screen.findByText('Upstream openai deleted')).toBeInTheDocument();
    expect(sent.map(({ method, match }) => [method, match])).toEqual([['DELETE', '"3"']]);
  });
});

describe('the form of an upstream', () => {
  const edit = async () => {
    await showAt('/upstreams', <UpstreamsPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Edit openai' }));
    return screen.findByRole('dialog');
  };

  it('says beside each field what is wrong, and sends nothing', async () => {
    await showAt('/upstreams', <UpstreamsPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Add an upstream' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByLabelText('Base URL'), 'https://api.openai.com/v1');
    await userEvent.type(within(dialog).getByLabelText('Models'), 'gpt-*-mini');
    await userEvent.clear(within(dialog).getByLabelText('Weight'));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    for (const text of [
      'Please fill this in.',
      'Lower-case letters, digits, _ - .',
      'Leave off /v1; the gateway adds it',
      'At least one',
      'gpt-*-mini: * may only be the last character',
      'A whole number from 1 to 1000',
    ]) {
      expect(within(dialog).getByText(text)).toBeInTheDocument();
    }
    expect(sent).toEqual([]);
  });

  it('opens the part that has the mistake', async () => {
    const dialog = await edit();
    await userEvent.click(within(dialog).getByRole('tab', { name: 'Prices' }));
    const field = within(dialog).getByLabelText('Input multiplier');
    await userEvent.clear(field);
    await userEvent.type(field, '101');
    await userEvent.click(within(dialog).getByRole('tab', { name: 'Connection' }));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(within(dialog).getByRole('tab', { name: 'Prices' })).toHaveAttribute('aria-selected', 'true');
    expect(within(dialog).getByText('At most 100')).toBeInTheDocument();
  });

  it('sends what was changed and nothing else, for the revision it was made on', async () => {
    const dialog = await edit();
    const priority = within(dialog).getByLabelText('Priority');
    await userEvent.clear(priority);
    await userEvent.type(priority, '20');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    await screen.findByText('Upstream openai saved');
    expect(sent.map(({ method, body, match }) => ({ method, body, match }))).toEqual([
      { method: 'PATCH', body: { priority: 20, confirm: false }, match: '"3"' },
    ]);
  });

  it('puts the gateway’s words beside the field they are about', async () => {
    gateway((request) =>
      request.method === 'PATCH'
        ? answer(422, {
            type: 'urn:tollgate:problem:validation_failed',
            title: 'x',
            status: 422,
            detail: '1 field',
            errors: [{ field: 'base_url', message: 'is a link-local address' }],
          })
        : undefined,
    );
    const dialog = await edit();
    await userEvent.clear(within(dialog).getByLabelText('Base URL'));
    await userEvent.type(within(dialog).getByLabelText('Base URL'), 'http://169.254.169.254');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await within(dialog).findByText('is a link-local address')).toBeInTheDocument();
  });

  it('explains a conflict, keeps what was typed, and saves it on top', async () => {
    const theirs = { ...UPSTREAM, revision: 4, weight: 7, priority: 30 };
    gateway((request) => {
      const isOne = new URL(request.url).pathname.endsWith(UPSTREAM.id);
      if (request.method === 'PATCH' && request.headers.get('if-match') === '"3"') return problem(412, 'stale');
      return request.method === 'GET' && isOne ? answer(200, theirs) : undefined;
    });
    const dialog = await edit();
    const priority = within(dialog).getByLabelText('Priority');
    await userEvent.clear(priority);
    await userEvent.type(priority, '20');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    const changes = await within(dialog).findByRole('table', { name: 'What changed' });
    expect(within(changes).getByRole('row', { name: 'Priority 10 30 20' })).toBeInTheDocument();
    expect(within(changes).getByRole('row', { name: 'Weight 1 7 as it is now' })).toBeInTheDocument();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save mine on top' }));
    await screen.findByText('Upstream openai saved');
    expect(sent.at(-1)).toMatchObject({ body: { priority: 20, confirm: false }, match: '"4"' });
    expect(sent.at(-1)?.body).not.toHaveProperty('weight');
  });
});

describe('the test call', () => {
  const money = { billing_status: 'billed', charge: '0.00002', cost: '0.00002', list_cost: '0.00002', detail: null, reason: null };
  const test = {
    currency: 'USD',
    model: 'fast',
    model_sent: 'gpt-5-mini',
    preview: { ...money, rule: { price_source: 'litellm', price_version: 1, priced_as: 'gpt-5-mini', rule: 'synced_card' }, usage: { input: 8, output: 16 } },
    protocol: 'openai_chat',
    result: null,
    routed: true,
    stream: false,
    upstream_id: UPSTREAM.id,
    upstream_name: 'openai',
  };
  const result = {
    ...money,
    duration_us: 1_500_000,
    error: null,
    http_status: 200,
    model_served: 'gpt-5-mini-2026',
    ok: true,
    request_id: '0198f0a0-0000-7000-8000-000000000009',
    response_id: 'x',
    rule: null,
    said: '{"hello": "world"}',
    said_is_cut: false,
    ttft_us: 350_000,
    usage: { input: 8, output: 2 },
    usage_source: 'reported',
  };

  it('says what it costs before anything is sent, then what came of it', async () => {
    gateway((request) => {
      if (!request.url.endsWith('/test')) return undefined;
      const isDry = sent.at(-1)?.body.dry_run === true;
      return answer(200, { ...test, result: isDry ? null : result });
    });
    await showAt('/upstreams', <UpstreamsPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Test openai' }));
    const preview = await screen.findByRole('group', { name: 'What the test would cost' });
    expect(preview).toHaveTextContent('$0.00002');
    expect(preview).toHaveTextContent('gpt-5-mini');
    expect(sent.every(({ body }) => body.dry_run === true)).toBe(true);
    await waitFor(() => expect(screen.getByRole('button', { name: 'Send the test call' })).toBeEnabled());
    await userEvent.click(screen.getByRole('button', { name: 'Send the test call' }));
    const shown = await screen.findByRole('group', { name: 'Result of the test' });
    for (const text of ['It works', '1.5 sec', 'gpt-5-mini-2026', '{"hello": "world"}']) {
      expect(within(shown).getByText(text)).toBeInTheDocument();
    }
    expect(within(shown).getByRole('link', { name: 'Open it in the logs' })).toHaveAttribute(
      'href',
      `/logs?request=${result.request_id}`,
    );
    expect(sent.at(-1)?.body).toEqual({ model: 'fast', protocol: 'openai_chat', stream: false });
  });
});
