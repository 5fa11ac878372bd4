// Questions taken apart: time, place, subject and field.

import { describe, expect, it } from '@jest/globals';
import { loadGazetteer } from '../store/gazetteer.ts';
import { readQuestion } from './question.ts';

const sources = { gazetteer: loadGazetteer() };
// A Friday, 10:00 in New York.
const referenceMs = Date.parse('2024-11-22T15:00:00Z');
const read = (question: string, earlierQuestions: string[] = []) =>
  readQuestion(
    {
      question,
      referenceMs,
      timeZone: 'America/New_York',
      places: [{ name: 'Hyde Park', aliases: [], point: [-71.12, 42.255] }],
      homeArea: { name: 'Boston', point: [-71.06, 42.36] },
      earlierQuestions,
    },
    sources,
  );

describe('the subject', () => {
  it.each([
    ['Which streets have water leaks?', 'water leaks'],
    ['Where are water leaks, hydrants and storm drains a problem?', 'water leaks, hydrants or storm drains'],
    ['Any trash in Hyde Park and rats?', 'trash or rats'],
    ['How many reports about trash this month?', 'trash'],
    ['What do people complain about most near Hyde Park?', ''],
    ['How are broken street lights handled?', 'broken street lights'],
    ['Who is affected by snow on sidewalks?', 'snow on sidewalks'],
    ['Any problems in Boston?', ''],
  ])('of "%s" is "%s"', (question, subject) => expect(read(question).subject.text).toBe(subject));

  it('offers the words that people use for the same thing', () => {
    expect(read('Where is garbage?').subject.alternatives).toEqual([
      [{ word: 'garbage', said: 'garbage', choices: ['garbage', 'trash', 'rubbish', 'litter', 'waste'] }],
    ]);
  });

  it('holds things that are listed as alternatives and those that are not as one', () => {
    const words = (question: string) =>
      read(question).subject.alternatives.map((topics) => topics.map(({ word }) => word));
    expect(words('Are there water leaks, hydrants and storm drains?')).toEqual([
      ['water', 'leaks'],
      ['hydrants'],
      ['storm drain'],
    ]);
    expect(words('Who is affected by snow on sidewalks?')).toEqual([['snow', 'sidewalks']]);
  });

  it('is that of the earlier question when this one only points back', () => {
    const followUp = read('And in Hyde Park?', ['Where is garbage?']);
    expect(followUp.subject.text).toBe('garbage');
    expect(followUp.place?.label).toBe('Hyde Park');
    expect(read('Where are potholes?', ['Where is garbage?']).subject.text).toBe('potholes');
  });
});

describe('the place', () => {
  it('is a place of the tenant with its point', () => {
    expect(read('Trash near Hyde Park?').place).toEqual({ label: 'Hyde Park', point: [-71.12, 42.255] });
  });

  it('is not the whole area of the tenant', () =>
    expect(read('Trash in Boston?')).not.toHaveProperty('place'));
});

describe('the time', () => {
  it.each([
    ['How many today?', '2024-11-22T05:00:00.000Z', '2024-11-23T05:00:00.000Z'],
    ['What happened yesterday?', '2024-11-21T05:00:00.000Z', '2024-11-22T05:00:00.000Z'],
    ['Trash this week', '2024-11-18T05:00:00.000Z', '2024-11-22T15:00:00.000Z'],
    ['Trash this month', '2024-11-01T04:00:00.000Z', '2024-11-22T15:00:00.000Z'],
    ['Trash last week', '2024-11-15T15:00:00.000Z', '2024-11-22T15:00:00.000Z'],
    ['Trash last month', '2024-10-23T15:00:00.000Z', '2024-11-22T15:00:00.000Z'],
    ['Trash in the last 3 days', '2024-11-19T15:00:00.000Z', '2024-11-22T15:00:00.000Z'],
    ['Trash in 2023', '2023-01-01T05:00:00.000Z', '2024-01-01T05:00:00.000Z'],
    ['Trash in March 2024', '2024-03-01T05:00:00.000Z', '2024-04-01T04:00:00.000Z'],
    ['Trash between Nov 1 and Nov 10', '2024-11-01T04:00:00.000Z', '2024-11-11T05:00:00.000Z'],
    ['Trash since November 4', '2024-11-04T05:00:00.000Z', undefined],
    ['Trash before November 4', undefined, '2024-11-04T05:00:00.000Z'],
  ])('of "%s"', (question, from, to) => {
    expect(read(question).range).toMatchObject({ ...(from && { from }), ...(to && { to }) });
    expect(read(question).range?.from).toBe(from);
    expect(read(question).range?.to).toBe(to);
  });

  it('is absent when no time is named', () => expect(read('Where is trash?')).not.toHaveProperty('range'));
});

describe('the fields', () => {
  it.each([
    ['How many potholes?', 'count'],
    ['Which streets are worst?', 'street'],
    ['Which neighborhoods have graffiti?', 'area'],
    ['On which days do they come?', 'weekday'],
    ['Are rats increasing?', 'trend'],
  ] as const)('of "%s" include %s', (question, field) => expect(read(question).fields).toContain(field));

  it('narrow to a status that is named', () => {
    expect(read('How many pending reports?').status).toBe('pending');
    expect(read('How many reports?')).not.toHaveProperty('status');
  });
});
