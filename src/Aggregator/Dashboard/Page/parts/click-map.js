// The mail itself, with what was clicked laid over it.

import { h, theirs } from '../dom.js';
import { count, roundPercent } from '../format.js';
import { t } from '../words/words.js';
import { figuresOf, heat, linkName } from './links.js';
import { place } from './places.js';
import { edges } from './scroll.js';
import { specimen } from './specimen.js';

// A phone shows a mail of 640 pixels whole; its badges are not shrunk.
const SMALLEST = 0.5;
const LOOK = 'body{margin:0;padding:12px;background:#fff;color:#111;font:16px/1.5 system-ui,sans-serif;overflow-wrap:break-word}html{background:#fff;overflow:hidden}'
  + '.specimen-image{box-sizing:border-box;background:#eef1f5;color:#4a5568;border:1px dashed #b6c0cc;font:12px/1.4 system-ui,sans-serif;overflow:hidden;vertical-align:middle;text-align:center}'
  + 'a,area{cursor:default}';

/** `mail` is the API's answer. `pointed(position, on)` and `chosen(position)` tell the breakdown what is looked at. */
export function clickMap(mail, { pointed, chosen }) {
  let links = [];
  let drawn = [];
  let size = null;
  const frame = h('iframe', { class: 'mail', sandbox: 'allow-same-origin', src: '/assets/mail-frame.html', title: t('map.frame'), tabindex: '-1', scrolling: 'no' });
  const overlay = h('div', { class: 'overlay', role: 'list', 'aria-label': t('map.badges') });
  const stage = h('div', { class: 'stage', dir: 'ltr' }, frame, overlay);
  // A mail that is wider than the screen begins on its own side.
  const scroller = h('div', { class: 'mail-scroll', dir: mail.direction || 'ltr', tabindex: '0', role: 'region', 'aria-label': t('map.region') }, stage);
  const wider = h('p', { class: 'note', hidden: true }, t('map.wide'));
  const unseen = h('div', { class: 'unplaced' });
  const scale = h('div', { class: 'key', 'aria-hidden': 'true' }, h('span', {}, t('map.less')), [1, 2, 3, 4, 5].map(level => h('span', { class: `swatch heat-${level}` })), h('span', {}, t('map.more')));
  const element = h('div', { class: 'click-map', 'data-part': 'click-map' },
    h('p', { class: 'note' }, t('map.note')), mail.truncated && h('p', { class: 'message' }, t('map.truncated')), scale, wider, scroller, unseen);

  frame.addEventListener('load', () => {
    write();
    scroller.dir = side(frame.contentDocument);
    fit();
    scroller.scrollLeft = 0;
    edges(scroller);
    new ResizeObserver(fit).observe(scroller);
    // A print is narrower than the screen.
    window.matchMedia('print').addEventListener('change', fit);
  }, { once: true });

  function write() {
    const target = frame.contentDocument;
    const parsed = specimen(mail.html, frame);
    const look = target.createElement('style');
    look.textContent = LOOK;
    target.head.append(look);
    for (const style of parsed.head.querySelectorAll('style')) target.head.append(target.importNode(style, true));
    for (const { name, value } of parsed.body.attributes) target.body.setAttribute(name, value);
    target.body.replaceChildren(...[...parsed.body.childNodes].map(node => target.importNode(node, true)));
    target.documentElement.lang = mail.language || parsed.documentElement.lang || '';
    target.documentElement.dir = mail.direction || parsed.documentElement.dir || 'auto';
    // Links without an address are not focusable, and nothing else in the frame is: the badges stand for them.
    for (const one of target.querySelectorAll('[tabindex]')) one.removeAttribute('tabindex');
    for (const one of target.querySelectorAll('summary')) one.setAttribute('tabindex', '-1');
    element.dataset.state = 'shown';
  }

  /** Gives the frame the size of the mail, shrunk to the room there is as far as it stays legible; more than that scrolls. */
  function fit() {
    const inside = frame.contentDocument;
    const room = scroller.clientWidth;
    if (!room || !inside?.body) return;
    frame.style.transform = '';
    frame.style.width = `${room}px`;
    frame.style.height = '10px';
    const wide = Math.max(room, inside.documentElement.scrollWidth, inside.body.scrollWidth);
    frame.style.width = `${wide}px`;
    const high = Math.ceil(Math.max(inside.body.getBoundingClientRect().bottom, inside.body.scrollHeight));
    frame.style.height = `${high}px`;
    const shrink = Math.max(SMALLEST, Math.min(1, room / wide));
    frame.style.transform = shrink < 1 ? `scale(${shrink})` : '';
    stage.style.width = `${wide * shrink}px`;
    stage.style.height = `${high * shrink}px`;
    wider.hidden = wide * shrink <= room + 1;
    size = { width: wide, height: high, shrink };
    draw();
  }

  function draw() {
    if (!size) return;
    const focused = overlay.contains(document.activeElement) ? document.activeElement.dataset.position : null;
    if (!links.length) return;
    const most = Math.max(0, ...links.map(link => link.unique_clicks));
    const of = new Map(links.map(link => [link.position, link]));
    drawn = place(frame.contentDocument, size, size.shrink, position => labelWidth(of.get(position)));
    overlay.replaceChildren(...drawn.filter(one => one.badge && of.has(one.position)).map(one => badge(one, of.get(one.position), most)));
    if (focused) overlay.querySelector(`button[data-position="${focused}"]`)?.focus();
    const seen = new Set(drawn.filter(one => one.badge).map(one => one.position));
    const rest = links.filter(link => !seen.has(link.position));
    unseen.replaceChildren(...rest.length ? [h('h3', {}, t('map.unplaced')), h('ul', {}, rest.map(link =>
      h('li', { 'data-position': link.position }, h('span', { class: 'place' }, count(link.position)), ' ', theirs(linkName(link)), ' – ',
        figuresOf(link))))] : []);
  }

  function badge(one, link, most) {
    const level = heat(link.unique_clicks, most);
    const spots = one.rects.map(rect => {
      const spot = h('span', { class: `spot heat-${level}`, 'aria-hidden': 'true' });
      position(spot, rect);
      return spot;
    });
    const button = h('button', {
      type: 'button', class: `badge heat-${level}`, 'data-position': one.position,
      onclick: () => chosen(one.position), onfocus: () => pointed(one.position, true), onblur: () => pointed(one.position, false),
      onpointerenter: () => pointed(one.position, true), onpointerleave: () => pointed(one.position, false),
    }, h('span', { class: 'unseen' }, t('map.badge', count(one.position), figuresOf(link), linkName(link))),
    h('b', { 'aria-hidden': 'true' }, count(link.unique_clicks)), link.share !== null && h('span', { 'aria-hidden': 'true' }, roundPercent(link.share)));
    position(button, one.badge);
    return h('div', { role: 'listitem', 'data-position': one.position }, spots, button);
  }

  return {
    element,
    update(next) {
      if (JSON.stringify(next) === JSON.stringify(links)) return;
      links = next;
      draw();
    },
    light(where, on) {
      for (const one of overlay.querySelectorAll(`[role=listitem][data-position="${where}"]`)) one.classList.toggle('lit', on);
    },
    go(where) {
      const button = overlay.querySelector(`button[data-position="${where}"]`);
      button?.focus();
      return Boolean(button);
    },
  };
}

/** The side on which the mail begins: that of the mail as a whole, else of most of its links. */
function side(inside) {
  const of = element => inside.defaultView.getComputedStyle(element).direction;
  const links = [...inside.querySelectorAll('[data-position]')];
  return of(inside.body) === 'rtl' || 2 * links.filter(link => of(link) === 'rtl').length > links.length ? 'rtl' : 'ltr';
}

/** Room for what a badge says, in pixels of its 12 px figures. */
const labelWidth = link => link ? 20 + 7.2 * (count(link.unique_clicks).length + (link.share === null ? 0 : roundPercent(link.share).length)) : 0;

function position(element, rect) {
  element.style.left = `${rect.left}px`;
  element.style.top = `${rect.top}px`;
  element.style.width = `${rect.width}px`;
  element.style.height = `${rect.height}px`;
}
