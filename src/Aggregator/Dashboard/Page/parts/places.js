// Where on the mail each badge goes: on its link, and not on another's badge.

const HEIGHT = 24;

/**
 * Where the links of a document are, in the order of their positions: {position, rects, badge}, in pixels of the shrunk mail. Of
 * several elements with one position (a loop's) the first that can be seen is the one; without one there is no badge. `width(position)`
 * is that of its badge.
 */
export function place(inside, size, shrink, width) {
  const found = new Map();
  const rtl = new Set();
  for (const element of inside.querySelectorAll('[data-position]')) {
    const position = Number(element.getAttribute('data-position'));
    if (!Number.isInteger(position) || found.get(position)?.length) continue;
    found.set(position, visible(element, size));
    if (leftwards(element)) rtl.add(position);
  }
  const taken = [];
  return [...found].sort(([one], [other]) => one - other).map(([position, rects]) => {
    const own = rects.map(rect => scaled(rect, shrink));
    return { position, rects: own, badge: own.length ? free(own, taken, rtl.has(position), width(position), size.width * shrink, size.height * shrink) : null };
  });
}

/** An area of an image: from the corner of the image's box, which stands before it. */
function ofArea(element) {
  let image = element.previousElementSibling;
  while (image?.hasAttribute('data-area')) image = image.previousElementSibling;
  const [left, top, width, height] = element.getAttribute('data-area').split(',').map(Number);
  const box = image?.getBoundingClientRect();
  if (!box?.width || !box.height || width < 2 || height < 2) return [];
  return [{ left: box.left + left, top: box.top + top, right: box.left + left + width, bottom: box.top + top + height, width, height }];
}

/** The boxes of what can be seen of an element: a link around an image or a table has a flat box of its own. */
function visible(element, size) {
  if (element.hasAttribute('data-area')) return ofArea(element);
  const style = element.ownerDocument.defaultView.getComputedStyle(element);
  if (style.visibility !== 'visible' || Number(style.opacity) === 0) return [];
  const boxes = [...element.querySelectorAll('*')].filter(one => one.matches('.specimen-image,table,td,div,h1,h2,h3,p')).map(one => one.getBoundingClientRect());
  const all = [...element.getClientRects(), ...boxes].filter(box => box.width >= 2 && box.height >= 2
    && box.right > 0 && box.bottom > 0 && box.left < size.width && box.top < size.height);
  return lines(all.filter((box, at) => !all.some((other, index) => index !== at && holds(other, box) && (!holds(box, other) || index < at))));
}

/** Pieces that follow each other in one line, as those of two directions do, are one. */
function lines(boxes) {
  const merged = [];
  for (const { left, top, right, bottom } of boxes.toSorted((one, other) => one.left - other.left)) {
    const line = merged.find(one => Math.abs(one.top - top) < 3 && Math.abs(one.bottom - bottom) < 3 && left - one.right < 3);
    if (line) line.right = Math.max(line.right, right);
    else merged.push({ left, top, right, bottom });
  }
  return merged.map(box => ({ ...box, width: box.right - box.left, height: box.bottom - box.top })).toSorted((one, other) => one.top - other.top);
}

const leftwards = element => element.ownerDocument.defaultView.getComputedStyle(element).direction === 'rtl';

const holds = (outer, inner) => outer.left <= inner.left && outer.top <= inner.top && outer.right >= inner.right && outer.bottom >= inner.bottom;

const scaled = (rect, by) => ({ left: rect.left * by, top: rect.top * by, width: rect.width * by, height: rect.height * by });

/** The first place that touches the link and no earlier badge. */
function free(rects, taken, rtl, w, width, height) {
  const first = rects[0];
  const last = rects.at(-1);
  const h = HEIGHT;
  const inset = 3;
  // On a picture a badge covers nothing that one reads; on a button or a word it hangs over the corner.
  const tall = first.height >= 3 * h && first.width >= w + 2 * inset;
  const right = last.left + last.width;
  const middle = last.top + (last.height - h) / 2;
  const tries = [
    ...tall ? [[first.left + first.width - w - inset, first.top + inset], [first.left + inset, first.top + inset], [first.left + first.width - w - inset, first.top + first.height - h - inset]] : [],
    ...first.height >= 1.4 * h ? [[first.left + first.width - w / 2, first.top - h / 2], [first.left - w / 2, first.top - h / 2]] : [],
    [first.left + first.width - w / 2, first.top - h + 5], [first.left - w / 2, first.top - h + 5], [right - 4, middle], [last.left - w + 4, middle],
    [right - w / 2, last.top + last.height - 5], [last.left - w / 2, last.top + last.height - 5],
  ];
  for (let step = 0; step * (h + 2) < first.height; step++) tries.push([first.left + inset, first.top + step * (h + 2)], [right - w - inset, first.top + step * (h + 2)]);
  // It hangs where its words end.
  if (rtl) for (const one of tries) one[0] = first.left + first.left + first.width - one[0] - w;
  let least = null;
  for (const [x, y] of tries) {
    const box = { left: Math.min(Math.max(0, x), Math.max(0, width - w)), top: Math.min(Math.max(0, y), Math.max(0, height - h)), width: w, height: h };
    if (!rects.some(rect => overlap(box, rect) > 0)) continue;
    const cost = taken.reduce((sum, other) => sum + overlap(box, other), 0);
    if (!least || cost < least.cost) least = { box, cost };
    if (cost === 0) break;
  }
  const chosen = least?.box ?? { left: first.left, top: first.top, width: w, height: h };
  taken.push(chosen);
  return chosen;
}

function overlap(one, other) {
  const wide = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const high = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return wide > 0 && high > 0 ? wide * high : 0;
}
