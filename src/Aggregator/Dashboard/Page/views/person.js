// What became of one person's mail, and what that person did, newest first.

import { get, path } from '../api.js';
import { address, h, theirs } from '../dom.js';
import { count, exactMoment } from '../format.js';
import { freshness } from '../parts/freshness.js';
import { readable } from '../parts/links.js';
import { panel } from '../parts/panel.js';
import { known, t } from '../words/words.js';

const KEY = /^[0-9a-f]{32}$/i;

export function person({ parameters, signal, go }) {
  const id = parameters.get('id') ?? '';
  const field = h('input', { id: 'person', type: 'search', value: id, dir: 'auto', spellcheck: 'false', autocomplete: 'off', 'aria-describedby': 'person-help' });
  const form = h('form', { class: 'filter', role: 'search', onsubmit: event => {
    event.preventDefault();
    go(path('#/person', { id: field.value.trim() }));
  } }, h('label', { for: 'person' }, t('person.id')), field, h('button', { type: 'submit' }, t('person.show')));
  const fresh = freshness();
  const view = h('div', { class: 'view' }, h('div', { class: 'view-head' }, h('h1', { tabindex: '-1' }, t('person.title')), fresh.element),
    form, h('p', { class: 'note', id: 'person-help' }, t('person.help')));
  if (id) view.append(timeline(id, fresh, signal));
  return { title: t('person.title'), element: view };
}

function timeline(id, fresh, signal) {
  const rows = h('tbody', { role: 'rowgroup' });
  const more = h('button', { type: 'button', class: 'quiet', hidden: true, onclick: () => load() }, t('person.more'));
  const who = KEY.test(id) ? { recipient_key: id.toLowerCase() } : { upstream_id: id };
  let next = null;

  async function load() {
    const answer = await get(path('/v1/people/timeline', { ...who, limit: 100, before: next }), signal);
    fresh.update(answer.fresh_as_of);
    rows.append(...answer.events.map(row));
    next = answer.next ?? null;
    more.hidden = !next;
    return answer;
  }

  const list = panel({
    title: t('person.events'), name: 'person', missing: t('person.missing'), signal,
    async load(body) {
      rows.replaceChildren();
      next = null;
      const answer = await load();
      if (!answer.events.length) {
        body.replaceChildren(h('p', { class: 'message' }, t('person.none')));
        return;
      }
      body.replaceChildren(
        h('dl', { class: 'more' }, answer.upstream_id && h('div', {}, h('dt', {}, t('person.upstream')), h('dd', {}, theirs(answer.upstream_id))),
          answer.recipient_key && h('div', {}, h('dt', {}, t('person.key')), h('dd', { class: 'address' }, h('bdi', { dir: 'ltr' }, answer.recipient_key)))),
        h('table', { class: 'events cards', role: 'table' }, h('caption', { class: 'unseen' }, t('person.caption')),
          h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ['time', 'what', 'job', 'details'].map(key => h('th', { scope: 'col', role: 'columnheader' }, t(`person.${key}`))))), rows), more);
    },
  });
  list.refresh();
  return list.element;
}

function row(event) {
  const kind = known(`kind.${event.kind}`) ? t(`kind.${event.kind}`) : event.kind;
  const machine = event.class && event.class !== 'human';
  return h('tr', { role: 'row', 'data-kind': event.kind },
    h('td', { role: 'cell', class: 'time', 'data-label': t('person.time') }, h('time', { datetime: event.time }, exactMoment(event.time))),
    h('td', { role: 'cell', 'data-label': t('person.what') }, h('span', { class: `tag kind-${/^\w+$/.test(event.kind) ? event.kind : ''}` }, kind),
      machine && [' ', h('span', { class: 'tag' }, known(`class.${event.class}`) ? t(`class.${event.class}`) : event.class)]),
    h('td', { role: 'cell', 'data-label': t('person.job') }, h('a', { href: `#/job/${encodeURIComponent(event.job)}` }, theirs(readable(event.subject) || event.job)),
      event.campaign_id && h('div', { class: 'soft' }, theirs(event.campaign_id))),
    h('td', { role: 'cell', 'data-label': t('person.details') }, details(event)));
}

function details(event) {
  const parts = [];
  if (event.position) parts.push(h('span', {}, t('person.position', count(event.position))));
  if (event.url) parts.push(address(event.url));
  if (event.smtp_code) parts.push(h('span', {}, t('person.code', event.smtp_code)));
  if (event.bounce_class && event.bounce_class !== 'none') parts.push(theirs(event.bounce_class));
  if (event.reason) parts.push(theirs(event.reason));
  return parts.flatMap((part, at) => at ? [' ', part] : [part]);
}
