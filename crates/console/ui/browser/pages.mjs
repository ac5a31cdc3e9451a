// Every page of the console, and what must be there before it counts as loaded.
import { settled } from './page.mjs';

const clicked = (role, name) => async (page) => {
  await settled(page);
  await page.getByRole(role, { name }).first().click();
  await settled(page);
};

/** Presses one thing after another, each a role and a name. */
const pressed = (...steps) => async (page) => {
  await settled(page);
  for (const [role, name] of steps) await page.getByRole(role, { name }).first().click();
  await settled(page);
};

/** A test call that was sent, with its answer. */
const tested = async (page) => {
  await pressed(['button', /^(Test|测试) anthropic$/])(page);
  await page.getByRole('dialog').getByRole('textbox').first().fill('claude-sonnet-4-5');
  await page.getByRole('button', { name: /^(Send the test call|发送测试调用)$/ }).click();
  await page.getByRole('group', { name: /^(Result of the test|测试结果)$/ }).waitFor();
};

const DETAILS = /Show details|展开详情/;

/** What a fresh installation shows. */
export const FRESH = [
  { name: 'first-steps', path: () => '/overview', ready: settled },
  { name: 'first-logs', path: () => '/logs', ready: settled },
];

export const PAGES = [
  { name: 'overview', path: () => '/overview', ready: settled },
  { name: 'logs', path: () => '/logs?model=gpt-4.1', ready: clicked('button', DETAILS) },
  { name: 'logs-list', path: () => '/logs', ready: settled },
  { name: 'logs-filters', path: () => '/logs?class=2xx', ready: settled },
  { name: 'settings', path: () => '/settings', ready: settled },
  { name: 'billing', path: () => '/system/billing', ready: settled },
  { name: 'prices', path: () => '/prices?q=gpt-4.1', ready: settled },
  { name: 'prices-open', path: () => '/prices?q=gpt-5.1', ready: clicked('button', /Show details|展开详情/) },
  { name: 'overrides', path: () => '/prices?tab=overrides', ready: clicked('button', DETAILS) },
  {
    name: 'price-form',
    path: () => '/prices?tab=overrides',
    ready: pressed(['button', DETAILS], ['button', /^(Edit your price|编辑自定义价格)$/], ['button', /^(More prices|更多价格)/]),
  },
  { name: 'releases', path: () => '/prices?tab=releases', ready: clicked('button', /Show details|展开详情/) },
  { name: 'stale', path: () => '/prices?tab=stale', ready: settled },
  { name: 'simulator', path: () => '/prices?tab=simulator&model=gpt-4.1', ready: clicked('button', /^(Compute|计算)$/) },
  { name: 'upstreams', path: () => '/upstreams', ready: clicked('button', DETAILS) },
  { name: 'upstream-form', path: () => '/upstreams', ready: pressed(['button', /^(Edit|编辑) reseller$/], ['tab', /^(Prices|价格)$/]) },
  { name: 'upstream-test', path: () => '/upstreams', ready: tested },
  { name: 'keys', path: () => '/keys', ready: clicked('button', DETAILS) },
  { name: 'key-form', path: () => '/keys', ready: pressed(['button', /^(Edit|编辑) search-backend$/]) },
  { name: 'system-jobs', path: () => '/system', ready: clicked('button', /^(Latest runs|最近运行)$/) },
  { name: 'system-audit', path: () => '/system?tab=audit&action=key.update', ready: clicked('button', /Show details|展开详情/) },
  { name: 'system-journal', path: () => '/system?tab=journal', ready: settled },
  { name: 'system-deferred', path: () => '/system?tab=deferred', ready: settled },
  { name: 'system-config', path: () => '/system?tab=config', ready: settled },
  { name: 'system-tokens', path: () => '/system?tab=tokens', ready: settled },
  { name: 'system-version', path: () => '/system?tab=version', ready: settled },
];

/** Goes to a page within the console, as a link does, and waits until it is there; what was open before is closed. */
export async function visit(page, shown, facts) {
  const dialog = page.getByRole('dialog');
  if ((await dialog.count()) > 0) {
    await dialog.getByRole('button', { name: /^(Close|关闭)$/ }).click();
    await dialog.waitFor({ state: 'detached' });
  }
  const path = shown.path(facts);
  // What the last click left under the pointer would show its hint.
  await page.mouse.move(0, 0);
  const isSame = new URL(page.url()).pathname === new URL(path, page.url()).pathname;
  for (const step of isSame ? ['/settings', path] : [path]) {
    // The heading of the page that is left goes with it: another one is the next page's.
    await page.evaluate((next) => {
      document.querySelector('h1').dataset.left = 'yes';
      window.history.pushState(null, '', next);
      window.dispatchEvent(new PopStateEvent('popstate'));
    }, step);
    await page.locator('#page h1:not([data-left])').waitFor();
  }
  await shown.ready(page, facts);
}
