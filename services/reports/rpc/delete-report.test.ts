// Deletion over a real socket: what is deleted is gone at once for everybody, and nothing brings it back.

import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import { pause } from '../../../local/pause.for-test.ts';
import {
  newCaller,
  newSubmission,
  type ReportsUnderTest,
  startReportsForTest,
  type TestSubmission,
} from '../app.for-test.ts';

const caller = newCaller();
const domainId = 'civic_complaints';

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

async function submitted(): Promise<TestSubmission> {
  const submission = newSubmission();
  await under.submit(caller, submission);
  return submission;
}

const asDeletion = (incidentId: string) => under.asRun(caller, incidentId, 'deletion');

async function remove(incidentId: string): Promise<boolean> {
  return (await under.reports.deleteReport({ incidentId }, asDeletion(incidentId))).deleted;
}

function outcome({ incidentId, jobId }: TestSubmission) {
  const ingestionData = { urgency: 'low' };
  return { incidentId, jobId, succeeded: true, ingestionData, at: timestampFromDate(new Date()) };
}

async function isIndexed(incidentId: string): Promise<boolean> {
  const request = { domainId, incidentIds: [incidentId] };
  return (await under.index.verifyReferences(request, under.as(caller))).entries.length > 0;
}

async function exportedIds(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { reports } of under.reports.exportReports({}, under.as(caller)))
    ids.push(...reports.map(({ incidentId }) => incidentId));
  return ids;
}

async function isFound(incidentId: string): Promise<boolean> {
  return (await reasonOf(under.reports.getReport({ incidentId }, under.as(caller)))) === 'ok';
}

describe('a deleted report', () => {
  it('is gone for every reader when the call is answered', async () => {
    const [kept, gone] = [await submitted(), await submitted()];
    expect(await remove(gone.incidentId)).toBe(true);
    expect(await isFound(gone.incidentId)).toBe(false);
    expect(await isIndexed(gone.incidentId)).toBe(false);
    const { reports } = await under.reports.listReports({ domainId }, under.as(caller));
    const listed = reports.map(({ incidentId }) => incidentId);
    expect(listed).toContain(kept.incidentId);
    expect(listed).not.toContain(gone.incidentId);
    const exported = await exportedIds();
    expect(exported).toContain(kept.incidentId);
    expect(exported).not.toContain(gone.incidentId);
  });

  it('is deleted once', async () => {
    const { incidentId } = await submitted();
    expect([await remove(incidentId), await remove(incidentId)]).toEqual([true, false]);
    expect(await remove(newSubmission().incidentId)).toBe(false);
  });

  it('takes nothing in any more: no outcome, no submission, no import', async () => {
    const submission = await submitted();
    const { incidentId } = submission;
    await remove(incidentId);
    const run = under.asRun(caller, incidentId);
    expect((await under.reports.applyIngestion(outcome(submission), run)).applied).toBe(false);
    expect(await reasonOf(under.submit(caller, submission))).toBe('already_exists');
    const imported = { incidentId, domainId, rawText: 'Again', ingestionData: {} };
    const { results } = await under.reports.importReports({ reports: [imported] }, under.as(caller));
    expect(results[0]?.violations.map(({ field }) => field)).toEqual(['incident_id']);
    expect(await isFound(incidentId)).toBe(false);
    expect(await isIndexed(incidentId)).toBe(false);
  });

  it('leaves the report of the same id in another tenant as it is', async () => {
    const submission = await submitted();
    const stranger = newCaller();
    await under.submit(stranger, { ...submission, rawText: 'Mine' });
    await remove(submission.incidentId);
    const { incidentId } = submission;
    const { report } = await under.reports.getReport({ incidentId }, under.as(stranger));
    expect(report?.rawText).toBe('Mine');
  });

  it('does not come back, whoever writes it at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const submission = newSubmission();
      const { incidentId } = submission;
      const imported = { incidentId, domainId, rawText: 'Imported', ingestionData: {} };
      const status = { incidentId, status: `round ${round}` };
      const write = [
        () => under.submit(caller, submission),
        () => under.reports.applyIngestion(outcome(submission), under.asRun(caller, incidentId)),
        () => under.reports.updateReport(status, under.as(caller)),
        () => under.reports.importReports({ reports: [imported] }, under.as(caller)),
        () => under.reports.updateReport(status, under.as(caller)),
      ];
      await under.submit(caller, submission);
      const writers = write.map((each) => reasonOf(each()));
      await Promise.all([remove(incidentId), ...writers]);
      await Promise.all(write.map((each) => reasonOf(each())));
      expect([await isFound(incidentId), await isIndexed(incidentId)]).toEqual([false, false]);
    }
  }, 30_000);

  it('leaves the index as soon as that is back', async () => {
    const { incidentId } = await submitted();
    await under.letIntoPostgres(false);
    expect(await remove(incidentId)).toBe(true);
    expect(await isFound(incidentId)).toBe(false);
    await under.letIntoPostgres(true);
    // The test's own time limit bounds the looks.
    while (await isIndexed(incidentId).catch(() => true)) await pause();
  }, 30_000);
});

describe('what belongs to a report', () => {
  it('stays while the report is there', async () => {
    const { incidentId } = await submitted();
    const purge = under.reports.purgeReport({ incidentId }, asDeletion(incidentId));
    expect(await reasonOf(purge)).toBe('failed_precondition');
  });

  it('goes with the deletion: its patches, until a call finds nothing', async () => {
    const { incidentId } = await submitted();
    const changed = await under.reports.updateReport({ incidentId, status: 'open' }, under.as(caller));
    const isThere = () => reasonOf(under.patches.getPatch({ patchId: changed.patchId }, under.as(caller)));
    expect(await isThere()).toBe('ok');
    await remove(incidentId);
    expect(await isThere()).toBe('not_found');
    const purge = async () => (await under.reports.purgeReport({ incidentId }, asDeletion(incidentId))).done;
    expect([await purge(), await purge()]).toEqual([false, true]);
  });
});
