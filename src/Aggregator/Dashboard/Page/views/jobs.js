// All jobs, the newest first; two of them can be compared.

import { get, path } from '../api.js';
import { h, say, theirs } from '../dom.js';
import { count, moment, percent } from '../format.js';
import { freshness } from '../parts/freshness.js';
import { readable } from '../parts/links.js';
import { panel } from '../parts/panel.js';
import { t } from '../words/words.js';

const PAGE = 25;
const COLUMNS = [
  ['accepted', job => count(job.recipients.accepted), 'recipients.accepted'],
  ['delivered', job => count(job.delivered), 'delivered'],
  ['open_rate', job => percent(job.rates.open), 'rates.open'],
  ['click_rate', job => percent(job.rates.click), 'rates.click'],
  ['unsubscribed', job => count(job.unsubscribes.unique), 'unsubscribes.unique'],
  ['bounced', job => count(job.bounced), 'bounced'],
];

// What is chosen stays so for whoever comes back to the list.
let kept = [];

/** `parameters.campaign` narrows to one campaign; `signal` ends what the view has under way. */
export function jobs({ parameters, signal, go }) {
  const campaign = parameters.get('campaign') ?? '';
  const chosen = new Map();
  const rows = h('tbody');
  const fresh = freshness();
  const more = h('button', { type: 'button', class: 'quiet', hidden: true, onclick: () => page() }, t('jobs.more'));
  const compare = h('button', { type: 'button', onclick: () => go(`#/compare/${[...chosen.keys()].join('/')}`) }, t('jobs.compare'));
  const chosenText = h('span', { class: 'soft' });
  const bar = h('div', { class: 'compare-bar', role: 'group', 'aria-label': t('jobs.compare') }, chosenText, compare);
  const field = h('input', { id: 'campaign', type: 'search', value: campaign, list: 'campaigns', dir: 'auto' });
  const known = h('datalist', { id: 'campaigns' });
  const form = h('form', { class: 'filter', role: 'search', onsubmit: event => {
    event.preventDefault();
    go(path('#/jobs', { campaign: field.value.trim() }));
  } }, h('label', { for: 'campaign' }, t('jobs.campaign')), field, known, h('button', { type: 'submit', class: 'quiet' }, t('jobs.filter')),
  campaign && h('a', { href: '#/jobs' }, t('jobs.all')));
  let next = null;

  const list = panel({
    title: t('jobs.list'), name: 'jobs', signal,
    async load(body) {
      const answer = await get(path('/v1/jobs', { limit: PAGE, campaign_id: campaign }), signal);
      rows.replaceChildren();
      if (!answer.jobs.length) {
        body.replaceChildren(h('p', { class: 'message' }, campaign ? t('jobs.none_here') : t('jobs.none')));
        return;
      }
      body.replaceChildren(h('table', { class: 'jobs cards', role: 'table' },
        h('caption', { class: 'unseen' }, t('jobs.caption')),
        h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, h('th', { scope: 'col', role: 'columnheader' }, h('span', { class: 'unseen' }, t('jobs.choose'))),
          h('th', { scope: 'col', role: 'columnheader' }, t('jobs.job')), COLUMNS.map(([key]) => h('th', { scope: 'col', role: 'columnheader', class: 'number' }, t(`column.${key}`))))),
        rows), more, bar);
      rows.setAttribute('role', 'rowgroup');
      take(answer);
    },
  });

  function take(answer) {
    rows.append(...answer.jobs.map(row));
    fresh.update(answer.fresh_as_of);
    next = answer.next ?? null;
    more.hidden = !next;
    choose();
  }

  async function page() {
    more.disabled = true;
    try {
      const answer = await get(path('/v1/jobs', { limit: PAGE, campaign_id: campaign, before: next }), signal);
      const first = rows.children.length;
      take(answer);
      say(t('jobs.added', count(answer.jobs.length)));
      rows.children[first]?.querySelector('a')?.focus();
    } catch (fault) {
      if (fault.name !== 'AbortError') say(t('error.network'));
    } finally {
      more.disabled = false;
    }
  }

  function row(job) {
    const box = h('input', { type: 'checkbox', 'aria-label': t('jobs.choose_one', readable(job.subject) || job.job), onchange: () => {
      if (box.checked) chosen.set(job.job, box);
      else chosen.delete(job.job);
      if (chosen.size > 2) {
        const [[first, other]] = chosen;
        other.checked = false;
        chosen.delete(first);
      }
      choose();
    } });
    if (kept.includes(job.job)) {
      box.checked = true;
      chosen.set(job.job, box);
    }
    return h('tr', { 'data-job': job.job, role: 'row' },
      h('td', { class: 'pick', role: 'cell' }, box),
      h('th', { scope: 'row', role: 'rowheader' }, h('a', { class: 'subject', href: `#/job/${job.job}` }, theirs(readable(job.subject) || t('jobs.no_subject'))),
        h('div', { class: 'soft' }, job.campaign_id && [theirs(job.campaign_id), ' · '], moment(job.created), job.pending > 0 && [' ', h('span', { class: 'tag live' }, t('jobs.running'))])),
      COLUMNS.map(([key, value, place]) => h('td', { class: 'number', role: 'cell', 'data-label': t(`column.${key}`), 'data-figure': place }, value(job))));
  }

  function choose() {
    kept = [...chosen.keys()];
    compare.disabled = chosen.size !== 2;
    chosenText.textContent = chosen.size === 2 ? t('jobs.two') : chosen.size === 1 ? t('jobs.one_more') : t('jobs.choose_two');
  }

  list.refresh();
  get('/v1/campaigns?limit=100', signal).then(answer => known.append(...(answer.campaigns ?? []).map(one => h('option', { value: one.campaign_id }))), () => {});
  return {
    title: t('jobs.title'),
    element: h('div', { class: 'view' }, h('div', { class: 'view-head' }, h('h1', { tabindex: '-1' }, t('jobs.title')), fresh.element), form, list.element),
  };
}
