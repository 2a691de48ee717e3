// A part of a view that is loaded on its own: one that fails says so and leaves the others working.

import { ApiError } from '../api.js';
import { h } from '../dom.js';
import { t } from '../words/words.js';

let panels = 0;

/** What went wrong, in words for its reader. */
export function explain(fault) {
  if (!(fault instanceof ApiError)) return t('error.page');
  switch (fault.status) {
    case 0: return t('error.network');
    case 401: return t('error.key');
    case 403: return t('error.right');
    case 404: return t('error.missing');
    case 503: return t('error.away');
    default: return fault.message || t('error.status', fault.status);
  }
}

/** The signed-in page cannot go on: the key was revoked, or another was signed out meanwhile. */
export function signedOut(fault) {
  if (!(fault instanceof ApiError) || fault.status !== 401) return false;
  document.dispatchEvent(new CustomEvent('signed-out', { detail: t('error.key') }));
  return true;
}

/**
 * A section with a heading. `load(body)` fills the body and may be called again by `refresh()`; what was shown stays until
 * the new is there. `missing` is said where the API has no such thing.
 */
export function panel({ title, note, name, actions, load, missing, signal }) {
  const id = `panel-${++panels}`;
  const body = h('div', { class: 'panel-body' });
  const element = h('section', { class: 'panel', 'aria-labelledby': id, 'data-panel': name },
    h('div', { class: 'panel-head' }, h('h2', { id }, title), actions),
    note && h('p', { class: 'note' }, note), body);
  body.append(h('p', { class: 'note waiting' }, t('loading')));
  let running = false;

  async function refresh() {
    if (running || signal?.aborted) return;
    running = true;
    element.setAttribute('aria-busy', 'true');
    try {
      await load(body);
      element.dataset.state = 'ready';
    } catch (fault) {
      if (fault.name === 'AbortError' || signedOut(fault)) return;
      if (!(fault instanceof ApiError)) console.error(fault);
      // Figures of a minute ago are better than none.
      if (element.dataset.state !== 'ready') failed(fault);
    } finally {
      running = false;
      element.removeAttribute('aria-busy');
    }
  }

  function failed(fault) {
    element.dataset.state = 'failed';
    const none = missing && fault.status === 404;
    body.replaceChildren(h('p', { class: 'message' }, none ? missing : explain(fault)), none ? '' : h('button', { type: 'button', class: 'quiet', onclick: () => refresh() }, t('again')));
  }

  return { element, body, refresh };
}
