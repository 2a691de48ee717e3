// The views as they look, for docs/dashboard.md; without a folder they are looked at for what sticks out.

import { browse, go, input, mapped, signedIn } from './browser.mjs';

const [job, other, hebrew] = input.jobs;
const one = `crm-${job.name}-0`;
const PICTURES = [
  ['sign-in', null, 1280, 'en', 'light'], ['jobs', '/jobs', 1280, 'en', 'light'], ['jobs-phone-he-dark', '/jobs', 390, 'he', 'dark'],
  ['job', `/job/${job.id}`, 1280, 'en', 'light'], ['job-dark-he', `/job/${hebrew.id}`, 1280, 'he', 'dark'], ['job-phone', `/job/${job.id}`, 390, 'en', 'light'],
  ['click-map', `/job/${job.id}`, 1280, 'en', 'light', '.split'], ['click-map-phone-he', `/job/${hebrew.id}`, 390, 'he', 'light', '[data-panel=mail]'],
  ['time', `/job/${job.id}`, 1280, 'en', 'dark', '[data-panel=timeline]'], ['hours', `/job/${job.id}`, 1280, 'he', 'light', '[data-panel=hours]'],
  ['compare', `/compare/${job.id}/${other.id}`, 1280, 'en', 'light'], ['compare-phone-dark', `/compare/${job.id}/${other.id}`, 390, 'en', 'dark'],
  ['person', `/person?id=${encodeURIComponent(one)}`, 1280, 'en', 'light'], ['person-phone-he', `/person?id=${encodeURIComponent(one)}`, 360, 'he', 'light'],
];

await browse(async open => {
  const overflowing = [];
  for (const [name, place, width, language, theme, part] of PICTURES) {
    const { page, context } = await open({ width, height: width < 500 ? 844 : 900, language, theme });
    if (input.folder) await presentable(context);
    if (place) {
      await signedIn(page);
      await go(page, place);
      if (place.startsWith('/job/')) await mapped(page);
    } else {
      await page.goto(`${input.url}/`);
      await page.locator('#key').waitFor();
    }
    if (await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)) overflowing.push(name);
    if (input.folder) await (part ? page.locator(part).first() : page).screenshot({ path: `${input.folder}/${name}.png` });
    await context.close();
  }
  return { overflowing };
});

/** The job that means harm is no example. */
async function presentable(context) {
  await context.route('**/v1/jobs?*', async route => {
    const answer = await route.fetch();
    const list = await answer.json();
    await route.fulfill({ response: answer, json: { ...list, jobs: list.jobs.filter(one => one.job !== input.jobs.at(-1).id) } });
  });
}
