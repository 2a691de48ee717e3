// The counters of a job as they change: told by the server, or asked for where it does not tell.

import { ApiError, get, listen } from '../api.js';

const POLL = 5_000;
const AGAIN = 3_000;

/**
 * Calls `changed(job)` with a JobLine at once and whenever it changes, and `state('live' | 'polling' | 'lost')`. Ends with the signal. A
 * page that nobody looks at asks for nothing.
 */
export async function follow(id, { changed, state, failed }, signal) {
  const base = `/v1/jobs/${encodeURIComponent(id)}`;
  let streams = true;
  let heard = false;
  while (!signal.aborted) {
    try {
      if (streams) {
        await listen(`${base}/live`, (event, data) => {
          if (event !== 'counters') return;
          heard = true;
          state('live');
          changed(JSON.parse(data));
        }, signal);
        await pause(AGAIN, signal);
        continue;
      }
      if (!document.hidden) {
        changed(await get(`${base}/report`, signal));
        state('polling');
      }
      await pause(POLL, signal);
    } catch (fault) {
      if (signal.aborted || fault.name === 'AbortError') return;
      if (fault instanceof ApiError && (fault.status === 401 || fault.status === 403)) {
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
    }
  }
}

function pause(milliseconds, signal) {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
