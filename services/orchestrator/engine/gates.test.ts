// How much of what a tenant may have running a gate takes.
import { describe, expect, it } from '@jest/globals';
import { gatesPerTenantMax } from '../core/gate.ts';
import { shadowRunsFor } from './gates.ts';

describe('a gate', () => {
  it.each([
    [1, 1],
    [8, 1],
    [16, 2],
    [100, 4],
    [10_000, 4],
  ])('of a tenant that may have %i runs has %i at the same time', (executionsMax, runs) => {
    expect(shadowRunsFor(executionsMax)).toBe(runs);
  });

  it('leaves more than half to people, whatever other gates do', () => {
    for (let max = 8; max <= 200; max += 1) {
      expect(shadowRunsFor(max) * gatesPerTenantMax).toBeLessThan(max / 2);
    }
  });
});
