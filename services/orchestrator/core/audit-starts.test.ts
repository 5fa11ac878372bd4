// Starts in the audit list: which of them a filter and a place let through.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { idTimeMs } from '../../../foundation/ids/ids.ts';
import { instantOfMicros } from '../../../foundation/paging/list-place.ts';
import { leastIdAt, startDetails, startsAfter, startsOf } from './audit-starts.ts';

const id = '019ab000-0000-7000-8000-00000000000a';
const jobId = 'job_019ab00000007000800000000000000a';

describe('the starts of a filter', () => {
  it.each([
    [{}, {}],
    [{ operationType: 'execution_start' }, { isRerun: false }],
    [{ operationType: 'execution_rerun', entityType: 'execution', status: 'success' }, { isRerun: true }],
    [
      { entityId: jobId, userId: id },
      { executionId: id, userId: id },
    ],
    [
      { from: new Date(0x019ab0000000), to: new Date(0x019ab0000001) },
      {
        from: '019ab000-0000-0000-0000-000000000000',
        to: '019ab000-0001-0000-0000-000000000000',
      },
    ],
  ])('are what it lets through: %j', (filter, starts) => {
    expect(startsOf(filter)).toEqual(starts);
  });

  it.each([
    [{ operationType: 'execution_cancel' }],
    [{ operationType: 'delete' }],
    [{ entityType: 'approval' }],
    [{ entityId: 'inc_1' }],
    [{ status: 'failure' }],
  ])('are none where it is about something else: %j', (filter) => {
    expect(startsOf(filter)).toBeUndefined();
  });

  it('begin and end where ids can be, however early or late a time is', () => {
    expect(leastIdAt(-1)).toBe('00000000-0000-0000-0000-000000000000');
    expect(idTimeMs(leastIdAt(253_402_300_799_000))).toBe(253_402_300_799_000);
  });
});

describe('the starts after a place', () => {
  const usOf = (start: string) => BigInt(idTimeMs(start)) * 1_000n;
  const ids = fc
    .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }))
    .map(([ms, rest]) => `00000000-000${ms}-7000-8000-00000000000${rest}`);

  it('are those that the order by time and then by id puts after it', () => {
    fc.assert(
      fc.property(ids, ids, fc.bigInt({ min: 0n, max: 4_000n }), (start, placeId, us) => {
        const isAfter = usOf(start) < us || (usOf(start) === us && start < placeId);
        expect(start < startsAfter({ at: instantOfMicros(us), id: placeId })).toBe(isAfter);
        const own = { at: instantOfMicros(usOf(placeId)), id: placeId };
        expect(start < startsAfter(own)).toBe(start < placeId);
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });
});

describe('the details of a start', () => {
  it('name what it is about, and of a re-run what it repeats', () => {
    const told = { kind: 'ingest', domainId: 'city', subjectId: 'inc_1', rerunOf: null } as const;
    const details = { kind: 'ingest', domain_id: 'city', subject_id: 'inc_1' };
    expect(startDetails(told)).toEqual(details);
    expect(startDetails({ ...told, rerunOf: id })).toEqual({ ...details, rerun_of: jobId });
  });
});
