// A deleted report is marked in every answer and message that rests on it, whichever of deletion and run comes first at any step.
import { beforeAll, expect, it } from '@jest/globals';
import { createYoungWrites } from '../../../foundation/dynamodb/unkind-client.for-test.ts';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import type { QueryJob } from '../core/query-job.ts';
import type { Session } from '../core/session.ts';
import { endQueryJob } from '../engine/end-query-job.ts';
import { useDocuments } from './documents.for-test.ts';
import type { Documents } from './documents.ts';
import { createDynamodbStore } from './dynamodb-store.ts';
import { followedMax } from './mark-references.ts';
import {
  outcomeCiting,
  patiently,
  someIncident,
  someJob,
  someSession,
  tenantItems,
  timeAt,
} from './session.for-test.ts';
import type { RunOutcome, SessionsStore } from './store.ts';

describeOnEachDynamodb('references to deleted reports', (server) => {
  const tests = useDocuments(server);
  let documents: Documents;
  let store: SessionsStore;

  beforeAll(() => {
    documents = tests.kind();
    store = createDynamodbStore(documents);
  });

  async function newSession(): Promise<Session> {
    const session = someSession();
    await store.insertSession(session);
    return session;
  }

  async function newJob(): Promise<QueryJob> {
    return store.insertQueryJob(someJob(await newSession()));
  }

  function end(job: QueryJob, outcome: RunOutcome, through = store): Promise<boolean> {
    return endQueryJob(through, job, { jobId: job.jobId, outcome });
  }

  /** Marks until nothing is left; answers how many calls that took. */
  async function mark(tenantId: string, incidentId: string, through = store): Promise<number> {
    for (let calls = 1; ; calls += 1)
      if (await patiently(() => through.markReferenceDeleted({ tenantId, incidentId }, timeAt(9))))
        return calls;
  }

  /** The reports that are marked in the answer, and in the newest message of its session. */
  async function marked({ tenantId, queryId, sessionId }: QueryJob): Promise<string[][]> {
    const job = await store.readQueryJob(tenantId, queryId);
    const session = await store.readSession(tenantId, sessionId);
    const page = session && (await store.readMessages(session, { limit: 10, before: undefined }));
    const lists = [job?.outcome?.result.referencesUsed, page?.messages.at(-1)?.references];
    return lists.map((list = []) => list.flatMap((one) => (one.deleted ? [one.referenceId] : [])));
  }

  function citationsOf(tenantId: string) {
    return tenantItems(documents, documents.tables.queryJobs, tenantId).then((items) =>
      items.filter((item) => item.incident_key !== undefined),
    );
  }

  it('are marked in answer and message, and nothing else is', async () => {
    const job = await newJob();
    const ids = [someIncident(), someIncident(), someIncident()];
    await end(job, outcomeCiting(ids));
    const before = await store.readQueryJob(job.tenantId, job.queryId);
    expect(await mark(job.tenantId, ids[1] ?? '')).toBe(2);
    expect(await marked(job)).toEqual([[ids[1]], [ids[1]]]);
    const after = await store.readQueryJob(job.tenantId, job.queryId);
    expect(after?.outcome?.result.referencesUsed.map(({ referenceId }) => referenceId)).toEqual(ids);
    expect(after?.updatedAt).toBe(before?.updatedAt);
    expect(await mark(job.tenantId, ids[1] ?? '')).toBe(1);
    expect(await citationsOf(job.tenantId)).toHaveLength(2);
  });

  it('are marked in answers that come later, also where no citation is left to follow', async () => {
    const [job, later] = [await newJob(), await newJob()];
    const incidentId = someIncident();
    await mark(later.tenantId, incidentId);
    await end(later, outcomeCiting([incidentId]));
    expect(await marked(later)).toEqual([[incidentId], [incidentId]]);
    await end(job, outcomeCiting([incidentId]));
    expect(await marked(job)).toEqual([[], []]); // another tenant's report
  });

  it('are marked when the whole deletion happens before any one command of the run', async () => {
    let at = 0;
    for (let sent = 1; sent > at; at += 1) {
      sent = 0;
      const job = await newJob();
      const incidentId = someIncident();
      const before = async () => {
        if (sent++ === at) await mark(job.tenantId, incidentId);
      };
      const slow = createDynamodbStore(await tests.open({ before }));
      expect(await end(job, outcomeCiting([someIncident(), incidentId]), slow)).toBe(true);
      if (sent <= at) await mark(job.tenantId, incidentId);
      expect([at, await marked(job)]).toEqual([at, [[incidentId], [incidentId]]]);
    }
    expect(at).toBeGreaterThan(7);
  }, 30_000);

  it.each([true, false])(
    'are marked when the whole run happens before any one command of the deletion, another citation there: %s',
    async (isCitedBefore) => {
      let at = 0;
      for (let sent = 1; sent > at; at += 1) {
        sent = 0;
        const earlier = await newJob();
        const { tenantId } = earlier;
        const session = { ...someSession(tenantId), userId: earlier.createdBy };
        await store.insertSession(session);
        const job = await store.insertQueryJob(someJob(session));
        const incidentId = someIncident();
        await end(earlier, outcomeCiting(isCitedBefore ? [incidentId] : []));
        const before = async () => {
          if (sent++ === at) await end(job, outcomeCiting([incidentId]));
        };
        await mark(tenantId, incidentId, createDynamodbStore(await tests.open({ before })));
        if (sent <= at) await end(job, outcomeCiting([incidentId]));
        for (const one of isCitedBefore ? [earlier, job] : [job])
          expect([at, await marked(one)]).toEqual([at, [[incidentId], [incidentId]]]);
      }
      expect(at).toBeGreaterThan(isCitedBefore ? 7 : 2);
    },
    30_000,
  );

  it('are marked when the deletion is cut off at any one command and repeated', async () => {
    let at = 0;
    for (let sent = 1; sent >= at; at += 1) {
      sent = 0;
      const job = await newJob();
      const incidentId = someIncident();
      await end(job, outcomeCiting([incidentId]));
      const before = () => (sent++ === at ? Promise.reject(new Error('the process ended')) : undefined);
      const deletion = createDynamodbStore(await tests.open({ before }));
      const incident = { tenantId: job.tenantId, incidentId };
      await deletion.markReferenceDeleted(incident, timeAt(9)).catch(() => undefined);
      await mark(job.tenantId, incidentId);
      expect([at, await marked(job)]).toEqual([at, [[incidentId], [incidentId]]]);
    }
    expect(at).toBeGreaterThan(6);
  }, 30_000);

  it('are marked when the deletion came before the answer, and the run was cut off after it and repeated', async () => {
    const job = await newJob();
    const incidentId = someIncident();
    const before = async (command: string) => {
      if (command === 'UpdateItemCommand') await mark(job.tenantId, incidentId);
      if (command === 'BatchGetItemCommand') throw new Error('the process ended');
    };
    const run = createDynamodbStore(await tests.open({ before }));
    const outcome = outcomeCiting([incidentId]);
    await expect(end(job, outcome, run)).rejects.toThrow('the process ended');
    const stored = await store.readQueryJob(job.tenantId, job.queryId);
    if (stored) await end(stored, outcome);
    expect(await marked(job)).toEqual([[incidentId], [incidentId]]);
  });

  it('are marked in an answer whose run was cut off right after it, and in the message that follows', async () => {
    const job = await newJob();
    const incidentId = someIncident();
    const losesAnswer = (command: string) => command === 'UpdateItemCommand';
    const run = createDynamodbStore(await tests.open({ losesAnswer }));
    const outcome = outcomeCiting([incidentId]);
    await expect(end(job, outcome, run)).rejects.toMatchObject({ reason: 'unavailable' });
    await mark(job.tenantId, incidentId);
    expect(await marked(job)).toEqual([[incidentId], []]);
    const stored = await store.readQueryJob(job.tenantId, job.queryId);
    if (stored) await end(stored, outcome);
    expect(await marked(job)).toEqual([[incidentId], [incidentId]]);
  });

  it('are marked when run and deletion are cut off at any one command, each, and repeated', async () => {
    const ended = new Error('the process ended');
    for (let at = 0; at < 10; at += 1) {
      const job = await newJob();
      const incidentId = someIncident();
      const ending = async () => {
        let sent = 0;
        const before = () => (sent++ === at ? Promise.reject(ended) : undefined);
        return createDynamodbStore(await tests.open({ before }));
      };
      const outcome = outcomeCiting([someIncident(), incidentId]);
      const [run, deletion] = [await ending(), await ending()];
      const deleting = deletion.markReferenceDeleted({ tenantId: job.tenantId, incidentId }, timeAt(9));
      const tries = await Promise.allSettled([end(job, outcome, run), deleting]);
      if (at < 7) expect(tries[0]).toEqual({ status: 'rejected', reason: ended });
      await mark(job.tenantId, incidentId);
      const stored = await store.readQueryJob(job.tenantId, job.queryId);
      if (stored) await end(stored, outcome);
      expect([at, await marked(job)]).toEqual([at, [[incidentId], [incidentId]]]);
    }
  }, 30_000);

  it('are marked by a later pass where the index of citations lagged', async () => {
    let nowMs = 0;
    const youngWrites = createYoungWrites({ clock: () => nowMs, hiddenMs: 1_000 });
    const lagged = createDynamodbStore(await tests.open({ youngWrites, batchMax: 2, pageMax: 1 }));
    const job = await newJob();
    const incidentId = someIncident();
    await end(job, outcomeCiting([incidentId, someIncident(), someIncident()]), lagged);
    expect(await mark(job.tenantId, incidentId, lagged)).toBe(1);
    expect(await marked(job)).toEqual([[], []]);
    nowMs = 2_000;
    expect(await mark(job.tenantId, incidentId, lagged)).toBe(2);
    expect(await marked(job)).toEqual([[incidentId], [incidentId]]);
  });

  it('are marked a bounded number with each call, until none is left', async () => {
    const session = await newSession();
    const incidentId = someIncident();
    const jobs = Array.from({ length: followedMax + 5 }, () => someJob(session));
    for (let at = 0; at < jobs.length; at += 15) {
      const some = jobs.slice(at, at + 15);
      await Promise.all(
        some.map(async (job) => end(await store.insertQueryJob(job), outcomeCiting([incidentId]))),
      );
    }
    expect(await mark(session.tenantId, incidentId)).toBe(3);
    expect(await citationsOf(session.tenantId)).toEqual([]);
    const items = await tenantItems(documents, documents.tables.messages, session.tenantId);
    const lists = items.map((item) => (item.metadata as { references: { deleted?: boolean }[] }).references);
    expect(lists.filter(([reference]) => reference?.deleted)).toHaveLength(jobs.length);
  }, 60_000);

  it('are marked in the message of a job that is deleted, and bring neither job nor message back', async () => {
    const [job, other] = [await newJob(), await newJob()];
    const incidentId = someIncident();
    for (const one of [job, other]) {
      await end(one, outcomeCiting([incidentId]));
      const stored = await store.readQueryJob(one.tenantId, one.queryId);
      if (stored) await store.deleteQueryJob(stored, timeAt(9));
      await store.purgeQueryJob(one.tenantId, one.queryId);
    }
    await store.deleteSession(other, timeAt(10));
    while (!(await store.purgeSession(other.tenantId, other.sessionId)));
    for (const { tenantId } of [job, other]) await mark(tenantId, incidentId);
    expect(await marked(job)).toEqual([[], [incidentId]]);
    expect(await store.readQueryJob(job.tenantId, job.queryId)).toBeUndefined();
    expect(await tenantItems(documents, documents.tables.messages, other.tenantId)).toEqual([]);
  });

  it('are marked wherever an answer names the report', async () => {
    const job = await newJob();
    const incidentId = someIncident();
    await end(job, outcomeCiting([incidentId, someIncident(), incidentId, 'no report']));
    await mark(job.tenantId, incidentId);
    expect(await marked(job)).toEqual(Array.from({ length: 2 }, () => [incidentId, incidentId]));
  });
});
