import assert from 'node:assert/strict';

import { addUpstream, chat, succeeds } from '../given.mjs';
import { enter } from '../page.mjs';
import { CREDENTIAL } from '../world.mjs';

export async function an_upstream_is_made_tested_and_told_apart_from_what_another_did_to_it({ browser, world }) {
  const page = await enter(browser, world, '/upstreams');
  await page.getByText('There is no upstream yet').waitFor();
  await page.getByRole('button', { name: 'Add an upstream' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('At least one', { exact: true }).waitFor();
  await dialog.getByLabel('Provider', { exact: true }).fill('openai');
  await page.getByRole('option', { name: 'openai', exact: true }).click();
  await page.waitForFunction(() => [...document.querySelectorAll('input')].some(({ value }) => value === 'https://api.openai.com'));
  await dialog.getByLabel('Base URL').fill(`${world.provider}/v1`);
  await dialog.getByRole('textbox', { name: 'Models', exact: true }).click();
  await dialog.getByText('Leave off /v1; the gateway adds it').waitFor();
  await dialog.getByLabel('Base URL').fill(world.provider);
  await dialog.getByLabel('Credential', { exact: true }).fill(CREDENTIAL);
  await dialog.getByRole('textbox', { name: 'Models', exact: true }).fill('gpt-4o-mini\ngpt-*');
  await dialog.getByRole('tab', { name: 'Prices' }).click();
  await dialog.getByLabel('Input multiplier', { exact: true }).fill('0.5');
  const example = dialog.getByRole('table', { name: 'Prices after multipliers' }).getByRole('row', { name: /^gpt-4o-mini / });
  await example.getByText('$0.075').waitFor();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Upstream openai saved').waitFor();

  await page.getByRole('button', { name: 'Test openai' }).click();
  await page.getByRole('group', { name: 'What the test would cost' }).getByText(/^\$0\.0/).first().waitFor();
  await page.getByRole('button', { name: 'Send the test call' }).click();
  await page.getByRole('group', { name: 'Result of the test' }).getByText('It works').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  const [{ id }] = (await world.admin('GET', '/upstreams')).items;
  await page.getByRole('button', { name: 'Edit openai' }).click();
  await dialog.getByLabel('Weight').fill('5');
  await world.admin('PATCH', `/upstreams/${id}`, { priority: 7 });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('row', { name: 'Priority 0 7 as it is now' }).waitFor();
  await dialog.getByRole('button', { name: 'Save mine on top' }).click();
  await dialog.waitFor({ state: 'detached' });
  const kept = await world.admin('GET', `/upstreams/${id}`);
  assert.deepEqual([kept.priority, kept.weight, kept.input_multiplier], [7, 5, '0.5']);

  await page.getByRole('button', { name: 'Delete openai' }).click();
  await page.getByRole('button', { name: 'Delete the upstream' }).click();
  await page.getByText('There is no upstream yet').waitFor();
}

export async function a_key_is_shown_once_limited_and_changed_over({ browser, world }) {
  await addUpstream(world);
  const page = await enter(browser, world, '/keys');
  await page.getByRole('button', { name: 'Create a key' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('chat-app');
  await dialog.getByLabel('Only some models').check();
  await dialog.getByLabel('Models it may use').fill('gpt-4o*');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Create a key' }).click();
  const token = (await dialog.getByLabel('Key', { exact: true }).textContent()).trim();
  assert.match(token, /^tg-/);
  await dialog.getByRole('tab', { name: 'Google Gen AI (Python)' }).click();
  await dialog.getByText(`api_key="${token}"`).waitFor();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.ok(!(await page.content()).includes(token), 'the token is still on the page');
  await succeeds(world, token, 'gpt-4o');
  assert.equal(await world.send(token, '/v1/chat/completions', chat('gpt-4.1')), 403);

  await page.getByRole('button', { name: 'New token for chat-app' }).click();
  await dialog.getByRole('button', { name: 'New token' }).click();
  const next = (await dialog.getByLabel('Key', { exact: true }).textContent()).trim();
  assert.notEqual(next, token);
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByText('old token still accepted').waitFor();
  await succeeds(world, next, 'gpt-4o');
  await succeeds(world, token, 'gpt-4o');
  await page.getByRole('button', { name: 'Delete chat-app' }).click();
  await page.getByRole('button', { name: 'Delete the key' }).click();
  await page.getByText('There is no key yet').waitFor();
  assert.equal(await world.send(next, '/v1/chat/completions', chat('gpt-4o')), 401);
}
