// The documents on every DynamoDB that is there, with a client that behaves and with one that does not.
import { randomUUID } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Unkindness } from '../../../foundation/dynamodb/unkind-client.for-test.ts';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import type { Report, ReportKey } from '../core/report.ts';
import { tombstoneOf } from '../core/tombstone.ts';
import { idsOfWalk, newReport, openTestTables, testTables } from './documents.for-test.ts';
import { createDynamodbStore } from './dynamodb-store.ts';
import { itemKey } from './keys.ts';

const nowMs = Date.UTC(2025, 5, 1);
const kinds: readonly [string, Unkindness | undefined][] = [
  ['a client that behaves', undefined],
  ['a client whose pages and batches come short', { pageMax: 3, batchMax: 2 }],
];

let tenantId: string;
let client: DynamoDBDocumentClient;

beforeEach(() => {
  tenantId = randomUUID();
});

function storeWith(shards: number) {
  return createDynamodbStore({ client, table: testTables.reports, shards, clock: () => nowMs });
}

function reportAt(second: number, changes: Partial<Report> = {}): Report {
  const createdAt = new Date(Date.UTC(2025, 0, 1, 0, 0, second)).toISOString();
  return { ...newReport({ tenantId, createdAt }), ...changes };
}

const nextOf = (report: Report, status: string): Report => ({
  ...report,
  status,
  version: report.version + 1,
});
const idsOf = (reports: readonly { readonly incidentId: string }[]): string[] =>
  reports.map(({ incidentId }) => incidentId);

async function storedItem(key: ReportKey) {
  const command = new GetCommand({ TableName: testTables.reports, Key: { pk: itemKey(key) } });
  return (await client.send(command)).Item;
}

async function pendingIds(): Promise<string[]> {
  const { pending } = storeWith(1);
  const shards = Array.from({ length: pending.shards }, (_, shard) => pending.list(shard, 1_000));
  return idsOf((await Promise.all(shards)).flat().filter((key) => key.tenantId === tenantId));
}

describeOnEachDynamodb('the documents', (server) => {
  describe.each(kinds)('through %s', (_name, unkindness) => {
    beforeAll(async () => {
      client = await openTestTables(server().endpoint, unkindness);
    });

    afterAll(() => client.destroy());

    it('are created once under their id, and answered as they were written', async () => {
      const store = storeWith(1);
      const report = reportAt(1);
      expect(await store.create(report)).toBe(true);
      expect(await store.create({ ...report, rawText: 'Another' })).toBe(false);
      expect(await store.find(report)).toEqual(report);
      expect(await store.findTombstone(report)).toBeUndefined();
    });

    it('are replaced by exactly one of many writers that read the same version', async () => {
      const store = storeWith(1);
      const report = reportAt(1);
      await store.create(report);
      const writers = Array.from({ length: 20 }, (_, at) => store.replace(nextOf(report, `status ${at}`)));
      const won = (await Promise.all(writers)).flatMap((done, at) => (done ? [`status ${at}`] : []));
      expect(won).toHaveLength(1);
      expect(await store.find(report)).toMatchObject({ status: won[0], version: 2 });
    });

    it('are gone for every reader once a tombstone is in their place, and never come back', async () => {
      const store = storeWith(4);
      const report = reportAt(1);
      await store.create(report);
      const tombstone = tombstoneOf(report, '2025-06-01T00:00:00.000Z');
      expect(await store.remove(tombstone)).toBe(true);
      expect(await store.find(report)).toBeUndefined();
      expect(await store.findMany([report])).toEqual([]);
      expect(await store.listByDomain({ tenantId, domainId: report.domainId, limit: 10 })).toEqual([]);
      expect(await store.listUnsettled(tenantId, '2026', 10)).toEqual([]);
      expect(await idsOfWalk(store.walk({ tenantId }))).toEqual([]);
      expect(await store.create(report)).toBe(false);
      expect(await store.replace(nextOf(report, 'open'))).toBe(false);
      expect(await store.remove(tombstone)).toBe(false);
      expect(await store.findTombstone(report)).toEqual(tombstone);
    });

    it('leave nothing of their content in a tombstone', async () => {
      const store = storeWith(1);
      const report = reportAt(1);
      await store.create(report);
      await store.remove(tombstoneOf(report, '2025-06-01T00:00:00.000Z'));
      const attributes = Object.keys((await storedItem(report)) ?? {});
      expect(attributes.sort()).toEqual(
        ['deleted_at', 'domain_id', 'job_id', 'marked_at', 'pending_partition', 'pk', 'version'].sort(),
      );
    });

    it('are pending from each write until the version that was written is cleared', async () => {
      const { pending, ...store } = storeWith(1);
      const report = reportAt(1);
      await store.create(report);
      const next = nextOf(report, 'open');
      await store.replace(next);
      await pending.clear(report);
      expect(await pendingIds()).toEqual([report.incidentId]);
      await pending.clear(next);
      expect(await pendingIds()).toEqual([]);
      expect(await store.find(report)).toEqual(next);
    });

    it('keep a tombstone for good, and as pending as long as the index lacks it', async () => {
      const { pending, ...store } = storeWith(1);
      const report = reportAt(1);
      await store.create(report);
      const tombstone = tombstoneOf(report, '2025-06-01T00:00:00.000Z');
      await store.remove(tombstone);
      await pending.clear(report);
      expect(await pendingIds()).toEqual([report.incidentId]);
      expect((await storedItem(report))?.expires_at).toBeUndefined();
      await pending.clearTombstone(tombstone);
      expect(await pendingIds()).toEqual([]);
      expect(await storedItem(report)).toMatchObject({ deleted_at: expect.any(String) });
      expect((await storedItem(report))?.expires_at).toBeUndefined();
      expect(await store.find(report)).toBeUndefined();
    });

    it('end as a tombstone whoever writes while they are deleted', async () => {
      const store = storeWith(1);
      const report = reportAt(1);
      await store.create(report);
      const write = async (status: string): Promise<void> => {
        const found = await store.find(report);
        if (found) await store.replace(nextOf(found, status));
      };
      const remove = async (): Promise<void> => {
        for (let found = await store.find(report); found; found = await store.find(report))
          await store.remove(tombstoneOf(found, '2025-06-01T00:00:00.000Z'));
      };
      const writers = Array.from({ length: 20 }, (_, at) => write(`status ${at}`));
      await Promise.all([...writers, remove(), store.create(report), ...writers]);
      await write('late');
      expect(await store.find(report)).toBeUndefined();
      expect(await store.findTombstone(report)).toBeDefined();
    });

    it('are read in batches, whatever is left out of an answer at first', async () => {
      const store = storeWith(1);
      const reports = Array.from({ length: 15 }, (_, at) => reportAt(at));
      await Promise.all(reports.map((report) => store.create(report)));
      const found = await store.findMany([...reports, reportAt(99)]);
      expect(idsOf(found).sort()).toEqual(idsOf(reports).sort());
      expect(found.find(({ id }) => id === reports[3]?.id)).toEqual(reports[3]);
    });

    it('are all found and listed in order after the shards have grown from one to four', async () => {
      const reports = Array.from({ length: 24 }, (_, at) => reportAt(at));
      const [one, four] = [storeWith(1), storeWith(4)];
      await Promise.all(reports.map((report, at) => (at < 12 ? one : four).create(report)));
      const moved = reports[5];
      if (!moved) throw new Error('there is no report to move');
      await four.replace(nextOf(moved, 'processing'));
      const { domainId } = moved;
      const newestFirst = idsOf(reports).toReversed();
      expect(idsOf(await four.listByDomain({ tenantId, domainId, limit: 100 }))).toEqual(newestFirst);
      expect(await idsOfWalk(four.walk({ tenantId, domainId }))).toEqual(idsOf(reports));
      expect(await idsOfWalk(four.walk({ tenantId }))).toEqual(idsOf(reports).sort());
      const unsettled = await four.listUnsettled(tenantId, '2026', 1_000);
      expect(idsOf(unsettled)).toEqual(idsOf(reports));
      const partitions = new Set(
        await Promise.all(reports.map(async (report) => (await storedItem(report))?.tenant_partition)),
      );
      expect(partitions.size).toBeGreaterThan(2);
    });

    it('are listed page by page over several shards, also where times are equal', async () => {
      const store = storeWith(4);
      const reports = Array.from({ length: 17 }, (_, at) => reportAt(Math.floor(at / 3)));
      await Promise.all(reports.map((report) => store.create(report)));
      const { domainId } = reports[0] ?? {};
      const seen: string[] = [];
      for (let after: { createdAt: string; incidentId: string } | undefined; ; ) {
        const page = await store.listByDomain({ tenantId, domainId: domainId ?? '', after, limit: 4 });
        seen.push(...idsOf(page));
        after = page.at(-1);
        if (page.length < 4) break;
      }
      const order = (report: Report): string => report.createdAt + report.incidentId;
      const expected = reports.toSorted((a, b) => (order(a) < order(b) ? 1 : -1));
      expect(seen).toEqual(idsOf(expected));
    });

    it('are walked by domain and id, or within a domain from one time to before another', async () => {
      const store = storeWith(4);
      const [a, b] = ['a_domain', 'b_domain']
        .map((domainId) =>
          Array.from({ length: 8 }, (_, at) => ({ ...newReport({ tenantId, domainId }), at })),
        )
        .map((reports) =>
          reports.map(({ at, ...report }) => ({ ...report, createdAt: reportAt(at).createdAt })),
        );
      await Promise.all([...(b ?? []), ...(a ?? [])].map((report) => store.create(report)));
      await store.create(newReport({ tenantId: randomUUID(), domainId: 'a_domain' }));
      expect(await idsOfWalk(store.walk({ tenantId }))).toEqual([
        ...idsOf(a ?? []).sort(),
        ...idsOf(b ?? []).sort(),
      ]);
      const span = { from: reportAt(2).createdAt, to: reportAt(5).createdAt };
      const walked = await idsOfWalk(store.walk({ tenantId, domainId: 'b_domain', ...span }));
      expect(walked).toEqual(idsOf(b ?? []).slice(2, 5));
    });

    it('are unsettled while they are processing, the oldest first, before the time asked for', async () => {
      const store = storeWith(4);
      const reports = Array.from({ length: 9 }, (_, at) => reportAt(at));
      await Promise.all(reports.map((report) => store.create(report)));
      const [first] = reports;
      if (first) await store.replace(nextOf(first, 'completed'));
      const unsettled = await store.listUnsettled(tenantId, reportAt(6).createdAt, 3);
      expect(unsettled).toEqual(reports.slice(1, 4).map(({ incidentId, jobId }) => ({ incidentId, jobId })));
      const all = await store.listUnsettled(tenantId, reportAt(6).createdAt, 100);
      expect(idsOf(all)).toEqual(idsOf(reports.slice(1, 6)));
    });
  });
});
