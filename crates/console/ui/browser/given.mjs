// What most cases begin with: an upstream, a key, some requests.
import assert from 'node:assert/strict';

import { CREDENTIAL } from './world.mjs';

/** A model nobody has a price for. */
export const UNPRICED = 'acme-large';

/** One short chat request for a model. */
export const chat = (model) => ({ model, messages: [{ role: 'user', content: 'Say hello.' }] });

/** An upstream for chat at the simulated provider. */
export function addUpstream(world, more = {}) {
  return world.admin('POST', '/upstreams', {
    name: 'openai',
    provider: 'openai',
    protocols: ['openai_chat'],
    base_url: world.provider,
    credential: CREDENTIAL,
    ...more,
  });
}

/** An upstream and a key with which these models were asked for, one after another, all of it in the log. The key's token. */
export async function served(world, models, key = { name: 'app' }) {
  await addUpstream(world);
  const { token } = await world.admin('POST', '/keys', key);
  for (const model of models) await succeeds(world, token, model);
  await world.logged(models.length);
  return token;
}

/** One request that is answered. */
export async function succeeds(world, token, model) {
  assert.equal(await world.send(token, '/v1/chat/completions', chat(model)), 200);
}
