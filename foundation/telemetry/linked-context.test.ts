// It behaves as the API's own contexts do.
import { describe, expect, it } from '@jest/globals';
import { type Context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { linked } from './linked-context.ts';

const [one, other] = [
  createContextKey('linked-context.test one'),
  createContextKey('linked-context.test other'),
];
const valuesOf = (context: Context): readonly unknown[] => [context.getValue(one), context.getValue(other)];

describe('a linked context', () => {
  it.each([
    ['linked', linked(ROOT_CONTEXT)],
    ['the own one of the API', ROOT_CONTEXT],
  ])('holds what was set, replaced and deleted, and leaves what it was made from alone: %s', (_, root) => {
    const first = root.setValue(one, 1);
    const second = first.setValue(other, 2);
    const replaced = second.setValue(one, 3);
    const replacedTwice = replaced.setValue(one, 4);
    const without = replacedTwice.deleteValue(one);
    const again = without.setValue(one, 5).deleteValue(other);
    expect(
      [root, first, second, replaced, replacedTwice, without, again].map((context) => valuesOf(context)),
    ).toEqual([
      [undefined, undefined],
      [1, undefined],
      [1, 2],
      [3, 2],
      [4, 2],
      [undefined, 2],
      [5, undefined],
    ]);
  });

  it('leaves contexts with values as they are', () => {
    const context = ROOT_CONTEXT.setValue(one, 1);
    expect(linked(context)).toBe(context);
  });

  it('does not grow with values that are set again and again', () => {
    let context = linked(ROOT_CONTEXT);
    for (let at = 0; at < 100_000; at += 1) context = context.setValue(one, at);
    expect(valuesOf(context)).toEqual([99_999, undefined]);
  });
});
