// What follows from a turn of a deletion, and who may delete a report.
import { describe, expect, it } from '@jest/globals';
import { claimedDeletion, newDeletion } from './deletion.for-test.ts';
import { afterTurn, requireDeleterOf, requireReportDeleter } from './deletion.ts';

describe('a deletion', () => {
  it('is gone through once more after a minute, and is over after that', () => {
    expect(afterTurn(claimedDeletion({ attempts: 3 }), 'passed')).toEqual({
      over: false,
      passes: 1,
      attempts: 0,
      waitMs: 60_000,
    });
    expect(afterTurn(claimedDeletion({ passes: 1 }), 'passed')).toEqual({ over: true });
  });

  it('goes on at once when a turn was too short for it', () => {
    const next = afterTurn(claimedDeletion({ passes: 1, attempts: 2 }), 'unfinished');
    expect(next).toEqual({ over: false, passes: 1, attempts: 0, waitMs: 0 });
  });

  it('is tried again for ever, after waits that double from a second to a minute', () => {
    const waits = [0, 1, 2, 5, 6, 7, 5_000].map((attempts) => {
      const change = afterTurn(claimedDeletion({ attempts }), 'failed');
      return change.over ? undefined : [change.attempts, change.waitMs];
    });
    expect(waits).toEqual([
      [1, 1_000],
      [2, 2_000],
      [3, 4_000],
      [6, 32_000],
      [7, 60_000],
      [8, 60_000],
      [5_001, 60_000],
    ]);
  });
});

describe('a report', () => {
  const { principal } = newDeletion();
  const as = (...roles: string[]) => ({ ...principal, roles });

  it.each([
    ['its author as an editor', as('editor'), principal.userId, true],
    ['another editor', as('editor'), 'somebody else', false],
    ['its author as a viewer', as('viewer'), principal.userId, false],
    ['an admin', as('admin'), 'somebody else', true],
  ])('may be deleted by %s: %#', (_, person, createdBy, allowed) => {
    const check = () => {
      requireReportDeleter(person);
      requireDeleterOf(person, createdBy);
    };
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ reason: 'permission_denied' }));
  });
});
