// Questions understood as a whole: with what was asked before, with both sides of a comparison, or not at all.

import { describe, expect, it } from '@jest/globals';
import { loadGazetteer } from '../../store/gazetteer.ts';
import { understand } from './understand.ts';

const sources = { gazetteer: loadGazetteer() };
const places = [
  { name: 'Hyde Park', aliases: [], point: [-71.12, 42.255] as const },
  { name: 'Roxbury', aliases: [], point: [-71.0845, 42.3152] as const },
];
const read = (question: string, earlierQuestions: string[] = [], shownReports: string[] = []) =>
  understand(
    {
      ...{ question, earlierQuestions, shownReports, places, timeZone: 'America/New_York' },
      referenceMs: Date.parse('2024-11-22T15:00:00Z'),
      homeArea: { name: 'Boston', point: [-71.06, 42.36] },
    },
    sources,
  );
/** What a question means, in one line. */
const meant = (...asked: Parameters<typeof read>) => {
  const { subject, areas, range, conditions } = read(...asked);
  const parts = [
    subject.text,
    ...areas.map(({ label }) => label),
    range?.text,
    ...conditions.map(({ said }) => said),
  ];
  return parts.filter(Boolean).join('; ');
};

describe('a place', () => {
  it.each([
    ['potholes in Roxbury', { label: 'Roxbury', point: [-71.0845, 42.3152] }],
    ['potholes near Roxbury', { label: 'Roxbury', point: [-71.0845, 42.3152], radiusKm: 2 }],
    ['potholes within 500 m of roxbury', { label: 'Roxbury', point: [-71.0845, 42.3152], radiusKm: 0.5 }],
    ['nearest pothole to Roxbury', { label: 'Roxbury', point: [-71.0845, 42.3152], radiusKm: 10 }],
    ['potholes in Roxburry', { label: 'Roxbury', point: [-71.0845, 42.3152] }],
    ['potholes near City Hall', { label: 'City Hall' }],
  ])('of "%s"', (question, area) => expect(read(question).areas).toEqual([area]));

  it('is said to be unknown where only its name is', () => {
    expect(read('potholes near City Hall').notes.join()).toContain('where City Hall is, is not known');
  });
});

describe('what is left out', () => {
  it.each([
    ['reports not about parking', ['parking']],
    ['sidewalks except snow', ['snow']],
    ['reports about parking', []],
  ])('of "%s"', (question, words) => expect(read(question).without.map(({ word }) => word)).toEqual(words));

  it.each(['trash not in Roxbury', 'trash except in 2023'])('is told where it cannot be: "%s"', (question) =>
    expect(read(question).unclear).toContain('is left out'),
  );
});

describe('a follow-up', () => {
  it.each<[string, string[], string]>([
    ['and those in Roxbury?', ['potholes in Hyde Park'], 'potholes; Roxbury'],
    ['which of them are still open?', ['potholes in Hyde Park'], 'potholes; Hyde Park; still open'],
    ['only in 2023', ['potholes in Hyde Park', 'and those in Roxbury?'], 'potholes; Roxbury; in 2023'],
    ['What about trash?', ['potholes in Hyde Park'], 'trash; Hyde Park'],
    ['which of those mention bags?', ['trash in 2023'], 'trash and bags; in 2023'],
    ['in 2023?', ['trash', 'thanks!'], 'trash; in 2023'],
    ['How many potholes are there?', ['trash in 2023'], 'potholes'],
    ['How many reports are there?', ['trash in 2023'], ''],
  ])('"%s" after %j', (question, earlier, meaning) => expect(meant(question, earlier)).toBe(meaning));

  it('means the report of the answer before that it counts to', () => {
    expect(read('the second one', ['trash'], ['inc_1', 'inc_2']).shownReport).toBe('inc_2');
    expect(read('what is its status?', ['trash', 'the second one'], ['inc_2']).shownReport).toBe('inc_2');
    expect(read('the third one', ['trash'], ['inc_1', 'inc_2']).unclear).toContain('rests on 2 reports');
  });
});

describe('a comparison', () => {
  it.each<[string, string, string[]]>([
    ['More trash than noise in Roxbury?', 'thing', ['trash', 'noise']],
    ['potholes and rats', 'thing', ['potholes', 'rats']],
    ['How many potholes are there and where is graffiti?', 'thing', ['potholes', 'graffiti']],
    ['Compare Roxbury and Hyde Park', 'place', ['Roxbury', 'Hyde Park']],
    ['potholes 2023 vs 2022', 'time', ['2023-01', '2022-01']],
    ['more potholes this month than last month?', 'time', ['2024-11', '2024-10']],
    ['potholes in March 2024 compared to the month before', 'time', ['2024-03', '2024-02']],
    ['What percentage of reports is resolved?', 'whole', ['']],
  ])('of "%s" is by %s', (question, by, sides) => {
    const { rivals } = read(question);
    expect(rivals.map((rival) => rival.by)).toEqual(sides.map(() => by));
    const told = rivals.map(({ question: side }) =>
      by === 'time'
        ? side.range?.from?.slice(0, 7)
        : by === 'place'
          ? side.areas[0]?.label
          : side.subject.text,
    );
    expect(told).toEqual(sides);
  });

  it('gives each side what only the other says', () => {
    const [trash, noise] = read('More trash than noise in Roxbury?').rivals;
    expect([trash, noise].map((rival) => rival?.question.areas[0]?.label)).toEqual(['Roxbury', 'Roxbury']);
  });

  it.each(['streets with more than 3 potholes', 'potholes'])('is none in "%s"', (question) =>
    expect(read(question).rivals).toEqual([]),
  );
});

describe('a question that cannot be followed', () => {
  it.each([
    ['???', 'no question'],
    ['hello', 'Nothing says what is asked'],
    ['which of them are closed?', 'no earlier question'],
    ['the second one', 'no answer of the session'],
    ['What should we do first?', 'nothing that reports say'],
  ])('is told so: "%s"', (question, why) => expect(read(question).unclear).toContain(why));

  it('is none that asks for everything', () =>
    expect(read('How many reports are there?')).not.toHaveProperty('unclear'));
});

describe('an order', () => {
  it.each([
    ['the latest 5 potholes', 'newest', 5],
    ['list the 3 oldest reports', 'oldest', 3],
    ['When was the first pothole reported?', 'oldest', undefined],
    ['potholes last week', undefined, undefined],
    ['potholes in the last 3 days', undefined, undefined],
  ])('of "%s" is %s', (question, order, most) => {
    expect(read(question).order).toBe(order);
    expect(read(question).shownMost).toBe(most);
  });
});
