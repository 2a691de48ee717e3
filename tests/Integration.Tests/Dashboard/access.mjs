// What axe finds in each view, in both languages and themes; nothing serious may be among it.

import { assert, axe, browse, go, input, mapped, signedIn } from './browser.mjs';

const [job, other] = input.jobs;
const VIEWS = ['/jobs', `/job/${job.id}`, `/compare/${job.id}/${other.id}`, `/person?id=${encodeURIComponent(`crm-${job.name}-0`)}`];

await browse(async open => {
  let views = 0;
  for (const language of ['en', 'he'])
    for (const theme of ['light', 'dark']) {
      // axe is brought in from outside, which the page's policy rightly forbids.
      const { page } = await open({ language, theme, bypassCSP: true, width: theme === 'dark' ? 390 : 1280 });
      await page.goto(`${input.url}/`);
      await page.locator('#key').waitFor();
      await look(page, `sign-in ${language} ${theme}`);
      views++;
      await signedIn(page);
      for (const place of VIEWS) {
        await go(page, place);
        if (place.startsWith('/job/')) await mapped(page);
        assert.equal(await page.evaluate(() => document.documentElement.lang), language);
        assert.equal(await page.evaluate(() => document.documentElement.dir), language === 'he' ? 'rtl' : 'ltr');
        // Numbers are shown in each, and no key of a word instead of the word.
        assert.doesNotMatch(await page.locator('body').innerText(), /\b(figure|define|links|map|time|hours|jobs|person|compare|error)\.[a-z]+/);
        await look(page, `${place} ${language} ${theme}`);
        views++;
      }
    }
  return { views };
});

async function look(page, where) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ['violations'], iframes: false })).violations
    .filter(one => one.impact === 'serious' || one.impact === 'critical')
    .map(one => `${one.id}: ${one.nodes.slice(0, 3).map(node => `${node.html.slice(0, 160)} (${node.any?.[0]?.message ?? ''})`).join(' | ')}`));
  assert.deepEqual(found, [], where);
}
