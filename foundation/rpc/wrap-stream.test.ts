// A watched stream: what the watcher is told, and that it is told once.
import { describe, expect, it } from '@jest/globals';
import { wrapStream } from './wrap-stream.ts';

describe('a watched stream', () => {
  const log: unknown[] = [];
  const watch = { onEnd: (error: unknown) => log.push(error instanceof Error ? error.message : error) };
  async function* numbers(failure?: Error) {
    try {
      yield 1;
      yield 2;
      if (failure) throw failure;
    } finally {
      log.push('closed');
    }
  }
  const begin = () => log.splice(0);

  it('gives the same messages and tells the end', async () => {
    begin();
    expect(await Array.fromAsync(wrapStream(numbers(), watch))).toEqual([1, 2]);
    expect(log).toEqual(['closed', undefined]);
  });

  it('tells and throws the error that it was turned into', async () => {
    begin();
    const onError = (error: unknown) => new Error(`public, not ${(error as Error).message.length} letters`);
    const read = Array.fromAsync(wrapStream(numbers(new Error('secret')), { ...watch, onError }));
    await expect(read).rejects.toThrow('public, not 6 letters');
    expect(log).toEqual(['closed', 'public, not 6 letters']);
  });

  it('closes its source when it is left', async () => {
    begin();
    for await (const _ of wrapStream(numbers(), watch)) break;
    expect(log).toEqual([undefined, 'closed']);
  });

  it('is over when its signal is aborted, though nobody asks for more', async () => {
    begin();
    const leave = new AbortController();
    const steps = wrapStream(numbers(), { ...watch, signal: leave.signal })[Symbol.asyncIterator]();
    await steps.next();
    leave.abort('left');
    expect(log).toEqual(['left']);
    await steps.next();
    await steps.next();
    expect(log).toEqual(['left', 'closed']);
  });

  it('passes a failure of its reader to its source, or leaves a source that cannot be told', async () => {
    begin();
    const reader = wrapStream(numbers(), watch)[Symbol.asyncIterator]();
    await reader.next();
    await expect(reader.throw?.(new Error('reader'))).rejects.toThrow('reader');
    expect(log).toEqual(['reader', 'closed']);
    begin();
    const deaf = {
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: 1 }) as const }),
    };
    const other = wrapStream(deaf, watch)[Symbol.asyncIterator]();
    await expect(other.throw?.(new Error('reader'))).rejects.toThrow('reader');
    expect(log).toEqual(['reader']);
  });

  it('runs each step where it is told to', async () => {
    let depth = 0;
    const run = <R>(step: () => R): R => {
      depth += 1;
      return step();
    };
    await Array.fromAsync(wrapStream(numbers(), { run }));
    expect(depth).toBeGreaterThanOrEqual(3);
  });
});
