import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it, vi } from 'vitest';

import type { RequestLog } from '@/data/logs';
import { startTexts } from '@/i18n';
import { LOG } from '@/testing/samples';
import { answer, showAt } from '@/testing/show';

import { asCurl } from './curl';
import { LogDetails } from './LogDetails';

const attempt = (change: object) => ({
  attempt: 1,
  billing_status: 'billed',
  charge: '0.0025',
  chosen: 'first_choice',
  cost: '0.0019125',
  detail: null,
  duration_us: 1_000_000,
  ended_at: '2026-11-26T10:00:01Z',
  event_id: 'e1',
  finish_reason: 'stop',
  flags: [],
  http_status: 200,
  list_cost: '0.00225',
  model_sent: 'gpt-5-mini',
  model_served: 'gpt-5-mini-2026-01-01',
  occurred_at: '2026-11-26T10:00:00Z',
  outcome: 'completed',
  price_source: 'litellm',
  price_version: 12,
  provider: 'openai',
  reason: null,
  response_id: null,
  revisions: 2,
  tier_requested: null,
  tier_served: 'flex',
  tokens: null,
  ttft_us: 350_000,
  upstream_id: 'u1',
  upstream_name: 'openai',
  usage: null,
  usage_source: 'reported',
  ...change,
});

const ATTEMPTS = [
  attempt({
    billing_status: 'no_charge',
    cost: null,
    reason: 'rejected',
    outcome: 'upstream_error',
    http_status: 503,
    finish_reason: null,
    model_served: null,
    tier_served: null,
    revisions: 1,
    ttft_us: null,
    usage_source: 'none',
    upstream_name: 'reseller',
  }),
  attempt({ attempt: 2, event_id: 'e2', chosen: 'failover', occurred_at: '2026-11-26T10:00:00.5Z' }),
];

const candidate = (name: string, result: string, change: object = {}) => ({
  upstream_id: name,
  upstream_name: name,
  priority: 10,
  weight: 1,
  result,
  http_status: null,
  error: null,
  ...change,
});

const ROUTING = {
  candidates: [
    candidate('reseller', 'answered', { http_status: 503, priority: 0 }),
    candidate('openai', 'answered', { http_status: 200 }),
    candidate('spare', 'not_reached'),
    candidate('claude', 'wrong_protocol'),
  ],
  omitted: 3,
};

const receiptLine = (more: object) => ({
  count: 1000,
  unit: 'token',
  billed_count: null,
  multiplier: '0.85',
  modifiers: [],
  fallbacks: [],
  ...more,
});

const RECEIPT = {
  attempts: [
    {
      attempt: 2,
      event_id: 'e2',
      billing_status: 'billed',
      cost: '0.0019125',
      reason: null,
      detail: null,
      upstream: { id: 'u', name: 'openai' },
      entries: [
        {
          revision: 0,
          adjustment: null,
          zero_reason: null,
          recorded_at: '2026-11-26T10:00:02Z',
          usage: { input: 200, cache_read: 800, output: 120 },
          cost: '0.0019125',
          lines: [
            receiptLine({ meter: 'input', side: 'input', usd_per_million: '0.25', cost: '0.0002125' }),
            receiptLine({ meter: 'output', side: 'output', usd_per_million: '2', cost: '0.0017' }),
          ],
          pricing: {
            priced_as: 'gpt-5-mini',
            price_version: 12,
            rule: 'synced_card',
            tier: 'flex',
            band_above_tokens: 200_000,
            window: null,
            multiplier_pattern: 'gpt-5*',
          },
          candidates: [
            { rule: 'global_override', name: 'gpt-5-mini', outcome: 'no_price', why: 'there is none' },
            { rule: 'synced_card', name: 'gpt-5-mini', outcome: 'won', why: 'it has a price' },
          ],
        },
      ],
    },
  ],
};

beforeAll(() => startTexts('en'));

async function unfold(log: RequestLog = LOG) {
  vi.spyOn(window, 'fetch').mockImplementation((request) =>
    (request as Request).url.endsWith('/receipt')
      ? answer(200, RECEIPT)
      : answer(200, { request: log, attempts: ATTEMPTS, routing: ROUTING, receipt: '' }),
  );
  await showAt('/logs', <LogDetails log={log} />);
  await screen.findByRole('region', { name: 'Attempts' });
}

describe('an unfolded request', () => {
  it('tells each token once', async () => {
    await unfold();
    const items = within(screen.getByRole('region', { name: 'Usage' })).getAllByRole('listitem');
    expect(items.map((item) => item.textContent)).toEqual(['Input200', 'from cache800', 'Output56', 'Reasoning64']);
  });

  it('shows the receipt as formulas, the rule that won, and those that lost on demand', async () => {
    await unfold();
    const receipt = screen.getByRole('region', { name: 'Receipt' });
    expect(await within(receipt).findByText('0.0002125 + 0.0017 = 0.0019125 USD')).toBeInTheDocument();
    expect(receipt).toHaveTextContent(
      'Input: 1,000 tokens × 0.25 USD per million × 0.85 (input multiplier) = 0.0002125 USD',
    );
    expect(receipt).toHaveTextContent(
      'Priced as gpt-5-mini, price version 12 · synced price · tier flex · above 200,000 input tokens · multipliers of gpt-5*',
    );
    await userEvent.click(within(receipt).getByRole('button', { name: 'Why this price' }));
    expect(within(receipt).getByText('there is none')).toBeInTheDocument();
  });

  it('shows why it went where it went', async () => {
    await unfold();
    const rows = within(screen.getByRole('table', { name: 'Routing' })).getAllByRole('row');
    expect(rows.map((row) => row.textContent)).toEqual([
      'UpstreamPriority · weightWhat came of it',
      'reseller0 · 1answered · 503',
      'openai10 · 1answered · 200',
      'spare10 · 1would have been next',
      'claude10 · 1other protocol',
    ]);
    expect(screen.getByText('3 more were passed over.')).toBeInTheDocument();
  });

  it('shows each attempt with how it ended, in order', async () => {
    await unfold();
    const attempts = within(screen.getByRole('region', { name: 'Attempts' })).getAllByRole('listitem');
    expect(attempts).toHaveLength(2);
    expect(attempts[0]).toHaveTextContent('first choiceerror of the upstream · 503');
    expect(attempts[0]).toHaveTextContent('refused by the provider');
    expect(attempts[1]).toHaveTextContent('after a failurecomplete · 200');
    expect(attempts[1]).toHaveTextContent('served by gpt-5-mini-2026-01-01 · tier flex · usage as reported');
    expect(attempts[1]).toHaveTextContent('1 adjustment');
    expect(attempts[1]).toHaveTextContent('sent after 500 ms · first token 350 ms · took 1 sec');
  });

  it('has an address of its own', async () => {
    await unfold();
    expect(screen.getByRole('link', { name: LOG.request_id })).toHaveAttribute('href', `/logs?request=${LOG.request_id}`);
  });
});

describe('a request as a command', () => {
  const command = (change: Partial<RequestLog>) => asCurl({ ...LOG, ...change }, 'https://gate.example');

  it('calls the same path with the same model', () => {
    expect(command({})).toContain('curl https://gate.example/v1/chat/completions');
    expect(command({})).toContain('"model":"gpt-5-mini"');
    expect(command({})).toContain('"stream":true');
    expect(command({ stream: false })).not.toContain('stream');
  });

  it('fits the wire protocol', () => {
    expect(command({ protocol: 'anthropic_messages', path: '/v1/messages' })).toContain('"max_tokens":256');
    expect(command({ protocol: 'openai_embeddings' })).toContain('"input":"Say hello."');
    expect(command({ protocol: 'openai_transcriptions' })).toContain('-F file=@audio.wav');
    const gemini = command({ protocol: 'gemini_generate', path: '/v1beta/models/gemini-2.5-flash:generateContent' });
    expect(gemini).toContain('"contents"');
    expect(gemini).not.toContain('"model"');
  });

  it('cannot be broken out of by a model’s name', () => {
    expect(command({ model_requested: "a'; rm -rf ~; '" })).toContain(String.raw`a'\''; rm -rf ~; '\''`);
  });
});
