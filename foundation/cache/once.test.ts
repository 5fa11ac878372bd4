// What is made once.
import { describe, expect, it } from '@jest/globals';
import { once } from './once.ts';

describe('what is made once', () => {
  it('is made when it is first asked for, and is the same for everybody', () => {
    let made = 0;
    const get = once(() => ({ number: ++made }));
    expect(made).toBe(0);
    expect(get()).toBe(get());
    expect(made).toBe(1);
  });

  it('may be undefined', () => {
    let made = 0;
    const get = once(() => void ++made);
    expect([get(), get(), made]).toEqual([undefined, undefined, 1]);
  });

  it('is tried again after a fault', () => {
    let tries = 0;
    const get = once(() => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      return tries;
    });
    expect(get).toThrow('not yet');
    expect([get(), get()]).toEqual([2, 2]);
  });
});
