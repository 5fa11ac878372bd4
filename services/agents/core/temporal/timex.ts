// TIMEX3 values of resolved times: 2005-10-12, 2009-Q3, 2010-W04-WE, 2008-01-09TMO, 2008-09-17T16:08Z (TimeML annotation guidelines 1.2.1).

import { type Grain, isFiner, isoWeekOf, partsOf, type Stretch } from './grain.ts';
import type { PartName, Time } from './meaning.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** Letters of the parts of the day after the T. */
const partLetters: Readonly<Record<PartName, string>> = {
  morning: 'MO',
  forenoon: 'MO',
  noon: 'MI',
  lunch: 'MI',
  afternoon: 'AF',
  evening: 'EV',
  night: 'NI',
  day: 'DT',
};

/** The calendar day, as ISO 8601. */
export function dayTimex(ms: number): string {
  const { year, month, day } = partsOf(ms);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/** Seasons begin in March, June, September and December. */
function seasonOf(ms: number): string {
  const { year, month } = partsOf(ms);
  return `${year}-${['WI', 'SP', 'SU', 'FA', 'WI'][Math.floor(month / 3)] ?? 'WI'}`;
}

const ofGrain: Readonly<Record<Grain, (ms: number) => string>> = {
  second: (ms) => `${dayTimex(ms)}T${new Date(ms).toISOString().slice(11, 19)}`,
  minute: (ms) => `${dayTimex(ms)}T${new Date(ms).toISOString().slice(11, 16)}`,
  hour: (ms) => `${dayTimex(ms)}T${new Date(ms).toISOString().slice(11, 13)}`,
  part: (ms) => dayTimex(ms),
  day: dayTimex,
  weekend: (ms) => `${ofGrain.week(ms)}-WE`,
  week: (ms) => {
    const { year, week } = isoWeekOf(ms);
    return `${year}-W${two(week)}`;
  },
  month: (ms) => dayTimex(ms).slice(0, 7),
  season: seasonOf,
  quarter: (ms) => `${partsOf(ms).year}-Q${Math.ceil(partsOf(ms).month / 3)}`,
  half: (ms) => `${partsOf(ms).year}-H${Math.ceil(partsOf(ms).month / 6)}`,
  year: (ms) => String(partsOf(ms).year).padStart(4, '0'),
  decade: (ms) => String(partsOf(ms).year).slice(0, 3),
  century: (ms) => String(partsOf(ms).year).slice(0, 2),
};

/** The value of a time whose occurrence is known. An early or late part of a unit has the unit's value. */
export function timexOf(time: Time, stretch: Stretch): string {
  if (time.timex !== undefined) return time.timex;
  if (time.running !== undefined) return ofGrain[time.grain](stretch.to - 1);
  if (time.length !== undefined) return time.length;
  if (time.ends && stretch.last !== undefined) return spanTimex(stretch.from, stretch.last, time.grain);
  if (time.part !== undefined && time.grain === 'part')
    return `${dayTimex(stretch.from)}T${partLetters[time.part]}`;
  return `${ofGrain[time.grain](stretch.from)}${time.zoneMark ?? ''}`;
}

/** How far the two ends lie apart. */
function spanTimex(from: number, to: number, grain: Grain): string {
  const [a, b] = [partsOf(from), partsOf(to)];
  if (isFiner(grain, 'day')) return `PT${Math.round((to - from) / 60_000)}M`;
  if (grain === 'year') return `P${b.year - a.year}Y`;
  if (!isFiner(grain, 'month')) return `P${(b.year - a.year) * 12 + b.month - a.month}M`;
  return `P${Math.round((to - from) / 86_400_000)}D`;
}
