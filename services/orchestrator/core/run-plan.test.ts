// What is derived from a plan's tasks.
import { describe, expect, it } from '@jest/globals';
import { planOf } from './run-plan.for-test.ts';

describe('a plan', () => {
  it('knows the place of each node and who is given its output', () => {
    const plan = planOf({ top: [], left: ['top'], join: ['top', 'left'] });
    expect([...plan.places]).toEqual([
      ['top', 0],
      ['left', 1],
      ['join', 2],
    ]);
    expect(plan.dependents).toEqual([[1, 2], [2], []]);
  });

  it.each([
    ['is listed later', { join: ['top'], top: [] }],
    ['is not listed', { join: ['nobody'] }],
    ['is the node itself', { top: ['top'] }],
  ])('is refused when a parent %s', (_, graph) => {
    expect(() => planOf(graph)).toThrow('whose output it is given');
  });
});
