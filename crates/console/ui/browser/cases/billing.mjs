import assert from 'node:assert/strict';

import { served, succeeds, UNPRICED } from '../given.mjs';
import { enter, follow, hasFocus, openSearch, PHONE, settled, takeFound } from '../page.mjs';

/** Two requests to a model without a price; the key's token. */
const unpriced = (world) => served(world, [UNPRICED, UNPRICED]);

export async function repair_an_unpriced_model_and_the_next_request_is_billed({ browser, world }) {
  const key = await unpriced(world);
  const page = await enter(browser, world, '/system/billing');
  const block = page.getByRole('region', { name: 'Models without a price' }).last();
  await block.getByText(UNPRICED, { exact: true }).waitFor();
  await block.getByRole('button', { name: 'Set a price' }).click();
  await block.getByLabel('Input', { exact: true }).fill('0.000003');
  await block.getByRole('button', { name: 'Save the price' }).click();
  await block.getByText('At least 0.0001, or 0').waitFor();
  await block.getByLabel('Input', { exact: true }).fill('3');
  await block.getByLabel('Output', { exact: true }).fill('9');
  await block.getByLabel('Cache read').fill('0.3');
  await block.getByRole('button', { name: 'Save the price' }).click();
  const confirm = page.getByRole('button', { name: 'Change it anyway' });
  const done = page.getByText('Every model served has a price').first();
  await confirm.or(done).first().waitFor();
  if (await confirm.isVisible()) await confirm.click();
  await block.getByText('Every model served has a price').waitFor();

  await succeeds(world, key, UNPRICED);
  const [newest] = await world.logged(3);
  assert.equal(newest.billing_status, 'billed');
  await world.summed(3);
  await page.goto(`${world.url}/prices?q=${UNPRICED}`);
  await settled(page);
  await page.getByText('yours', { exact: true }).waitFor();
  await follow(page, page.getByRole('link', { name: 'Logs' }), 'Logs');
  const logs = page.getByRole('table', { name: 'Logs' });
  await logs.getByText('Billed', { exact: true }).first().waitFor();
  assert.equal(await logs.getByText('no price', { exact: true }).count(), 2);
  await follow(page, page.getByRole('link', { name: 'Overview' }), 'Overview');
  await page.getByText('1 of 3 attempts billed').waitFor();
}

export async function multipliers_refuse_what_is_wrong_and_keep_what_is_right({ browser, world }) {
  await unpriced(world);
  const page = await enter(browser, world, '/system/billing');
  const field = page.getByLabel('Input multiplier of openai');
  const row = page.getByRole('form', { name: 'openai' });
  await field.fill('cheap');
  await row.getByText('A number such as 0.85').waitFor();
  assert.ok(await row.getByRole('button', { name: 'Save' }).isDisabled());
  await field.fill('101');
  await row.getByText('At most 100').waitFor();
  await field.fill('0');
  await row.getByText('Zero makes it free; allow that first').waitFor();
  await field.fill('0.85');
  await row.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Multipliers of openai saved').waitFor();
  const { items } = await world.admin('GET', '/billing/upstream-multipliers');
  assert.equal(items[0].input_multiplier, '0.85');
  assert.equal(items[0].output_multiplier, '1');
}

export async function override_a_price_and_reset_it({ browser, world }) {
  const page = await enter(browser, world, '/prices?q=gpt-4o-mini-2024-07-18&provider=openai');
  const table = page.getByRole('table', { name: 'Catalog' });
  await table.getByText('gpt-4o-mini-2024-07-18', { exact: true }).waitFor();
  await table.getByRole('button', { name: 'Show details' }).first().click();
  await page.getByRole('button', { name: 'Set your own price' }).click();
  await page.getByLabel('Input', { exact: true }).fill('0.16');
  await page.getByRole('button', { name: 'Save the price' }).click();
  await page.getByText(/Price of .* saved/).waitFor();
  await table.getByText('yours', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Back to the official price' }).click();
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await page.getByText('1 price reset').waitFor();
  await table.getByText('synced', { exact: true }).first().waitFor();
  assert.equal((await world.admin('GET', '/billing/overrides')).items.length, 0);
}

export async function the_catalog_is_searched_and_paged_by_address({ browser, world }) {
  const page = await enter(browser, world, '/prices');
  const table = page.getByRole('table', { name: 'Catalog' });
  const first = await table.locator('tbody tr').first().textContent();
  await page.getByRole('button', { name: 'Page 2', exact: true }).click();
  await page.waitForURL(/page=2/);
  await page.waitForFunction((text) => document.querySelector('tbody tr')?.textContent !== text, first);
  await page.getByRole('searchbox').fill('claude-sonnet-4-5');
  await page.waitForURL((url) => url.search === '?q=claude-sonnet-4-5');
  await page.waitForFunction(() => {
    const rows = [...document.querySelectorAll('tbody tr')];
    return rows.length > 0 && rows.every((row) => row.textContent.includes('claude-sonnet-4-5'));
  });
  await page.goBack();
  await page.waitForURL((url) => url.search !== '?q=claude-sonnet-4-5');
}

export async function a_sync_that_succeeds_and_one_that_fails_look_it({ browser, world }) {
  world.map.body = await world.bundledMap();
  const page = await enter(browser, world, '/system/billing');
  const card = page.getByRole('region', { name: 'Last price sync' });
  await card.getByRole('button', { name: 'Sync now' }).click();
  await page.getByText(/^Price sync: (Succeeded|Nothing new|Some prices wait)$/).waitFor();
  world.map.status = 500;
  await card.getByRole('button', { name: 'Sync now' }).click();
  await page.getByText('Price sync: Failed').waitFor();
  await card.getByText('Failed', { exact: true }).waitFor();
}

export async function on_a_phone_the_menu_is_a_drawer_and_nothing_is_cut_off({ browser, world }) {
  await unpriced(world);
  const page = await enter(browser, world, '/overview', { viewport: PHONE });
  for (const name of ['Billing', 'Logs', 'Prices', 'Upstreams', 'Keys', 'System', 'Settings']) {
    await page.getByRole('button', { name: 'Open the menu' }).click();
    await follow(page, page.getByRole('link', { name, exact: true }), name);
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(excess <= 0, `${name} is ${excess} pixels too wide`);
  }
}

export async function the_repair_needs_no_mouse({ browser, world }) {
  await unpriced(world);
  const page = await enter(browser, world, '/overview');
  await openSearch(page);
  await page.keyboard.type('Billing');
  await takeFound(page, 'Billing');
  await page.getByRole('heading', { level: 1, name: 'Billing' }).waitFor();
  await settled(page);
  await tabTo(page, 'Set a price');
  await page.keyboard.press('Enter');
  await page.getByLabel('Input', { exact: true }).waitFor();
  await tabTo(page, 'Input');
  await page.keyboard.type('3');
  await page.keyboard.press('Tab');
  await page.keyboard.type('9');
  await page.keyboard.press('Enter');
  const confirm = page.getByRole('button', { name: 'Change it anyway' });
  const done = page.getByText('Every model served has a price').first();
  await confirm.or(done).first().waitFor();
  if (await confirm.isVisible()) {
    await hasFocus(confirm);
    await page.keyboard.press('Enter');
  }
  await done.waitFor();
}

/** Tabs to the button or field of this name. */
async function tabTo(page, name) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const { activeElement: element } = document;
      return element?.labels?.[0]?.textContent ?? element?.textContent ?? '';
    });
    if (focused.trim() === name) return;
  }
  throw new Error(`${name} is not reached with the Tab key`);
}
