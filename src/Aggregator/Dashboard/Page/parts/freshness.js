import { h } from '../dom.js';
import { clock, exactMoment } from '../format.js';
import { t } from '../words/words.js';

/** "Counted up to 12:03:17": everything before that moment is in the figures beside it. */
export function freshness() {
  const element = h('p', { class: 'fresh soft' });
  return {
    element,
    update(moment) {
      element.textContent = moment ? t('fresh', clock(moment)) : t('fresh.unknown');
      element.title = moment ? exactMoment(moment) : '';
      element.dataset.fresh = moment ?? '';
    },
  };
}
