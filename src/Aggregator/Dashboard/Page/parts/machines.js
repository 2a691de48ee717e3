// People against machines: what mail providers and security products fetched stands beside, never in, the figures.

import { h } from '../dom.js';
import { count } from '../format.js';
import { at } from './figures.js';
import { scroll } from './scroll.js';
import { t } from '../words/words.js';

const ROWS = [['opens', 'people'], ['opens', 'machines'], ['clicks', 'people'], ['clicks', 'machines']];

export function machines() {
  const cells = [];
  const rows = ROWS.map(([what, who]) => {
    const place = who === 'people' ? what : `machines.${what}`;
    const bar = h('span', { class: `bar ${who}`, 'aria-hidden': 'true' });
    const unique = h('td', { class: 'number strong', 'data-figure': `${place}.unique` });
    const total = h('td', { class: 'number', 'data-figure': `${place}.total` });
    cells.push(job => {
      const most = Math.max(1, at(job, `${what}.total`) ?? 0, at(job, `machines.${what}.total`) ?? 0);
      bar.style.setProperty('--part', `${100 * (at(job, `${place}.total`) ?? 0) / most}%`);
      unique.textContent = count(at(job, `${place}.unique`));
      total.textContent = count(at(job, `${place}.total`));
    });
    return h('tr', {}, h('th', { scope: 'row' }, t(`machines.${what}.${who}`), bar), unique, total);
  });
  const element = h('section', { class: 'panel', 'aria-labelledby': 'machines', 'data-panel': 'machines' }, h('div', { class: 'panel-head' }, h('h2', { id: 'machines' }, t('machines.title'))),
    h('p', { class: 'note' }, t('machines.note')),
    scroll(t('machines.title'), h('table', {}, h('caption', { class: 'unseen' }, t('machines.title')), h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('machines.what')), h('th', { scope: 'col', class: 'number' }, t('machines.recipients')), h('th', { scope: 'col', class: 'number' }, t('machines.times')))),
      h('tbody', {}, rows))));
  return { element, update: job => cells.forEach(write => write(job)) };
}
