// The headline figures of a job, each with its definition.

import { h } from '../dom.js';
import { count, percent } from '../format.js';
import { t } from '../words/words.js';

/**
 * What is shown of a job, by its place in the API's answer. `rate` is a share beside a count; `main` ones are tiles, the others
 * stand in a row below.
 */
export const FIGURES = [
  { name: 'accepted', at: 'recipients.accepted', main: true },
  { name: 'delivered', at: 'delivered', main: true },
  { name: 'opened', at: 'opens.unique', rate: 'rates.open', main: true },
  { name: 'clicked', at: 'clicks.unique', rate: 'rates.click', main: true },
  { name: 'click_to_open', rate: 'rates.click_to_open', main: true },
  { name: 'unsubscribed', at: 'unsubscribes.unique', rate: 'rates.unsubscribe', main: true },
  { name: 'bounced', at: 'bounced', rate: 'rates.bounce', main: true },
  { name: 'complaints', at: 'complaints', main: true },
  { name: 'opens_total', at: 'opens.total' },
  { name: 'clicks_total', at: 'clicks.total' },
  { name: 'unsubscribes_total', at: 'unsubscribes.total' },
  { name: 'pending', at: 'pending' },
  { name: 'deferred', at: 'deferred' },
  { name: 'expired', at: 'expired' },
  { name: 'dropped', at: 'dropped' },
];

/** The value at a dotted place of an answer; null where it is not. */
export const at = (job, place) => place.split('.').reduce((value, name) => value?.[name] ?? null, job);

/** A figure that is alone in its tile is the tile's large one; a rate beside a count is. */
export function figures() {
  const cells = [];
  const cell = (place, format, kind) => {
    const element = h('span', { class: kind, 'data-figure': place }, '–');
    cells.push(job => { element.textContent = format(at(job, place)); });
    return element;
  };
  const noun = place => {
    const word = document.createTextNode('');
    cells.push(job => { word.data = t(at(job, place) === 1 ? 'person' : 'people'); });
    return word;
  };
  const value = figure => figure.rate
    ? [cell(figure.rate, percent, 'large'), figure.at && h('span', { class: 'beside' }, cell(figure.at, count, 'of'), ' ', noun(figure.at))]
    : cell(figure.at, count, 'large');
  const element = h('div', { class: 'figures', 'data-part': 'figures' },
    h('div', { class: 'tiles' }, FIGURES.filter(one => one.main).map(figure =>
      h('div', { class: 'tile', role: 'group', 'aria-label': t(`figure.${figure.name}`) },
        h('div', { class: 'tile-name' }, t(`figure.${figure.name}`)), h('div', { class: 'tile-value' }, value(figure)), definition(figure.name)))),
    h('dl', { class: 'more' }, FIGURES.filter(one => !one.main).map(figure =>
      h('div', {}, h('dt', {}, t(`figure.${figure.name}`), ' ', definition(figure.name)), h('dd', {}, cell(figure.at, count, 'value'))))));
  return { element, update: job => cells.forEach(write => write(job)) };
}

/** What a figure means; opens by mouse, touch and keyboard alike. */
export function definition(name) {
  return h('details', { class: 'what' },
    h('summary', { 'aria-label': t('what', t(`figure.${name}`)) }, h('span', { 'aria-hidden': 'true' }, '?')),
    h('p', {}, t(`define.${name}`)));
}

/** How far the sending is, while it goes on. */
export function progress() {
  const bar = h('progress', { max: 1, value: 0, 'aria-label': t('progress') });
  const text = h('span', { class: 'progress-text' });
  const element = h('div', { class: 'progress', hidden: true }, bar, text);
  return {
    element,
    update(job) {
      const all = job.recipients.accepted;
      const done = all - job.pending;
      element.hidden = job.pending === 0 || all === 0;
      bar.value = all ? done / all : 0;
      text.textContent = t('progress.text', count(done), count(all));
    },
  };
}
