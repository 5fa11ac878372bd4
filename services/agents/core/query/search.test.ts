// The searches that a question becomes.

import { describe, expect, it } from '@jest/globals';
import type { Question } from '../question.ts';
import { clausesMax, filterOf, isCounted, narrowed, searchesOf } from './search.ts';

const base: Question = {
  text: '',
  referenceMs: 0,
  timeZone: 'UTC',
  subject: '',
  places: [],
  topics: [],
  fields: new Set(),
};
const topic = (...choices: [string, ...string[]]) => ({ word: choices[0], choices });
const texts = (question: Partial<Question>) =>
  searchesOf({ ...base, ...question }).map((search) => filterOf(search).text);

describe('searchesOf', () => {
  it('requires every topic, in each of its wordings, and then any of them', () => {
    expect(texts({ topics: [topic('water'), topic('leak', 'leaking')] })).toEqual([
      'water leak or water leaking',
      'water or leak or leaking',
    ]);
  });

  it('requires the place as a phrase, then looks around its point, then lets go of words', () => {
    const question = {
      topics: [topic('trash')],
      place: { label: 'Hyde Park', point: [-71.1, 42.2] as const },
    };
    expect(texts(question)).toEqual(['trash "hyde park"', 'trash']);
    const [exact, area] = searchesOf({ ...base, ...question });
    expect(exact?.bounds).toBeUndefined();
    expect(area?.bounds).toBeDefined();
  });

  it('searches for nothing when the question names nothing', () => {
    expect(texts({})).toEqual([undefined]);
  });

  it('never lets a word of the question become an operator of the search', () => {
    expect(texts({ topics: [topic('or')] })).toEqual(['"or"']);
    expect(texts({ topics: [topic('-trash')] })).toEqual(['"-trash"']);
    expect(texts({ place: { label: 'a "b" c' } })).toEqual(['"a  b  c"']);
  });

  it('stays within the bound of alternatives', () => {
    const many = topic('a', ...Array.from({ length: 30 }, (_, at) => `b${at}`));
    const [search] = searchesOf({ ...base, topics: [many, many] });
    expect(search?.clauses.length).toBeLessThanOrEqual(clausesMax);
  });
});

describe('narrowed', () => {
  it('requires one of the words in every alternative', () => {
    const [search] = searchesOf({ ...base, topics: [topic('trash', 'litter')] });
    expect(search && filterOf(narrowed(search, ['kid', 'child'])).text).toBe(
      'trash kid or trash child or litter kid or litter child',
    );
  });
});

describe('isCounted', () => {
  it('holds only where text and time alone narrow', () => {
    const [open] = searchesOf(base);
    const [pending] = searchesOf({ ...base, status: 'pending' });
    expect([open, pending].map((search) => search && isCounted(search))).toEqual([true, false]);
  });
});
