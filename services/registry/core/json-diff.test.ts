// Differences between documents, by path and in order.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../foundation/json/json.ts';
import { type JsonChange, jsonChangesMax, jsonDiff } from './json-diff.ts';

describe('jsonDiff', () => {
  const cases: readonly (readonly [string, JsonObject, JsonObject, readonly JsonChange[]])[] = [
    ['nothing between equal documents', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ['nothing where only the order of keys differs', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    [
      'what came, went and changed, in order of keys',
      { gone: 1, same: 2, other: 'a' },
      { other: 'b', came: null, same: 2 },
      [
        { path: 'came', after: null },
        { path: 'gone', before: 1 },
        { path: 'other', before: 'a', after: 'b' },
      ],
    ],
    [
      'lists by index, whatever moved',
      { a: ['x', 'y'] },
      { a: ['y', 'x', 'z'] },
      [
        { path: 'a[0]', before: 'x', after: 'y' },
        { path: 'a[1]', before: 'y', after: 'x' },
        { path: 'a[2]', after: 'z' },
      ],
    ],
    [
      'a list that became an object as a whole',
      { a: [1] },
      { a: { b: 1 } },
      [{ path: 'a', before: [1], after: { b: 1 } }],
    ],
    ['what came as a whole', {}, { a: { b: [1] } }, [{ path: 'a', after: { b: [1] } }]],
    ['keys that objects inherit', {}, { constructor: 1 }, [{ path: 'constructor', after: 1 }]],
    [
      'keys that are no words',
      { a: { 'b c': 1 } },
      { a: { 'b c': 2 } },
      [{ path: 'a["b c"]', before: 1, after: 2 }],
    ],
    ['null from what is absent', { a: null }, {}, [{ path: 'a', before: null }]],
  ];
  it.each(cases)('tells %s', (_name, before, after, expected) => {
    expect(jsonDiff(before, after)).toEqual(expected);
  });

  it('tells whole fields where there is too much to tell one by one', () => {
    const list = (value: number): JsonValue => Array(jsonChangesMax + 1).fill(value);
    const [before, after] = [
      { a: list(1), b: 1, c: 1 },
      { a: list(2), b: 1, c: 2 },
    ];
    expect(jsonDiff(before, after)).toEqual([
      { path: 'a', before: list(1), after: list(2) },
      { path: 'c', before: 1, after: 2 },
    ]);
  });

  it('tells something exactly where documents differ', () => {
    const documents = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.jsonValue({ maxDepth: 3 }), {
      maxKeys: 3,
    });
    fc.assert(
      fc.property(documents, documents, (one, other) => {
        const [before, after] = [one, other].map((each) => JSON.parse(JSON.stringify(each)) as JsonObject);
        if (!before || !after) return;
        expect(jsonDiff(before, before)).toEqual([]);
        const forth = jsonDiff(before, after);
        const back = jsonDiff(after, before);
        expect(back.map(({ path }) => path)).toEqual(forth.map(({ path }) => path));
        expect(forth.length === 0).toBe(isSame(before, after));
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

function isSame(one: JsonValue, other: JsonValue): boolean {
  try {
    expect(one).toEqual(other);
    return true;
  } catch {
    return false;
  }
}
