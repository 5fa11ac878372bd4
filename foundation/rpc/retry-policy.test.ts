// When a failed call is tried again.
import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { Fault } from '../fault/fault.ts';
import { toConnectError } from '../fault/fault-wire.ts';
import { connectionError } from './connection-failure.ts';
import { attemptsMax, type FailedAttempt, retryDelayMs } from './retry-policy.ts';

const answered = (fault: Fault): ConnectError => Object.assign(toConnectError(fault), { isWireError: true });
const unavailable = answered(new Fault('unavailable', 'Not now'));
const broken = connectionError('broke', { sent: true });
const unsent = connectionError('refused', { sent: false });

function delayOf(failed: Partial<FailedAttempt>): number | undefined {
  const usual = { error: unavailable, attempt: 1, idempotent: true, remainingMs: 1_000, random: 0.5 };
  return retryDelayMs({ ...usual, ...failed });
}

describe('another attempt', () => {
  const cases: readonly [string, Partial<FailedAttempt>, boolean][] = [
    ['unavailable, idempotent', { error: unavailable }, true],
    ['unavailable, not idempotent', { error: unavailable, idempotent: false }, false],
    ['broken connection, idempotent', { error: broken }, true],
    ['broken connection, not idempotent', { error: broken, idempotent: false }, false],
    ['never sent, not idempotent', { error: unsent, idempotent: false }, true],
    ['the last attempt', { attempt: attemptsMax }, false],
    ['no time left', { remainingMs: 0 }, false],
    ['another code', { error: new ConnectError('no', Code.Aborted) }, false],
    ['no ConnectError', { error: new Error('bug') }, false],
  ];
  for (const [what, failed, again] of cases) {
    it(`is ${again ? '' : 'not '}made: ${what}`, () => {
      expect(delayOf(failed) !== undefined).toBe(again);
    });
  }

  it('waits longer each time, by chance, with an upper limit', () => {
    const longest = (attempt: number) => delayOf({ attempt, random: 1, remainingMs: 60_000 });
    expect([1, 2, 3].map(longest)).toEqual([100, 200, 400]);
    expect(delayOf({ random: 0 })).toBe(0);
  });

  it('waits at least as long as the server asked for, if there is time', () => {
    const error = answered(new Fault('unavailable', 'Later', { retryAfterMs: 300 }));
    expect(delayOf({ error, random: 0 })).toBe(300);
    expect(delayOf({ error, random: 0, remainingMs: 300 })).toBeUndefined();
  });
});
