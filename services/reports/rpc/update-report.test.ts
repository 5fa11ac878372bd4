// Changes of reports by persons over a real socket, and reports as they were.
import { type Timestamp, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import type { Report } from '../../../proto/gen/domainflow/reports/v1/report_pb.js';
import { newCaller, newSubmission, type ReportsUnderTest, startReportsForTest } from '../app.for-test.ts';
import { faultOf, newReportOf, proposed, readReport, wishOf } from './patching.for-test.ts';

const caller = newCaller();
let under: ReportsUnderTest;

beforeAll(async () => {
  under = await startReportsForTest();
}, 60_000);

afterAll(async () => {
  await under.stop();
}, 30_000);

describe('an update', () => {
  it('merges objects, replaces other values and lists, and answers the whole document', async () => {
    const incidentId = await newReportOf(under, caller);
    const update = (managementData: object) =>
      under.reports.updateReport({ incidentId, managementData: managementData as never }, under.as(caller));
    await update({ task: { assignee: 'kim', steps: [1, 2] }, note: 'x' });
    const { report } = await update({ task: { due: null, steps: [3] }, note: { text: 'y' } });
    const { history, ...content } = report?.managementData ?? {};
    expect(content).toEqual({ task: { assignee: 'kim', due: null, steps: [3] }, note: { text: 'y' } });
    expect(history).toMatchObject([{ action: 'update', by: caller.userId }, { action: 'update' }]);
    expect(report).toMatchObject({ rawText: 'A pothole on Main Street', version: 3n });
    expect(await readReport(under, caller, incidentId)).toEqual(report);
  });

  it('takes keys such as __proto__ for what they are', async () => {
    const incidentId = await newReportOf(under, caller);
    const text = '{"__proto__":{"polluted":1},"constructor":{"name":"Set"},"~__proto__":2,"big":1e20}';
    await under.reports.updateReport({ incidentId, managementData: JSON.parse(text) }, under.as(caller));
    const { history, ...content } = (await readReport(under, caller, incidentId)).managementData ?? {};
    expect(Object.entries(content).sort()).toEqual(Object.entries(JSON.parse(text)).sort());
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    const { patches } = await under.patches.listPatches({ incidentId }, under.as(caller));
    expect(patches[0]?.changes.map(({ path }) => path)).toEqual([
      'management_data.__proto__.polluted',
      'management_data.constructor.name',
      'management_data["~__proto__"]',
      'management_data.big',
    ]);
  });

  it('that changes nothing records nothing', async () => {
    const incidentId = await newReportOf(under, caller);
    const request = { incidentId, status: 'assigned', managementData: { a: [1, { b: 2 }] } };
    const first = await under.reports.updateReport(request, under.as(caller));
    const again = await under.reports.updateReport(request, under.as(caller));
    expect([again.patchId, again.report]).toEqual(['', first.report]);
  });

  it('of a version that has passed is told so, even if it would change nothing', async () => {
    const incidentId = await newReportOf(under, caller);
    const request = { incidentId, status: 'assigned', expectedVersion: 1n };
    expect((await under.reports.updateReport(request, under.as(caller))).report?.version).toBe(2n);
    expect((await faultOf(under.reports.updateReport(request, under.as(caller)))).reason).toBe('aborted');
    expect((await readReport(under, caller, incidentId)).version).toBe(2n);
  });

  it('of persons who race is lost for none of them', async () => {
    const incidentId = await newReportOf(under, caller);
    const keys = Array.from({ length: 12 }, (_, n) => `k${n}`);
    const updates = await Promise.all(
      keys.map((key) =>
        under.reports.updateReport({ incidentId, managementData: { [key]: key } }, under.as(caller)),
      ),
    );
    const { managementData, version } = await readReport(under, caller, incidentId);
    expect([version, managementData]).toMatchObject([13n, Object.fromEntries(keys.map((key) => [key, key]))]);
    const history = (managementData?.history ?? []) as { patch_id: string }[];
    expect(history.map((entry) => entry.patch_id).sort()).toEqual(
      updates.map(({ patchId }) => patchId).sort(),
    );
  }, 30_000);

  it('is told everything that is wrong with it, and leaves the report as it is', async () => {
    const incidentId = await newReportOf(under, caller);
    const deep = JSON.parse(`${'{"a":'.repeat(31)}1${'}'.repeat(31)}`);
    const refused: [string[], object][] = [
      [['status'], {}],
      [['status'], { status: 'processing' }],
      [['status'], { status: 'x'.repeat(51) }],
      [['status', 'management_data.history'], { status: 'a\0', managementData: { history: [] } }],
      [['management_data'], { managementData: { a: 'b\0' } }],
      [['management_data'], { managementData: { a: 'x'.repeat(70_000) } }],
      [['management_data'], { managementData: deep }],
      [['expected_version'], { status: 'x', expectedVersion: -1n }],
    ];
    for (const [fields, request] of refused) {
      const fault = await faultOf(under.reports.updateReport({ incidentId, ...request }, under.as(caller)));
      expect([fault.reason, fault.violations.map(({ field }) => field)]).toEqual([
        'invalid_argument',
        fields,
      ]);
    }
    expect((await readReport(under, caller, incidentId)).version).toBe(1n);
  });

  it('of reports of other tenants, of none and of no form cannot be told apart', async () => {
    const incidentId = await newReportOf(under, caller);
    const stranger = newCaller();
    const calls = [incidentId, prefixedId('inc_', newId()), 'x', ''].map((id) =>
      faultOf(under.reports.updateReport({ incidentId: id, status: 'x' }, under.as(stranger))),
    );
    const faults = await Promise.all(calls);
    expect(new Set(faults.map(({ message }) => message))).toEqual(new Set(['No such report']));
  });
});

describe('a report as it was', () => {
  async function asOf(incidentId: string, at: Timestamp | undefined): Promise<Report | undefined> {
    return (await under.reports.getReport({ incidentId, ...(at && { asOf: at }) }, under.as(caller))).report;
  }

  it('is at the time of each change what was answered then', async () => {
    const submission = newSubmission({ createdAt: new Date(Date.now() - 60_000) });
    const { incidentId, jobId } = submission;
    await under.submit(caller, submission);
    const recorded = [await readReport(under, caller, incidentId)];
    const record = async () => {
      const report = await readReport(under, caller, incidentId);
      // Two changes within a millisecond are one moment.
      if (asText(recorded.at(-1)?.updatedAt) === asText(report.updatedAt)) recorded.pop();
      recorded.push(report);
    };
    const update = (request: object) =>
      under.reports.updateReport({ incidentId, ...request }, under.as(caller));
    const { patchId } = await update({ managementData: { task: { assignee: 'kim' } } });
    await record();
    const outcome = {
      incidentId,
      jobId,
      succeeded: true,
      ingestionData: { urgency: 'low' },
      confidence: 0.5,
    };
    const run = under.asRun(caller, incidentId);
    await under.reports.applyIngestion({ ...outcome, at: timestampFromDate(new Date()) }, run);
    await record();
    await update({ status: 'closed', managementData: { task: { due: 'today' } } });
    await record();
    const patch = await proposed(under, caller, wishOf(incidentId, { note: 'x' }));
    await under.patches.applyPatch({ patchId: patch.patchId }, under.as(caller));
    await record();
    await under.patches.revertPatch({ patchId }, under.as(caller));
    await record();
    for (const then of recorded) {
      const past = await asOf(incidentId, then.updatedAt);
      expect({ ...past, version: 0n }).toEqual({ ...then, version: 0n });
    }
    expect(recorded[0]).toMatchObject({ status: 'processing' });
    expect(recorded.at(-1)).toMatchObject({ status: 'closed' });
  });

  it('is not found before it was submitted, and is what it is in the time to come', async () => {
    const submission = newSubmission({ createdAt: new Date(Date.UTC(2025, 0, 1)) });
    await under.submit(caller, submission);
    const { incidentId } = submission;
    const before = asOf(incidentId, timestampFromDate(new Date(Date.UTC(2024, 11, 31))));
    expect((await faultOf(before)).reason).toBe('not_found');
    const later = await asOf(incidentId, timestampFromDate(new Date(Date.UTC(2100, 0, 1))));
    expect(later).toEqual(await readReport(under, caller, incidentId));
  });

  it('is refused for a time that is none', async () => {
    const incidentId = await newReportOf(under, caller);
    const fault = await faultOf(
      under.reports.getReport({ incidentId, asOf: { seconds: -99_999_999_999n } }, under.as(caller)),
    );
    expect(fault.violations[0]?.field).toBe('as_of');
  });
});

function asText(time: Timestamp | undefined): string {
  return `${time?.seconds}.${time?.nanos}`;
}
