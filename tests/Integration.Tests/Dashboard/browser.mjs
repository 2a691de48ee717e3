// What all scripts of the page share: a browser that may speak to the page's origin alone, and a page that is watched.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [, , file, tools, program] = process.argv;
const load = createRequire(`${tools}/package.json`);
const { chromium } = load('playwright-core');

export const input = JSON.parse(readFileSync(file, 'utf8'));
export const axe = readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');

/** Runs with a browser, and prints what `run(open)` returns. `open(options)` gives a watched page. */
export async function browse(run) {
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  const watches = [];
  try {
    const result = await run(async options => {
      const watched = await open(browser, options);
      watches.push(watched);
      return watched;
    });
    for (const { faults } of watches) assert.deepEqual(faults, []);
    console.log(JSON.stringify(result ?? {}));
  } finally {
    await browser.close();
  }
}

async function open(browser, { width = 1280, height = 900, language = 'en', theme = 'light', bypassCSP = false, scale = 1 } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, locale: language === 'he' ? 'he-IL' : 'en-GB', colorScheme: theme, timezoneId: 'UTC', bypassCSP, deviceScaleFactor: scale,
    reducedMotion: 'reduce', serviceWorkers: 'block',
  });
  const faults = [];
  const origin = new URL(input.url).origin;
  await context.route('**/*', route => {
    const url = route.request().url();
    if (new URL(url).origin === origin) return route.continue();
    faults.push(`asked for ${url}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('request', request => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('blob:')) faults.push(`request to ${request.url()}`);
  });
  page.on('pageerror', fault => faults.push(`error ${fault.stack}`));
  page.on('console', message => {
    // A figure that is not there yet is told to the reader by its panel.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) faults.push(`console ${message.text()}`);
  });
  await context.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', event => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  return { page, context, faults };
}

/** The page with its key, which leaves the address at once. */
export async function signedIn(page, place = '/jobs') {
  await page.goto(`${input.url}/#key=${input.key}&to=${encodeURIComponent(place)}`);
  await page.locator('h1').first().waitFor();
  await page.locator('nav').waitFor();
  assert.ok(!page.url().includes(input.key), 'the key is in the address bar');
}

/** Goes to a place and waits until each of its panels has an answer. */
export async function go(page, place) {
  await page.evaluate(to => { location.hash = to; }, `#${place}`);
  await settled(page, place);
}

export async function settled(page, place) {
  await page.waitForFunction(to => {
    const panels = [...document.querySelectorAll('[data-panel]')].filter(panel => panel.dataset.panel !== 'machines');
    return decodeURIComponent(location.hash) === decodeURIComponent(`#${to}`) && !document.querySelector('.waiting') && panels.every(panel => panel.dataset.state && !panel.hasAttribute('aria-busy'));
  }, place);
}

/** The click map with its badges, once they are laid out and stay where they are. */
export async function mapped(page) {
  await page.locator('.click-map[data-state=shown]').waitFor();
  await page.locator('.badge').first().waitFor();
  await page.waitForFunction(() => {
    const now = JSON.stringify([...document.querySelectorAll('.badge')].map(one => Object.values(one.getBoundingClientRect().toJSON())));
    const same = window.lastPlaces === now;
    window.lastPlaces = now;
    return same;
  }, null, { polling: 200 });
}

export async function report(path) {
  const answer = await fetch(`${input.url}${path}`, { headers: { Authorization: `Bearer ${input.key}` } });
  assert.equal(answer.status, 200, path);
  return await answer.json();
}

export const violations = page => page.evaluate(() => window.violations);

/** A number as the page writes it in English. */
export const number = value => value === null || value === undefined ? '–' : new Intl.NumberFormat('en').format(value);

export const percent = value => value === null || value === undefined ? '–'
  : new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);

export { assert };
