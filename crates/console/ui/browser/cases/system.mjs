import assert from 'node:assert/strict';

import { addUpstream } from '../given.mjs';
import { enter, open, openSearch, settled, signIn, takeFound } from '../page.mjs';

export async function a_job_is_run_paused_and_resumed_and_the_audit_log_says_by_whom({ browser, world }) {
  const page = await enter(browser, world, '/system');
  await page.getByRole('button', { name: 'Run now: Access clean-up' }).click();
  await page.getByText('Access clean-up is done. There was nothing to do.').waitFor();
  await page.getByRole('button', { name: 'Pause the schedule: Access clean-up' }).click();
  await page.getByText('paused by environment').waitFor();
  await page.getByRole('button', { name: 'Resume the schedule: Access clean-up' }).click();
  await page.getByRole('button', { name: 'Pause the schedule: Access clean-up' }).waitFor();

  await page.getByRole('tab', { name: 'Audit log' }).click();
  const log = page.getByRole('table', { name: 'Audit log' });
  for (const deed of ['run by hand', 'paused', 'resumed']) await log.getByText(deed, { exact: true }).waitFor();
}

export async function an_edit_opens_to_what_stood_there_before_and_after({ browser, world }) {
  const { key } = await world.admin('POST', '/keys', { name: 'app', team: 'search' });
  await world.admin('PATCH', `/keys/${key.id}`, { team: 'support' });
  const page = await enter(browser, world, `/system?tab=audit&kind=key&resource=${key.id}`);
  const rows = page.getByRole('table', { name: 'Audit log' }).locator('tbody > tr');
  await rows.nth(1).waitFor();
  assert.equal(await rows.count(), 2);
  await page.getByRole('button', { name: 'Show details' }).first().click();
  const diff = page.getByRole('table', { name: 'Before and after' });
  await diff.locator('del', { hasText: 'search' }).waitFor();
  await diff.locator('ins', { hasText: 'support' }).waitFor();
}

export async function a_viewer_looks_at_everything_and_is_offered_nothing_to_change({ browser, world }) {
  const admin = await enter(browser, world, '/system?tab=tokens');
  await admin.getByRole('button', { name: 'Create a token' }).click();
  const form = admin.getByRole('dialog');
  await form.getByLabel('Name').fill('grace@example.com');
  await form.getByRole('button', { name: 'Create a token' }).click();
  const token = await admin.getByLabel('Admin token', { exact: true }).innerText();
  assert.match(token, /^tga-/);
  await admin.getByRole('button', { name: 'I have copied it' }).click();
  await admin.getByRole('table', { name: 'Admin tokens' }).getByText('grace@example.com').waitFor();
  assert.ok(!(await admin.content()).includes(token));

  const page = await open(browser);
  await signIn(page, world, '/system', token);
  const run = page.getByRole('button', { name: 'Run now: Access clean-up' });
  await run.hover();
  await page.getByText('This needs the role “Admin”; you are signed in as “Viewer”.').waitFor();
  await run.click({ force: true });
  await page.getByRole('tab', { name: 'Admin tokens' }).click();
  await page.getByText('Only admins see admin tokens').waitFor();
  for (const tab of ['Audit log', 'Journal', 'Deferred', 'Configuration', 'Version']) {
    await page.getByRole('tab', { name: tab }).click();
    await settled(page);
    assert.equal(await page.getByRole('alert').count(), 0, tab);
  }
  const { items } = await world.admin('GET', '/system/jobs');
  assert.ok(items.every((job) => job.runs.every((shown) => shown.author !== 'grace@example.com')));
}

export async function the_search_finds_by_name_and_id_with_the_keyboard_alone({ browser, world }) {
  await addUpstream(world, { name: 'house-models' });
  const page = await enter(browser, world);
  await openSearch(page);
  await page.keyboard.type('house-mo');
  await takeFound(page, `openai · ${world.provider}`);
  await page.getByRole('heading', { level: 1, name: 'Upstreams' }).waitFor();
  await settled(page);
  const search = await openSearch(page);
  await search.fill('gpt-4.1-mini');
  await takeFound(page, 'USD per million tokens');
  await page.waitForURL(/\/prices\?q=gpt-4\.1-mini$/);
}
