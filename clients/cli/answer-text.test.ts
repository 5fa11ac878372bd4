// An answer for people names the reports that it rests on, and where they are.
import { expect, it } from '@jest/globals';
import { answerLines, mapLine, type ShownAnswer } from './answer-text.ts';
import { reportLines } from './report-text.ts';

const answer: ShownAnswer = {
  ...{
    status: 'completed',
    summary: 'Leaks [inc_1, inc_2].',
    error: null,
    answers: [],
    map_data: null,
    patches: [],
  },
  references_used: [
    { reference_id: 'inc_1', summary: 'A leak\nin the street', status: 'completed' },
    { reference_id: 'inc_2', summary: 'Another', status: 'completed', deleted: true },
  ],
  references_total: 5,
};

it('numbers the reports', () => {
  expect(answerLines(answer)).toEqual([
    'Leaks [1, 2].',
    '',
    'It rests on:',
    '  [1] inc_1  completed  A leak in the street',
    '  [2] inc_2  completed, deleted  Another',
    '  … and 3 more',
  ]);
});

it('sums up the map', () => {
  const point = (...coordinates: readonly number[]) => ({ geometry: { type: 'Point', coordinates } });
  expect(mapLine(null)).toBeUndefined();
  expect(mapLine({ features: [point(-71, 42)] })).toBe('1 place: latitude, longitude 42.0000, -71.0000');
  expect(mapLine({ features: [point(-71, 42), point(-70, 43)] })).toBe(
    '2 places between 42.0000, -71.0000 and 43.0000, -70.0000 (latitude, longitude)',
  );
});

it('says why there is none', () => {
  const failed = { ...answer, status: 'failed', summary: null, error: 'No model', references_used: [] };
  expect(answerLines({ ...failed, references_total: 0 })).toEqual(['No model']);
});

it('shows a report with the words that its values were read from', () => {
  const report = {
    ...{ incident_id: 'inc_1', domain_id: 'd', status: 'completed', raw_text: 'Leak on Main Street' },
    ...{ ingestion_data: { place: 'Main Street' }, management_data: {}, error: null },
    provenance: { place: { agent_id: 'geo', spans: [{ start: 8, end: 19 }] } },
  };
  expect(reportLines(report)).toEqual([
    'inc_1  completed  (d)',
    '> Leak on Main Street',
    'read:',
    '  place: Main Street',
    '    by geo, from "Main Street"',
  ]);
});
