// Merging by leaves, and making and taking back changes.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../foundation/json/json.ts';
import { makeChanges, mergeChanges, pathsThatMoved, reversed } from './json-change.ts';
import { someJsonObject } from './report.for-test.ts';

/** Merging as it is described, written without changes. */
function merged(held: JsonValue | undefined, wished: JsonValue): JsonValue {
  const isObject = (value: JsonValue | undefined): value is JsonObject =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject(wished)) return wished;
  const base = isObject(held) ? new Map(Object.entries(held)) : new Map<string, JsonValue>();
  for (const [key, value] of Object.entries(wished)) base.set(key, merged(base.get(key), value));
  return Object.fromEntries(base);
}

function changesOf(held: JsonObject, wished: JsonObject) {
  return Object.entries(wished).flatMap(([key, value]) =>
    mergeChanges(
      /^\w+$/.test(key) ? key : `[${JSON.stringify(key)}]`,
      Object.hasOwn(held, key) ? held[key] : undefined,
      value,
    ),
  );
}

describe('the changes of a merge', () => {
  it.each<[JsonObject, JsonObject, object[]]>([
    [
      {},
      { a: { b: 1, c: 2 } },
      [
        { path: 'a.b', after: 1 },
        { path: 'a.c', after: 2 },
      ],
    ],
    [{ a: { b: 1 } }, { a: { b: 1, c: null } }, [{ path: 'a.c', after: null }]],
    [{ a: 1 }, { a: { b: 2 } }, [{ path: 'a', before: 1, after: { b: 2 } }]],
    [{ a: { b: 2 } }, { a: 1 }, [{ path: 'a', before: { b: 2 }, after: 1 }]],
    [{ a: [1, 2] }, { a: [1] }, [{ path: 'a', before: [1, 2], after: [1] }]],
    [{ a: { b: 1 } }, { a: {} }, []],
    [{}, { a: {} }, [{ path: 'a', after: {} }]],
    [{ a: null }, { a: {} }, [{ path: 'a', before: null, after: {} }]],
    [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, []],
    [{}, { 'x y': { 'b.c': 1 } }, [{ path: '["x y"]["b.c"]', after: 1 }]],
  ])('of %j with %j are by leaves', (held, wished, changes) => {
    expect(changesOf(held, wished)).toEqual(changes);
  });

  it('make what merging makes, are none the second time, and come back to where they began', () => {
    fc.assert(
      fc.property(someJsonObject, someJsonObject, (held, wished) => {
        const changes = changesOf(held, wished);
        const { object, created } = makeChanges(held, changes);
        expect(JSON.stringify(sorted(object))).toBe(JSON.stringify(sorted(merged(held, wished))));
        expect(changesOf(object, wished)).toEqual([]);
        expect(pathsThatMoved(held, changes, 'before')).toEqual([]);
        expect(pathsThatMoved(object, changes, 'after')).toEqual([]);
        const back = makeChanges(object, reversed(changes), created).object;
        expect(JSON.stringify(sorted(back))).toBe(JSON.stringify(sorted(held)));
      }),
      { seed: 11, numRuns: 1_000 },
    );
  });

  it('leave what objects inherit alone', () => {
    const wished = JSON.parse(
      '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
    );
    const { object } = makeChanges({}, changesOf({}, wished));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(object)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  });

  it('take an object of thousands of keys in one go', () => {
    const wished = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, at]));
    const { object } = makeChanges({ held: {} }, mergeChanges('held', {}, wished));
    expect(object).toEqual({ held: wished });
  });
});

describe('a path', () => {
  it.each<[JsonObject, object, boolean]>([
    [{ a: 1 }, { path: 'a', before: 1 }, true],
    [{ a: 2 }, { path: 'a', before: 1 }, false],
    [{}, { path: 'a', before: 1 }, false],
    [{}, { path: 'a.b' }, true],
    [{ a: {} }, { path: 'a.b' }, true],
    [{ a: { b: null } }, { path: 'a.b' }, false],
    [{ a: 5 }, { path: 'a.b' }, false],
    [{ a: [] }, { path: 'a.b.c' }, false],
    [{}, { path: '__proto__' }, true],
    [{}, { path: 'constructor.name' }, true],
  ])('of %j holds what %j expects: %s', (object, change, holds) => {
    const moved = pathsThatMoved(object, [{ path: '', ...change }], 'before');
    expect(moved.length === 0).toBe(holds);
  });
});

function sorted(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)]);
}
