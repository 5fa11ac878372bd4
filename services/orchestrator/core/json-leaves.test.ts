// Objects as their leaves: nothing is lost on the way there and back, and two leaves are rivals exactly when merging one undoes the other.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { leafPath, leavesOf, objectOfLeaves, overlap } from './json-leaves.ts';

const json = fc.object({ maxDepth: 4, values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)] });

describe('leaves', () => {
  it('make up the object that they were taken from', () => {
    fc.assert(
      fc.property(json, (object) => {
        expect(objectOfLeaves(leavesOf(object as JsonObject))).toEqual(object);
      }),
    );
  });

  it('hold lists and empty objects whole, and any key', () => {
    const leaves = leavesOf({ a: { 'b c': [1, { d: 2 }], e: {} }, ['__proto__']: 1 });
    expect(leaves.map((leaf) => [leafPath(leaf), leaf.value])).toEqual([
      ['a["b c"]', [1, { d: 2 }]],
      ['a.e', {}],
      ['__proto__', 1],
    ]);
  });
});

describe('two leaves', () => {
  const leaf = (path: string, value: unknown = 1) => ({ keys: path.split('.'), value: value as number });
  it.each([
    ['of one path', leaf('a.b'), leaf('a.b', 2), true],
    ['of which one lies below the other', leaf('a'), leaf('a.b'), true],
    ['beside each other', leaf('a.b'), leaf('a.c'), false],
    ['of which one only asks for an object above the other', leaf('a', {}), leaf('a.b'), false],
    ['of which both ask for an object', leaf('a', {}), leaf('a', {}), true],
  ])('%s overlap or not, whichever comes first', (_, one, other, expected) => {
    expect([overlap(one, other), overlap(other, one)]).toEqual([expected, expected]);
  });
});
