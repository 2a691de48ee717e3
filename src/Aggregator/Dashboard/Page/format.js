// Numbers, dates and durations in the page's language and the account's time zone.

import { session } from './session.js';
import { language, t } from './words/words.js';

// Latin digits in both languages, so that figures align and can be copied.
const numbers = new Map();

function number(options) {
  const key = language() + JSON.stringify(options);
  let format = numbers.get(key);
  if (!format) numbers.set(key, format = new Intl.NumberFormat(language(), { numberingSystem: 'latn', ...options }));
  return format;
}

function dates(options) {
  return new Intl.DateTimeFormat(language() === 'en' ? 'en-GB' : language(), { numberingSystem: 'latn', timeZone: session.timeZone, hourCycle: 'h23', ...options });
}

export const count = value => value === null || value === undefined ? '–' : number({}).format(value);

export const people = value => t(value === 1 ? 'person.count' : 'people.count', count(value));

/** A share from 0 to 1 as per cent; – where there is nobody to divide by. */
export const percent = value => value === null || value === undefined ? '–'
  : number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);

/** Without decimals: for the badges on the mail. */
export const roundPercent = value => value === null || value === undefined ? '–' : number({ style: 'percent', maximumFractionDigits: 0 }).format(value);

/** A difference of two shares in percentage points, with its sign. */
export const points = value => t('points', number({ signDisplay: 'exceptZero', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value * 100));

/** As `points`, without the sign: for words that say the direction. */
export const pointsApart = value => t('points', number({ minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(Math.abs(value) * 100));

export const difference = value => number({ signDisplay: 'exceptZero' }).format(value);

export const small = value => number({ maximumSignificantDigits: 2 }).format(value);

export const moment = text => text ? dates({ dateStyle: 'medium', timeStyle: 'short' }).format(new Date(text)) : '–';

export const exactMoment = text => text ? dates({ dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(text)) : '–';

export const clock = text => dates({ timeStyle: 'medium' }).format(new Date(text));

/** The start of a step of the timeline, as short as the step allows. */
export const stepStart = (date, step) => dates(step === '1d' ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' }).format(date);

export const stepName = (date, step) => dates(step === '1d' ? { weekday: 'short', day: 'numeric', month: 'short' }
  : { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(date);

/** The day of the week by its number, 1 is Monday. */
export const weekday = (day, style = 'long') => new Intl.DateTimeFormat(language(), { weekday: style, timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, day)));

/** In the unit of which there are two or more, so that 61 seconds do not read as one minute. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return '–';
  const units = [['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]];
  const [unit, size] = units.find(([, size]) => seconds >= 2 * size) ?? units.at(-1);
  return number({ style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 }).format(seconds / size);
}
