// What counts as the same, and what an answer counts.
import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../../foundation/json/json.ts';
import { stepsOfPath } from '../../../foundation/json/json-steps.ts';
import { countValue, valueAt } from './gate-values.ts';

const at = (answer: JsonValue, path: string) => valueAt(answer, stepsOfPath(path) ?? []);

describe('the value at a path', () => {
  const answer: JsonValue = {
    a: { 'b c': [1, { d: 2 }] },
    list: [{ n: 'x' }, { n: ['y', 'z'] }, {}],
    none: null,
  };
  it.each<[string, JsonValue | undefined]>([
    ['a["b c"][0]', 1],
    ['a["b c"][1].d', 2],
    ['a["b c"][2]', undefined],
    ['a.x.y', undefined],
    ['none', null],
    ['none.x', undefined],
    ['list[].n', ['x', 'y', 'z']],
    ['a[].n', undefined],
    ['toString', undefined],
  ])('is found for %s', (path, value) => {
    expect(at(answer, path)).toEqual(value);
  });
});

const one = { expected: 1, answered: 1, correct: 1 };
const wrong = { expected: 1, answered: 1, correct: 0 };
const absent = { expected: 1, answered: 0, correct: 0 };
const berlin = { type: 'Point', coordinates: [13.4, 52.5] };

describe('an answer', () => {
  it.each<[string, JsonValue, JsonValue | undefined, object]>([
    ['of another case and other blanks', 'Main  Street', ' main street\n', one],
    ['of another text', 'Main Street', 'Main Road', wrong],
    ['in another form of Unicode', 'é', 'e\u0301', one],
    ['that is none', 'x', undefined, absent],
    ['that is null', 'x', null, absent],
    ['of the same number', 1, 1.0, one],
    ['of a number as text', 1, '1', wrong],
    ['of the other truth', true, false, wrong],
    ['of minus zero', 0, -0, one],
    ['of an object in another order', { a: 1, b: 'X' }, { b: 'x', a: 1 }, one],
    ['of an object with more', { a: 1 }, { a: 1, b: 2 }, wrong],
    ['that is near enough', berlin, { type: 'Point', coordinates: [13.41, 52.5] }, one],
    ['that is too far', berlin, { type: 'Point', coordinates: [13.42, 52.5] }, wrong],
    ['that is near in another form', berlin, { longitude: 13.4, latitude: 52.5 }, one],
    ['that is no point', berlin, 'Berlin', wrong],
    ['where none should be', null, 'x', { expected: 0, answered: 1, correct: 0 }],
    ['that is none where none should be', null, undefined, { expected: 0, answered: 0, correct: 0 }],
    [
      'of a list that overlaps',
      ['a', 'b', 'c'],
      ['B', 'c', 'd', 'd'],
      { expected: 3, answered: 3, correct: 2 },
    ],
    ['of one item for a list', ['a', 'b'], 'a', { expected: 2, answered: 1, correct: 1 }],
    ['that is none for a list', ['a'], undefined, absent],
    ['for an empty list', [], ['a'], { expected: 0, answered: 1, correct: 0 }],
  ])('%s counts as it must', (_name, expected, answered, counts) => {
    expect(countValue(expected, answered, 1)).toEqual(counts);
  });

  it('across the date line is as near as it is', () => {
    const point = (longitude: number) => ({ type: 'Point', coordinates: [longitude, 0] });
    expect(countValue(point(179.999), point(-179.999), 1)).toEqual(one);
  });
});
