// The choice of a replica: chance and key, each with what it promises.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseByKey, chooseByLoad } from './choose-replica.ts';

const replicasOf = (...inFlight: number[]) =>
  inFlight.map((count, i) => ({ address: `10.0.0.${i}:80`, inFlight: count }));
// Answers these numbers in turn.
const chances =
  (...numbers: number[]) =>
  () =>
    numbers.shift() ?? 0;

describe('a choice by load', () => {
  it('takes the less busy of two different replicas', () => {
    const replicas = replicasOf(5, 1, 3);
    expect(chooseByLoad(replicas, chances(0, 0))).toBe(replicas[1]);
    expect(chooseByLoad(replicas, chances(0, 0.99))).toBe(replicas[2]);
    expect(chooseByLoad(replicas, chances(0.99, 0))).toBe(replicas[2]);
  });

  it('counts calls that ended in this turn, so that the first to answer is not taken by all', () => {
    const replicas = [
      { address: '10.0.0.1:80', inFlight: 0, justEnded: 8 },
      { address: '10.0.0.2:80', inFlight: 7 },
    ];
    expect(chooseByLoad(replicas, chances(0, 0))).toBe(replicas[1]);
    expect(chooseByLoad(replicas, chances(0.99, 0))).toBe(replicas[1]);
  });

  it('never takes the busiest of several', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(chance, chance, fc.integer({ min: 2, max: 9 }), (one, other, count) => {
        const replicas = replicasOf(...Array.from({ length: count }, (_, i) => i));
        expect(chooseByLoad(replicas, chances(one, other))?.inFlight).toBeLessThan(count - 1);
      }),
    );
  });

  it('takes the only one, and none of none', () => {
    const replicas = replicasOf(7);
    expect(chooseByLoad(replicas, chances(0.5))).toBe(replicas[0]);
    expect(chooseByLoad([], chances(0.5))).toBeUndefined();
  });
});

describe('a choice by key', () => {
  it('depends on neither load nor order', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.nat(), { minLength: 1, maxLength: 9 }), (key, loads) => {
        const replicas = replicasOf(...loads);
        const idle = replicasOf(...loads.map(() => 0)).reverse();
        expect(chooseByKey(replicas, key)?.address).toBe(chooseByKey(idle, key)?.address);
      }),
    );
  });

  it('stays when another replica goes', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 2, max: 9 }), fc.nat(), (key, count, gone) => {
        const replicas = replicasOf(...Array(count).fill(0));
        const chosen = chooseByKey(replicas, key);
        const left = replicas.filter((replica, i) => replica === chosen || i !== gone % count);
        expect(chooseByKey(left, key)).toBe(chosen);
      }),
    );
  });

  it('uses every replica', () => {
    const replicas = replicasOf(0, 0, 0);
    const chosen = Array.from({ length: 60 }, (_, i) => chooseByKey(replicas, `job_${i}`)?.address);
    expect(new Set(chosen).size).toBe(3);
  });
});
