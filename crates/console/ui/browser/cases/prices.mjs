import assert from 'node:assert/strict';

import { enter, SLOWDOWN } from '../page.mjs';

const LEAST_MODELS = 4_000;
const PAGE = 200;
/** What a reader feels as a stutter, in milliseconds. */
const LONGEST_TASK = 100 * SLOWDOWN;
const TASKS = 'toplevel';

/**
 * What the page's main thread did at a stretch, in milliseconds. How long a task takes by the clock depends on what else
 * the machine does meanwhile; what it asks of the processor does not.
 */
function tasksOf(trace) {
  const { traceEvents } = JSON.parse(trace.toString());
  const names = traceEvents.filter(({ name }) => name === 'thread_name');
  const isMain = new Set(names.filter(({ args }) => args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`));
  return traceEvents
    .filter(({ name, ph, pid, tid }) => name === 'ThreadControllerImpl::RunTask' && ph === 'X' && isMain.has(`${pid} ${tid}`))
    .map(({ dur, tdur }) => ({ wall: dur / 1000, cpu: (tdur ?? dur) / 1000 }));
}

/** Scrolls to the bottom, a third of the window each frame, as a wheel or a finger does. */
const toTheBottom = () =>
  new Promise((resolve) => {
    window.scrollTo(0, 0);
    const step = () => {
      const before = window.scrollY;
      window.scrollBy(0, window.innerHeight / 3);
      if (window.scrollY > before) requestAnimationFrame(step);
      else resolve();
    };
    requestAnimationFrame(step);
  });

/** Every model that comes with the binary, by the largest pages there are, from the first to the last. */
export async function four_thousand_models_scroll_without_a_long_task({ browser, world }) {
  const { total } = await world.admin('GET', '/billing/prices?limit=1');
  assert.ok(total >= LEAST_MODELS, `${total} models`);
  const page = await enter(browser, world, `/prices?size=${PAGE}`);
  const table = page.getByRole('table', { name: 'Catalog' });
  await browser.startTracing(page, { categories: [TASKS] });
  let seen = 0;
  for (let number = 1; seen < total; number += 1) {
    const { items } = await world.admin('GET', `/billing/prices?page=${number}&page_size=${PAGE}`);
    await table.getByText(items[0].model, { exact: true }).first().waitFor();
    await page.evaluate(toTheBottom);
    await table.getByText(items.at(-1).model, { exact: true }).last().waitFor();
    seen += items.length;
    if (seen < total) await page.getByRole('button', { name: 'Next page' }).click();
  }
  const tasks = tasksOf(await browser.stopTracing());
  const longest = (by) => Math.max(...tasks.map((task) => task[by]));
  const figures = `longest task ${longest('cpu').toFixed(0)} ms of processor time, ${longest('wall').toFixed(0)} ms by the clock`;
  console.log(`        ${seen} models, ${tasks.length} tasks, ${figures}`);
  assert.ok(tasks.length > 1_000, 'the tasks were not recorded');
  assert.ok(longest('cpu') < LONGEST_TASK, figures);
}
