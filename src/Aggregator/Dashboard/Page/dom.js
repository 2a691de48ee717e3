// Elements without markup: every text goes in as text, so that nothing that is stored can become an element or a script.

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element. Properties named on… are listeners; null, undefined and false are left out. */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** An SVG element. */
export function s(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked' || name === 'disabled') element[name] = value;
    else element.setAttribute(name, value === true ? '' : name === 'aria-label' || name === 'title' ? visible(String(value)) : String(value));
  }
  add(element, children);
  return element;
}

/** Appends nodes and texts; lists may be nested. */
export function add(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(typeof child === 'string' ? visible(child) : child);
  }
}

/** Text whose characters that turn the direction of others are seen instead of obeyed: with them a text can look like another. */
export const visible = text => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, one => `⟨U+${one.charCodeAt(0).toString(16).toUpperCase()}⟩`);

/** Text that others wrote, in a direction of its own. */
export function theirs(text, direction = 'auto') {
  return h('bdi', { dir: direction }, text ?? '');
}

/** A URL as text; never a link, since it comes from a template. */
export function address(url) {
  return h('bdi', { dir: 'ltr', class: 'address' }, url ?? '');
}

/** Says something to people who listen instead of looking. */
export function say(text) {
  document.getElementById('said').textContent = text;
}
