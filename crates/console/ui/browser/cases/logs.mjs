import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { served, succeeds, UNPRICED } from '../given.mjs';
import { enter, settled } from '../page.mjs';

/** Two requests without a price and one with; the key's token. */
const traffic = (world) => served(world, [UNPRICED, UNPRICED, 'gpt-4o'], { name: 'app', team: 'search' });

export async function logs_are_filtered_and_opened({ browser, world }) {
  await traffic(world);
  const page = await enter(browser, world, '/logs');
  const table = page.getByRole('table', { name: 'Logs' });
  await table.getByText('gpt-4o', { exact: true }).waitFor();
  await page.getByRole('region', { name: 'Statistics' }).getByText('3 attempts').waitFor();
  await page.getByRole('button', { name: 'Unbilled', exact: true }).click();
  await page.waitForURL(/status=unbilled/);
  await table.getByText('gpt-4o', { exact: true }).waitFor({ state: 'detached' });
  // The rows of before go first, then those asked for come.
  await table.getByText(UNPRICED, { exact: true }).nth(1).waitFor();
  assert.equal(await table.getByText(UNPRICED, { exact: true }).count(), 2);
  assert.equal(await table.getByText('no price', { exact: true }).count(), 2);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await table.getByText('gpt-4o', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'More filters' }).click();
  await page.getByLabel('Cost from').fill('cheap');
  await page.getByText('An amount such as 0.05').waitFor();
  await page.getByLabel('Cost from').fill('0.000001');
  await page.keyboard.press('Enter');
  await page.waitForURL(/min_cost=0.000001/);
  await table.getByText(UNPRICED, { exact: true }).first().waitFor({ state: 'detached' });
  await table.getByRole('button', { name: 'Show details' }).click();
  await page.getByText(/^Input: .* tokens × .* USD per million/).first().waitFor();
  await page.getByText('first choice', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Why this price' }).first().click();
  const id = new URL(await page.locator('#page a[href^="/logs?request="]').first().getAttribute('href'), world.url);
  await page.goto(id.href);
  await settled(page);
  await page.getByText(/^Input: .* tokens × .* USD per million/).first().waitFor();
  // The row and what it unfolds to, not the tables within.
  assert.equal(await table.locator(':scope > tbody > tr').count(), 2);
}

export async function a_live_list_shows_requests_as_they_end({ browser, world }) {
  const key = await traffic(world);
  const page = await enter(browser, world, '/logs?team=search');
  const table = page.getByRole('table', { name: 'Logs' });
  await table.getByText('gpt-4o', { exact: true }).waitFor();
  const isList = (address) => new URL(address).pathname === '/api/admin/request-logs';
  // What happened before the stream began is read once; from then on the stream tells.
  const caughtUp = page.waitForResponse((response) => isList(response.url()));
  await page.getByRole('switch', { name: 'Live' }).check();
  await page.getByRole('status', { name: 'Live' }).getByText('Live', { exact: true }).waitFor();
  await (await caughtUp).finished();
  let lists = 0;
  page.on('request', (request) => {
    if (isList(request.url())) lists += 1;
  });
  await succeeds(world, key, 'gpt-4o-mini');
  await table.getByText('gpt-4o-mini', { exact: true }).waitFor();
  assert.equal(lists, 0, 'the list was read again although the stream tells');

  await table.getByRole('button', { name: 'Show details' }).first().click();
  await succeeds(world, key, 'gpt-4.1');
  await page.getByRole('button', { name: '1 new request' }).click();
  await table.getByText('gpt-4.1', { exact: true }).waitFor();
}

export async function an_export_holds_what_the_filters_say_and_says_that_it_is_complete({ browser, world }) {
  await traffic(world);
  const page = await enter(browser, world, '/logs?status=unbilled');
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'CSV, for spreadsheets' }).click(),
  ]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
  assert.equal(lines.length, 4, lines.join('\n'));
  assert.match(lines.at(-1), /^"?# complete requests=2/);
}
