// Every page of the console, and what must be there before it counts as loaded.
const settled = async (page) => {
  await page.locator('h1').waitFor();
  await page.waitForFunction(() => document.querySelector('#page [aria-busy=true]') === null);
};

const clicked = (role, name) => async (page) => {
  await settled(page);
  await page.getByRole(role, { name }).first().click();
  await settled(page);
};

export const PAGES = [
  { name: 'overview', path: () => '/overview', ready: settled },
  { name: 'logs', path: () => '/logs', ready: clicked('button', /Show details|展开详情/) },
  { name: 'settings', path: () => '/settings', ready: settled },
  { name: 'billing', path: () => '/system/billing', ready: settled },
  { name: 'prices', path: () => '/prices?q=gpt-4.1', ready: settled },
  { name: 'prices-open', path: () => '/prices?q=gpt-5.1', ready: clicked('button', /Show details|展开详情/) },
  { name: 'releases', path: () => '/prices?tab=releases', ready: clicked('button', /Show details|展开详情/) },
  { name: 'stale', path: () => '/prices?tab=stale', ready: settled },
  { name: 'simulator', path: () => '/prices?tab=simulator&model=gpt-4.1', ready: clicked('button', /^(Compute|计算)$/) },
  { name: 'upstreams', path: () => '/upstreams', ready: settled },
  { name: 'keys', path: () => '/keys', ready: settled },
  { name: 'system-jobs', path: () => '/system', ready: clicked('button', /^(Latest runs|最近运行)$/) },
  { name: 'system-audit', path: () => '/system?tab=audit&action=key.update', ready: clicked('button', /Show details|展开详情/) },
  { name: 'system-journal', path: () => '/system?tab=journal', ready: settled },
  { name: 'system-deferred', path: () => '/system?tab=deferred', ready: settled },
  { name: 'system-config', path: () => '/system?tab=config', ready: settled },
  { name: 'system-tokens', path: () => '/system?tab=tokens', ready: settled },
  { name: 'system-version', path: () => '/system?tab=version', ready: settled },
];
