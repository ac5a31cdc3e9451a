// The README's pictures: one window each, small. `node browser/readme.mjs`.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { launch, open, signIn } from './page.mjs';
import { PAGES } from './pages.mjs';
import { seed } from './seed.mjs';
import { World } from './world.mjs';

const out = fileURLToPath(new URL('../../../../docs/images/', import.meta.url));

const PICTURES = [
  { name: 'overview', scheme: 'light', height: 760 },
  { name: 'logs', scheme: 'dark', height: 1040 },
  { name: 'billing', scheme: 'light', height: 760 },
  { name: 'upstream-form', scheme: 'light', height: 900 },
];

await mkdir(out, { recursive: true });
const world = await World.start();
const browser = await launch();
try {
  const facts = await seed(world);
  for (const { name, scheme, height } of PICTURES) {
    const shown = PAGES.find((page) => page.name === name);
    const page = await open(browser, { viewport: { width: 1360, height }, scheme });
    await signIn(page, world, shown.path(facts));
    await shown.ready(page, facts);
    await page.waitForTimeout(800);
    await page.screenshot({ path: `${out}console-${name}.png` });
    await page.context().close();
  }
} finally {
  await browser.close();
  await world.stop();
}
