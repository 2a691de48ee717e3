// Two jobs side by side, the older first, and whether the difference is more than chance.

import { get } from '../api.js';
import { h, theirs } from '../dom.js';
import { count, difference as apart, moment, percent, points, pointsApart, small } from '../format.js';
import { at, definition, FIGURES } from '../parts/figures.js';
import { freshness } from '../parts/freshness.js';
import { figuresOf, linkName, readable, winner } from '../parts/links.js';
import { panel } from '../parts/panel.js';
import { t } from '../words/words.js';

const DAY = 86_400_000;

export function compare({ ids, signal }) {
  const fresh = freshness();
  const figures = panel({
    title: t('compare.figures'), name: 'compare', missing: t('compare.missing'), signal,
    async load(body) {
      const answer = await get(`/v1/reports/compare?jobs=${ids.map(encodeURIComponent).join(',')}`, signal);
      fresh.update(answer.fresh_as_of);
      const jobs = ids.map(id => answer.jobs.find(job => job.job === id)).filter(Boolean);
      const turned = jobs.length === 2 && new Date(jobs[0].created) > new Date(jobs[1].created);
      if (turned) jobs.reverse();
      const now = new Date(answer.fresh_as_of ?? Date.now());
      const young = jobs.some(job => now - new Date(job.created) < DAY);
      const test = answer.tests?.find(one => one.job === ids[1]) ?? null;
      body.replaceChildren(verdicts(jobs, test, turned), young ? h('p', { class: 'note' }, t('compare.young')) : '', pair(jobs), table(jobs));
    },
  });
  figures.refresh();
  return {
    title: t('compare.title'),
    element: h('div', { class: 'view' }, h('div', { class: 'view-head' }, h('div', {}, h('a', { href: '#/jobs' }, t('back')), h('h1', { tabindex: '-1' }, t('compare.title'))), fresh.element), figures.element),
  };
}

/** The test is of the second job asked for; `turned` where that is the first of the page. */
function verdicts([, second], test, turned) {
  if (!test || !second) return h('p', { class: 'message' }, t('compare.no_test'));
  return h('ul', { class: 'verdicts' }, ['open', 'click'].filter(name => test[name]).map(name => h('li', { 'data-test': name }, verdict(name, test[name], turned))));
}

/** In words: which way it went, and how likely chance alone makes as much. */
function verdict(name, { difference, p_value: chance }, turned) {
  const by = turned && difference ? -difference : difference;
  if (chance === null || chance === undefined || by === null || by === undefined) return t(`compare.${name}.unknown`);
  if (by === 0) return h('strong', {}, t(`compare.${name}.same`));
  const words = t(by > 0 ? `compare.${name}.up` : `compare.${name}.down`, pointsApart(by));
  const likely = chance < 0.01 ? 'compare.hardly_chance' : chance < 0.05 ? 'compare.probably_not_chance' : 'compare.maybe_chance';
  return [h('strong', {}, words), ' ', t(likely), ' ', h('bdi', { dir: 'ltr', class: 'soft' }, t('compare.p', chance < 0.0001 ? `< ${small(0.0001)}` : `= ${small(chance)}`))];
}

/** Which is the first and which the second, where a phone leaves the table's head out. */
function pair(jobs) {
  return h('dl', { class: 'pair' }, jobs.map((job, index) => h('div', {}, h('dt', { class: 'soft' }, t(index ? 'compare.second' : 'compare.first')),
    h('dd', {}, h('a', { href: `#/job/${job.job}` }, theirs(readable(job.subject) || job.job)), ' ', h('span', { class: 'soft' }, moment(job.created))))));
}

function table(jobs) {
  const [first, second] = jobs;
  const line = (name, place, rate, key) => {
    const [one, other] = [at(first, place), second ? at(second, place) : null];
    const change = one === null || other === null ? '–' : rate ? points(other - one) : apart(other - one);
    return h('tr', { role: 'row', 'data-figure': place }, h('th', { scope: 'row', role: 'rowheader' }, h('span', {}, key), ' ', definition(name)),
      [one, other].map((value, index) => h('td', { class: 'number', role: 'cell', 'data-label': t(index ? 'compare.second' : 'compare.first') }, rate ? percent(value) : count(value))),
      h('td', { class: 'number strong', role: 'cell', 'data-label': t('compare.difference') }, change));
  };
  const lines = FIGURES.flatMap(figure => [
    figure.at && line(figure.name, figure.at, false, t(`figure.${figure.name}`)),
    figure.rate && line(figure.name, figure.rate, true, figure.at ? t('rate_of', t(`figure.${figure.name}`)) : t(`figure.${figure.name}`)),
  ]).filter(Boolean);
  const head = (job, key) => h('th', { scope: 'col', role: 'columnheader', class: 'job-head' }, h('span', { class: 'soft' }, t(key)), h('br'),
    job && h('a', { href: `#/job/${job.job}` }, theirs(readable(job.subject) || job.job)), job && h('div', { class: 'soft' }, moment(job.created)));
  const best = job => {
    const link = winner(job?.links ?? []);
    return link ? [theirs(linkName(link)), ' ', h('span', { class: 'soft' }, figuresOf(link))] : '–';
  };
  return h('table', { class: 'compare cards', role: 'table' }, h('caption', { class: 'unseen' }, t('compare.title')),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, h('th', { scope: 'col', role: 'columnheader' }, t('compare.figure')), head(first, 'compare.first'), head(second, 'compare.second'),
      h('th', { scope: 'col', role: 'columnheader', class: 'number' }, t('compare.difference')))),
    h('tbody', { role: 'rowgroup' }, lines, h('tr', { role: 'row' }, h('th', { scope: 'row', role: 'rowheader' }, t('compare.winner')),
      h('td', { role: 'cell', class: 'job-head', 'data-label': t('compare.first') }, best(first)), h('td', { role: 'cell', class: 'job-head', 'data-label': t('compare.second') }, best(second)), h('td', { role: 'cell' }))));
}
