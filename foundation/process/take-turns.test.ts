// A long computation and what else the process has to do.
import { describe, expect, it } from '@jest/globals';
import { takeTurns, turnMs } from './take-turns.ts';

/** Steps that each take as long on the clock; whoever else has a turn is asked at each. */
function steps(count: number, stepMs: number) {
  let nowMs = 0;
  let othersTurns = 0;
  let over = false;
  const others = (): void => {
    othersTurns += 1;
    if (!over) setImmediate(others);
  };
  function* work() {
    setImmediate(others);
    for (let step = 0; step < count; step += 1) {
      nowMs += stepMs;
      yield;
    }
    over = true;
    return othersTurns;
  }
  return { work: work(), now: () => nowMs };
}

describe('takeTurns', () => {
  it.each([
    ['after every step that is longer than a turn', 10, turnMs, 10],
    ['after every turn of short steps', 100, turnMs / 10, 10],
    ['never during a short computation', 9, turnMs / 10, 0],
  ])('lets others have a turn %s', async (_name, count, stepMs, turns) => {
    const { work, now } = steps(count, stepMs);
    expect(await takeTurns(work, now)).toBe(turns);
  });

  it('throws what the computation throws', async () => {
    const failing = (function* () {
      yield;
      throw new Error('no');
    })();
    await expect(takeTurns(failing)).rejects.toThrow('no');
  });
});
