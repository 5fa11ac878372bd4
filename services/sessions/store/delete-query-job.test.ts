// A deleted query job is gone at once and for good, and so is what belonged to it.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import type { QueryJob } from '../core/query-job.ts';
import { endQueryJob } from '../engine/end-query-job.ts';
import { deleteQueryJob } from './delete-query-job.ts';
import { useDocuments } from './documents.for-test.ts';
import type { Documents } from './documents.ts';
import { createDynamodbStore } from './dynamodb-store.ts';
import {
  outcomeCiting,
  someIncident,
  someJob,
  someOutcome,
  someSession,
  tenantItems,
  timeAt,
} from './session.for-test.ts';
import type { RunOutcome, SessionsStore } from './store.ts';

const filters = { sessionId: undefined, status: undefined, domainId: undefined };
const everything = { skip: 0, limit: 10, after: undefined, counted: true };

describeOnEachDynamodb('deleted query jobs', (server) => {
  const tests = useDocuments(server);
  let documents: Documents;
  let store: SessionsStore;

  beforeAll(() => {
    documents = tests.kind();
    store = createDynamodbStore(documents);
  });

  async function newJob(): Promise<QueryJob> {
    const session = someSession();
    await store.insertSession(session);
    return store.insertQueryJob(someJob(session));
  }

  function end(job: QueryJob, outcome: RunOutcome, through = store): Promise<boolean> {
    return endQueryJob(through, job, { jobId: job.jobId, outcome });
  }

  async function reread({ tenantId, queryId }: QueryJob): Promise<QueryJob> {
    const job = await store.readQueryJob(tenantId, queryId);
    if (!job) throw new Error('the job is gone');
    return job;
  }

  /** Keys of everything in the table of the jobs that is the tenant's, its tombstones apart. */
  async function leftOf({ tenantId }: QueryJob): Promise<unknown[]> {
    const items = await tenantItems(documents, documents.tables.queryJobs, tenantId);
    return items.filter((item) => item.deleted_at === undefined).map(({ pk }) => pk);
  }

  describe('deleteQueryJob', () => {
    it('takes the content away at once, and leaves the job out of every list', async () => {
      const [job, ended] = [await newJob(), await newJob()];
      await end(ended, outcomeCiting([someIncident()]));
      for (const one of [job, await reread(ended)]) {
        expect(await store.deleteQueryJob(one, timeAt(9))).toBe(true);
        expect(await store.readQueryJob(one.tenantId, one.queryId)).toBeUndefined();
        const filter = { ...filters, tenantId: one.tenantId, userId: one.createdBy };
        expect((await store.listQueryJobs(filter, everything)).total?.count).toBe(0);
        expect(await store.listUnsettled(one.tenantId, { before: timeAt(999), limit: 10 })).toEqual([]);
        const items = await tenantItems(documents, documents.tables.queryJobs, one.tenantId);
        const left = items.find((item) => item.deleted_at !== undefined);
        expect(Object.keys(left ?? {}).sort()).toEqual(
          ['cited', 'deleted_at', 'execution_log', 'expires_at', 'job_id', 'pk', 'session_id'].sort(),
        );
      }
    });

    it('deletes once, and nothing that never was', async () => {
      const job = await newJob();
      const tries = await Promise.all([1, 2, 3, 4].map((at) => store.deleteQueryJob(job, timeAt(at))));
      expect(tries.filter(Boolean)).toHaveLength(1);
      expect(await store.deleteQueryJob(someJob(someSession()), timeAt(1))).toBe(false);
    });

    it('is undone by no submission and no run that comes after it', async () => {
      const job = await newJob();
      await store.deleteQueryJob(job, timeAt(9));
      await expect(store.insertQueryJob(job)).rejects.toMatchObject({ reason: 'already_exists' });
      expect(await end(job, outcomeCiting([someIncident()]))).toBe(false);
      expect(await store.readQueryJob(job.tenantId, job.queryId)).toBeUndefined();
      expect((await store.readSession(job.tenantId, job.sessionId))?.messageCount).toBe(0);
      expect(await leftOf(job)).toEqual([]);
    });

    it('knows the log of a run that ended the job while it was being deleted', async () => {
      const job = await newJob();
      let ended = false;
      const before = async (command: string) => {
        if (command !== 'PutItemCommand' || ended) return;
        ended = true;
        await end(job, someOutcome([{ task_id: 't1' }]));
      };
      expect(await deleteQueryJob(await tests.open({ before }), job, timeAt(9))).toBe(true);
      expect(await leftOf(job)).toHaveLength(1);
      await store.purgeQueryJob(job.tenantId, job.queryId);
      expect(await leftOf(job)).toEqual([]);
    });

    it.each(['UpdateItemCommand', 'BatchWriteItemCommand', 'PutItemCommand'])(
      'leaves nothing of a run that meets it at its %s',
      async (command) => {
        const job = await newJob();
        const before = async (name: string) => {
          if (name === command) await deleteQueryJob(documents, job, timeAt(9));
        };
        const slow = createDynamodbStore(await tests.open({ before }));
        expect(await end(job, outcomeCiting([someIncident(), someIncident()]), slow)).toBe(false);
        expect(await leftOf(job)).toEqual([]);
        expect((await store.readSession(job.tenantId, job.sessionId))?.messageCount).toBe(0);
      },
    );
  });

  describe('discardOutcome', () => {
    it('removes what a try left that was cut off before it found the job gone', async () => {
      const job = await newJob();
      const outcome = outcomeCiting([someIncident()]);
      const before = async (command: string) => {
        if (command !== 'UpdateItemCommand') return;
        await deleteQueryJob(documents, job, timeAt(9));
        throw new Error('the process ended');
      };
      const ending = createDynamodbStore(await tests.open({ before }));
      await expect(end(job, outcome, ending)).rejects.toThrow('the process ended');
      expect(await leftOf(job)).toHaveLength(2);
      await store.discardOutcome(job, outcome);
      expect(await leftOf(job)).toEqual([]);
    });
  });

  describe('purgeQueryJob', () => {
    it('removes the log, and the citations once the session is gone too', async () => {
      const job = await newJob();
      await end(job, outcomeCiting([someIncident(), someIncident()]));
      await store.deleteQueryJob(await reread(job), timeAt(9));
      const purge = async () => {
        await store.purgeQueryJob(job.tenantId, job.queryId);
        return (await leftOf(job)).length;
      };
      expect([(await leftOf(job)).length, await purge(), await purge()]).toEqual([3, 2, 2]);
      await store.deleteSession(job, timeAt(10));
      expect(await purge()).toBe(0);
    });

    it('removes nothing of a job that is there', async () => {
      const job = await newJob();
      await end(job, outcomeCiting([someIncident()]));
      await store.purgeQueryJob(job.tenantId, job.queryId);
      expect(await leftOf(job)).toHaveLength(3);
      expect(await store.readExecutionLog(await reread(job))).toEqual([{ task_id: 't1' }]);
    });

    it('lets a reader who still holds the job know that its log is gone', async () => {
      const job = await newJob();
      await end(job, someOutcome([{ task_id: 't1' }]));
      const held = await reread(job);
      await store.deleteQueryJob(held, timeAt(9));
      await store.purgeQueryJob(job.tenantId, job.queryId);
      expect(await store.readExecutionLog(held)).toBeUndefined();
    });
  });
});
