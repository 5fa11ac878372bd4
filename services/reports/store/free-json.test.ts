// Free JSON survives the driver, whatever its keys and numbers are.
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { someJsonObject } from '../core/report.for-test.ts';
import { freeItem, freeOf } from './free-json.ts';

const key = fc.constantFrom('__proto__', 'constructor', '~number', '~~number', '~', 'name', 'a');
const number = fc.constantFrom(1e20, -1e100, 2 ** 53, 1.5, -1e-100);
const leaf = fc.oneof(someJsonObject, number, fc.constantFrom('Set', null));
const inner = fc.array(fc.tuple(key, leaf)).map((entries) => Object.fromEntries(entries));
const outer = fc.array(fc.tuple(key, fc.oneof(inner, leaf))).map((entries) => Object.fromEntries(entries));

describe('free JSON', () => {
  it('comes back as it was, awkward keys and numbers included', () => {
    fc.assert(
      fc.property(outer, (object) => {
        const back = freeOf(unmarshall(marshall({ free: freeItem(object) })).free);
        expect(JSON.stringify(back)).toBe(JSON.stringify(object));
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});
