// Who are you: an API key, asked for once a tab.

import { ApiError, get } from '../api.js';
import { h } from '../dom.js';
import { explain } from '../parts/panel.js';
import { session } from '../session.js';
import { t } from '../words/words.js';

/** `signedIn()` goes on; `message` is why one is here again. */
export function signIn({ signedIn, message }) {
  const wrong = h('p', { class: 'message wrong', id: 'wrong', role: 'alert' }, message ?? '');
  const key = h('input', { id: 'key', type: 'password', autocomplete: 'current-password', spellcheck: 'false', required: true, dir: 'ltr', 'aria-describedby': 'wrong key-help' });
  const button = h('button', { type: 'submit' }, t('sign_in'));
  const form = h('form', {
    class: 'sign-in', novalidate: true, onsubmit: async event => {
      event.preventDefault();
      const given = key.value.trim();
      if (!given) return refuse(t('sign_in.empty'));
      button.disabled = true;
      wrong.textContent = '';
      const fault = await tryKey(given);
      button.disabled = false;
      if (fault) refuse(fault);
      else signedIn();
    },
  }, h('h1', { tabindex: '-1' }, t('sign_in.title')), h('p', { class: 'soft' }, t('sign_in.intro')),
  h('label', { for: 'key' }, t('sign_in.key')), key, h('p', { class: 'note', id: 'key-help' }, t('sign_in.help')), wrong, button);

  function refuse(text) {
    wrong.textContent = text;
    key.setAttribute('aria-invalid', 'true');
    key.focus();
  }

  return { title: t('sign_in.title'), element: form, focus: () => key.focus() };
}

/** Opens the session with a key; returns why not, in words, or null. */
export async function tryKey(key) {
  if (/[^\x21-\x7e]/.test(key)) return t('sign_in.wrong');
  session.keep(key);
  try {
    session.open(await get('/v1/session'));
    return null;
  } catch (fault) {
    session.close();
    return fault instanceof ApiError && fault.status === 401 ? t('sign_in.wrong') : explain(fault);
  }
}
