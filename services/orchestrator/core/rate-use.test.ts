// What the gateway may tell of its callers.
import { describe, expect, it } from '@jest/globals';
import { type RateUse, rateUseProblems, usesMax } from './rate-use.ts';

const use: RateUse = {
  tenantId: '0199aaaa-0000-7000-8000-00000000000a',
  caller: 'user:0199aaaa-0000-7000-8000-000000000002',
  perSecond: 100,
  burst: 200,
  spent: 5,
  windowSeconds: 86_400,
  uncounted: 5,
};

describe('what was used', () => {
  it('may be told of each caller once', () => {
    expect(rateUseProblems([use, { ...use, caller: 'key:key_1' }])).toEqual([]);
    const again = { ...use, tenantId: use.tenantId.toUpperCase() };
    expect(rateUseProblems([use, again])).toEqual([{ field: 'uses[1].caller', reason: 'must stand once' }]);
  });

  it('is told of one to a thousand callers', () => {
    const many = Array.from({ length: usesMax + 1 }, (_, at) => ({ ...use, caller: `user:${at}` }));
    expect(rateUseProblems(many.slice(1))).toEqual([]);
    for (const uses of [[], many]) expect(rateUseProblems(uses)).toHaveLength(1);
  });

  it('is refused with everything that is wrong', () => {
    const wrong = { ...use, tenantId: 'acme', caller: 'a b', perSecond: 300, spent: -1 };
    expect(rateUseProblems([{ ...wrong, windowSeconds: 86_401, uncounted: 1e9 }])).toMatchObject([
      { field: 'uses[0].tenant_id' },
      { field: 'uses[0].caller' },
      { field: 'uses[0].burst' },
      { field: 'uses[0].spent' },
      { field: 'uses[0].window_seconds' },
      { field: 'uses[0].uncounted' },
    ]);
  });
});
