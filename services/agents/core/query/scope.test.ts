// What the reports found have in common, in words.

import { describe, expect, it } from '@jest/globals';
import { loadGazetteer } from '../../store/gazetteer.ts';
import { understand } from '../question/understand.ts';
import { attemptsOf } from './attempts.ts';
import { periodOf, scopeOf } from './scope.ts';

const sources = { gazetteer: loadGazetteer() };
const places = [{ name: 'Hyde Park', aliases: [], point: [-71.12, 42.255] as const }];
const read = (question: string) =>
  understand(
    { question, referenceMs: Date.parse('2024-11-22T15:00:00Z'), timeZone: 'America/New_York', places },
    sources,
  );
const scopes = (question: string) => {
  const asked = read(question);
  return attemptsOf(asked, new Map()).map((attempt) => scopeOf(asked, attempt));
};

describe('the scope', () => {
  it('names what is searched for as the question does, and less as the search grows wider', () => {
    expect(scopes('Any broken traffic lights or potholes near Hyde Park?')).toEqual([
      'about broken traffic lights or potholes near Hyde Park (2 km)',
      'about traffic lights or potholes near Hyde Park (2 km)',
      'naming broken, traffic lights or potholes near Hyde Park (2 km)',
    ]);
  });

  it('is empty for a question that narrows nothing', () => {
    expect(scopes('How many reports are there?')).toEqual(['']);
  });

  it('stays short whatever the question', () => {
    const [scope = ''] = scopes(`Any ${'incomprehensibilities '.repeat(6)}?`);
    expect(scope.length).toBeLessThanOrEqual(70);
    expect(scope).toMatch(/^about incomprehensibilities/);
  });
});

describe('the period', () => {
  it.each([
    ['Trash in 2023', 'in 2023'],
    ['Trash in March 2024', 'in Mar 2024'],
    ['Trash yesterday', 'on 21 Nov 2024'],
    ['Trash between Nov 1 and Nov 10', 'from 1 Nov 2024 to 10 Nov 2024'],
    ['Trash this month', 'since 1 Nov 2024'],
    ['Trash before November 4', 'until 3 Nov 2024'],
    ['Trash', ''],
  ])('of "%s" is "%s"', (question, period) => expect(periodOf(read(question))).toBe(period));
});
