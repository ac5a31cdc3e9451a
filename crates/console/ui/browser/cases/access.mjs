import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { open, PHONE, settled, signIn } from '../page.mjs';
import { PAGES, visit } from '../pages.mjs';
import { seed } from '../seed.mjs';

const AXE = new URL('../../node_modules/axe-core/axe.min.js', import.meta.url);

/** axe-core on every page, light and dark; the script is evaluated, so the page's own policy stays in force. */
export async function no_page_has_a_serious_barrier({ browser, world }) {
  const facts = await seed(world);
  const axe = await readFile(AXE, 'utf8');
  const found = [];
  for (const look of [{ scheme: 'light' }, { scheme: 'dark', viewport: PHONE }]) {
    const page = await open(browser, look);
    await page.goto(world.url);
    await page.locator('input[type=password]').waitFor();
    found.push(...(await barriers(page, axe, `sign-in ${look.scheme}`)));
    await signIn(page, world);
    for (const shown of PAGES) {
      await visit(page, shown, facts);
      await settled(page);
      found.push(...(await barriers(page, axe, `${shown.name} ${look.scheme}`)));
    }
  }
  assert.deepEqual(found, []);
}

async function barriers(page, axe, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${where}: ${id} at ${nodes.slice(0, 3).map((node) => node.target.join(' ')).join(', ')}`);
}
