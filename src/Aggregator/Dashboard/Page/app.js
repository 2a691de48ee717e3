// The page: what stands at its top, and which view its address names.

import { h, say, theirs, visible } from './dom.js';
import { choice } from './parts/choice.js';
import { keyFromAddress, session } from './session.js';
import { store } from './store.js';
import { compare } from './views/compare.js';
import { job } from './views/job.js';
import { jobs } from './views/jobs.js';
import { person } from './views/person.js';
import { signIn, tryKey } from './views/sign-in.js';
import { firstLanguage, language, languages, speak, t } from './words/words.js';

const THEME = 'delivery.theme';
const choices = store('localStorage');
const main = document.getElementById('main');
let under = new AbortController();
let first = true;

function go(hash) {
  if (location.hash === hash) show();
  else location.hash = hash;
}

/** The view of an address such as #/job/42?x=y. */
function view(signal) {
  const [place, query] = location.hash.replace(/^#\/?/, '').split('?');
  const parameters = new URLSearchParams(query);
  const [name, ...rest] = place.split('/').map(plain);
  const way = { parameters, signal, go };
  if (name === 'job' && rest[0]) return job({ ...way, id: rest[0] });
  if (name === 'compare' && rest.length === 2) return compare({ ...way, ids: rest });
  if (name === 'person') return person(way);
  // An address that names nothing becomes that of the list.
  if (name && (name !== 'jobs' || rest.length)) history.replaceState(null, '', `${location.pathname}#/jobs`);
  return jobs({ ...way, parameters: name === 'jobs' ? parameters : new URLSearchParams() });
}

/** Shows what the address names; whoever reads by ear or keyboard starts at its heading. */
function show(message) {
  under.abort();
  under = new AbortController();
  const next = session.account ? view(under.signal) : signIn({ message, signedIn: () => show() });
  top();
  main.replaceChildren(next.element);
  document.title = visible(`${next.title} – Delivery`);
  if (next.focus) next.focus();
  else if (!first) main.querySelector('h1')?.focus({ preventScroll: true });
  if (!first) window.scrollTo(0, 0);
  first = false;
}

/** A part of the address; what is not encoded as it should be, as it stands. */
function plain(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function signOut(message) {
  session.close();
  if (!message) history.replaceState(null, '', location.pathname);
  show(message ?? t('signed_out'));
}

function top() {
  document.getElementById('skip').textContent = t('skip');
  const link = (hash, key, here) => h('a', { href: hash, 'aria-current': here ? 'page' : null }, t(key));
  const now = location.hash;
  document.getElementById('top').replaceChildren(
    h('a', { class: 'brand', href: '#/jobs' }, 'Delivery'),
    session.account ? h('nav', { 'aria-label': t('nav') }, link('#/jobs', 'nav.jobs', !now.startsWith('#/person')), link('#/person', 'nav.person', now.startsWith('#/person'))) : h('span', { class: 'stretch' }),
    h('div', { class: 'settings' },
      choice(t('language'), languages, language(), chosen => {
        speak(chosen, true);
        show();
        document.querySelector('.settings select')?.focus();
      }),
      choice(t('theme'), ['auto', 'light', 'dark'].map(one => [one, t(`theme.${one}`)]), choices.getItem(THEME) ?? 'auto', chosen => {
        choices.setItem(THEME, chosen);
        theme();
      }),
      session.account && h('span', { class: 'account soft' }, theirs(session.account.name || t('account', session.account.account))),
      session.account && h('button', { type: 'button', class: 'quiet', onclick: () => signOut() }, t('sign_out'))));
}

function theme() {
  document.documentElement.dataset.theme = choices.getItem(THEME) ?? 'auto';
}

async function start() {
  speak(firstLanguage());
  theme();
  const given = keyFromAddress();
  const key = given ?? session.key;
  const fault = key ? await tryKey(key) : null;
  show(fault);
}

document.getElementById('skip').addEventListener('click', event => {
  event.preventDefault();
  (main.querySelector('h1') ?? main).focus();
});
window.addEventListener('hashchange', () => {
  const given = keyFromAddress();
  if (!given) show();
  else tryKey(given).then(fault => show(fault));
});
document.addEventListener('signed-out', event => { if (session.account) signOut(event.detail); });
start().catch(fault => { console.error(fault); say(t('error.page')); });
