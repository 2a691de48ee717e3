// Sign in, open a job, reach the click map, compare two jobs and sign out: without a mouse, and with the focus to be seen all the way.

import { assert, browse, input } from './browser.mjs';

await browse(async open => {
  const { page } = await open({});
  await page.goto(`${input.url}/`);
  await page.locator('#key').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'key', 'the field for the key has the focus');
  await page.keyboard.type('not-a-key');
  await page.keyboard.press('Enter');
  await page.locator('#wrong:not(:empty)').waitFor();
  assert.match(await page.locator('#wrong').textContent(), /not known here/);
  assert.equal(await page.locator('#key').getAttribute('aria-invalid'), 'true');
  await page.keyboard.press('Control+A');
  await page.keyboard.type(input.key);
  await page.keyboard.press('Enter');
  await page.locator('tr[data-job]').first().waitFor();
  assert.equal(await page.evaluate(() => localStorage.length + document.cookie.length), 0, 'something is kept beyond the tab');

  // The skip link is the first stop.
  await page.reload();
  await page.locator('tr[data-job]').first().waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'skip');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');

  await until(page, job => document.activeElement.getAttribute('href') === `#/job/${job}`, input.jobs[0].id);
  await page.keyboard.press('Enter');
  await page.locator('.badge').first().waitFor();
  await page.locator('.links tbody tr').first().waitFor();
  await until(page, () => document.activeElement.closest('.what') && document.activeElement.tagName === 'SUMMARY');
  await page.keyboard.press('Enter');
  assert.ok(await page.evaluate(() => document.activeElement.closest('details').open), 'a definition opens');
  await until(page, () => document.activeElement.classList.contains('mail-scroll'));
  await until(page, () => document.activeElement.classList.contains('badge'));
  const name = await page.evaluate(() => document.activeElement.textContent);
  assert.match(name, /^Link \d+: \d+ (people|person)\b/);
  await page.keyboard.press('Enter');
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains('link-name')), 'a badge leads to its row');
  // There is a way out of everything, to the end and back to the top.
  await until(page, () => document.activeElement === document.body || document.activeElement.id === 'skip', null, 200);

  await page.evaluate(() => { location.hash = '#/jobs'; });
  await page.locator('tr[data-job]').first().waitFor();
  for (const { id } of input.jobs.slice(0, 2)) {
    await until(page, job => document.activeElement.type === 'checkbox' && document.activeElement.closest('tr').dataset.job === job, id, 120);
    await page.keyboard.press('Space');
  }
  await until(page, () => document.activeElement.closest('.compare-bar') && document.activeElement.tagName === 'BUTTON', null, 120);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.hash.startsWith('#/compare/'));
  await page.locator('[data-panel=compare][data-state]').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', 'a new view begins at its heading');

  await until(page, () => document.activeElement.closest('.top') && document.activeElement.tagName === 'BUTTON', null, 120);
  await page.keyboard.press('Enter');
  await page.locator('#key').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0, 'the key is still kept');
  await page.goBack().catch(() => {});
  await page.waitForTimeout(200);
  assert.equal(await page.locator('tr[data-job]').count(), 0, 'figures are shown after signing out');
});

/** Presses Tab until what has the focus is it; what has the focus can be seen. */
async function until(page, is, value = null, most = 80) {
  for (let press = 0; press < most; press++) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const one = document.activeElement;
      if (one === document.body) return true;
      const style = getComputedStyle(one);
      const box = one.getBoundingClientRect();
      return one.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.height > 0;
    });
    assert.ok(seen, `the focus cannot be seen on ${await page.evaluate(() => document.activeElement.outerHTML.slice(0, 200))}`);
    if (await page.evaluate(is, value)) return;
  }
  assert.fail(`Tab does not lead to it: ${is}`);
}
