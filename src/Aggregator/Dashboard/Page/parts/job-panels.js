// The panels of a job that ask for figures of their own.

import { get, path } from '../api.js';
import { heatMap } from '../charts/heat-map.js';
import { lineChart } from '../charts/line-chart.js';
import { h, theirs } from '../dom.js';
import { count, duration, percent, stepName, stepStart } from '../format.js';
import { choice } from './choice.js';
import { panel } from './panel.js';
import { scroll } from './scroll.js';
import { known, t } from '../words/words.js';
import { steps } from './steps.js';

export function timeline(base, signal) {
  let step = '1h';
  const all = panel({
    title: t('time.title'), note: t('time.note'), name: 'timeline', signal,
    actions: choice(t('time.step'), ['15m', '1h', '1d'].map(one => [one, t(`time.${one}`)]), step, value => { step = value; all.refresh(); }),
    async load(body) {
      const answer = await get(path(`${base}/report/timeline`, { step }), signal);
      if (!answer.points.length) return body.replaceChildren(h('p', { class: 'message' }, t('time.none')));
      const points = steps(answer.points, step);
      const of = place => points.map(point => place(point) ?? 0);
      body.replaceChildren(
        lineChart({
          label: t('time.label', count(points.length)),
          ticks: at => stepStart(points[at].at, step), names: at => stepName(points[at].at, step),
          series: [
            { name: t('time.opens'), line: 'first', values: of(point => point.opens?.total) },
            { name: t('time.clicks'), line: 'second', values: of(point => point.clicks?.total) },
          ],
        }),
        h('details', { class: 'table-of' }, h('summary', {}, t('as_table')), scroll(t('time.title'),
          h('table', {}, h('caption', { class: 'unseen' }, t('time.title')),
            h('thead', {}, h('tr', {}, ['from', 'delivered', 'opens', 'opens.people', 'clicks', 'clicks.people', 'machines'].map((key, at) => h('th', { scope: 'col', class: at ? 'number' : null }, t(`time.${key}`))))),
            h('tbody', {}, points.filter(point => point.start).map(point => h('tr', {}, h('th', { scope: 'row' }, stepName(point.at, step)),
              [point.delivered, point.opens.total, point.opens.unique, point.clicks.total, point.clicks.unique, point.machines.opens.total + point.machines.clicks.total].map(value => h('td', { class: 'number' }, count(value))))))))));
      return null;
    },
  });
  return all;
}

export function hours(base, signal) {
  let what = 'clicks';
  let last = null;
  const map = h('div');
  const draw = where => map.replaceChildren(heatMap(last.hours, hour => hour[what].total, t(`hours.${what}.caption`, last.time_zone), where));
  return panel({
    title: t('hours.title'), name: 'hours', signal,
    actions: choice(t('hours.show'), ['clicks', 'opens'].map(one => [one, t(`hours.${one}`)]), what, value => { what = value; if (last) draw(); }),
    async load(body) {
      last = await get(`${base}/report/hours`, signal);
      draw(map.firstChild?.scrollLeft);
      body.replaceChildren(h('p', { class: 'note' }, t('hours.note', last.time_zone)), map);
    },
  });
}

export function domains(base, signal) {
  let by = 'domains';
  const one = panel({
    title: t('domains.title'), name: 'domains', signal,
    actions: choice(t('domains.by'), ['domains', 'providers', 'variants'].map(key => [key, t(`domains.${key}`)]), by, value => { by = value; one.refresh(); }),
    async load(body) {
      const answer = await get(`${base}/report/${by}?limit=15`, signal);
      const rows = [...answer[by], ...answer.others ? [{ ...answer.others, [by.slice(0, -1)]: t('domains.others') }] : []];
      if (!rows.length) return body.replaceChildren(h('p', { class: 'message' }, t('domains.none')));
      body.replaceChildren(scroll(t('domains.title'), h('table', {}, h('caption', { class: 'unseen' }, t('domains.title')),
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t(`domains.${by}`)), ['delivered', 'bounced', 'open_rate', 'click_rate'].map(key => h('th', { scope: 'col', class: 'number' }, t(`column.${key}`))))),
        h('tbody', {}, rows.map(row => h('tr', {}, h('th', { scope: 'row' }, theirs(row[by.slice(0, -1)] || t('domains.unnamed'), by === 'domains' ? 'ltr' : 'auto')),
          [count(row.delivered), count(row.bounced), percent(row.rates.open), percent(row.rates.click)].map(text => h('td', { class: 'number' }, text))))))));
      return null;
    },
  });
  return one;
}

export function bounces(base, signal) {
  return panel({
    title: t('bounces.title'), name: 'bounces', signal,
    async load(body) {
      const answer = await get(`${base}/report/bounces`, signal);
      if (!answer.bounces.length) return body.replaceChildren(h('p', { class: 'message' }, t('bounces.none')));
      const words = (group, name) => known(`${group}.${name}`) ? t(`${group}.${name}`) : name;
      body.replaceChildren(scroll(t('bounces.title'), h('table', {}, h('caption', { class: 'unseen' }, t('bounces.title')),
        h('thead', {}, h('tr', {}, ['what', 'why', 'recipients', 'events'].map((key, at) => h('th', { scope: 'col', class: at > 1 ? 'number' : null }, t(`bounces.${key}`))))),
        h('tbody', {}, answer.bounces.map(row => h('tr', {}, h('th', { scope: 'row' }, theirs(words('kind', row.kind))), h('td', {}, theirs(words('bounce', row.class))),
          h('td', { class: 'number strong' }, count(row.recipients)), h('td', { class: 'number' }, count(row.events))))))));
      return null;
    },
  });
}

/** `born` brings when the job was created, or null: what lies ahead of it is no figure yet. */
export function responses(base, signal, born) {
  return panel({
    title: t('responses.title'), note: t('responses.note'), name: 'responses', signal,
    async load(body) {
      const answer = await get(`${base}/report/response-times`, signal);
      const created = await born;
      const age = created ? (Date.now() - new Date(created)) / 1_000 : Infinity;
      const line = (key, of) => h('tr', {}, h('th', { scope: 'row' }, t(`responses.${key}`)), ['open', 'click'].map(what => h('td', { class: 'number' }, of(answer[what]))));
      body.replaceChildren(scroll(t('responses.title'), h('table', {}, h('caption', { class: 'unseen' }, t('responses.title')),
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, h('span', { class: 'unseen' }, t('responses.what'))), ['open', 'click'].map(key => h('th', { scope: 'col', class: 'number' }, t(`responses.${key}`))))),
        h('tbody', {}, line('people', one => count(one.people)), line('median', one => duration(one.median_seconds)), line('p90', one => duration(one.p90_seconds)),
          (answer.open.within ?? []).filter(one => one.seconds <= age).map(({ seconds }) => h('tr', {}, h('th', { scope: 'row' }, t('responses.within', duration(seconds))),
            ['open', 'click'].map(what => h('td', { class: 'number' }, count(answer[what].within.find(one => one.seconds === seconds)?.people)))))))));
    },
  });
}
