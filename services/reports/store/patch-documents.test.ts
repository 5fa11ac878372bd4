// Patches on every DynamoDB that there is: states that come late, lists over statuses and shards, and all patches of a report.
import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Unkindness } from '../../../foundation/dynamodb/unkind-client.for-test.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import { type Patch, patchIdOf, patchStatuses, withStates } from '../core/patch.ts';
import type { Report } from '../core/report.ts';
import { enter } from '../core/report-change.ts';
import { tombstoneOf } from '../core/tombstone.ts';
import { newReport, openTestTables, testTables } from './documents.for-test.ts';
import { createDynamodbStore } from './dynamodb-store.ts';
import { createPatchDocuments } from './patch-documents.ts';
import { itemOf } from './report-item.ts';

const kinds: readonly [string, Unkindness | undefined][] = [
  ['a client that behaves', undefined],
  ['a client whose pages and batches come short', { pageMax: 3, batchMax: 2 }],
];

let tenantId: string;
let client: DynamoDBDocumentClient;

beforeEach(() => {
  tenantId = randomUUID();
});

function patchesWith(shards: number) {
  const { patches: table, reports: reportsTable } = testTables;
  return createPatchDocuments({ client, table, reportsTable, shards });
}

function reports() {
  return createDynamodbStore({ client, table: testTables.reports });
}

async function storedReport(): Promise<Report> {
  const report = newReport({ tenantId });
  await reports().create(report);
  return report;
}

function somePatch(report: Report, changes: Partial<Patch> = {}): Patch {
  const { incidentId, domainId } = report;
  const id = changes.id ?? newId();
  return {
    ...{ id, patchId: patchIdOf(id), tenantId, incidentId, domainId, source: 'agent' },
    ...{ jobId: 'job_1', queryId: 'qry_1', agentId: 'agent-1', agentVersion: 2, reason: 'why' },
    changes: [{ path: 'management_data.a', before: { __proto__: null, deep: [[{ x: 1 }]] }, after: null }],
    ...{ references: ['inc_1'], status: 'proposed', createdBy: 'u', createdAt: '2025-01-01T00:00:00.000Z' },
    ...{ decidedBy: '', reverts: '', revertedBy: '', revision: 1, wishMark: 'w', decisionMark: '' },
    ...{ revertMark: '', conflictPaths: [] },
    ...changes,
  };
}

const at = (second: number): string => new Date(Date.UTC(2025, 0, 1, 0, 0, second)).toISOString();
const whole = { skip: 0, limit: 100, after: undefined, counted: true };
const all = () => ({ tenantId, incidentId: undefined, status: undefined, domainId: undefined });
const idsOf = (patches: readonly Patch[]): string[] => patches.map(({ patchId }) => patchId);

describeOnEachDynamodb('the patches', (server) => {
  describe.each(kinds)('through %s', (_name, unkindness) => {
    beforeAll(async () => {
      client = await openTestTables(server().endpoint, unkindness);
    });

    afterAll(() => client.destroy());

    it('come back as they were stored, and only within their tenant', async () => {
      const report = await storedReport();
      const proposed = somePatch(report);
      const { patch } = enter(report, proposed, { by: 'u', at: at(1), action: 'apply' });
      for (const state of [proposed, { ...patch, revision: 2, decidedAt: at(1), decidedBy: 'd' }]) {
        await patchesWith(1).put(state);
        expect(await patchesWith(1).find(state)).toEqual(state);
      }
      expect(await patchesWith(1).find({ tenantId: randomUUID(), patchId: patch.patchId })).toBeUndefined();
    });

    it('keep the newest state, in whatever order states arrive', async () => {
      const report = await storedReport();
      const first = somePatch(report);
      const second: Patch = { ...first, status: 'applied', revision: 2 };
      const third: Patch = { ...first, status: 'reverted', revision: 3 };
      for (const state of [second, first, third, second]) await patchesWith(1).put(state);
      expect(await patchesWith(1).find(first)).toMatchObject({ status: 'reverted', revision: 3 });
      const listed = await patchesWith(1).list(all(), whole);
      expect(listed.items).toMatchObject([{ status: 'reverted' }]);
    });

    it('are listed newest first over all statuses and shards, also after there are more shards', async () => {
      const report = await storedReport();
      const made = Array.from({ length: 30 }, (_, n) =>
        somePatch(report, { createdAt: at(n), status: patchStatuses[n % 5] ?? 'proposed' }),
      );
      for (const [n, patch] of made.entries()) await patchesWith(n < 15 ? 1 : 4).put(patch);
      const newestFirst = idsOf(made.toReversed());
      const one = await patchesWith(4).list(all(), whole);
      expect([idsOf(one.items), one.total]).toEqual([newestFirst, { count: 30, atLeast: false }]);
      const walked: string[] = [];
      let after: typeof one.next;
      do {
        const part = await patchesWith(4).list(all(), { skip: 0, limit: 7, after, counted: false });
        walked.push(...idsOf(part.items));
        after = part.next;
      } while (after);
      expect(walked).toEqual(newestFirst);
      const rejected = await patchesWith(4).list({ ...all(), status: 'rejected' }, whole);
      expect(idsOf(rejected.items)).toEqual(
        idsOf(made.filter(({ status }) => status === 'rejected').toReversed()),
      );
    });

    it('are listed by report and by domain', async () => {
      const [mine, other] = [await storedReport(), newReport({ tenantId, domainId: 'other' })];
      await reports().create(other);
      const first = somePatch(mine, { createdAt: at(1) });
      const second = somePatch(other, { createdAt: at(2) });
      for (const patch of [first, second]) await patchesWith(2).put(patch);
      const list = async (filter: object) =>
        idsOf((await patchesWith(2).list({ ...all(), ...filter }, whole)).items);
      expect(await list({ incidentId: mine.incidentId })).toEqual([first.patchId]);
      expect(await list({ domainId: 'other' })).toEqual([second.patchId]);
      expect(await list({ incidentId: mine.incidentId, status: 'applied' })).toEqual([]);
      expect(await list({ tenantId: randomUUID() })).toEqual([]);
    });

    it('are in no list once their report is deleted', async () => {
      const [gone, stays] = [await storedReport(), await storedReport()];
      for (const report of [gone, stays]) await patchesWith(1).put(somePatch(report));
      await reports().remove(tombstoneOf(gone, at(9)));
      const { items } = await patchesWith(1).list(all(), whole);
      expect(items.map(({ incidentId }) => incidentId)).toEqual([stays.incidentId]);
    });

    it('of one report are read whole, or not at all where they are too many or too large', async () => {
      const report = await storedReport();
      const made = Array.from({ length: 7 }, (_, n) => somePatch(report, { createdAt: at(n) }));
      for (const patch of made) await patchesWith(1).put(patch);
      const limits = { patchesMax: 7, bytesMax: 10_000 };
      expect(idsOf((await patchesWith(1).allOf(report, limits)) ?? [])).toEqual(idsOf(made));
      expect(await patchesWith(1).allOf(report, { ...limits, patchesMax: 6 })).toBeUndefined();
      expect(await patchesWith(1).allOf(report, { ...limits, bytesMax: 100 })).toBeUndefined();
    });

    it('wait in the outbox of their report until it is cleared', async () => {
      const report = await storedReport();
      const states = withStates([], [somePatch(report), somePatch(report, { status: 'applied' })]);
      const next = { ...report, version: 2, outbox: states };
      expect(await reports().replace(next)).toBe(true);
      expect((await reports().find(report))?.outbox).toEqual(states);
      await reports().pending.clear({ ...report, version: 1 });
      expect((await reports().find(report))?.outbox).toHaveLength(2);
      await reports().pending.clear(next);
      expect((await reports().find(report))?.outbox).toEqual([]);
    });
  });
});

describe('a document that an item cannot hold with its outbox', () => {
  it('is refused before it is sent, with the field that is to become smaller', () => {
    const report = newReport({ tenantId: randomUUID() });
    const tiny = Array.from({ length: 150_000 }, () => 1);
    const findings = { ingestionData: { tiny }, provenance: {}, conflicts: [] };
    expect(() => itemOf({ ...report, findings })).toThrow(/ingestion_data: makes the stored document/);
    const patch = somePatch(report, { reason: Array.from({ length: 60_000 }, () => newId()).join() });
    expect(() => itemOf({ ...report, outbox: [patch] })).toThrow(/management_data: makes the stored/);
  });
});
