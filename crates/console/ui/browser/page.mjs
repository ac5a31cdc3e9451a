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
  page.setDefaultTimeout(20_000);
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refused token is an answer, and the browser notes each 4xx.
    const isAnswer = /Failed to load resource: the server responded with a status of (4\d\d|503)/.test(message.text());
    if (message.type() === 'error' && !isAnswer) page.complaints.push(`console: ${message.text()}`);
  });
  return page;
}

/** Signs in by the form and waits for the address that was asked for. */
export async function signIn(page, world, path = '/', token = TOKEN) {
  await page.goto(world.url + path);
  await page.locator('input[type=password]').fill(token);
  await page.locator('button[type=submit]').click();
  await page.locator('#page').waitFor();
}
