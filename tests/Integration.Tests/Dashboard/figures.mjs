// Every figure that the page shows is compared with what the API answers.

import { readFileSync } from 'node:fs';
import { assert, browse, go, input, mapped, number, percent, report, signedIn, violations } from './browser.mjs';

const at = (value, place) => place.split('.').reduce((one, name) => one?.[name] ?? null, value);

await browse(async open => {
  const { page } = await open({});
  await signedIn(page);
  let compared = 0;
  const same = (shown, place, job, where) => {
    const value = at(job, place);
    assert.equal(shown.trim(), place.startsWith('rates.') ? percent(value) : number(value), `${where}: ${place}`);
    compared++;
  };

  // The list.
  await go(page, '/jobs');
  const list = await report('/v1/jobs?limit=25');
  assert.deepEqual(await page.locator('tr[data-job]').evaluateAll(rows => rows.map(row => row.dataset.job)), list.jobs.map(job => job.job));
  for (const job of list.jobs)
    for (const [place, text] of await page.locator(`tr[data-job="${job.job}"] [data-figure]`).evaluateAll(cells => cells.map(cell => [cell.dataset.figure, cell.textContent])))
      same(text, place, job, `list ${job.job}`);

  for (const { id } of input.jobs) {
    await go(page, `/job/${id}`);
    await mapped(page);
    const job = await report(`/v1/jobs/${id}/report`);
    for (const [place, text] of await page.locator('[data-figure]').evaluateAll(cells => cells.map(cell => [cell.dataset.figure, cell.textContent]))) same(text, place, job, `job ${id}`);

    // The breakdown, and the same figures on the mail.
    const rows = await page.locator('.links tbody tr').evaluateAll(all => all.map(row => [Number(row.dataset.position), Object.fromEntries([...row.querySelectorAll('[data-cell]')].map(cell => [cell.dataset.cell, cell.textContent]))]));
    assert.equal(rows.length, job.links.length);
    for (const [position, cells] of rows) {
      const link = job.links.find(one => one.position === position);
      for (const [place, text] of Object.entries(cells)) {
        assert.equal(text, place === 'share' ? percent(link.share) : number(link[place]), `link ${position}: ${place}`);
        compared++;
      }
    }
    for (const [position, label, text] of await page.locator('.badge').evaluateAll(all => all.map(one => [Number(one.dataset.position), one.querySelector('.unseen').textContent, one.querySelector('b').textContent]))) {
      const link = job.links.find(one => one.position === position);
      assert.equal(text, number(link.unique_clicks));
      assert.ok(label.startsWith(`Link ${position}: ${number(link.unique_clicks)} ${link.unique_clicks === 1 ? 'person' : 'people'}, ${percent(link.share)} of all clicks`) || link.share === null, label);
      compared += 2;
    }

    // The file has the rows of the list, behind the mark that Excel knows UTF-8 by.
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).first().click()]);
    assert.equal(file.suggestedFilename(), `job-${id}-clicks.csv`);
    const [header, ...lines] = readFileSync(await file.path(), 'utf8').split('\r\n').slice(0, -1);
    assert.ok(header.startsWith('\ufeffposition,link,'), header);
    assert.deepEqual(lines.map(line => Number(line.split(',')[0])), job.links.map(link => link.position));

    // Groups: clicks add up however they are grouped.
    for (const by of ['url', 'text']) {
      await page.locator('.breakdown select').first().selectOption(by);
      const sum = await page.locator('.links [data-cell=clicks]').evaluateAll(all => all.reduce((total, cell) => total + Number(cell.textContent.replaceAll(',', '')), 0));
      assert.equal(sum, job.clicks.total, `grouped by ${by}`);
      compared++;
    }

    // Time, hours, domains, bounces.
    if (await ready(page, 'timeline')) {
      const timeline = await report(`/v1/jobs/${id}/report/timeline?step=1h`);
      const cells = await page.locator('[data-panel=timeline] tbody tr').evaluateAll(all => all.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent)));
      assert.deepEqual(cells, timeline.points.map(point => [point.delivered, point.opens.total, point.opens.unique, point.clicks.total, point.clicks.unique, point.machines.opens.total + point.machines.clicks.total].map(number)));
      compared += cells.length;
    }
    if (await ready(page, 'hours')) {
      const hours = await report(`/v1/jobs/${id}/report/hours`);
      for (const [day, hour, text] of await page.locator('.heat td').evaluateAll(all => all.map(cell => [Number(cell.dataset.day), Number(cell.dataset.hour), cell.textContent]))) {
        assert.equal(text, number(hours.hours.find(one => one.day_of_week === day && one.hour === hour)?.clicks.total ?? 0));
        compared++;
      }
    }
    if (await ready(page, 'domains')) {
      const domains = await report(`/v1/jobs/${id}/report/domains?limit=15`);
      const cells = await page.locator('[data-panel=domains] tbody tr').evaluateAll(all => all.map(row => [...row.children].map(cell => cell.textContent)));
      assert.deepEqual(cells.slice(0, domains.domains.length), domains.domains.map(row => [row.domain, number(row.delivered), number(row.bounced), percent(row.rates.open), percent(row.rates.click)]));
      compared += cells.length;
    }
    assert.ok(await page.locator('.fresh').getAttribute('data-fresh'), 'how fresh the figures are is not said');
  }

  const [first, second] = input.jobs;
  await go(page, `/compare/${first.id}/${second.id}`);
  if (await ready(page, 'compare')) {
    const both = [await report(`/v1/jobs/${first.id}/report`), await report(`/v1/jobs/${second.id}/report`)].sort((one, other) => new Date(one.created) - new Date(other.created));
    for (const [place, ...texts] of await page.locator('.compare tr[data-figure]').evaluateAll(rows => rows.map(row => [row.dataset.figure, ...[...row.querySelectorAll('td')].slice(0, 2).map(cell => cell.textContent)])))
      texts.forEach((text, index) => same(text, place, both[index], 'compared'));
  }
  // One person: everything that happened, in its order.
  const id = `crm-${first.name}-0`;
  await go(page, `/person?id=${id}`);
  if (await ready(page, 'person')) {
    const { events } = await report(`/v1/people/timeline?upstream_id=${id}&limit=100`);
    assert.ok(events.length >= 4, 'accepted, delivered, opened and clicked');
    assert.deepEqual(await page.locator('.events tbody tr').evaluateAll(rows => rows.map(row => [row.dataset.kind, row.querySelector('time').getAttribute('datetime')])), events.map(event => [event.kind, event.time]));
    compared += events.length;
  }
  assert.deepEqual(await violations(page), []);
  return { compared };
});

/** A panel whose figures are not there yet says so in words, and is not compared. */
async function ready(page, name) {
  const panel = page.locator(`[data-panel=${name}]`);
  if (await panel.getAttribute('data-state') === 'ready') return true;
  assert.ok((await panel.locator('.message').textContent()).length > 10, `${name} failed without a word`);
  assert.ok(input.lenient, `${name} has no figures`);
  return false;
}
