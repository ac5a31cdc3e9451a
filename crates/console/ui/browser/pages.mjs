// Every page of the console, and what must be there before it counts as loaded.
const settled = async (page) => {
  await page.locator('h1').waitFor();
  await page.waitForFunction(() => document.querySelector('#page [aria-busy=true]') === null);
};

export const PAGES = [{ name: 'billing', path: () => '/system/billing', ready: settled }];
