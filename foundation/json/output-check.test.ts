// The check of outputs against schemas.

import { describe, expect, it } from '@jest/globals';
import { createOutputCheck } from './output-check.ts';

const { problemsOf } = createOutputCheck();
const schema = {
  type: 'object',
  properties: { kind: { type: 'string' }, count: { type: 'integer', minimum: 0 } },
  required: ['kind'],
};

describe('the output check', () => {
  it('finds nothing wrong with what was promised, and with nothing where nothing is required', () => {
    expect(problemsOf({ kind: 'pothole', count: 2 }, schema)).toEqual([]);
    expect(problemsOf({}, { kind: { type: 'string' } })).toEqual([]);
  });

  it('lists every problem at once', () => {
    expect(problemsOf({ count: -1, other: true }, schema).sort()).toEqual([
      '/ must NOT have additional properties: "other"',
      "/ must have required property 'kind'",
      '/count must be >= 0',
    ]);
  });

  it('tells of few problems how ever many there are, and where in few words', () => {
    const list = { type: 'object', properties: { kinds: { type: 'array', items: { type: 'string' } } } };
    const problems = problemsOf({ kinds: Array.from({ length: 50_000 }, (_, at) => at) }, list);
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toBe('and 49980 more that is wrong');
    const free = { counts: { type: 'object', additionalProperties: { type: 'integer' } } };
    const [problem = ''] = problemsOf({ counts: { ['x'.repeat(50_000)]: 'y' } }, free);
    expect(problem).toMatch(/^\/counts\/x+… must be integer$/);
    expect(problem.length).toBeLessThan(250);
  });

  it('takes a bare map of keys for the properties of an object and refuses other keys', () => {
    expect(problemsOf({ kind: 3 }, { kind: { type: 'string' } })).toEqual(['/kind must be string']);
    expect(problemsOf({ surprise: 3 }, { kind: {} })).toHaveLength(1);
  });

  it('refuses a key that the schema does not name even where the schema would allow it', () => {
    expect(problemsOf({ kind: 'x', more: 1 }, { ...schema, additionalProperties: true })).toHaveLength(1);
  });

  it('allows five keys and not six', () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    const output = (count: number) => Object.fromEntries(keys.slice(0, count).map((key) => [key, 1]));
    const properties = Object.fromEntries(keys.map((key) => [key, {}]));
    expect(problemsOf(output(5), { properties })).toEqual([]);
    expect(problemsOf(output(6), { properties })).toEqual(['has 6 keys, at most 5 are allowed']);
  });

  it('keeps apart schemas that differ', () => {
    expect(problemsOf({ a: 1 }, { a: { type: 'number' } })).toEqual([]);
    expect(problemsOf({ a: 1 }, { a: { type: 'string' } })).toHaveLength(1);
  });

  it('matches a pattern with short texts only, so that no pattern of an agent can hold up the others', () => {
    const coded = { code: { type: 'string', pattern: '^[A-Z]+$' } };
    expect(problemsOf({ code: 'A'.repeat(500) }, coded)).toEqual([]);
    expect(problemsOf({ code: 'A'.repeat(501) }, coded)).toHaveLength(1);
  });
});
