// Day by hour, as a table: it reads as one, and its shades are drawn from the numbers in it.

import { h } from '../dom.js';
import { count, weekday } from '../format.js';
import { language, t } from '../words/words.js';
import { heat } from '../parts/links.js';

/** `value(hour)` is the figure of one of the 168 hours of the API's answer. */
export function heatMap(hours, value, caption) {
  const most = Math.max(0, ...hours.map(value));
  const of = new Map(hours.map(hour => [`${hour.day_of_week}:${hour.hour}`, value(hour)]));
  // The week begins on Sunday where Hebrew is spoken.
  const days = language() === 'he' ? [7, 1, 2, 3, 4, 5, 6] : [1, 2, 3, 4, 5, 6, 7];
  const all = [...Array(24).keys()];
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', { class: 'heat' }, h('caption', { class: 'unseen' }, caption),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, h('span', { class: 'unseen' }, t('hours.day'))),
        all.map(hour => h('th', { scope: 'col' }, String(hour).padStart(2, '0'))))),
      h('tbody', {}, days.map(day => h('tr', {}, h('th', { scope: 'row' }, weekday(day, 'short')),
        all.map(hour => {
          const figure = of.get(`${day}:${hour}`) ?? 0;
          return h('td', { class: `heat-${heat(figure, most)}`, 'data-day': day, 'data-hour': hour }, figure ? count(figure) : h('span', { class: 'unseen' }, '0'));
        }))))));
}
