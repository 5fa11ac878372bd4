// What a name that was used before means for a request.
import { describe, expect, it } from '@jest/globals';
import type { EarlierStart } from './request-name.ts';
import { checkRequestId, startToRepeat } from './request-name.ts';

const same = { bodyHash: 'same' };
const other = { bodyHash: 'other' };
const day = 24 * 3_600_000;
const execution = { status: 'running', subjectId: 'inc_1', createdAtMs: 1_000, started: true } as const;
const earlier: EarlierStart = { bodyHash: 'same', executionId: 'e', createdAtMs: 1_000, execution };
const pending = { ...earlier, execution: { ...execution, status: 'pending', started: false } } as const;

describe('a name', () => {
  it('is free when it was never used', () => {
    expect(startToRepeat(undefined, same, 1_000)).toBeUndefined();
  });

  it.each([
    ['runs', earlier],
    ['has completed', { ...earlier, execution: { ...execution, status: 'completed' } }],
    ['has failed after it was accepted', { ...earlier, execution: { ...execution, status: 'failed' } }],
  ] as const)('stands for its start for a day, also when that %s', (_, start) => {
    expect(startToRepeat(start, same, 1_000 + day - 1)).toEqual(start);
    expect(startToRepeat(start, same, 1_000 + day)).toBeUndefined();
  });

  it.each(['finishing', 'failed'] as const)(
    'is free when its start was refused (%s), also for another request',
    (status) => {
      const refused = { ...earlier, execution: { ...execution, status, started: false } };
      expect(startToRepeat(refused, same, 2_000)).toBeUndefined();
      expect(startToRepeat(refused, other, 2_000)).toBeUndefined();
    },
  );

  it('is free when its execution is not kept any more', () => {
    const { execution: _, ...forgotten } = earlier;
    expect(startToRepeat(forgotten, same, 2_000)).toBeUndefined();
  });

  it('is refused for another request, whether the first one has been answered or not', () => {
    for (const start of [earlier, pending]) {
      expect(() => startToRepeat(start, other, 2_000)).toThrow(
        expect.objectContaining({ reason: 'request_reused' }),
      );
    }
  });

  it('stands for the same images wherever they lie, and for no others', () => {
    const start = { ...earlier, contentHash: 'pictures' };
    expect(startToRepeat(start, { bodyHash: 'elsewhere', contentHash: 'pictures' }, 2_000)).toEqual(start);
    for (const hashes of [other, { bodyHash: 'elsewhere', contentHash: 'others' }]) {
      expect(() => startToRepeat(start, hashes, 2_000)).toThrow(
        expect.objectContaining({ reason: 'request_reused' }),
      );
    }
    expect(() => startToRepeat(earlier, other, 2_000)).toThrow(
      expect.objectContaining({ reason: 'request_reused' }),
    );
  });

  it('asks to wait while the first request is being carried out', () => {
    expect(() => startToRepeat(pending, same, 2_000)).toThrow(
      expect.objectContaining({ reason: 'aborted', retryAfterMs: 1_000 }),
    );
  });

  it.each([
    ['', true],
    ['a', true],
    ['with a space and ~', true],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
    ['tab\t', false],
    ['ümlaut', false],
  ])('%j has the right form: %s', (key, valid) => {
    expect(checkRequestId(key).map(({ field }) => field)).toEqual(valid ? [] : ['request_id']);
  });
});
