import assert from 'node:assert/strict';

import { addUpstream, succeeds } from '../given.mjs';
import { enter, follow, PHONE, settled, slowDown } from '../page.mjs';
import { seed } from '../seed.mjs';

const LAPTOP = { width: 1366, height: 768 };
/** From here on the logs have to do without pushing them sideways. */
const NARROW = 1100;

/** How many pixels of something are out of sight to the right. */
const hidden = (place) => place.evaluate((element) => element.scrollWidth - element.clientWidth);

export async function a_row_of_the_logs_shows_cost_status_and_reason_at_once_on_a_small_laptop({ browser, world }) {
  await seed(world);
  for (const language of ['en', 'zh-CN']) {
    const page = await enter(browser, world, '/logs?status=unbilled', { viewport: { width: NARROW, height: 768 }, language });
    const table = page.getByRole('table');
    const row = table.locator('tbody tr').first();
    await row.waitFor();
    assert.ok((await hidden(table.locator('..'))) <= 0, `${language}: the table is wider than its place`);
    const text = await row.innerText();
    for (const word of language === 'en' ? ['Unbilled', 'no price', 'not known'] : ['未计费', '无价格', '未知']) {
      assert.ok(text.includes(word), `${language}: ${word} is not in ${text}`);
    }
    await page.context().close();
  }
}

export async function the_overview_answers_cost_why_and_what_needs_me_without_scrolling({ browser, world }) {
  await world.summed((await seed(world)).sent);
  for (const viewport of [LAPTOP, PHONE]) {
    const page = await enter(browser, world, '/overview', { viewport });
    const answers = [
      page.getByRole('region', { name: 'Cost today' }).getByText(/^\$/).first(),
      page.getByText(/^Mostly claude-sonnet-4-5/),
      page.getByRole('region', { name: 'Needs you' }).getByRole('button', { name: 'Set a price' }).first(),
    ];
    for (const answer of answers) {
      await answer.waitFor();
      const box = await answer.boundingBox();
      // The status line stands over the last pixels.
      assert.ok(box && box.y + box.height <= viewport.height - 36, `${viewport.width}: ${JSON.stringify(box)}`);
    }
    await page.context().close();
  }
}

export async function a_newcomer_is_led_to_the_first_bill({ browser, world }) {
  const page = await enter(browser, world, '/overview');
  await page.getByRole('heading', { name: 'To the first bill in three steps' }).waitFor();
  await page.getByRole('link', { name: 'Add an upstream' }).click();
  await page.getByRole('dialog', { name: 'Add an upstream' }).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => window.location.search === '');
  await addUpstream(world);
  await page.goto(`${world.url}/overview`);
  await settled(page);
  await page.getByRole('listitem', { name: 'Add an upstream' }).getByLabel('Done').waitFor();
  await page.getByRole('link', { name: 'Create a key' }).click();
  const form = page.getByRole('dialog', { name: 'Create a key' });
  await form.getByLabel('Name').fill('first');
  await form.getByRole('button', { name: 'Create a key' }).click();
  const token = (await page.getByRole('dialog').getByLabel('Key', { exact: true }).textContent()).trim();
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await succeeds(world, token, 'gpt-5-mini');
  await world.logged(1);
  await world.summed(1);
  await follow(page, page.getByRole('link', { name: 'Overview' }), 'Overview');
  await page.getByText(/^Mostly gpt-5-mini/).waitFor();
}

export async function a_price_with_a_band_and_a_tier_is_entered_and_shown_side_by_side({ browser, world }) {
  const page = await enter(browser, world, '/prices?tab=overrides');
  await page.getByRole('button', { name: 'Enter a price' }).first().click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Model').fill('house-long-context');
  await page.keyboard.press('Tab');
  await form.getByLabel('Input', { exact: true }).fill('1');
  await form.getByLabel('Output', { exact: true }).fill('4');
  await form.getByRole('button', { name: 'Large requests' }).click();
  const band = form.getByRole('group', { name: 'Band 1' });
  await band.getByLabel('Input').fill('2');
  await form.getByRole('button', { name: 'Save the price' }).click();
  await form.getByText('Above how many tokens?').waitFor();
  await band.getByLabel('Above tokens').fill('200,000');
  await form.getByText('400,000 tokens in, 1,000 out').waitFor();
  await form.getByRole('button', { name: 'Service tier' }).click();
  const tier = form.getByRole('group', { name: 'Tier 1' });
  await tier.getByLabel('Service tier').fill('flex');
  await tier.getByLabel('Output').fill('2');
  await page.keyboard.press('Tab');
  await form.getByRole('button', { name: 'Save the price' }).click();
  await page.getByText('Price of house-long-context saved').waitFor();
  const { items } = await world.admin('GET', '/billing/overrides?q=house-long-context');
  assert.deepEqual(items[0].bands, [{ above_tokens: 200_000, input_usd_per_mtok: '2' }]);
  assert.deepEqual(items[0].rates, [{ meter: 'output', tier: 'flex', usd_per_mtok: '2' }]);
  await page.getByRole('button', { name: 'Show details' }).click();
  const shown = page.getByRole('table', { name: 'In force' });
  await shown.getByRole('row', { name: /above 200,000 tokens \$2\.00/ }).waitFor();
  await shown.getByRole('row', { name: /flex – \$2\.00/ }).waitFor();
}

const BUSIEST = ['/overview', '/logs', '/system/billing', '/prices', '/prices?tab=stale', '/system?tab=journal'];
/** How much slower than this machine one is that shows each part as it comes. */
const SLOW = 4;
/** The browser's own measure: the share of the window that moves, times how far it does. 0.1 is where readers notice. */
const MOST_SHIFT = 0.05;

/** What is seen stays where it is while the rest comes in: otherwise a press meets something else than it was meant for. */
export async function nothing_moves_while_a_page_loads({ browser, world }) {
  await seed(world);
  const found = [];
  for (const viewport of [LAPTOP, PHONE]) {
    const page = await enter(browser, world, '/settings', { viewport });
    await slowDown(page, SLOW);
    await page.addInitScript(() => {
      window.shifts = [];
      const seen = new PerformanceObserver((list) => window.shifts.push(...list.getEntries()));
      seen.observe({ type: 'layout-shift', buffered: true });
    });
    for (const path of BUSIEST) {
      await page.goto(world.url + path);
      await settled(page);
      // What was drawn last is reported with the next frames.
      await page.evaluate(() => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 500)));
      const shift = await page.evaluate(() => window.shifts.reduce((sum, { value }) => sum + value, 0));
      if (shift > MOST_SHIFT) found.push(`${path} at ${viewport.width}: ${shift.toFixed(3)}`);
    }
    await page.context().close();
  }
  assert.deepEqual(found, []);
}
