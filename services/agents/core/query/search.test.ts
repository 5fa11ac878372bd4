// The searches that a question becomes.

import { describe, expect, it } from '@jest/globals';
import type { Topic } from '../question/topics.ts';
import type { Question } from '../question.ts';
import { clausesMax, filterOf, narrowed, searchesOf } from './search.ts';

const base: Question = {
  text: '',
  referenceMs: 0,
  timeZone: 'UTC',
  subject: { text: '', alternatives: [] },
  places: [],
  fields: new Set(),
};
const topic = (...choices: [string, ...string[]]): Topic => ({ word: choices[0], said: choices[0], choices });
const about = (...alternatives: Topic[][]) => ({ subject: { text: '', alternatives } });
const texts = (question: Partial<Question>) =>
  searchesOf({ ...base, ...question }).map((search) => filterOf(search).text);

describe('searchesOf', () => {
  it('requires every thing of an alternative, in each of its wordings, and then single words', () => {
    expect(texts(about([topic('water'), topic('leak', 'leaking')]))).toEqual([
      'water leak or water leaking',
      'water or leak or leaking',
    ]);
  });

  it('is content with one of several alternatives', () => {
    expect(texts(about([topic('trash')], [topic('rat', 'mice')]))).toEqual(['trash or rat or mice']);
  });

  it('lets go of the words for a condition before it takes single words', () => {
    expect(texts(about([topic('broken'), topic('traffic light')]))).toEqual([
      'broken "traffic light"',
      '"traffic light"',
      'broken or "traffic light"',
    ]);
  });

  it('requires the place as a phrase, then looks around its point, then lets go of words and never of the place', () => {
    const place = { label: 'Hyde Park', point: [-71.1, 42.2] as const };
    const question = { ...about([topic('trash'), topic('rats')]), place };
    expect(texts(question)).toEqual([
      'trash rats "hyde park"',
      'trash rats',
      'trash "hyde park" or rats "hyde park"',
    ]);
    const [exact, area] = searchesOf({ ...base, ...question });
    expect(exact?.bounds).toBeUndefined();
    expect(area && filterOf(area).bounds).toBeDefined();
  });

  it('searches for nothing when the question names nothing', () => {
    expect(texts({})).toEqual([undefined]);
  });

  it('never lets a word of the question become an operator of the search', () => {
    expect(texts(about([topic('or')]))).toEqual(['"or"']);
    expect(texts(about([topic('-trash')]))).toEqual(['"-trash"']);
    expect(texts({ place: { label: 'a "b" c' } })).toEqual(['"a  b  c"']);
  });

  it('stays within the bound of alternatives', () => {
    const many = topic('a', ...Array.from({ length: 30 }, (_, at) => `b${at}`));
    for (const question of [about([many, many]), about([many], [many], [many, many])]) {
      const [search] = searchesOf({ ...base, ...question });
      expect(search?.clauses.length).toBeLessThanOrEqual(clausesMax);
    }
  });

  it('narrows to a status', () => {
    const [pending] = searchesOf({ ...base, status: 'pending' });
    expect(pending && filterOf(pending)).toEqual({ status: 'pending' });
  });
});

describe('narrowed', () => {
  it('requires one of the words in every alternative', () => {
    const [search] = searchesOf({ ...base, ...about([topic('trash', 'litter')]) });
    expect(search && filterOf(narrowed(search, ['kid', 'child'])).text).toBe(
      'trash kid or trash child or litter kid or litter child',
    );
  });
});
