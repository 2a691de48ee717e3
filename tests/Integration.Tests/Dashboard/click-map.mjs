// The badges lie on their links, on a wide screen and on a phone, and what they say and light up is of their link.

import { assert, browse, go, input, mapped, signedIn, violations } from './browser.mjs';

const MAPS = input.jobs.slice(0, 3);

await browse(async open => {
  let maps = 0;
  for (const [width, theme] of [[1280, 'light'], [360, 'dark']]) {
    const { page } = await open({ width, theme });
    await signedIn(page);
    for (const job of MAPS) {
      await go(page, `/job/${job.id}`);
      await mapped(page);
      const found = await page.evaluate(measure);
      assert.deepEqual(found.map(one => one.position).sort((one, other) => one - other), job.positions, `${job.name} at ${width}: which links have badges`);
      for (const { position, badge, links } of found)
        assert.ok(links.some(link => meet(badge, link)), `${job.name} at ${width}: the badge of link ${position} at ${JSON.stringify(badge)} is on none of ${JSON.stringify(links)}`);
      for (const one of found) {
        for (const other of found)
          assert.ok(one === other || area(one.badge, other.badge) < .25 * one.badge.width * one.badge.height, `${job.name} at ${width}: the badges of links ${one.position} and ${other.position} lie on each other`);
        assert.ok(one.badge.width >= 24 && one.badge.height >= 24, 'a badge is too small for a finger');
      }
      // The key explains the colours that the badges have.
      const colours = await page.evaluate(() => [...document.querySelectorAll('.swatch')].flatMap((swatch, at) =>
        [...document.querySelectorAll(`.badge.heat-${at + 1}`)].map(badge => [getComputedStyle(badge).backgroundColor, getComputedStyle(swatch).backgroundColor])));
      assert.ok(colours.length > 0 && colours.every(([badge, swatch]) => badge === swatch), `${job.name}, ${theme}: badges and their key ${JSON.stringify(colours)}`);

      // What cannot be seen in this mail is told below it.
      const hidden = Object.keys(job.clickers).map(Number).filter(position => !job.positions.includes(position));
      assert.deepEqual(await page.locator('.unplaced li').evaluateAll(all => all.map(one => Number(one.dataset.position))), hidden, `${job.name}: what is told below the mail`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${job.name} at ${width}: the page is wider than the screen`);

      // A badge and its row point at each other.
      const badge = page.locator(`.badge[data-position="${job.positions[0]}"]`);
      await badge.focus();
      assert.equal(await page.locator(`.links tr[data-position="${job.positions[0]}"].lit`).count(), 1);
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement.className), 'link-name');
      assert.equal(await page.locator(`.overlay .lit[data-position="${job.positions[0]}"]`).count(), 1);
      await page.keyboard.press('Enter');
      assert.ok(await page.evaluate(() => document.activeElement.classList.contains('badge')));

      // Nothing in the frame can be loaded, run or reached.
      const inside = await page.evaluate(() => {
        const all = [...document.querySelector('iframe.mail').contentDocument.querySelectorAll('*')];
        return all.filter(one => one.matches('script,img,link,iframe,[href],[src],[srcset],[background],[tabindex]') || [...one.attributes].some(attribute => /^on/i.test(attribute.name) || /https?:|url\(/i.test(attribute.value))).map(one => one.outerHTML.slice(0, 200));
      });
      assert.deepEqual(inside, []);
      maps++;
    }
    assert.deepEqual(await violations(page), []);
  }
  return { maps };
});

/** In the page: each badge, and the boxes of all elements of its position that can be seen, in the page's own pixels. */
function measure() {
  const frame = document.querySelector('iframe.mail');
  const corner = frame.getBoundingClientRect();
  const shrunk = corner.width / frame.offsetWidth;
  const plain = box => ({ left: box.left, top: box.top, width: box.width, height: box.height });
  return [...document.querySelectorAll('.badge')].map(badge => ({
    position: Number(badge.dataset.position), badge: plain(badge.getBoundingClientRect()),
    links: [...frame.contentDocument.querySelectorAll(`[data-position="${badge.dataset.position}"]`)].flatMap(link => [link, ...link.querySelectorAll('*')]).flatMap(one => [...one.getClientRects()])
      .filter(box => box.width > 1 && box.height > 1).map(box => ({ left: corner.left + box.left * shrunk, top: corner.top + box.top * shrunk, width: box.width * shrunk, height: box.height * shrunk })),
  }));
}

function area(one, other) {
  const wide = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const high = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return wide > 0 && high > 0 ? wide * high : 0;
}

function meet(one, other) {
  return area(one, other) > 0;
}
