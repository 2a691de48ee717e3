// The views as they look, for docs/dashboard.md; without a folder they are looked at for what sticks out.

import { browse, go, input, mapped, signedIn } from './browser.mjs';

const [job, other] = input.picture ?? [input.jobs[0], input.jobs[1]];
const hebrew = input.picture?.[2] ?? input.jobs[2];
const one = input.person ?? `crm-${job.name}-0`;
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
    if (input.folder) await spread(context);
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

/** The readers of the test read within seconds; for the pictures they take two days. */
async function spread(context) {
  const wave = at => Math.round(26 * Math.exp(-at / 7) + 6 * Math.max(0, Math.sin((at - 4) / 24 * 2 * Math.PI)));
  const pair = total => ({ total, unique: Math.round(.8 * total) });
  const one = at => ({ delivered: at ? 0 : 240, bounced: 0, opens: pair(wave(at) * 2), clicks: pair(wave(at)), unsubscribes: 0, machines: { opens: pair(at < 2 ? 9 : 0), clicks: pair(0) } });
  // The job that means harm is no example.
  await context.route('**/v1/jobs?*', async route => {
    const answer = await route.fetch();
    const list = await answer.json();
    await route.fulfill({ response: answer, json: { ...list, jobs: list.jobs.filter(one => one.job !== input.jobs.at(-1).id) } });
  });
  await context.route('**/report/timeline*', route => route.fulfill({ json: { step: '1h', time_zone: 'UTC', points: [...Array(44).keys()].map(at => ({ start: new Date(Date.UTC(2026, 10, 22, 7 + at)).toISOString(), ...one(at) })) } }));
  await context.route('**/report/hours*', route => route.fulfill({ json: { time_zone: 'UTC', hours: [...Array(168).keys()].map(at => {
    const [day, hour] = [1 + Math.floor(at / 24), at % 24];
    const from = (day - 7 + (day === 7 ? 0 : 7)) * 24 + hour - 7;
    const figures = one(from);
    return { day_of_week: day, hour, ...from >= 0 && from < 44 ? { opens: figures.opens, clicks: figures.clicks } : { opens: pair(0), clicks: pair(0) } };
  }) } }));
}
