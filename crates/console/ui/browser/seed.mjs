// What there is to see: upstreams, keys, traffic of every kind, a manual price.
import { CREDENTIAL } from './world.mjs';

const UPSTREAMS = [
  { name: 'openai', provider: 'openai', protocols: ['openai_chat', 'openai_responses', 'openai_embeddings'], priority: 10 },
  { name: 'anthropic', provider: 'anthropic', protocols: ['anthropic_messages'], priority: 10 },
  {
    name: 'reseller',
    provider: 'openai',
    protocols: ['openai_chat'],
    models: [{ model: 'gpt-4.1*' }],
    input_multiplier: '0.8',
    output_multiplier: '0.9',
    account_label: 'org-acme',
  },
];

const KEYS = [
  { name: 'search-backend', team: 'search', owner: 'ada@example.com', tags: ['production'] },
  { name: 'chat-app', team: 'support', owner: 'lin@example.com', tags: ['production'] },
  { name: 'nightly-batch', team: 'data', tags: ['batch'] },
];

/** Name, role and for how many days. */
const TOKENS = [
  ['ada@example.com', 'admin', null],
  ['lin@example.com', 'finance', 90],
  ['dashboards', 'viewer', 9],
];

/** Tokens in, of them from a cache, and out: about what each is used for. */
const USAGE = {
  'gpt-4o': [6_400, 4_096, 420],
  'gpt-4o-mini': [900, 0, 180],
  'gpt-4.1': [12_800, 8_192, 640],
  'claude-sonnet-4-5': [9_600, 7_168, 880],
};
const NO_CACHE = { usage: { input: 2_100, output: 450 }, header_delay_ms: 60 };

/** An answer that takes a moment, a little different each time. */
function answerOf(model, round) {
  const [input, cached, output] = USAGE[model];
  const times = 1 + round / 7;
  const usage = {
    input: Math.round((input - cached) * times),
    ...(cached > 0 ? { cache_read: cached } : {}),
    output: Math.round(output * times),
  };
  return { usage, header_delay_ms: 40 + 30 * round, chunks: 4, chunk_delay_ms: 10 };
}

const chat = (model, words) => ({ model, messages: [{ role: 'user', content: words }] });

export async function seed(world) {
  for (const upstream of UPSTREAMS) {
    await world.admin('POST', '/upstreams', { base_url: world.provider, credential: CREDENTIAL, ...upstream });
  }
  const keys = [];
  for (const key of KEYS) keys.push((await world.admin('POST', '/keys', key)).token);

  let sent = 0;
  const send = async (key, path, body) => {
    sent += 1;
    return world.send(key, path, body, path === '/v1/messages' ? { 'anthropic-version': '2023-06-01' } : {});
  };
  for (const [index, key] of keys.entries()) {
    for (let round = 0; round < 4 - index; round += 1) {
      for (const model of Object.keys(USAGE)) await world.script(model, answerOf(model, round + index));
      await send(key, '/v1/chat/completions', chat('gpt-4o', 'Summarise the release notes.'));
      await send(key, '/v1/chat/completions', chat('gpt-4o-mini', 'Say hello.'));
      await send(key, '/v1/chat/completions', chat('gpt-4.1', 'Translate this to Chinese.'));
      await send(key, '/v1/messages', { ...chat('claude-sonnet-4-5', 'Write a haiku.'), max_tokens: 256 });
    }
  }
  for (const model of ['acme-large', 'acme-large', 'gpt-5-mini-internal-preview']) await world.script(model, NO_CACHE);
  await send(keys[0], '/v1/chat/completions', chat('acme-large', 'A model nobody has a price for.'));
  await send(keys[0], '/v1/chat/completions', chat('acme-large', 'The same again.'));
  await send(keys[1], '/v1/chat/completions', chat('gpt-5-mini-internal-preview', 'Another one.'));
  await world.script('gpt-4o', { fault: { status: { code: 400 } } });
  await send(keys[1], '/v1/chat/completions', chat('gpt-4o', 'This one is refused.'));
  await world.admin('POST', '/billing/overrides', {
    model: 'house-model-v2',
    input_usd_per_mtok: '0.25',
    output_usd_per_mtok: '1.5',
    cache_read_usd_per_mtok: '0.025',
    bands: [{ above_tokens: 200_000, input_usd_per_mtok: '0.5', output_usd_per_mtok: '2.25' }],
    rates: [
      { meter: 'input', tier: 'flex', usd_per_mtok: '0.125' },
      { meter: 'output', tier: 'flex', usd_per_mtok: '0.75' },
      { meter: 'web_search', usd_per_call: '0.01' },
    ],
    note: 'contract of November',
  });
  for (const [name, role, days] of TOKENS) {
    const expires_at = days && new Date(Date.now() + days * 86_400_000).toISOString();
    await world.admin('POST', '/tokens', { name, role, expires_at });
  }
  await world.admin('POST', '/system/jobs/access_cleanup/run');
  await world.admin('POST', '/system/jobs/partition_maintenance/run');
  await world.admin('POST', '/system/jobs/log_retention/pause');
  const [edited] = (await world.admin('GET', '/keys?q=chat-app')).items;
  await world.admin('PATCH', `/keys/${edited.id}`, { team: 'customer-care', tags: ['production', 'chat'] });
  const logs = await world.logged(sent);
  return { keys, sent, logs };
}
