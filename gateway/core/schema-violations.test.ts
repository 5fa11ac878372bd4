// From errors of the validator to violations; the wire tests show the rest of them.
import { describe, expect, it } from '@jest/globals';
import { violationsMax, violationsOf } from './schema-violations.ts';

describe('violations', () => {
  it('escape nothing and bracket places in lists', () => {
    const error = { keyword: 'required', instancePath: '/a~1b/0/c~0d', params: { missingProperty: 'e' } };
    expect(violationsOf([error])).toEqual([{ field: 'a/b[0].c~d.e', reason: 'is required' }]);
  });

  it('tell which values there are, and not of what type they are as well', () => {
    const at = { instancePath: '/mode' };
    const errors = [
      { ...at, keyword: 'type', params: { type: 'string' } },
      { ...at, keyword: 'enum', params: { allowedValues: ['from', 'all'] } },
      { instancePath: '/title', keyword: 'type', params: { type: 'string' } },
    ];
    expect(violationsOf(errors)).toEqual([
      { field: 'mode', reason: 'must be one of from, all' },
      { field: 'title', reason: 'must be text' },
    ]);
  });

  it('tell of a parameter of a query that came more than once, whatever else that breaks', () => {
    const at = { instancePath: '/sort_by', data: ['name', 'type'] };
    const errors = [
      { ...at, keyword: 'type', params: { type: 'string' } },
      { ...at, keyword: 'enum', params: { allowedValues: ['name', 'type'] } },
    ];
    expect(violationsOf(errors, 'query')).toEqual([{ field: 'sort_by', reason: 'must be given once' }]);
    expect(violationsOf(errors)).toEqual([{ field: 'sort_by', reason: 'must be one of name, type' }]);
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
