// The searches of an understood question.

import { describe, expect, it } from '@jest/globals';
import { loadGazetteer } from '../../store/gazetteer.ts';
import { understand } from '../question/understand.ts';
import { attemptsOf } from './attempts.ts';
import { filterOf, textLengthMax } from './search.ts';

const sources = { gazetteer: loadGazetteer() };
const place = (name: string, at: number) => ({ name, aliases: [], point: [-71.1 + at / 50, 42.3] as const });
const places = [place('Roxbury', 0), place('West Roxbury', -1), place('Fenway', 1)];
const read = (question: string) =>
  understand({ question, places, timeZone: 'UTC', referenceMs: Date.parse('2024-11-22T15:00:00Z') }, sources);
const known = new Map([
  ['status', ['completed', 'pending', 'resolved', 'closed']],
  ['assignee', ['team_parks', 'team_roads']],
] as const);
const filters = (question: string, at = 0) =>
  (attemptsOf(read(question), known)[at]?.searches ?? []).map(filterOf);
const breadths = (question: string) => attemptsOf(read(question), known).map(({ breadth }) => breadth);

describe('attempts', () => {
  it('find the reports that name a place, and those that name none and lie nearest to it', () => {
    const [named, nearest] = filters('potholes in Roxbury');
    expect(named?.text).toBe('potholes roxbury -"west roxbury" or pothole roxbury -"west roxbury"');
    expect(named).not.toHaveProperty('polygon');
    expect(nearest?.text).toBe(
      'potholes -roxbury -"west roxbury" -fenway or pothole -roxbury -"west roxbury" -fenway',
    );
    expect(nearest?.polygon?.length).toBeGreaterThanOrEqual(3);
  });

  it('take every way to write a street', () => {
    expect(filters('potholes on Centre Street')).toEqual([
      {
        text: 'potholes "centre street" or potholes "centre st" or pothole "centre street" or pothole "centre st"',
      },
    ]);
  });

  it('ask for each value of a condition, and of one that leaves values out for the others', () => {
    expect(filters('urgent reports').map(({ where }) => where)).toEqual([
      { 'ingestion_data.urgency': 'urgent' },
      { 'ingestion_data.urgency': 'immediate' },
    ]);
    expect(filters('unresolved potholes').map(({ status }) => status)).toEqual(['completed', 'pending']);
    expect(filters('reports assigned to the parks team').map(({ where }) => where)).toEqual([
      { 'management_data.task_details.assignee_id': 'team_parks' },
    ]);
    expect(filters('reports assigned to team_nobody')).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['potholes', ['exact']],
    ['grafitti', ['exact', 'spelling']],
    ['broken street lights', ['exact', 'thing', 'word']],
    ['trash from elephants', ['exact', 'word']],
    ['won the cup', ['exact']],
    ['floods in the Philippines', ['exact']],
  ])('widen "%s" as %j', (question, expected) => expect(breadths(question)).toEqual(expected));

  it('never ask for more text than the index takes', () => {
    const long = `${'incomprehensibilities '.repeat(3)} ${'x'.repeat(900)} trash leaks potholes in Roxbury`;
    for (const { text = '' } of filters(long)) expect(text.length).toBeLessThanOrEqual(textLengthMax);
  });
});
