// The console in a browser, in front of a real gateway and simulated providers. `npm run browser -- [words of a name]`.
import { readdir } from 'node:fs/promises';

import { launch } from './page.mjs';
import { World } from './world.mjs';

const folder = new URL('cases/', import.meta.url);
const wanted = process.argv.slice(2).join(' ');
const files = (await readdir(folder)).filter((name) => name.endsWith('.mjs')).sort();
const modules = await Promise.all(files.map((name) => import(new URL(name, folder))));
const cases = modules.flatMap((module) => Object.entries(module)).filter(([name]) => name.includes(wanted));
if (cases.length === 0) throw new Error(`no case is named ${wanted}`);

const browser = await launch();
let failures = 0;
for (const [name, run] of cases) {
  const started = Date.now();
  const world = await World.start();
  try {
    await run({ browser, world });
    console.log(`ok      ${name} (${Date.now() - started} ms)`);
  } catch (error) {
    failures += 1;
    console.error(`FAILED  ${name}\n${error.stack}`);
  } finally {
    for (const context of browser.contexts()) await context.close();
    await world.stop();
  }
}
await browser.close();
console.log(`${cases.length - failures} of ${cases.length} passed`);
process.exit(failures === 0 ? 0 : 1);
