// Payloads in every field that is stored come out as text, and nothing of them runs or is fetched.

import { assert, browse, go, input, mapped, report, signedIn, violations } from './browser.mjs';

await browse(async open => {
  const { page } = await open({});
  const harm = input.jobs.at(-1);
  await signedIn(page);
  await go(page, '/jobs');
  const line = page.locator(`tr[data-job="${harm.id}"]`);
  assert.ok((await line.innerText()).includes('<script>window.harmed=1</script>'), 'the subject is shown as it is');
  assert.ok((await line.innerText()).includes(harm.name), 'the campaign is shown as it is');
  await untouched(page, 'list');

  await go(page, `/job/${harm.id}`);
  await mapped(page);
  await page.waitForTimeout(500);
  const job = await report(`/v1/jobs/${harm.id}/report`);
  assert.ok((await page.locator('h1').innerText()).includes('<img src=x'));
  assert.ok((await page.locator('.links').innerText()).includes('<img src=x onerror=window.harmed=1>'), 'the words of a link are shown as they are');
  assert.ok((await page.locator('.links').innerText()).includes(job.links[0].url.slice(0, 30)), 'the address of a link is shown as it is');
  assert.equal(await page.locator('main a:not([href^="#/"])').count(), 0, 'an address of a mail became a link');
  const frame = await page.evaluate(() => {
    const inside = document.querySelector('iframe.mail').contentDocument;
    return { bad: inside.querySelectorAll('script,iframe,link,meta[http-equiv],base,svg,video,object,embed,img').length, text: inside.body.innerText, harmed: Boolean(inside.defaultView.harmed) };
  });
  assert.equal(frame.bad, 0);
  assert.equal(frame.harmed, false);
  assert.ok(frame.text.includes('<img src=x onerror=window.harmed=1>'));
  await untouched(page, 'job');

  await go(page, `/compare/${harm.id}/${input.jobs[0].id}`);
  await untouched(page, 'compare');
  const id = `${input.hostile}-${harm.name}-0`;
  await go(page, `/person?id=${encodeURIComponent(id)}`);
  assert.ok((await page.locator('#person').inputValue()) === id);
  await untouched(page, 'person');
  // An address that somebody else sends does not harm either.
  for (const place of ['/job/%22%3E%3Cimg%20src=x%20onerror=window.harmed=1%3E', '/compare/%3Cscript%3E/1', '/jobs?campaign=%22%3E%3Cscript%3Ewindow.harmed=1%3C/script%3E', '/%E0%A4%A', 'javascript:window.harmed=1']) {
    await page.evaluate(to => { location.hash = to; }, `#${place}`);
    await page.waitForTimeout(300);
    await untouched(page, place);
  }
  return {};
});

async function untouched(page, where) {
  assert.equal(await page.evaluate(() => window.harmed ?? null), null, `${where}: a payload ran`);
  assert.equal(await page.locator('main script, main img, main b:not(.badge b), main object').count(), 0, `${where}: a payload became an element`);
  assert.deepEqual(await violations(page), [], where);
}
