// ReopenReport over real stores: a report goes to a newer run once, and keeps what it holds until that run is applied.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import {
  newCaller,
  newSubmission,
  type ReportsUnderTest,
  startReportsForTest,
  type TestCaller,
  type TestSubmission,
} from '../app.for-test.ts';

const at = timestampFromDate(new Date());
const before = timestampFromDate(new Date(Date.now() + 60_000));

let under: ReportsUnderTest;
let caller: TestCaller;
let submission: TestSubmission;
beforeAll(async () => {
  under = await startReportsForTest();
}, 60_000);
afterAll(() => under.stop(), 30_000);
beforeEach(async () => {
  caller = newCaller();
  submission = newSubmission();
  await under.submit(caller, submission);
});

const newJobId = () => prefixedId('job_', newId());

function apply(jobId: string, changes: object) {
  const { incidentId } = submission;
  return under.reports.applyIngestion({ incidentId, jobId, at, ...changes }, under.asRun(caller, incidentId));
}

function reopen(jobId: string, earlierJobId = submission.jobId) {
  const { incidentId } = submission;
  const request = { incidentId, earlierJobId, jobId, at };
  return under.reports.reopenReport(request, under.asRun(caller, incidentId));
}

async function report() {
  const { incidentId } = submission;
  return (await under.reports.getReport({ incidentId }, under.as(caller))).report;
}

async function reasonOf(call: Promise<unknown>): Promise<string | undefined> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof Fault ? error.reason : String(error);
}

describe('a report', () => {
  it.each([
    ['completed', { succeeded: true, ingestionData: { urgency: 'low' } }],
    ['failed', { succeeded: false, error: 'No JSON' }],
  ])('that is %s is processing under the newer run, until that one is applied', async (_, outcome) => {
    await apply(submission.jobId, outcome);
    const second = newJobId();
    const { report: reopened } = await reopen(second);
    expect(reopened).toMatchObject({ jobId: second, status: 'processing', error: '' });
    expect(await report()).toEqual(reopened);
    const { reports } = await under.reports.listUnsettled({ before }, under.as(caller));
    expect(reports.map(({ jobId }) => jobId)).toEqual([second]);
    expect(await apply(submission.jobId, { succeeded: true })).toMatchObject({ applied: false });
    expect(await apply(second, { succeeded: true, ingestionData: { urgency: 'high' } })).toMatchObject({
      applied: true,
    });
    expect(await report()).toMatchObject({ status: 'completed', ingestionData: { urgency: 'high' } });
  });

  it('keeps what it holds while the newer run goes on', async () => {
    await apply(submission.jobId, { succeeded: true, ingestionData: { urgency: 'low' } });
    expect(await reopen(newJobId())).toMatchObject({ report: { ingestionData: { urgency: 'low' } } });
  });

  it('with a case status keeps it, and points to the newer run', async () => {
    await apply(submission.jobId, { succeeded: true });
    const { incidentId } = submission;
    await under.reports.updateReport({ incidentId, status: 'assigned' }, under.as(caller));
    const second = newJobId();
    expect(await reopen(second)).toMatchObject({ report: { jobId: second, status: 'assigned' } });
    await apply(second, { succeeded: true, ingestionData: { urgency: 'high' } });
    expect(await report()).toMatchObject({ status: 'assigned', ingestionData: { urgency: 'high' } });
  });

  it('is reopened once, however often that is asked', async () => {
    await apply(submission.jobId, { succeeded: true });
    const second = newJobId();
    const { report: first } = await reopen(second);
    expect((await reopen(second)).report).toEqual(first);
    await apply(second, { succeeded: true });
    expect((await reopen(second)).report).toMatchObject({ status: 'completed' });
  });

  it('goes to one of many newer runs', async () => {
    await apply(submission.jobId, { succeeded: true });
    const calls = await Promise.allSettled(Array.from({ length: 6 }, () => reopen(newJobId())));
    expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const call of calls) {
      if (call.status === 'rejected') expect(call.reason).toMatchObject({ reason: 'failed_precondition' });
    }
  });

  it('whose run has not been applied, or that is of another run, stays as it is', async () => {
    expect(await reasonOf(reopen(newJobId()))).toBe('failed_precondition');
    await apply(submission.jobId, { succeeded: true });
    expect(await reasonOf(reopen(newJobId(), newJobId()))).toBe('failed_precondition');
    expect(await report()).toMatchObject({ jobId: submission.jobId, status: 'completed' });
  });

  it('that is deleted is not brought back, and tells its purge which run it had', async () => {
    await apply(submission.jobId, { succeeded: true });
    const { incidentId, jobId } = submission;
    const deletion = under.asRun(caller, incidentId, 'deletion');
    await under.reports.deleteReport({ incidentId }, deletion);
    expect(await reasonOf(reopen(newJobId()))).toBe('not_found');
    expect(await under.reports.purgeReport({ incidentId }, deletion)).toMatchObject({ jobId });
  });

  it('is told everything that is wrong with a request', async () => {
    const { incidentId } = submission;
    const wrong = { incidentId, earlierJobId: 'job_1', jobId: '', at };
    await expect(under.reports.reopenReport(wrong, under.asRun(caller, incidentId))).rejects.toMatchObject({
      violations: [{ field: 'earlier_job_id' }, { field: 'job_id' }],
    });
  });
});
