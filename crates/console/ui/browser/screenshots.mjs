// Pictures of every page: light and dark, desktop and phone, English and Chinese. `npm run screenshots -- [page …]`.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { DESKTOP, launch, open, PHONE, signIn } from './page.mjs';
import { FRESH, PAGES, visit } from './pages.mjs';
import { seed } from './seed.mjs';
import { World } from './world.mjs';

const out = fileURLToPath(new URL('out/', import.meta.url));

const LOOKS = ['light', 'dark'].flatMap((scheme) =>
  [
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ].flatMap(([device, viewport]) =>
    ['en', 'zh-CN'].map((language) => ({
      name: `${scheme}-${device}-${language.slice(0, 2)}`,
      viewport,
      scheme,
      language,
    })),
  ),
);

/** Of a list that goes on and on, so much is enough. */
const TALLEST = 1800;

/** Makes the window as tall as the page, so that what is fixed to its edges stands where it belongs. */
async function whole(page, viewport) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ ...viewport, height: Math.min(TALLEST, Math.max(viewport.height, height)) });
  await page.waitForTimeout(200);
}

const wanted = process.argv.slice(2);
await mkdir(out, { recursive: true });
const world = await World.start();
const browser = await launch();
try {
  await picture(FRESH, {}, 'sign-in');
  await picture(PAGES, await seed(world));
} finally {
  await browser.close();
  await world.stop();
}
console.log(`pictures in ${out}`);

/** Pictures these pages in every look; and, under a name, what stands before them. */
async function picture(pages, facts, door) {
  const chosen = pages.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  if (chosen.length === 0) return;
  for (const look of LOOKS) {
    const page = await open(browser, look);
    await page.goto(world.url);
    await page.locator('input[type=password]').waitFor();
    if (door) await page.screenshot({ path: `${out}${door}-${look.name}.png` });
    await signIn(page, world);
    for (const shown of chosen) {
      await visit(page, shown, facts);
      await page.waitForTimeout(400);
      await whole(page, look.viewport);
      await page.screenshot({ path: `${out}${shown.name}-${look.name}.png` });
      await page.setViewportSize(look.viewport);
    }
    for (const complaint of page.complaints) console.error(`${look.name}: ${complaint}`);
    await page.context().close();
  }
}
