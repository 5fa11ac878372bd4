// Work on items that arrive: in order, bounded, at once, and ended when nobody takes any more.
import { describe, expect, it } from '@jest/globals';
import { inOrder } from './in-order.ts';

/** Items that are given one by one, and what of them was asked for and ended. */
function source() {
  const waiting: ((step: IteratorResult<number>) => void)[] = [];
  const seen = { asked: 0, ended: false };
  const items: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        seen.asked += 1;
        return new Promise((resolve) => waiting.push(resolve));
      },
      return: async () => {
        seen.ended = true;
        return { done: true, value: undefined };
      },
    }),
  };
  const give = (value: number) => waiting.shift()?.({ done: false, value });
  return { items, give, seen };
}

/** Lets everything run that can run without a further event. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function* upTo(count: number): AsyncGenerator<number> {
  for (let at = 0; at < count; at += 1) yield at;
}

describe('work in order', () => {
  it('gives results in the order of the items, whichever is done first', async () => {
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<string>());
    const results = Array.fromAsync(inOrder(upTo(4), 4, async (at) => gates[at]?.promise));
    for (const at of [3, 1, 0, 2]) {
      gates[at]?.resolve(`done ${at}`);
      await settled();
    }
    expect(await results).toEqual(['done 0', 'done 1', 'done 2', 'done 3']);
  });

  it('gives a result as soon as it is there, also while no further item has come', async () => {
    const { items, give } = source();
    const results = inOrder(items, 4, async (item) => item * 2);
    const first = results.next();
    await settled();
    give(21);
    expect(await first).toEqual({ done: false, value: 42 });
  });

  it('begins no more than it may, and nothing while nobody takes', async () => {
    let begun = 0;
    const gate = Promise.withResolvers<void>();
    const results = inOrder(upTo(100), 16, async (item) => {
      begun += 1;
      await gate.promise;
      return item;
    });
    await settled();
    expect(begun).toBe(0);
    const first = results.next();
    for (let turn = 0; turn < 20; turn += 1) await settled();
    expect(begun).toBe(16);
    gate.resolve();
    await first;
    for (let turn = 0; turn < 20; turn += 1) await settled();
    expect(begun).toBe(16);
    expect((await Array.fromAsync(results)).length).toBe(99);
    expect(begun).toBe(100);
  });

  it('ends its source when the taker leaves, and asks it no more', async () => {
    const { items, give, seen } = source();
    const results = inOrder(items, 4, async (item) => item);
    const first = results.next();
    await settled();
    give(1);
    await first;
    const { asked } = seen;
    await results.return(undefined);
    await settled();
    expect(seen).toEqual({ asked, ended: true });
  });

  it('fails with its source, and with its work in turn', async () => {
    const failing = (async function* () {
      yield 1;
      throw new Error('the body broke off');
    })();
    await expect(Array.fromAsync(inOrder(failing, 4, async (item) => item))).rejects.toThrow('broke off');
    const taken: number[] = [];
    const work = async (item: number) => {
      if (item === 2) throw new Error('no such line');
      return item;
    };
    const take = async () => {
      for await (const result of inOrder(upTo(5), 4, work)) taken.push(result);
    };
    await expect(take()).rejects.toThrow('no such line');
    expect(taken).toEqual([0, 1]);
  });
});
