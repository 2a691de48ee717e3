import { h } from '../dom.js';

/** A labelled choice of one among a few: the browser's own, which keyboards, phones and readers know. */
export function choice(label, options, value, chosen) {
  const select = h('select', { onchange: () => chosen(select.value) }, options.map(([key, text]) => h('option', { value: key, selected: key === value }, text)));
  select.value = value;
  return h('label', { class: 'choice' }, h('span', {}, label), select);
}
