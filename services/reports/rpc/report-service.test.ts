// The reports service over a real socket: lifecycle, repeated and racing calls, and who may write.
import type { JsonObject } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

let under: ReportsUnderTest;

beforeAll(async () => {
  under = await startReportsForTest();
}, 60_000);

afterAll(async () => {
  await under.stop();
}, 30_000);

async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Fault) return error.reason;
    throw error;
  }
  return 'ok';
}

function creation(submission: TestSubmission) {
  const { incidentId: _incidentId, createdAt, ...rest } = submission;
  return { ...rest, source: 'web', createdAt: timestampFromDate(createdAt) };
}

async function submitted(caller: TestCaller, changes: Partial<TestSubmission> = {}): Promise<TestSubmission> {
  const submission = newSubmission(changes);
  await under.submit(caller, submission);
  return submission;
}

function outcome({ incidentId, jobId }: TestSubmission, ingestionData: JsonObject = { urgency: 'low' }) {
  const at = timestampFromDate(new Date());
  return { incidentId, jobId, succeeded: true, ingestionData, confidence: 0.9, at };
}

async function read(caller: TestCaller, incidentId: string) {
  const { report } = await under.reports.getReport({ incidentId }, under.as(caller));
  if (!report) throw new Error('no report was answered');
  return report;
}

describe('a report', () => {
  it('lives from its submission to its outcome', async () => {
    const caller = newCaller();
    const submission = await submitted(caller);
    const created = await read(caller, submission.incidentId);
    expect(created).toMatchObject({
      id: submission.id,
      incidentId: submission.incidentId,
      rawText: submission.rawText,
      status: 'processing',
      createdBy: caller.userId,
      version: 1n,
    });
    expect(created.ingestionData).toBeUndefined();
    const value = (text: string) => ({ kind: { case: 'stringValue' as const, value: text } });
    const request = {
      ...outcome(submission, { urgency: 'low', geo_location: { type: 'Point', coordinates: [13.4, 52.5] } }),
      provenance: {
        urgency: {
          agentId: 'a',
          agentVersion: 2,
          executionId: submission.jobId,
          attempt: 1,
          runtime: 'builtin',
          confidence: 0.5,
          spans: [
            { start: 2, end: 9 },
            { start: 2, end: 9_999 },
          ],
        },
      },
      conflicts: [
        {
          key: 'urgency',
          kept: { agentId: 'a', value: value('low') },
          dropped: [{ agentId: 'b', value: value('high') }],
        },
      ],
      confidence: 0.55,
      clarificationQuestions: ['Where is it?'],
    };
    const { applied } = await under.reports.applyIngestion(
      request,
      under.asRun(caller, submission.incidentId),
    );
    expect(applied).toBe(true);
    const report = await read(caller, submission.incidentId);
    expect(report).toMatchObject({
      status: 'completed',
      ingestionData: request.ingestionData,
      confidence: 0.55,
      needsClarification: true,
      clarificationQuestions: ['Where is it?'],
      version: 2n,
    });
    expect(report.provenance.urgency?.spans).toMatchObject([{ start: 2, end: 9 }]);
    expect(report.conflicts[0]?.dropped[0]?.value?.kind).toEqual({ case: 'stringValue', value: 'high' });
  });

  it('is failed by an outcome that failed, and keeps the reason', async () => {
    const caller = newCaller();
    const submission = await submitted(caller);
    const { confidence: _confidence, ...request } = outcome(submission);
    await under.reports.applyIngestion(
      { ...request, succeeded: false, error: 'A task failed' },
      under.asRun(caller, submission.incidentId),
    );
    const report = await read(caller, submission.incidentId);
    expect(report).toMatchObject({ status: 'failed', error: 'A task failed', needsClarification: false });
    expect(report.confidence).toBeUndefined();
    expect(report.ingestionData).toEqual({ urgency: 'low' });
  });

  it('is created once by a repeated call and by no other submission under its id', async () => {
    const caller = newCaller();
    const submission = await submitted(caller);
    await under.reports.applyIngestion(outcome(submission), under.asRun(caller, submission.incidentId));
    const again = await under.reports.createReport(
      creation(submission),
      under.asRun(caller, submission.incidentId),
    );
    expect(again.report).toMatchObject({ status: 'completed', version: 2n });
    const other = { ...submission, jobId: prefixedId('job_', newId()) };
    expect(
      await reasonOf(under.reports.createReport(creation(other), under.asRun(caller, submission.incidentId))),
    ).toBe('already_exists');
  });

  it('takes an outcome once, also from callers that race', async () => {
    const caller = newCaller();
    const submission = await submitted(caller);
    const call = () =>
      under.reports.applyIngestion(outcome(submission), under.asRun(caller, submission.incidentId));
    const answers = await Promise.all([call(), call(), call(), call()]);
    expect(answers.filter(({ applied }) => applied)).toHaveLength(1);
    expect((await call()).applied).toBe(false);
    expect((await read(caller, submission.incidentId)).version).toBe(2n);
  });

  it('takes no outcome of another job, and a report that is gone takes none without failing', async () => {
    const caller = newCaller();
    const submission = await submitted(caller);
    const older = { ...submission, jobId: prefixedId('job_', newId()) };
    const gone = newSubmission();
    for (const target of [older, gone]) {
      const options = under.asRun(caller, target.incidentId);
      expect((await under.reports.applyIngestion(outcome(target), options)).applied).toBe(false);
    }
    expect((await read(caller, submission.incidentId)).status).toBe('processing');
  });

  it('refuses findings that would make it too large or cannot be stored', async () => {
    const caller = newCaller();
    const submission = await submitted(caller);
    const deep = JSON.parse(`${'['.repeat(40)}1${']'.repeat(40)}`);
    for (const value of ['x'.repeat(360_000), 'a\0b', 1e300, deep]) {
      const request = outcome(submission, { urgency: value });
      const refused = under.reports.applyIngestion(request, under.asRun(caller, submission.incidentId));
      expect(await reasonOf(refused)).toBe('invalid_argument');
    }
    expect((await read(caller, submission.incidentId)).version).toBe(1n);
  });

  it('refuses a submission that breaks rules, naming every field', async () => {
    const caller = newCaller();
    const submission = newSubmission({ rawText: '', domainId: 'No Domain', jobId: 'x' });
    const refused = under.reports.createReport(
      creation(submission),
      under.asRun(caller, submission.incidentId),
    );
    const fault = await refused.catch((error: unknown) => error as Fault);
    expect((fault as Fault).violations.map(({ field }) => field)).toEqual([
      'domain_id',
      'raw_text',
      'job_id',
    ]);
  });
});

describe('writing', () => {
  it('is for the ingestion run of the report alone', async () => {
    const caller = newCaller();
    const submission = await submitted(caller);
    const { incidentId } = submission;
    const others = [
      under.as(caller),
      under.asRun(caller, incidentId, 'query'),
      under.asRun(caller, incidentId, 'management'),
      under.asRun(caller, newSubmission().incidentId),
      under.asRun(caller, ''),
    ];
    for (const options of others) {
      expect(await reasonOf(under.reports.createReport(creation(submission), options))).toBe(
        'permission_denied',
      );
      expect(await reasonOf(under.reports.applyIngestion(outcome(submission), options))).toBe(
        'permission_denied',
      );
    }
    expect((await read(caller, incidentId)).version).toBe(1n);
  });

  it('leaves reading to every principal of the tenant', async () => {
    const caller = newCaller();
    const { incidentId } = await submitted(caller);
    const colleague = { ...newCaller(), tenantId: caller.tenantId };
    for (const options of [under.as(colleague), under.asRun(colleague, '', 'query')]) {
      const { report } = await under.reports.getReport({ incidentId }, options);
      expect(report?.incidentId).toBe(incidentId);
    }
  });
});

describe('unsettled reports', () => {
  it('are listed oldest first until their outcome is applied', async () => {
    const caller = newCaller();
    const times = [3, 1, 2].map((hour) => new Date(Date.UTC(2025, 0, 1, hour)));
    const [third, first, second] = await Promise.all(
      times.map((createdAt) => submitted(caller, { createdAt })),
    );
    await submitted(caller, { createdAt: new Date(Date.UTC(2025, 0, 2)) });
    const before = timestampFromDate(new Date(Date.UTC(2025, 0, 1, 12)));
    const list = async (limit = 0) =>
      (await under.reports.listUnsettled({ before, limit }, under.as(caller))).reports;
    expect((await list()).map(({ incidentId }) => incidentId)).toEqual(
      [first, second, third].map((submission) => submission?.incidentId),
    );
    expect(await list(1)).toMatchObject([{ incidentId: first?.incidentId, jobId: first?.jobId }]);
    if (!first) throw new Error('nothing was submitted');
    await under.reports.applyIngestion(outcome(first), under.asRun(caller, first.incidentId));
    expect(await list(1)).toMatchObject([{ incidentId: second?.incidentId }]);
  });
});
