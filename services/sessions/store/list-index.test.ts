// Lists: every entry once, in pages by number and by cursor, with filters and with a total that is counted as far as it says.
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import type { QueryJob } from '../core/query-job.ts';
import { useDocuments } from './documents.for-test.ts';
import type { Documents } from './documents.ts';
import { createDynamodbStore } from './dynamodb-store.ts';
import { queryJobItem } from './query-job-item.ts';
import { someJob, someOutcome, someSession, timeAt } from './session.for-test.ts';
import type { ListPosition, ListRange, QueryJobFilter, SessionsStore } from './store.ts';

describeOnEachDynamodb('lists', (server) => {
  const tests = useDocuments(server);
  let documents: Documents;
  let store: SessionsStore;

  beforeAll(() => {
    documents = tests.kind();
    store = createDynamodbStore(documents);
  });

  const everything = { sessionId: undefined, status: undefined, domainId: undefined };
  const fromStart: ListRange = { skip: 0, limit: 10, after: undefined, counted: true };

  async function write(jobs: readonly QueryJob[]): Promise<void> {
    for (let at = 0; at < jobs.length; at += 25) {
      const requests = jobs.slice(at, at + 25).map((job) => ({ PutRequest: { Item: queryJobItem(job, 1) } }));
      await documents.client.send(
        new BatchWriteCommand({ RequestItems: { [documents.tables.queryJobs]: requests } }),
      );
    }
  }

  async function readByCursor(filter: QueryJobFilter, limit: number): Promise<string[]> {
    const read: string[] = [];
    let after: ListPosition | undefined;
    do {
      const part = await store.listQueryJobs(filter, { skip: 0, limit, after, counted: false });
      expect(part.items.length).toBeLessThanOrEqual(limit);
      expect(part.total).toBeUndefined();
      read.push(...part.items.map(({ queryId }) => queryId));
      after = part.next;
    } while (after);
    return read;
  }

  describe('listQueryJobs', () => {
    it('answers every job once, newest first, by cursor and by number, also where times are the same', async () => {
      const session = someSession();
      const jobs = Array.from({ length: 23 }, (_, at) => ({
        ...someJob(session),
        createdAt: timeAt(Math.floor(at / 3)),
      }));
      await write(jobs);
      const filter = { ...everything, tenantId: session.tenantId, userId: session.userId };
      const byCursor = await readByCursor(filter, 5);
      expect(new Set(byCursor)).toEqual(new Set(jobs.map(({ queryId }) => queryId)));
      expect(byCursor).toHaveLength(23);
      const byNumber: string[] = [];
      for (let skip = 0; skip < 25; skip += 5) {
        const part = await store.listQueryJobs(filter, { ...fromStart, skip, limit: 5 });
        expect(part.total).toEqual({ count: 23, atLeast: false });
        expect(part.next === undefined).toBe(skip === 20);
        byNumber.push(...part.items.map(({ queryId }) => queryId));
      }
      expect(byNumber).toEqual(byCursor);
      const times = (await store.listQueryJobs(filter, { ...fromStart, limit: 100 })).items;
      expect(times.map(({ createdAt }) => createdAt)).toEqual(
        jobs.map(({ createdAt }) => createdAt).toReversed(),
      );
    });

    it('is stable under inserts when it is read by cursor', async () => {
      const session = someSession();
      const jobs = Array.from({ length: 6 }, (_, at) => ({ ...someJob(session), createdAt: timeAt(at) }));
      await write(jobs);
      const filter = { ...everything, tenantId: session.tenantId, userId: session.userId };
      const first = await store.listQueryJobs(filter, { ...fromStart, limit: 3 });
      await write([{ ...someJob(session), createdAt: timeAt(100) }]);
      const second = await store.listQueryJobs(filter, { ...fromStart, limit: 3, after: first.next });
      expect(second.next).toBeUndefined();
      const read = [...first.items, ...second.items].map(({ queryId }) => queryId);
      expect(read).toEqual(jobs.map(({ queryId }) => queryId).toReversed());
    });

    it('filters by status and domain, and by session for the owner alone', async () => {
      const session = someSession();
      const other = { ...someSession(session.tenantId), userId: session.userId };
      const ended = someJob(session);
      const elsewhere = { ...someJob(session), domainId: 'crop_disease' };
      const jobs = [ended, elsewhere, someJob(other), someJob(session)];
      await write(jobs);
      await store.applyOutcome(ended, someOutcome());
      const filter = { ...everything, tenantId: session.tenantId, userId: session.userId };
      const count = async (more: Partial<QueryJobFilter>) => {
        const part = await store.listQueryJobs({ ...filter, ...more }, fromStart);
        expect(part.total).toEqual({ count: part.items.length, atLeast: false });
        return part.items.length;
      };
      expect(await count({})).toBe(4);
      expect(await count({ status: 'completed' })).toBe(1);
      expect(await count({ status: 'processing', domainId: 'crop_disease' })).toBe(1);
      expect(await count({ sessionId: session.sessionId })).toBe(3);
      expect(await count({ sessionId: session.sessionId, status: 'processing' })).toBe(2);
      expect(await count({ sessionId: session.sessionId, userId: someSession().userId })).toBe(0);
      expect(await count({ tenantId: someSession().tenantId })).toBe(0);
    });

    it('finds rare matches behind many others, page by page', async () => {
      const session = someSession();
      const jobs = Array.from({ length: 1_200 }, (_, at) => ({
        ...someJob(session),
        createdAt: timeAt(at),
        domainId: at % 400 === 0 ? 'rare' : 'civic_complaints',
      }));
      await write(jobs);
      const filter = { ...everything, tenantId: session.tenantId, userId: session.userId, domainId: 'rare' };
      const rare = jobs.filter(({ domainId }) => domainId === 'rare').map(({ queryId }) => queryId);
      expect(await readByCursor(filter, 2)).toEqual(rare.toReversed());
    }, 30_000);

    it('cuts the question to its first 200 characters', async () => {
      const session = someSession();
      await write([{ ...someJob(session), question: '😀'.repeat(300) }]);
      const filter = { ...everything, tenantId: session.tenantId, userId: session.userId };
      const { items } = await store.listQueryJobs(filter, fromStart);
      expect(items[0]?.question).toBe('😀'.repeat(200));
    });

    it('counts 10,000 matches and says that there are more', async () => {
      const session = someSession();
      await write(
        Array.from({ length: 10_005 }, (_, at) => ({ ...someJob(session), createdAt: timeAt(at) })),
      );
      const filter = { ...everything, tenantId: session.tenantId, userId: session.userId };
      const first = await store.listQueryJobs(filter, fromStart);
      expect(first.total).toEqual({ count: 10_000, atLeast: true });
      const last = await store.listQueryJobs(filter, { ...fromStart, skip: 9_990 });
      expect(last).toMatchObject({ total: { count: 10_000, atLeast: true } });
      expect(last.items.at(-1)?.createdAt).toBe(timeAt(5));
      const beyond = await store.listQueryJobs(filter, { ...fromStart, after: last.next });
      expect(beyond.items).toHaveLength(5);
    }, 120_000);
  });
});
