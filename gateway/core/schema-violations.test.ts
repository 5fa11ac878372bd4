// From errors of the validator to violations; the wire tests show the rest of them.
import { describe, expect, it } from '@jest/globals';
import { violationsMax, violationsOf } from './schema-violations.ts';

describe('violations', () => {
  it('escape nothing and bracket places in lists', () => {
    const error = { keyword: 'required', instancePath: '/a~1b/0/c~0d', params: { missingProperty: 'e' } };
    expect(violationsOf([error])).toEqual([{ field: 'a/b[0].c~d.e', reason: 'is required' }]);
  });

  it('are each told once, and only so many of them', () => {
    const errors = Array.from({ length: 2_000 }, (_, at) => ({
      keyword: 'type',
      instancePath: `/${Math.floor(at / 2)}`,
      params: { type: 'string' },
    }));
    const violations = violationsOf(errors);
    expect(violations).toHaveLength(violationsMax);
    expect(violations[1]).toEqual({ field: '[1]', reason: 'must be text' });
  });
});
