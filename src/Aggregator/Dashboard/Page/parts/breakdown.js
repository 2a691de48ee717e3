// The click breakdown as a table with bars; its rows and the badges on the mail point at each other.

import { address, h, theirs } from '../dom.js';
import { count, percent } from '../format.js';
import { t } from '../words/words.js';
import { grouped, linkName, readable } from './links.js';
import { choice } from './choice.js';

/** `pointed(position, on)` and `chosen(position)` tell the click map what is looked at. */
export function breakdown({ pointed, chosen }) {
  let links = [];
  let by = 'position';
  let order = 'people';
  const table = h('div', { class: 'scroll' });
  const note = h('p', { class: 'note', hidden: true }, t('links.range'));
  const element = h('div', { class: 'breakdown', 'data-part': 'breakdown' },
    h('div', { class: 'choices' },
      choice(t('links.by'), [['position', t('links.by.position')], ['url', t('links.by.url')], ['text', t('links.by.text')]], by, value => { by = value; draw(); }),
      choice(t('links.order'), [['people', t('links.order.people')], ['mail', t('links.order.mail')]], order, value => { order = value; draw(); })),
    table, note);

  function draw() {
    const focused = table.contains(document.activeElement) ? document.activeElement.dataset.position : null;
    const groups = grouped(links, by);
    groups.sort((one, other) => order === 'mail' ? one.positions[0] - other.positions[0]
      : other.most - one.most || other.clicks - one.clicks || one.positions[0] - other.positions[0]);
    note.hidden = groups.every(group => group.least === group.most);
    if (!groups.length) {
      table.replaceChildren(h('p', { class: 'message' }, t('links.none')));
      return;
    }
    const most = Math.max(1, ...groups.map(group => group.most));
    table.replaceChildren(h('table', { class: 'links cards', role: 'table' },
      h('caption', { class: 'unseen' }, t('links.caption')),
      h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ['links.link', 'links.people', 'links.clicks', 'links.share', 'links.machines'].map((key, at) =>
        h('th', { scope: 'col', role: 'columnheader', class: at ? 'number' : null }, t(key))))),
      h('tbody', { role: 'rowgroup' }, groups.map(group => row(group, most)))));
    if (focused) table.querySelector(`button[data-position="${focused}"]`)?.focus();
  }

  function row(group, most) {
    const position = group.positions[0];
    const bar = h('span', { class: 'bar', 'aria-hidden': 'true' });
    bar.style.setProperty('--part', `${100 * group.most / most}%`);
    const people = group.least === group.most ? count(group.most) : t('range', count(group.least), count(group.most));
    const name = h('button', { type: 'button', class: 'link-name', 'data-position': position, onclick: () => chosen(position),
      onfocus: () => pointed(position, true), onblur: () => pointed(position, false) }, theirs(linkName(group)));
    return h('tr', { role: 'row', 'data-position': position, 'data-part-of-mail': group.part, onpointerenter: () => pointed(position, true), onpointerleave: () => pointed(position, false) },
      h('th', { scope: 'row', role: 'rowheader' }, h('div', { class: 'link' },
        h('span', { class: 'place' }, by === 'position' ? count(position) : group.positions.map(count).join(', ')),
        h('div', { class: 'link-words' }, name, readable(group.text) && address(group.url), group.part === 'text' && h('span', { class: 'tag' }, t('links.text_part')), bar))),
      h('td', { class: 'number strong', role: 'cell', 'data-label': t('links.people'), 'data-cell': 'unique_clicks' }, people),
      h('td', { class: 'number', role: 'cell', 'data-label': t('links.clicks'), 'data-cell': 'clicks' }, count(group.clicks)),
      h('td', { class: 'number', role: 'cell', 'data-label': t('links.share'), 'data-cell': 'share' }, percent(group.share)),
      h('td', { class: 'number soft', role: 'cell', 'data-label': t('links.machines'), 'data-cell': 'machine_clicks' }, count(group.machineClicks)));
  }

  return {
    element,
    update(next) {
      if (JSON.stringify(next) === JSON.stringify(links) && table.firstChild) return;
      links = next;
      draw();
    },
    light(position, on) {
      for (const one of table.querySelectorAll(`tr[data-position="${position}"]`)) one.classList.toggle('lit', on);
    },
    /** Brings the row of a position into sight and focus. */
    go(position) {
      if (by !== 'position') {
        by = 'position';
        element.querySelector('select').value = by;
        draw();
      }
      table.querySelector(`button[data-position="${position}"]`)?.focus();
    },
  };
}
