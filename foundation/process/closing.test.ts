// Closing runs every step once, newest first, whatever the others do.
import { describe, expect, it } from '@jest/globals';
import { createClosing } from './closing.ts';

const quiet = { debug: () => undefined, error: () => undefined };

describe('closing', () => {
  it('runs the steps one after another in reverse order', async () => {
    const order: string[] = [];
    const closing = createClosing(quiet);
    for (const name of ['pool', 'server', 'claims']) {
      closing.add(name, async () => {
        order.push(`${name} begins`);
        await Promise.resolve();
        order.push(`${name} ends`);
      });
    }
    expect(await closing.close()).toEqual([]);
    expect(order).toEqual([
      'claims begins',
      'claims ends',
      'server begins',
      'server ends',
      'pool begins',
      'pool ends',
    ]);
  });

  it('runs each step once however often it is asked', async () => {
    let runs = 0;
    const closing = createClosing(quiet);
    closing.add('pool', () => {
      runs += 1;
    });
    await Promise.all([closing.close(), closing.close()]);
    await closing.close();
    expect(runs).toBe(1);
  });

  it('goes on past steps that throw, reject or hang, and names them', async () => {
    const order: string[] = [];
    const closing = createClosing(quiet);
    closing.add('last', () => void order.push('last'));
    closing.add('hangs', () => new Promise(() => undefined), { timeoutMs: 1 });
    closing.add('rejects', () => Promise.reject(new Error('rejected')));
    closing.add('throws', () => {
      throw new Error('thrown');
    });
    const failures = await closing.close();
    expect(failures.map(({ step }) => step)).toEqual(['throws', 'rejects', 'hangs']);
    expect(order).toEqual(['last']);
  });

  it('closes what is opened while it closes and afterwards', async () => {
    const order: string[] = [];
    const closing = createClosing(quiet);
    closing.add('outer', () => void order.push('outer'));
    closing.add('inner', () => {
      closing.add('late', () => void order.push('late'));
    });
    await closing.close();
    expect(order).toEqual(['late', 'outer']);
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    closing.add('too late', resolve);
    await closed;
  });

  it('logs each failure with its step', async () => {
    const logged: object[] = [];
    const closing = createClosing({ ...quiet, error: (fields) => void logged.push(fields) });
    const error = new Error('rejected');
    closing.add('pool', () => Promise.reject(error));
    await closing.close();
    expect(logged).toEqual([{ step: 'pool', err: error }]);
  });
});
