// The console in a browser, in front of a real gateway and simulated providers. `npm run browser -- [words of a name]`.
// `CONSOLE_ROUNDS=5` runs each case so often, `CONSOLE_SLOWDOWN=6` makes the browser so many times slower.
import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { launch, takePages } from './page.mjs';
import { World } from './world.mjs';

const folder = new URL('cases/', import.meta.url);
const out = fileURLToPath(new URL('out/', import.meta.url));
const wanted = process.argv.slice(2).join(' ');
const rounds = Number(process.env.CONSOLE_ROUNDS ?? 1);
const files = (await readdir(folder)).filter((name) => name.endsWith('.mjs')).sort();
const modules = await Promise.all(files.map((name) => import(new URL(name, folder))));
const found = modules.flatMap((module) => Object.entries(module)).filter(([name]) => name.includes(wanted));
if (found.length === 0) throw new Error(`no case is named ${wanted}`);
const cases = Array.from({ length: rounds }, () => found).flat();

const browser = await launch();
const world = new World();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void Promise.allSettled([world.stop(), browser.close()]).then(() => process.exit(1)));
}
let failures = 0;
for (const [name, run] of cases) {
  const started = Date.now();
  try {
    await world.start();
    await run({ browser, world });
    const complaints = takePages().flatMap((page) => page.complaints);
    assert.deepEqual(complaints, [], 'the browser complains');
    console.log(`ok      ${name} (${Date.now() - started} ms)`);
  } catch (error) {
    failures += 1;
    console.error(`FAILED  ${name}\n${error.stack}`);
    await picture(name, takePages());
  } finally {
    for (const context of browser.contexts()) await context.close();
    await world.stop();
  }
}
await browser.close();
console.log(`${cases.length - failures} of ${cases.length} passed`);
process.exit(failures === 0 ? 0 : 1);

/** What stood on the screen when a case failed. */
async function picture(name, pages) {
  await mkdir(out, { recursive: true });
  for (const [index, page] of pages.entries()) {
    const path = `${out}failed-${name}-${index + 1}.png`;
    const isTaken = await page.screenshot({ path, timeout: 10_000 }).then(
      () => true,
      () => false,
    );
    if (isTaken) console.error(`        ${page.url()} as it was: ${path}`);
    for (const complaint of page.complaints) console.error(`        ${complaint}`);
  }
}
