// What goes out of the ledger by itself.
import { describe, expect, it } from '@jest/globals';
import { startUsageRetention } from './usage-retention.ts';

const dayMs = 86_400_000;
const log = { warn: () => undefined };

describe('the retention of usage', () => {
  it('removes step by step until a step is not full, from so many days before now', async () => {
    const asked: number[] = [];
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const removeOldUsage = async (before: Date, rowsMax: number): Promise<number> => {
      asked.push(before.getTime());
      if (asked.length < 3) return rowsMax;
      resolve();
      return rowsMax - 1;
    };
    const stop = startUsageRetention({
      store: { removeOldUsage },
      keptDays: 100,
      clock: () => 300 * dayMs,
      log,
    });
    await done;
    await stop();
    expect(asked).toEqual([200 * dayMs, 200 * dayMs, 200 * dayMs]);
  });

  it('ends with the step under way when it is stopped', async () => {
    let steps = 0;
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const removeOldUsage = async (_before: Date, rowsMax: number): Promise<number> => {
      steps += 1;
      begin();
      await held;
      return rowsMax;
    };
    const stop = startUsageRetention({ store: { removeOldUsage }, keptDays: 100, clock: () => 0, log });
    await begun;
    const stopped = stop();
    release();
    await stopped;
    expect(steps).toBe(1);
  });
});
