// What counts as a path, and what its steps are.
import { describe, expect, it } from '@jest/globals';
import { stepsOfPath } from './json-steps.ts';

describe('the steps of a path', () => {
  it.each([
    ['urgency', ['urgency']],
    ['geo_location.coordinates[1]', ['geo_location', 'coordinates', 1]],
    ['entities[].name', ['entities', null, 'name']],
    ['a["b c"].d', ['a', 'b c', 'd']],
    ['["b.c"][]', ['b.c', null]],
    ['a-b.$c', ['a-b', '$c']],
  ])('are those of %s', (path, steps) => {
    expect(stepsOfPath(path)).toEqual(steps);
  });

  it.each(['', '.a', 'a.', 'a..b', '[0]', '[].a', 'a[', 'a[x]', 'a[-1]', 'a b', 'a[0]b', 'a["\\q"]', '3a'])(
    'are not found in %j',
    (path) => {
      expect(stepsOfPath(path)).toBeUndefined();
    },
  );
});
