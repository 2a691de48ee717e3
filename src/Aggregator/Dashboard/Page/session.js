// Who is signed in. The key is kept in this tab alone and goes with it.

import { store } from './store.js';

const KEY = 'delivery.key';
const tab = store('sessionStorage');

let account = null;

export const session = {
  get key() { return tab.getItem(KEY); },
  /** {account, name, time_zone, rights}, or null while nobody is signed in. */
  get account() { return account; },
  get timeZone() { return account?.time_zone || 'UTC'; },
  keep(key) { tab.setItem(KEY, key); },
  open(answer) { account = answer; },
  close() {
    account = null;
    tab.removeItem(KEY);
  },
};

/** A key that came in the address (#key=…): taken, and removed from the address bar and the history. */
export function keyFromAddress() {
  const match = /^#key=([^&]+)(?:&to=(.*))?$/.exec(location.hash);
  if (!match) return null;
  let parts;
  try {
    parts = match.slice(1).map(part => part && decodeURIComponent(part));
  } catch {
    parts = [match[1], ''];
  }
  history.replaceState(null, '', location.pathname + (parts[1] ? '#' + parts[1] : ''));
  return parts[0];
}
