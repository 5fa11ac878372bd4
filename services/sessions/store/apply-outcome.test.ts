// A job is ended once, with a log of any size that is there before the job points at it.
import { randomBytes } from 'node:crypto';
import { DeleteCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import { useDocuments } from './documents.for-test.ts';
import { type Documents, keyOf } from './documents.ts';
import { createDynamodbStore } from './dynamodb-store.ts';
import { chunkBytesMax, writeLog } from './execution-log.ts';
import { tenantKey } from './keys.ts';
import { insertQueryJob } from './query-job-documents.ts';
import { someJob, someOutcome, someSession, timeAt } from './session.for-test.ts';
import type { SessionsStore } from './store.ts';

describeOnEachDynamodb('outcomes', (server) => {
  const tests = useDocuments(server);
  let documents: Documents;
  let store: SessionsStore;

  async function newJob() {
    const job = someJob(someSession());
    await insertQueryJob(documents, job);
    return job;
  }

  /** Entries that no compression makes small. */
  function largeLog(entries: number) {
    return Array.from({ length: entries }, (_, at) => ({
      task_id: `task-${at}`,
      output: { noise: randomBytes(40_000).toString('base64') },
    }));
  }

  async function chunksOf(tenantId: string) {
    const { queryJobs: TableName } = documents.tables;
    const chunks: Record<string, unknown>[] = [];
    for await (const { Items = [] } of paginateScan({ client: documents.client }, { TableName }))
      chunks.push(...Items.filter((item) => String(item.pk).startsWith(`${tenantId}#`) && item.data));
    return chunks as { data: Uint8Array }[];
  }

  beforeAll(async () => {
    documents = await tests.open({ batchMax: 3 });
    store = createDynamodbStore(documents);
  });

  describe('applyOutcome', () => {
    it('keeps every part of the outcome', async () => {
      const job = await newJob();
      const outcome = someOutcome([{ task_id: 't1', output: null }]);
      expect(await store.applyOutcome(job, outcome)).toMatchObject({ applied: true });
      const stored = await store.readQueryJob(job.tenantId, job.queryId);
      expect(stored).toMatchObject({ status: 'completed', updatedAt: timeAt(5_000) });
      const { result, message, completedAt } = stored?.outcome ?? {};
      expect({ result, message, at: completedAt }).toEqual({
        result: outcome.result,
        message: outcome.message,
        at: outcome.at,
      });
    });

    it('keeps a log of more than 1 MB whole, in chunks of at most 300 KB', async () => {
      const job = await newJob();
      const log = largeLog(60);
      await store.applyOutcome(job, someOutcome(log));
      const chunks = await chunksOf(job.tenantId);
      expect(chunks.length).toBeGreaterThan(4);
      expect(Math.max(...chunks.map(({ data }) => data.length))).toBeLessThanOrEqual(chunkBytesMax);
      const stored = await store.readQueryJob(job.tenantId, job.queryId);
      expect(stored && (await store.readExecutionLog(stored))).toEqual(log);
    }, 30_000);

    it('writes nothing for an empty log', async () => {
      const job = await newJob();
      await store.applyOutcome(job, someOutcome([]));
      const stored = await store.readQueryJob(job.tenantId, job.queryId);
      expect([stored && (await store.readExecutionLog(stored)), await chunksOf(job.tenantId)]).toEqual([
        [],
        [],
      ]);
    });

    it('ends a job once when many try at once, and leaves only the log of the first', async () => {
      const job = await newJob();
      const outcomes = Array.from({ length: 6 }, (_, at) => someOutcome([{ task_id: `try ${at}` }]));
      const answers = await Promise.all(outcomes.map((outcome) => store.applyOutcome(job, outcome)));
      expect(answers.filter(({ applied }) => applied)).toHaveLength(1);
      const first = answers.findIndex(({ applied }) => applied);
      for (const answer of answers) expect(answer.job?.outcome?.message).toEqual(outcomes[first]?.message);
      const stored = await store.readQueryJob(job.tenantId, job.queryId);
      expect(stored && (await store.readExecutionLog(stored))).toEqual(outcomes[first]?.log);
      expect(await chunksOf(job.tenantId)).toHaveLength(1);
    });

    it('keeps the log when the same outcome is applied again', async () => {
      const job = await newJob();
      const outcome = someOutcome([{ task_id: 't1' }]);
      expect((await store.applyOutcome(job, outcome)).applied).toBe(true);
      const again = await store.applyOutcome(job, outcome);
      expect(again.applied).toBe(false);
      expect(again.job && (await store.readExecutionLog(again.job))).toEqual(outcome.log);
    }, 30_000);

    it('goes on after a try that was cut off between the log and the job', async () => {
      const job = await newJob();
      const outcome = someOutcome(largeLog(20));
      await writeLog(documents, job, outcome.log);
      const before = await store.readQueryJob(job.tenantId, job.queryId);
      expect(before?.outcome).toBeUndefined();
      const { applied, job: ended } = await store.applyOutcome(job, outcome);
      expect(applied).toBe(true);
      expect(ended && (await store.readExecutionLog(ended))).toEqual(outcome.log);
    }, 30_000);

    it('changes nothing for an older run, and brings no deleted job back', async () => {
      const job = await newJob();
      const older = { ...job, jobId: 'job_older' };
      const outcome = someOutcome([{ task_id: 't1' }]);
      expect(await store.applyOutcome(older, outcome)).toEqual({ applied: false, job });
      const Key = keyOf(tenantKey(job.tenantId, job.queryId));
      await documents.client.send(new DeleteCommand({ TableName: documents.tables.queryJobs, Key }));
      expect(await store.applyOutcome(job, outcome)).toEqual({ applied: false, job: undefined });
      expect(await chunksOf(job.tenantId)).toEqual([]);
    }, 30_000);

    it('has ended the job once, with its log, when the answer to the write was lost', async () => {
      let lost = 0;
      const unkind = await tests.open({
        losesAnswer: (command) => {
          if (command !== 'UpdateItemCommand' || lost > 0) return false;
          lost += 1;
          return true;
        },
      });
      const unkindStore = createDynamodbStore(unkind);
      const job = await newJob();
      const outcome = someOutcome([{ task_id: 't1' }]);
      await expect(unkindStore.applyOutcome(job, outcome)).rejects.toMatchObject({ reason: 'unavailable' });
      const again = await unkindStore.applyOutcome(job, outcome);
      expect(again).toMatchObject({ applied: false, job: { status: 'completed' } });
      expect(again.job && (await store.readExecutionLog(again.job))).toEqual(outcome.log);
    });
  });

  describe('listUnsettled', () => {
    it('answers the jobs of a tenant that are processing, oldest first, before the time, as many as asked for', async () => {
      const session = someSession();
      const jobs = [30, 10, 20, 40].map((ms) => ({ ...someJob(session), createdAt: timeAt(ms) }));
      for (const job of jobs) await insertQueryJob(documents, job);
      await newJob();
      const list = (before: number, limit: number) =>
        store.listUnsettled(session.tenantId, { before: timeAt(before), limit });
      const ids = [jobs[1], jobs[2], jobs[0]].map((job) => job?.queryId);
      expect((await list(40, 10)).map(({ queryId }) => queryId)).toEqual(ids);
      expect(await list(100, 1)).toEqual([
        { queryId: ids[0], jobId: jobs[1]?.jobId, userId: session.userId },
      ]);
      if (jobs[1]) await store.applyOutcome(jobs[1], someOutcome());
      expect((await list(40, 10)).map(({ queryId }) => queryId)).toEqual(ids.slice(1));
    });
  });
});
