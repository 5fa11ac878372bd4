// The audit list of several services: its order, where it is cut, and whose words it knows.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auditQueryProblems, sourcesOf } from './audit-filter.ts';
import { type AuditLine, mergeParts } from './audit-list.ts';

const lineOf = (us: number, id: string): AuditLine => ({
  ...{ id, operationType: 'delete', entityType: 'report', entityId: 'inc_1', status: 'success', message: '' },
  ...{ details: {}, beforeHash: null, afterHash: null, userId: 'u', traceId: null, durationMs: null },
  timestampUs: BigInt(us),
});

describe('the merged list', () => {
  const keys = fc.uniqueArray(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 9 })), {
    selector: String,
    maxLength: 20,
  });
  const sorted = (some: readonly AuditLine[]) =>
    some.toSorted((a, b) => Number(b.timestampUs - a.timestampUs) || b.id.localeCompare(a.id));

  it('begins with the newest of all, cut where the page ends, whoever wrote them', () => {
    fc.assert(
      fc.property(keys, fc.func(fc.boolean()), fc.integer({ min: 1, max: 10 }), (all, isFirst, limit) => {
        const lines = all.map(([us, id]) => lineOf(us, `id-${id}`));
        const parts = [true, false].map((side) => {
          const own = sorted(lines.filter((line) => isFirst(line.id, line.timestampUs) === side));
          return { lines: own.slice(0, limit), hasMore: own.length > limit };
        });
        const merged = mergeParts(parts, limit);
        expect(merged.lines).toEqual(sorted(lines).slice(0, limit));
        expect(merged.hasMore).toBe(lines.length > limit);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('has a total where each part has one, and says when one of them counted no further', () => {
    const part = { lines: [], hasMore: false };
    expect(
      mergeParts(
        [
          { ...part, total: 2 },
          { ...part, total: 3 },
        ],
        5,
      ).total,
    ).toBe(5);
    expect(mergeParts([{ ...part, total: 2 }, part], 5).total).toBeUndefined();
    expect(mergeParts([part, { ...part, total: 3, totalAtLeast: true }], 5).totalAtLeast).toBe(true);
    expect(mergeParts([], 5)).toMatchObject({ lines: [], hasMore: false, total: 0 });
  });
});

describe('the filters', () => {
  it.each([
    [{}, ['registry', 'orchestrator']],
    [{ operation_type: 'delete' }, ['registry', 'orchestrator']],
    [{ operation_type: 'grant' }, ['registry']],
    [{ entity_type: 'session' }, ['orchestrator']],
    [{ operation_type: 'delete', entity_type: 'team' }, ['registry']],
    [{ operation_type: 'grant', entity_type: 'session' }, []],
  ])('ask whoever can have such entries: %j', (query, sources) => {
    expect(sourcesOf(query)).toEqual(sources);
    expect(auditQueryProblems(query)).toEqual([]);
  });

  it('are named when they can match nothing, all at once', () => {
    const wrong = { operation_type: 'read', entity_type: 'poem', status: 'fine', user_id: 'alice' };
    const problems = auditQueryProblems({ ...wrong, from: '2026-01-02', to: '2026-01-02' });
    expect(problems.map(({ field }) => field)).toEqual([...Object.keys(wrong), 'to']);
  });
});
