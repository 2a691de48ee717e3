// One job: what became of it, which link won, when and where.

import { download, get } from '../api.js';
import { h, say, theirs, visible } from '../dom.js';
import { moment } from '../format.js';
import { breakdown } from '../parts/breakdown.js';
import { clickMap } from '../parts/click-map.js';
import { figures, progress } from '../parts/figures.js';
import { freshness } from '../parts/freshness.js';
import { bounces, domains, hours, responses, timeline } from '../parts/job-panels.js';
import { figuresOf, linkName, readable, winner } from '../parts/links.js';
import { follow } from '../parts/live.js';
import { explain, panel, signedOut } from '../parts/panel.js';
import { machines } from '../parts/machines.js';
import { t } from '../words/words.js';

const LINKS_EVERY = 3_000;
const PANELS_EVERY = 15_000;

export function job({ id, signal: left }) {
  const over = new AbortController();
  const signal = AbortSignal.any([left, over.signal]);
  const base = `/v1/jobs/${encodeURIComponent(id)}`;
  const heading = h('h1', { tabindex: '-1' }, t('job.title', id));
  const about = h('p', { class: 'soft about' });
  const fresh = freshness();
  const live = h('span', { class: 'tag', hidden: true });
  const head = figures();
  const bar = progress();
  const people = machines();
  const win = h('p', { class: 'winner', hidden: true });
  let tell = null;
  const born = new Promise(resolve => { tell = resolve; });
  const mistake = h('p', { class: 'message', hidden: true, role: 'alert' });

  const map = { now: null };
  const list = breakdown({ pointed: light, chosen: position => { if (!map.now?.go(position)) say(t('map.not_here')); } });

  function light(position, on) {
    list.light(position, on);
    map.now?.light(position, on);
  }

  const mail = panel({
    title: t('map.title'), name: 'mail', signal,
    async load(body) {
      const answer = await get(`${base}/mail`, signal);
      map.now = null;
      if (answer.html) {
        map.now = clickMap(answer, { pointed: light, chosen: position => list.go(position) });
        body.replaceChildren(map.now.element);
        if (report) map.now.update(report.links);
      } else body.replaceChildren(h('p', { class: 'message' }, t('map.none')));
    },
  });
  const links = panel({
    title: t('links.title'), name: 'links', signal,
    actions: h('button', { type: 'button', class: 'quiet', onclick: () => download(`${base}/report/clicks.csv`, 'text/csv', `job-${id}-clicks.csv`).catch(fault => say(explain(fault))) }, t('links.csv')),
    async load(body) {
      try {
        report = await get(`${base}/report`, signal);
      } catch (fault) {
        tell(null);
        if (fault.status === 404) failed(fault);
        throw fault;
      }
      changed(report);
      if (!body.contains(list.element)) body.replaceChildren(win, list.element);
      list.update(report.links);
      map.now?.update(report.links);
      won(report);
    },
  });
  const others = [timeline(base, signal), hours(base, signal), domains(base, signal), bounces(base, signal), responses(base, signal, born)];

  let report = null;
  let counted = '';
  let timers = [];

  /** New counters: the figures at once, what costs a query of its own some time later. */
  function changed(line) {
    tell(line.created);
    heading.replaceChildren(theirs(readable(line.subject) || t('job.title', id)));
    document.title = visible(`${readable(line.subject) || id} – Delivery`);
    about.replaceChildren(...[line.campaign_id && h('a', { href: `#/jobs?campaign=${encodeURIComponent(line.campaign_id)}` }, theirs(line.campaign_id)),
      line.from_email && theirs(line.from_email), moment(line.created), t('job.id', line.job)].filter(Boolean).flatMap((part, at) => at ? [' · ', part] : [part]));
    fresh.update(line.fresh_as_of);
    head.update(line);
    bar.update(line);
    people.update(line);
    mistake.hidden = true;
    const now = JSON.stringify([line.delivered, line.bounced, line.opens, line.clicks, line.machines, line.unsubscribes]);
    if (counted && counted !== now && !timers.length)
      timers = [setTimeout(links.refresh, LINKS_EVERY), setTimeout(() => { timers = []; others.forEach(one => one.refresh()); }, PANELS_EVERY)];
    counted = now;
  }

  function won(answer) {
    const best = winner(answer.links);
    win.hidden = !best;
    if (best) win.replaceChildren(t('winner'), ' ', h('strong', {}, theirs(linkName(best))), ' – ', figuresOf(best));
  }

  function failed(fault) {
    if (signal.aborted || signedOut(fault)) return;
    if (fault.status === 404) return unknown();
    if (report) return;
    mistake.textContent = explain(fault);
    mistake.hidden = false;
  }

  /** There is no such job: nothing more is asked for. */
  function unknown() {
    over.abort();
    element.replaceChildren(h('h1', { tabindex: '-1' }, t('job.title', id)), h('p', { class: 'message', role: 'alert' }, t('job.unknown')), h('p', {}, h('a', { href: '#/jobs' }, t('back'))));
  }

  signal.addEventListener('abort', () => timers.forEach(clearTimeout));
  follow(id, {
    changed, failed, still: fresh.still,
    state(now) {
      live.hidden = false;
      live.textContent = t(`live.${now}`);
      live.className = `tag live ${now}`;
    },
  }, signal);
  for (const one of [links, mail, ...others]) one.refresh();

  const element = h('div', { class: 'view' },
    h('div', { class: 'view-head' }, h('div', {}, h('a', { href: '#/jobs' }, t('back')), heading, about), h('div', { class: 'state' }, live, fresh.element)),
    mistake, bar.element, head.element,
    h('div', { class: 'split' }, mail.element, links.element), others[0].element, others[1].element,
    h('div', { class: 'split' }, others[2].element, others[3].element), h('div', { class: 'split' }, people.element, others[4].element));
  return { title: t('job.title', id), element };
}
