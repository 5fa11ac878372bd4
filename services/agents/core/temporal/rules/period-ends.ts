// Ends and beginnings of the current day, week, month and year, by their letters and in words: "EOD", "by the end of the week".

import { edged } from '../combine.ts';
import { type Grain, hourMs, longestMs, type Stretch, unitAt } from '../grain.ts';
import { onceTime, type Setting, type Time, type UnitWord } from '../meaning.ts';
import { giving, type Rule } from '../rule.ts';
import { changed, dailySeries } from '../series.ts';
import { currentUnit, dayAway, deictic } from './calendar-times.ts';

const time = giving('time');

/** Ends of the day, week, month and year by their letters. */
export const periodEndRules: readonly Rule[] = [
  ...letters('eod', 'bod', 'day'),
  ...letters('eow', 'bow', 'week'),
  ...letters('eom', 'bom', 'month'),
  ...letters('eoy', 'boy', 'year'),
  ...time(
    'by|before the? end of the? <unit>',
    ([unit], setting) => ({ ...currentUnit(unit, setting), bound: 'by' as const, edge: 'end' as const }),
    2,
  ),
  ...time('by eod|cob|eob', (_, setting) => ({ ...dayAway(0, setting), bound: 'by' as const }), 2),
  ...time(
    'by eom',
    (_, setting) => ({ ...deictic(onceTime(unitAt(setting.now, 'month'), 'month')), bound: 'by' as const }),
    2,
  ),
  ...time(
    'by eoy',
    (_, setting) => ({ ...deictic(onceTime(unitAt(setting.now, 'year'), 'year')), bound: 'by' as const }),
    2,
  ),
  ...time('after school|work', () => afterHours(15, 21)),
];

/** "BOY" and "BOW" are also words, so they need "at the". */
function letters(end: string, beginning: string, unit: Grain): readonly Rule[] {
  const word: UnitWord = { unit, plural: false, nights: false, count: 1 };
  const lead = beginning === 'boy' || beginning === 'bow' ? 'at the' : 'at? the?';
  return [
    ...time(`at? the? ${end}`, (_, setting) => endOf(currentUnit(word, setting), 'end', setting)),
    ...time(`${lead} ${beginning}`, (_, setting) => endOf(currentUnit(word, setting), 'start', setting)),
  ];
}

/** The edge of the unit; the end of a day is its evening. */
function endOf(unit: Time, edge: 'start' | 'end', setting: Setting): Time | undefined {
  if (unit.grain !== 'day') return edged(unit, edge, setting);
  const change = ({ from, to }: Stretch): Stretch =>
    edge === 'end' ? { from: to - 6 * hourMs, to } : { from, to: from + 12 * hourMs };
  return { ...unit, series: changed(unit.series, change, longestMs(unit.grain)), edge };
}

function afterHours(from: number, to: number): Time {
  return { series: dailySeries(from * hourMs, to * hourMs), grain: 'part', period: 'day', part: 'afternoon' };
}
