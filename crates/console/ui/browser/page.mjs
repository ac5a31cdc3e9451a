// A browser to look with.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

import { TOKEN } from './world.mjs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];

export async function launch() {
  const executablePath = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
  if (!executablePath) throw new Error('no Chromium: Debian and Ubuntu `apt-get install chromium fonts-noto-cjk`, or set CHROMIUM');
  return chromium.launch({ executablePath, args: QUIET });
}

export const DESKTOP = { width: 1360, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** `CONSOLE_SLOWDOWN=6` makes the browser so many times slower: what a case does too early shows. */
export const SLOWDOWN = Number(process.env.CONSOLE_SLOWDOWN ?? 1);

/** Every page a case has opened, the oldest first; the runner looks at what they complained about. */
const pages = [];

/** The pages opened since this was last asked. */
export function takePages() {
  return pages.splice(0);
}

/** How long anything may take before a case has failed: only a failure ever waits so long. */
const PATIENCE = 45_000;

/** A page of its own storage. What the browser complains about is collected in `page.complaints`. */
export async function open(browser, { viewport = DESKTOP, language = 'en', scheme = 'light' } = {}) {
  const context = await browser.newContext({
    viewport,
    locale: language,
    colorScheme: scheme,
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    hasTouch: viewport.width < 600,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  if (SLOWDOWN > 1) await slowDown(page, SLOWDOWN);
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refused token is an answer, and the browser notes each 4xx.
    const isAnswer = /Failed to load resource: the server responded with a status of (4\d\d|503)/.test(message.text());
    if (message.type() === 'error' && !isAnswer) page.complaints.push(`console: ${message.text()}`);
  });
  pages.push(page);
  return page;
}

/** Gives a page so many times less of the processor. */
export async function slowDown(page, rate) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
}

/** Waits until a page has its heading and everything it asked for at first: what is pressed from now on stays in place. */
export async function settled(page) {
  await page.locator('#page h1').waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
}

/** Signs in by the form and waits for what was asked for. */
export async function signIn(page, world, path = '/', token = TOKEN) {
  await page.goto(world.url + path);
  await page.locator('input[type=password]').fill(token);
  await page.locator('button[type=submit]').click();
  await settled(page);
}

/** A new page with the token of the installation at this address. */
export async function enter(browser, world, path = '/', look = {}) {
  const page = await open(browser, look);
  await signIn(page, world, path);
  return page;
}

/** Follows a link, or whatever leads to another page, and waits for that one. */
export async function follow(page, link, heading) {
  await link.click();
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
  await settled(page);
}

/** Opens the search and waits until it takes what is typed. */
export async function openSearch(page) {
  await page.keyboard.press('Control+k');
  const field = page.getByPlaceholder('Page, upstream, key, model, request id …');
  await field.waitFor();
  await hasFocus(field);
  return field;
}

/** Waits until the keyboard's next key goes to this element. */
export async function hasFocus(locator) {
  const element = await locator.elementHandle();
  await locator.page().waitForFunction((wanted) => document.activeElement === wanted, element);
}

/** Goes down the search's entries to the first of these words and takes it. */
export async function takeFound(page, words) {
  const chosen = page.locator('[data-action][data-selected]');
  await page.locator('[data-action]', { hasText: words }).first().waitFor();
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('ArrowDown');
    if ((await chosen.textContent()).includes(words)) {
      await page.keyboard.press('Enter');
      return;
    }
  }
  throw new Error(`${words} is not reached with the arrow keys`);
}
