// The click breakdown as data: by position, by address, or by what the link says.

import { people, percent } from '../format.js';
import { t } from '../words/words.js';

/** Groups of links of the report, each {key, positions, url, text, part, least, most, clicks, share, machines, machineClicks}; people of
 * a group lie between `least` and `most`: who clicked several of its links is one person. */
export function grouped(links, by) {
  const groups = new Map();
  for (const link of links) {
    const key = by === 'url' ? link.url : by === 'text' ? link.text || link.url : `${link.part}:${link.position}`;
    const group = groups.get(key);
    if (!group) {
      groups.set(key, {
        key, positions: [link.position], url: link.url, text: link.text, part: link.part, least: link.unique_clicks, most: link.unique_clicks,
        clicks: link.clicks, share: link.share, leastMachines: link.unique_machine_clicks, mostMachines: link.unique_machine_clicks, machineClicks: link.machine_clicks,
      });
      continue;
    }
    group.positions.push(link.position);
    group.least = Math.max(group.least, link.unique_clicks);
    group.most += link.unique_clicks;
    group.clicks += link.clicks;
    group.share = group.share === null ? link.share : group.share + (link.share ?? 0);
    group.leastMachines = Math.max(group.leastMachines, link.unique_machine_clicks);
    group.mostMachines += link.unique_machine_clicks;
    group.machineClicks += link.machine_clicks;
  }
  return [...groups.values()];
}

/** From 0 (nobody) to 5 (the most clicked), for colours. */
export const heat = (value, most) => value <= 0 || most <= 0 ? 0 : Math.max(1, Math.ceil(5 * value / most));

/** What a link is called: its words, else its address. */
export const linkName = link => readable(link.text) || link.url;

/**
 * What was written as a template, for its reader: both ways of a condition, and the names of the fields. Plain text stays as it is.
 */
export function readable(text) {
  return (text ?? '').replace(/\{\{\s*(?:else|\^)[^{}]*\}\}/g, ' / ').replace(/\{\{\{?\s*[#/!>][^{}]*\}?\}\}/g, ' ')
    .replace(/\{\{\{?\s*([^{}]*?)\s*\}?\}\}/g, '‹$1›').replace(/\s+/g, ' ').trim();
}

/** In words: how many people, and what share of all clicks where there are any. */
export const figuresOf = link => link.share === null ? people(link.unique_clicks) : t('map.figures', people(link.unique_clicks), percent(link.share));

/** The most clicked link by people, then by clicks; null where nobody clicked. */
export function winner(links) {
  let best = null;
  for (const link of links)
    if (link.unique_clicks > 0 && (!best || link.unique_clicks > best.unique_clicks || (link.unique_clicks === best.unique_clicks && link.clicks > best.clicks))) best = link;
  return best;
}
