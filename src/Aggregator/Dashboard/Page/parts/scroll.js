import { h } from '../dom.js';

/** A part that scrolls sideways where it is wider than its panel; `label` names it to those who come by keyboard. */
export function scroll(label, ...children) {
  const element = h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, children);
  edges(element);
  return element;
}

/** Says on a scrolling part, as `data-more`, on which of its sides there is more; the edge there is drawn so. */
export function edges(element) {
  const look = () => {
    const [view, all] = [element.getBoundingClientRect(), [...element.children].map(child => child.getBoundingClientRect())];
    const left = all.some(one => one.left < view.left - 2);
    const right = all.some(one => one.right > view.right + 2);
    element.dataset.more = `${left ? 'left' : ''} ${right ? 'right' : ''}`.trim();
  };
  element.addEventListener('scroll', look, { passive: true });
  const sizes = new ResizeObserver(look);
  for (const one of [element, ...element.children]) sizes.observe(one);
}
