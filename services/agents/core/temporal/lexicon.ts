// What single English words mean in times: weekdays, months, units, numbers, parts of the day, zones. Words in rules are not here.

import type { Grain } from './grain.ts';
import type { PartName, UnitWord } from './meaning.ts';
import type { Meaning } from './rule.ts';

const weekdays: readonly (readonly [string, readonly string[]])[] = [
  ['monday', ['mon']],
  ['tuesday', ['tue', 'tues']],
  ['wednesday', ['wed', 'weds', 'wednes']],
  ['thursday', ['thu', 'thur', 'thurs']],
  ['friday', ['fri']],
  ['saturday', ['sat']],
  ['sunday', ['sun']],
];

const months: readonly (readonly string[])[] = [
  ['january', 'jan'],
  ['february', 'feb', 'febr'],
  ['march', 'mar'],
  ['april', 'apr'],
  ['may'],
  ['june', 'jun'],
  ['july', 'jul'],
  ['august', 'aug'],
  ['september', 'sep', 'sept'],
  ['october', 'oct'],
  ['november', 'nov'],
  ['december', 'dec'],
];

const units: readonly (readonly [Grain, readonly string[], number?])[] = [
  ['second', ['second', 'sec']],
  ['minute', ['minute', 'min']],
  ['hour', ['hour', 'hr', 'h']],
  ['day', ['day']],
  ['week', ['week', 'wk']],
  ['week', ['fortnight'], 2],
  ['weekend', ['weekend']],
  ['month', ['month', 'mth']],
  ['quarter', ['quarter', 'qtr']],
  ['year', ['year', 'yr']],
  ['decade', ['decade']],
  ['century', ['century']],
];

const ones = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const teens = [
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const tens = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const ordinals = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
  'eleventh',
  'twelfth',
  'thirteenth',
  'fourteenth',
  'fifteenth',
  'sixteenth',
  'seventeenth',
  'eighteenth',
  'nineteenth',
  'twentieth',
];

const parts: readonly (readonly [string, PartName])[] = [
  ['morning', 'morning'],
  ['forenoon', 'forenoon'],
  ['afternoon', 'afternoon'],
  ['evening', 'evening'],
  ['night', 'night'],
  ['nite', 'night'],
  ['midday', 'noon'],
  ['lunch', 'lunch'],
  ['lunchtime', 'lunch'],
];

/** Hours ahead of UTC, by the usual letters. */
const zoneHours: Readonly<Record<string, number>> = {
  utc: 0,
  gmt: 0,
  z: 0,
  bst: 1,
  cet: 1,
  cest: 2,
  ist: 5.5,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
};

/** Short forms that are also common words, and so need another word of time beside them. */
export const wordsOfTwoMinds: ReadonlySet<string> = new Set([
  'sun',
  'sat',
  'wed',
  'mon',
  'mar',
  'may',
  'march',
  'dec',
  'jan',
]);

/** The least length of a long name that may be written with one slip ("Thrusday", "Septmber"). */
const slipLengthMin = 6;

function entries(): [string, Meaning][] {
  return [
    ...weekdays.flatMap(([name, short], index): [string, Meaning][] => [
      ...[name, ...short].map((word): [string, Meaning] => [word, weekdayOf(index + 1, false)]),
      [`${name}s`, weekdayOf(index + 1, true)],
    ]),
    ...months.flatMap((names, index) =>
      names.map((word): [string, Meaning] => [word, { category: 'month', value: index + 1 }]),
    ),
    ...units.flatMap(([unit, names, count = 1]) =>
      names.flatMap((name): [string, Meaning][] => [
        [name, unitOf({ unit, plural: false, nights: false, count })],
        [pluralOf(name), unitOf({ unit, plural: true, nights: false, count })],
      ]),
    ),
    ['night', unitOf({ unit: 'day', plural: false, nights: true, count: 1 })],
    ['nights', unitOf({ unit: 'day', plural: true, nights: true, count: 1 })],
    ...ones.map((word, index): [string, Meaning] => [word, { category: 'ones', value: index + 1 }]),
    ...teens.map((word, index): [string, Meaning] => [word, numberOf(index + 10)]),
    ...tens.map((word, index): [string, Meaning] => [word, { category: 'tens', value: (index + 2) * 10 }]),
    ...ordinals.map((word, index): [string, Meaning] => [word, { category: 'ordinal', value: index + 1 }]),
    ['thirtieth', { category: 'ordinal', value: 30 }],
    ...parts.flatMap(([word, name]): [string, Meaning][] => [
      [word, { category: 'part', value: { name, plural: false } }],
      [`${word}s`, { category: 'part', value: { name, plural: true } }],
    ]),
    ...Object.entries(zoneHours).map(([word, hours]): [string, Meaning] => [
      word,
      { category: 'zone', value: hours * 60 },
    ]),
  ];
}

function pluralOf(name: string): string {
  return name.endsWith('y') && name !== 'day' ? `${name.slice(0, -1)}ies` : `${name}s`;
}

function weekdayOf(day: number, plural: boolean): Meaning {
  return { category: 'weekday', value: { day, plural } };
}

function unitOf(value: UnitWord): Meaning {
  return { category: 'unit', value };
}

function numberOf(value: number): Meaning {
  return { category: 'number', value: { value, digits: 0 } };
}

const lexicon: ReadonlyMap<string, readonly Meaning[]> = entries().reduce((map, [word, meaning]) => {
  map.set(word, [...(map.get(word) ?? []), meaning]);
  return map;
}, new Map<string, Meaning[]>());

/** Names that are long enough to be known with two neighbouring letters swapped, by their letters in order. */
const longNames: ReadonlyMap<string, string> = new Map(
  [...weekdays.map(([name]) => name), ...months.flat()]
    .filter((name) => name.length >= slipLengthMin)
    .map((name) => [lettersOf(name), name]),
);

function lettersOf(word: string): string {
  return `${word[0]}${[...word.slice(1)].sort().join('')}`;
}

/** What the lower-case word can mean; a weekday or month also with two letters swapped. */
export function meaningsOf(word: string): readonly Meaning[] {
  const known = lexicon.get(word);
  if (known !== undefined) return known;
  if (word.length < slipLengthMin) return [];
  return lexicon.get(longNames.get(lettersOf(word)) ?? '') ?? [];
}
