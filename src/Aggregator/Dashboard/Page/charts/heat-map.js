// Day by hour, as a table: it reads as one, and its shades are drawn from the numbers in it.

import { h } from '../dom.js';
import { count, weekday } from '../format.js';
import { language, t } from '../words/words.js';
import { heat } from '../parts/links.js';
import { scroll } from '../parts/scroll.js';

/**
 * `value(hour)` is the figure of one of the 168 hours of the API's answer. Where there is less room than hours it begins at `where`, a
 * scroll offset, or with the busiest hour in the middle.
 */
export function heatMap(hours, value, caption, where) {
  const most = Math.max(0, ...hours.map(value));
  const of = new Map(hours.map(hour => [`${hour.day_of_week}:${hour.hour}`, value(hour)]));
  // The week begins on Sunday where Hebrew is spoken.
  const days = language() === 'he' ? [7, 1, 2, 3, 4, 5, 6] : [1, 2, 3, 4, 5, 6, 7];
  const all = [...Array(24).keys()];
  const map = scroll(caption,
    h('table', { class: 'heat' }, h('caption', { class: 'unseen' }, caption),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, h('span', { class: 'unseen' }, t('hours.day'))),
        all.map(hour => h('th', { scope: 'col' }, String(hour).padStart(2, '0'))))),
      h('tbody', {}, days.map(day => h('tr', {}, h('th', { scope: 'row' }, weekday(day, 'short')),
        all.map(hour => {
          const figure = of.get(`${day}:${hour}`) ?? 0;
          return h('td', { class: `heat-${heat(figure, most)}`, 'data-day': day, 'data-hour': hour }, figure ? count(figure) : h('span', { class: 'unseen' }, '0'));
        }))))));
  const placed = new ResizeObserver(() => {
    if (!map.clientWidth) return;
    placed.disconnect();
    const busiest = map.querySelector('td.heat-5');
    if (where !== undefined) map.scrollLeft = where;
    else if (busiest) map.scrollLeft += middle(busiest) - middle(map);
  });
  placed.observe(map);
  return map;
}

function middle(element) {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
}
