// Two lines over time, drawn to the width there is. The same figures stand in a table beside it.

import { h, s } from '../dom.js';
import { count } from '../format.js';

const HEIGHT = 220;
const EDGE = { top: 12, right: 12, bottom: 28, left: 46 };

/** `series`: [{name, line, values}] of equal length; `ticks(index)` is the text under a point, `names(index)` its whole name. */
export function lineChart({ series, ticks, names, label }) {
  const points = series[0]?.values.length ?? 0;
  const most = nice(Math.max(1, ...series.flatMap(one => one.values)));
  const holder = h('div', { class: 'chart', dir: 'ltr' });
  const key = h('div', { class: 'key' }, series.map(one => h('span', { class: 'key-item' }, h('span', { class: `stroke ${one.line}`, 'aria-hidden': 'true' }), one.name)));
  new ResizeObserver(() => draw(holder.clientWidth)).observe(holder);
  let drawn = 0;

  function draw(width) {
    if (width < 60 || Math.abs(width - drawn) < 2) return;
    drawn = width;
    const wide = width - EDGE.left - EDGE.right;
    const high = HEIGHT - EDGE.top - EDGE.bottom;
    const x = at => EDGE.left + (points > 1 ? wide * at / (points - 1) : wide / 2);
    const y = value => EDGE.top + high * (1 - value / most);
    const every = Math.max(1, Math.ceil(points / Math.max(1, Math.floor(wide / 76))));
    const svg = s('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: 'img', 'aria-label': label });
    for (let step = 0; step <= 4; step++) {
      const value = most * step / 4;
      if (!Number.isInteger(value)) continue;
      svg.append(s('line', { class: 'grid', x1: EDGE.left, x2: width - EDGE.right, y1: y(value), y2: y(value) }),
        s('text', { class: 'tick', x: EDGE.left - 8, y: y(value) + 4, 'text-anchor': 'end' }, count(value)));
    }
    for (let at = 0; at < points; at += every)
      svg.append(s('text', { class: 'tick', x: x(at), y: HEIGHT - 8, 'text-anchor': points === 1 ? 'middle' : at === 0 ? 'start' : x(at) > width - 40 ? 'end' : 'middle' }, ticks(at)));
    for (const one of series) {
      svg.append(s('polyline', { class: `line ${one.line}`, points: one.values.map((value, at) => `${x(at)},${y(value)}`).join(' ') }));
      if (points <= 60) one.values.forEach((value, at) => svg.append(s('circle', { class: `dot ${one.line}`, cx: x(at), cy: y(value), r: 3 })));
    }
    // What a pointer stands on is named by the browser's own tooltip.
    const step = points > 1 ? wide / (points - 1) : wide;
    for (let at = 0; at < points && points <= 400; at++)
      svg.append(s('rect', { class: 'column', x: x(at) - step / 2, y: EDGE.top, width: step, height: high },
        s('title', {}, [names(at), ...series.map(one => `${one.name}: ${count(one.values[at])}`)].join('\n'))));
    holder.replaceChildren(svg);
  }

  return h('figure', { class: 'figure' }, key, holder);
}

/** The next of 4, 8, 12, 20, 40, 80… so that the four lines of the grid are whole numbers. */
function nice(most) {
  for (let unit = 4; ; unit *= 10)
    for (const times of [1, 2, 3, 5, 7.5]) if (most <= unit * times && Number.isInteger(unit * times / 4)) return unit * times;
}
