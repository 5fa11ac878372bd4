// What one reader is told: in order, never more than fits, and that somebody is there while nothing happens.
import { describe, expect, it } from '@jest/globals';
import { Fault } from '../../../../foundation/fault/fault.ts';
import { createWatchQueue } from './watch-queue.ts';

const never = new AbortController().signal;
const silent = { aliveMs: 3_600_000 };

describe('a queue', () => {
  it('gives what was pushed in its order, also what comes while its reader waits, until it ends', async () => {
    const queue = createWatchQueue<number>(silent);
    queue.push(1, 1);
    const read = Array.fromAsync(queue.read(never));
    await new Promise(setImmediate);
    queue.push(2, 1);
    await new Promise(setImmediate);
    queue.push(3, 1);
    queue.end();
    queue.push(4, 1);
    expect(await read).toEqual([1, 2, 3]);
  });

  it('gives a sign of life after each silence', async () => {
    const queue = createWatchQueue<number>({ aliveMs: 1 });
    const reading = queue.read(never);
    const told = [await reading.next(), await reading.next()];
    queue.push(1, 1);
    told.push(await reading.next());
    expect(told.map(({ value }) => value)).toEqual(['alive', 'alive', 1]);
    await reading.return(undefined);
  });

  it.each([
    ['steps', { stepsMax: 2 }, [1, 1, 1]],
    ['weight', { weightMax: 10 }, [5, 5, 1]],
  ])(
    'ends its reader with a fault at too many %s that wait, and holds nothing then',
    async (_, bounds, weights) => {
      let ends = 0;
      const onEnd = (): void => {
        ends += 1;
      };
      const queue = createWatchQueue<number>({ ...silent, ...bounds, onEnd });
      for (const weight of weights) queue.push(weight, weight);
      const fault = await Array.fromAsync(queue.read(never)).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(Fault);
      expect(fault).toMatchObject({ reason: 'resource_exhausted' });
      expect(ends).toBe(1);
    },
  );

  it('counts only what waits', async () => {
    const queue = createWatchQueue<number>({ ...silent, stepsMax: 2, weightMax: 2 });
    const reading = queue.read(never);
    for (let step = 0; step < 10; step += 1) {
      queue.push(step, 1);
      expect((await reading.next()).value).toBe(step);
    }
    await reading.return(undefined);
  });

  it('tells once everything was read, or nobody will', async () => {
    const queue = createWatchQueue<number>(silent);
    await queue.drained();
    queue.push(1, 1);
    let isDrained = false;
    const drained = queue.drained().then(() => {
      isDrained = true;
    });
    await new Promise(setImmediate);
    expect(isDrained).toBe(false);
    const reading = queue.read(never);
    await reading.next();
    await drained;
    queue.push(2, 1);
    const left = queue.drained();
    await reading.return(undefined);
    await left;
  });

  it('ends without a fault when the signal says so', async () => {
    const queue = createWatchQueue<number>(silent);
    const leave = new AbortController();
    const read = Array.fromAsync(queue.read(leave.signal));
    await new Promise(setImmediate);
    leave.abort();
    expect(await read).toEqual([]);
  });
});
