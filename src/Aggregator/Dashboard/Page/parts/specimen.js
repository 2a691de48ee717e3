// The mail as markup that does nothing: no script, no address to load from or go to. The server sends it so; the frame's policy
// forbids the rest; this makes a third time sure, and is what keeps the frame free of violations.

const GONE = 'script,iframe,frame,frameset,object,embed,applet,link,base,meta,noscript,template,audio,video,source,track,portal,svg,math,dialog';
const LOADS = new Set(['href', 'src', 'srcset', 'background', 'poster', 'action', 'formaction', 'data', 'ping', 'cite', 'longdesc', 'usemap', 'lowsrc', 'dynsrc', 'manifest',
  'xlink:href', 'srcdoc', 'target', 'autofocus', 'contenteditable', 'popover', 'popovertarget', 'name', 'for', 'http-equiv']);
const FORMS = 'input,button,select,textarea';

/**
 * A document of its own; nothing of it has been loaded or run. It is parsed in the frame's realm, where no script can run
 * and whose policy is the one that holds for it; the page itself never makes elements of markup.
 */
export function specimen(html, frame) {
  const parsed = new frame.contentWindow.DOMParser().parseFromString(html, 'text/html');
  for (const element of parsed.querySelectorAll(GONE)) element.remove();
  for (const element of parsed.querySelectorAll(FORMS)) {
    element.setAttribute('disabled', '');
    element.setAttribute('tabindex', '-1');
  }
  const maps = imageMaps(parsed);
  for (const style of parsed.querySelectorAll('style')) style.textContent = harmless(style.textContent);
  for (const element of parsed.querySelectorAll('*')) {
    for (const { name, value } of [...element.attributes]) {
      if (name.startsWith('on') || name.startsWith('aria-owns') || LOADS.has(name.toLowerCase())) element.removeAttribute(name);
      else if (name === 'style') element.setAttribute('style', harmless(value));
    }
  }
  for (const [image, areas] of maps) image.after(...areas.map(area => region(parsed, area)));
  for (const image of parsed.querySelectorAll('img')) image.replaceWith(standIn(parsed, image));
  return parsed;
}

/** The images with clickable areas: [[image, areas]]. */
function imageMaps(parsed) {
  return [...parsed.querySelectorAll('img[usemap]')].map(image => {
    const name = image.getAttribute('usemap').replace(/^#/, '');
    const map = [...parsed.querySelectorAll('map')].find(one => one.getAttribute('name') === name);
    return [image, map ? [...map.querySelectorAll('area[data-position]')] : []];
  });
}

/** An area of an image as a box of its own, laid from the image's corner: an area has no place that can be asked for. */
function region(parsed, area) {
  const numbers = (area.getAttribute('coords') ?? '').split(',').map(Number).filter(Number.isFinite);
  const [left, top, right, bottom] = area.getAttribute('shape') === 'circle'
    ? [numbers[0] - numbers[2], numbers[1] - numbers[2], numbers[0] + numbers[2], numbers[1] + numbers[2]]
    : [Math.min(...even(numbers, 0)), Math.min(...even(numbers, 1)), Math.max(...even(numbers, 0)), Math.max(...even(numbers, 1))];
  const box = parsed.createElement('span');
  box.setAttribute('data-position', area.getAttribute('data-position'));
  box.setAttribute('data-area', [left, top, right - left, bottom - top].map(value => Number.isFinite(value) ? Math.round(value) : 0).join(','));
  area.removeAttribute('data-position');
  return box;
}

const even = (numbers, from) => numbers.filter((_, at) => at % 2 === from);

/** Without what loads or animates; a backslash could spell either. */
function harmless(css) {
  return css.replace(/\\/g, '').replace(/@import[^;]*;?/gi, '').replace(/@font-face\s*\{[^}]*\}/gi, '')
    .replace(/(?:url|image|image-set|-webkit-image-set|cross-fade|src)\s*\([^)]*\)/gi, 'none').replace(/\b(?:animation|transition)(?:-[a-z-]+)?\s*:[^;}]*/gi, '');
}

/** An image is a box of its size with its alternative text: nothing is fetched to look at a mail. */
function standIn(parsed, image) {
  const box = parsed.createElement('span');
  const style = image.getAttribute('style');
  if (style) box.setAttribute('style', style);
  box.className = 'specimen-image';
  const { width, height } = image.attributes;
  const [wide, high] = [length(width?.value), length(height?.value)];
  const given = box.style;
  given.display = given.display === 'none' ? 'none' : given.display === 'block' ? 'block' : 'inline-block';
  if (wide && !given.width) given.width = wide;
  if (high && (!given.height || given.height === 'auto')) given.height = high;
  if (!high && !given.height) given.minHeight = wide && !/^[0-9]px$/.test(wide) ? '3em' : '0';
  given.maxWidth = '100%';
  const alt = image.getAttribute('alt') ?? '';
  if (alt) {
    box.textContent = alt;
    box.setAttribute('role', 'img');
    box.setAttribute('aria-label', alt);
  }
  if (image.hasAttribute('data-position')) box.setAttribute('data-position', image.getAttribute('data-position'));
  return box;
}

function length(text) {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(px|%)?\s*$/.exec(text ?? '');
  return match ? match[1] + (match[2] ?? 'px') : null;
}
