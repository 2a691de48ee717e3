import { h } from '../dom.js';
import { clock, exactMoment } from '../format.js';
import { t } from '../words/words.js';

/**
 * "Counted up to 12:03:17": everything before that moment is in the figures beside it. `still()` says that nothing has changed since,
 * until the next `update`.
 */
export function freshness() {
  const element = h('p', { class: 'fresh soft' });
  let last = null;
  return {
    element,
    still() {
      if (last) element.textContent = t('fresh.still', clock(last));
    },
    update(moment) {
      last = moment;
      element.textContent = moment ? t('fresh', clock(moment)) : t('fresh.unknown');
      element.title = moment ? exactMoment(moment) : '';
      element.dataset.fresh = moment ?? '';
    },
  };
}
