// The queue between an attempt and the reader of its stream.
import { describe, expect, it } from '@jest/globals';
import { createNotices } from './notices.ts';

describe('notices', () => {
  it('are read in order, those added before and those added while reading', async () => {
    const notices = createNotices<number>();
    notices.add(1);
    const read: number[] = [];
    for await (const notice of notices) {
      read.push(notice);
      if (notice < 3) notices.add(notice + 1);
      else notices.close();
    }
    expect(read).toEqual([1, 2, 3]);
  });

  it('wake a reader that waits, and end it when they are closed', async () => {
    const notices = createNotices<string>();
    const reading = Array.fromAsync(notices);
    await Promise.resolve();
    notices.add('a');
    await Promise.resolve();
    notices.add('b');
    notices.close();
    expect(await reading).toEqual(['a', 'b']);
  });

  it('lose nothing that was added before the close', async () => {
    const notices = createNotices<string>();
    notices.add('a');
    notices.close();
    expect(await Array.fromAsync(notices)).toEqual(['a']);
  });

  it('are nothing where nothing was added', async () => {
    const notices = createNotices<string>();
    const reading = Array.fromAsync(notices);
    notices.close();
    expect(await reading).toEqual([]);
  });

  it('end with the failure of their reader and with no other', async () => {
    const notices = createNotices<string>();
    notices.add('a');
    notices.add('b');
    const reading = notices[Symbol.asyncIterator]();
    await reading.next();
    const failure = new Error('The reader left');
    await expect(reading.throw?.(failure)).rejects.toBe(failure);
    expect(await reading.next()).toEqual({ done: true, value: undefined });
  });
});
