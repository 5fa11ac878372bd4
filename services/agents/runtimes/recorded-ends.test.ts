// What is remembered of attempts that have ended, for how long, and what goes first when there is no room.
import { describe, expect, it } from '@jest/globals';
import {
  createRecordedEnds,
  type EndBounds,
  type EndCost,
  endBounds,
  endKeptMs,
  type RecordedEnd,
} from './recorded-ends.ts';

const body = { agentId: 'agent-1', agentVersion: 1, domainId: '', inputHash: '' };

function endWith(message: string): RecordedEnd {
  return { body, messages: [{ kind: 'end', end: { failure: { code: 'tool_error', message } } }] };
}

function keeping(bounds: Partial<EndBounds> = {}) {
  const time = { ms: 1_000 };
  const { free, paid } = endBounds;
  const recorded = createRecordedEnds(() => time.ms, {
    free: { ...free, ...bounds },
    paid: { ...paid, ...bounds },
  });
  const keep = (key: string, end: RecordedEnd, cost: EndCost = 'paid') => recorded.keep(key, end, cost);
  const ends = { ...recorded, keep };
  const kept = (...keys: string[]) => keys.filter((key) => ends.get(key) !== undefined);
  return { time, ends, kept };
}

describe('recorded ends', () => {
  it('are answered as they were kept, by their key', () => {
    const { ends } = keeping();
    ends.keep('a', endWith('first'));
    ends.keep('b', endWith('second'));
    expect([ends.get('a'), ends.get('b'), ends.get('c')]).toEqual([
      endWith('first'),
      endWith('second'),
      undefined,
    ]);
  });

  it('are kept for ten minutes from the end, however often they are read', () => {
    const { time, ends, kept } = keeping();
    ends.keep('a', endWith(''));
    time.ms += endKeptMs - 1;
    expect(kept('a')).toEqual(['a']);
    time.ms += 1;
    expect(kept('a')).toEqual([]);
  });

  it('go in the order in which they ended when there are too many', () => {
    const { ends, kept } = keeping({ countMax: 2 });
    for (const key of ['a', 'b']) ends.keep(key, endWith(''));
    ends.get('a');
    ends.keep('c', endWith(''));
    expect(kept('a', 'b', 'c')).toEqual(['b', 'c']);
  });

  it('go in that order too when they weigh too much, as many as it takes', () => {
    const { ends, kept } = keeping({ weightMax: 5_000 });
    for (const key of ['a', 'b', 'c']) ends.keep(key, endWith('x'.repeat(800)));
    expect(kept('a', 'b', 'c')).toEqual(['a', 'b', 'c']);
    ends.keep('d', endWith('x'.repeat(2_800)));
    expect(kept('a', 'b', 'c', 'd')).toEqual(['c', 'd']);
  });

  it('are not kept when one alone weighs too much, and take nothing else along', () => {
    const { ends, kept } = keeping({ weightMax: 2_000 });
    ends.keep('a', endWith(''));
    ends.keep('b', endWith('x'.repeat(2_000)));
    expect(kept('a', 'b')).toEqual(['a']);
  });

  it('that cost nothing make room among themselves alone', () => {
    const { ends, kept } = keeping({ countMax: 2 });
    ends.keep('paid', endWith(''));
    for (const key of ['a', 'b', 'c']) ends.keep(key, endWith(''), 'free');
    expect(kept('paid', 'a', 'b', 'c')).toEqual(['paid', 'b', 'c']);
  });
});
