// ReopenQueryJob over a real socket: an ended job goes to a newer run once, and nothing of the earlier one is left but its messages.

import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { newPerson, newQuestion, startTestSessions, type TestSessions } from '../app.for-test.ts';
import { reopenedQueryJob } from '../core/query-job.ts';
import { readQueryJob } from '../store/query-job-documents.ts';
import { reopenQueryJob } from '../store/reopen-query-job.ts';

const at = timestampFromDate(new Date('2030-01-01T00:00:00.000Z'));

let service: TestSessions;
let person: Principal;
let question: ReturnType<typeof newQuestion>;
beforeAll(async () => {
  service = await startTestSessions();
}, 30_000);
afterAll(() => service.close(), 20_000);
beforeEach(async () => {
  person = newPerson();
  const { session } = await service.sessions.createSession({ domainId: 'civic' }, service.as(person));
  question = newQuestion(session?.sessionId ?? '', '2029-01-01T00:00:00.000Z');
  await service.jobs.createQueryJob(question, asRun());
});

const asRun = () => service.asRun(person, { writeTarget: question.queryId });
const newJobId = () => prefixedId('job_', newId());

function complete(jobId: string, summary: string, messageId = prefixedId('msg_', newId())) {
  const result = { summary, executionLog: [{ agent_id: 'what', said: summary }] };
  const said = { messageId, messageContent: summary, at };
  return service.jobs.completeQueryJob(
    { queryId: question.queryId, jobId, succeeded: true, result, ...said },
    asRun(),
  );
}

function reopen(jobId: string, earlierJobId = question.jobId) {
  return service.jobs.reopenQueryJob({ queryId: question.queryId, earlierJobId, jobId, at }, asRun());
}

async function job() {
  return (await service.jobs.getQueryJob({ queryId: question.queryId }, service.as(person))).job;
}

async function reasonOf(call: Promise<unknown>): Promise<string | undefined> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof Fault ? error.reason : String(error);
}

async function reopenAndBreakOff(jobId: string): Promise<void> {
  const { tenantId } = person;
  const { queryId, jobId: earlierJobId } = question;
  const stored = await readQueryJob(service.documents, tenantId, queryId);
  const wanted = stored && reopenedQueryJob(stored, { earlierJobId, jobId, at: '2030' });
  if (!wanted) throw new Error('nothing to reopen');
  await reopenQueryJob(service.documents, wanted, earlierJobId);
}

/** Keys of the chunks of logs of this job. */
async function chunks(): Promise<string[]> {
  const { client, tables } = service.documents;
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tables.queryJobs }));
  return Items.map(({ pk }) => String(pk)).filter((key) => key.includes(`${question.queryId}#log#`));
}

describe('an ended job', () => {
  it('is processing and without a result under the newer run, until that one ends', async () => {
    await complete(question.jobId, 'First');
    const second = newJobId();
    const { job: reopened } = await reopen(second);
    expect(reopened).toMatchObject({ jobId: second, status: 'processing' });
    expect(await job()).toEqual(reopened);
    expect(reopened?.result).toBeUndefined();
    expect(reopened?.completedAt).toBeUndefined();
    expect(await chunks()).toEqual([]);
    expect((await complete(question.jobId, 'Late')).applied).toBe(false);
    expect((await complete(second, 'Second')).applied).toBe(true);
    expect(await job()).toMatchObject({ status: 'completed', result: { summary: 'Second' } });
    const { sessionId } = question;
    const { messages } = await service.sessions.getSession(
      { sessionId, messageLimit: 9 },
      service.as(person),
    );
    expect(messages.map(({ content }) => content)).toEqual([question.question, 'First', 'Second']);
  });

  it('is unsettled again', async () => {
    await complete(question.jobId, 'First');
    const second = newJobId();
    await reopen(second);
    const asPlatform = service.asRun(person, { capability: 'reconcile' });
    const { jobs } = await service.jobs.listUnsettled({ before: at }, asPlatform);
    expect(jobs.map(({ jobId }) => jobId)).toEqual([second]);
  });

  it('is reopened once, however often that is asked', async () => {
    await complete(question.jobId, 'First');
    const second = newJobId();
    const first = await reopen(second);
    expect(await reopen(second)).toEqual(first);
    await complete(second, 'Second');
    expect((await reopen(second)).job).toMatchObject({ status: 'completed', result: { summary: 'Second' } });
  });

  it('goes to one of many newer runs', async () => {
    await complete(question.jobId, 'First');
    const calls = await Promise.allSettled(Array.from({ length: 6 }, () => reopen(newJobId())));
    expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const call of calls) {
      if (call.status === 'rejected') expect(call.reason).toMatchObject({ reason: 'failed_precondition' });
    }
  });

  it.each(['a repeated call', 'its deletion'])(
    'loses the log of the earlier run by %s also when that was cut off',
    async (mend) => {
      await complete(question.jobId, 'First');
      const second = newJobId();
      await reopenAndBreakOff(second);
      expect(await chunks()).toHaveLength(1);
      const { queryId } = question;
      const deletion = service.asDeletion(person, queryId);
      if (mend === 'a repeated call') await reopen(second);
      else {
        await service.jobs.deleteQueryJob({ queryId }, deletion);
        expect(await service.jobs.purgeQueryJob({ queryId }, deletion)).toMatchObject({ jobId: second });
      }
      expect(await chunks()).toEqual([]);
    },
  );
});

describe('a job', () => {
  it('whose run has not ended is not reopened', async () => {
    expect(await reasonOf(reopen(newJobId()))).toBe('failed_precondition');
    expect(await job()).toMatchObject({ jobId: question.jobId });
  });

  it('of another run is not reopened', async () => {
    await complete(question.jobId, 'First');
    expect(await reasonOf(reopen(newJobId(), newJobId()))).toBe('failed_precondition');
    expect(await job()).toMatchObject({ jobId: question.jobId, status: 'completed' });
  });

  it('that is deleted is not brought back', async () => {
    await complete(question.jobId, 'First');
    const { queryId } = question;
    await service.jobs.deleteQueryJob({ queryId }, service.asDeletion(person, queryId));
    expect(await reasonOf(reopen(newJobId()))).toBe('not_found');
    expect(await reasonOf(job())).toBe('not_found');
  });

  it('is told everything that is wrong with a request', async () => {
    const wrong = { queryId: question.queryId, earlierJobId: 'job_1', jobId: '' };
    await expect(service.jobs.reopenQueryJob(wrong, asRun())).rejects.toMatchObject({
      violations: [{ field: 'earlier_job_id' }, { field: 'job_id' }, { field: 'at' }],
    });
  });
});
