// Query jobs that wait for their run are found in however many partitions they lie.
import { describe, expect, it } from '@jest/globals';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import { useDocuments } from './documents.for-test.ts';
import { createDynamodbStore } from './dynamodb-store.ts';
import { someJob, someOutcome, someSession, tenantItems, timeAt } from './session.for-test.ts';

describeOnEachDynamodb('unsettled jobs', (server) => {
  const tests = useDocuments(server);

  describe.each([1, 4, 64])('in %i partitions', (writeShards) => {
    it('are answered oldest first, before the time, as many as asked for, until they are ended or deleted', async () => {
      const documents = await tests.open({ pageMax: 3 }, writeShards);
      const store = createDynamodbStore(documents);
      const session = someSession();
      const jobs = Array.from({ length: 24 }, (_, at) => ({ ...someJob(session), createdAt: timeAt(at) }));
      for (const job of jobs.toReversed()) await store.insertQueryJob(job);
      await store.insertQueryJob(someJob(someSession()));
      const items = await tenantItems(documents, documents.tables.queryJobs, session.tenantId);
      const partitions = new Set(items.map((item) => item.unsettled_key));
      expect(partitions.size).toBeGreaterThanOrEqual(Math.min(writeShards, 3));
      const list = async (before: number, limit: number) => {
        const found = await store.listUnsettled(session.tenantId, { before: timeAt(before), limit });
        return found.map(({ queryId }) => queryId);
      };
      const ids = jobs.map(({ queryId }) => queryId);
      expect(await list(20, 100)).toEqual(ids.slice(0, 20));
      expect(await list(20, 7)).toEqual(ids.slice(0, 7));
      const [ended, deleted] = jobs;
      if (ended) await store.applyOutcome(ended, someOutcome());
      if (deleted) await store.deleteQueryJob(deleted, timeAt(99));
      expect(await list(20, 100)).toEqual(ids.slice(2, 20));
    }, 30_000);
  });

  it('of one partition are found after the number of partitions has grown', async () => {
    const session = someSession();
    const [few, more] = [await tests.open({}, 1), await tests.open({}, 8)];
    const job = await createDynamodbStore(few).insertQueryJob(someJob(session));
    const grown = createDynamodbStore(more);
    const page = { before: timeAt(99), limit: 10 };
    expect(await grown.listUnsettled(session.tenantId, page)).toMatchObject([{ queryId: job.queryId }]);
    await grown.applyOutcome(job, someOutcome());
    expect(await grown.listUnsettled(session.tenantId, page)).toEqual([]);
  });
});
