// The counters of a job as they change: told by the server, or asked for where it does not tell.

import { ApiError, get, listen } from '../api.js';

const POLL = 5_000;
const AGAIN = 3_000;

/**
 * Calls `changed(job)` with a JobLine at once and whenever it changes, `still()` where the server says that it did not, and
 * `state('live' | 'polling' | 'lost')`. Ends with the signal, or with `failed(fault)` where asking again is of no use. A
 * page that nobody looks at asks for nothing and holds no connection: a browser has six of them for all its tabs.
 */
export async function follow(id, { changed, still, state, failed }, signal) {
  const base = `/v1/jobs/${encodeURIComponent(id)}`;
  let streams = true;
  let heard = false;
  while (!signal.aborted) {
    const watched = new AbortController();
    const leave = () => { if (signal.aborted || document.hidden) watched.abort(); };
    signal.addEventListener('abort', leave);
    document.addEventListener('visibilitychange', leave);
    try {
      await seen(signal);
      if (signal.aborted) return;
      if (streams) {
        await listen(`${base}/live`, (event, data) => {
          if (event === null && heard) still();
          if (event !== 'counters') return;
          heard = true;
          state('live');
          changed(JSON.parse(data));
        }, watched.signal);
        await pause(AGAIN, signal);
        continue;
      }
      changed(await get(`${base}/report`, signal));
      state('polling');
      await pause(POLL, signal);
    } catch (fault) {
      if (signal.aborted) return;
      if (fault.name === 'AbortError') continue;
      if (fault instanceof ApiError && [401, 403, 404].includes(fault.status)) {
        failed(fault);
        return;
      }
      // Without one event heard there may be nobody who tells: ask. After one, the connection was lost: connect again.
      if (streams && !heard) streams = false;
      else {
        state('lost');
        if (!streams) failed(fault);
        await pause(AGAIN, signal);
      }
    } finally {
      signal.removeEventListener('abort', leave);
      document.removeEventListener('visibilitychange', leave);
    }
  }
}

/** Returns when the page can be seen, or the signal ends it. */
function seen(signal) {
  return new Promise(resolve => {
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look, { once: true });
    look();
  });
}

function pause(milliseconds, signal) {
  return new Promise(resolve => {
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    signal.addEventListener('abort', over);
  });
}
