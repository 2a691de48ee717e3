// The words of the page in the language that its user chose.

import { store } from '../store.js';
import { en } from './en.js';
import { he } from './he.js';

const CHOSEN = 'delivery.language';
const LANGUAGES = { en, he };

const choices = store('localStorage');

let current = 'en';

export const languages = [['en', 'English'], ['he', 'עברית']];

export const language = () => current;

/** The choice of an earlier visit, else the browser's, else English. */
export function firstLanguage() {
  const kept = choices.getItem(CHOSEN);
  return LANGUAGES[kept] ? kept : navigator.languages?.some(one => /^(he|iw)\b/.test(one)) && !/^en\b/.test(navigator.language) ? 'he' : 'en';
}

/** Speaks it from now on; the document takes its direction. */
export function speak(chosen, keep = false) {
  current = chosen;
  if (keep) choices.setItem(CHOSEN, chosen);
  document.documentElement.lang = chosen;
  document.documentElement.dir = chosen === 'he' ? 'rtl' : 'ltr';
}

/** The text of a key; {0}, {1}… stand for the values. */
export function t(key, ...values) {
  const text = LANGUAGES[current][key] ?? en[key] ?? key;
  return values.length ? text.replace(/\{(\d)\}/g, (_, at) => values[at] ?? '') : text;
}

/** Whether there are words of the key's own. */
export const known = key => key in en;
