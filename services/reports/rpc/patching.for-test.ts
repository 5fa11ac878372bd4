// What the tests of patches share: reports, requests of runs, and faults. Production does not import it.
import type { JsonObject } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Fault } from '../../../foundation/fault/fault.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import type { Patch } from '../../../proto/gen/domainflow/reports/v1/patch_pb.js';
import { PatchMode } from '../../../proto/gen/domainflow/reports/v1/patch_pb.js';
import type { Report } from '../../../proto/gen/domainflow/reports/v1/report_pb.js';
import { newSubmission, type ReportsUnderTest, type TestCaller } from '../app.for-test.ts';

/** The fault of a call; an answer is an error. */
export async function faultOf(call: Promise<unknown>): Promise<Fault> {
  const error = await call.then(
    () => new Error('the call was answered'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Fault) return error;
  throw error;
}

/** Submits a report and answers its id. */
export async function newReportOf(
  under: ReportsUnderTest,
  caller: TestCaller,
  domainId?: string,
): Promise<string> {
  const submission = newSubmission(domainId === undefined ? {} : { domainId });
  await under.submit(caller, submission);
  return submission.incidentId;
}

/** The document as it stands. */
export async function readReport(
  under: ReportsUnderTest,
  caller: TestCaller,
  incidentId: string,
): Promise<Report> {
  const { report } = await under.reports.getReport({ incidentId }, under.as(caller));
  if (!report) throw new Error('no report was answered');
  return report;
}

/** The patch as it stands. */
export async function readPatch(
  under: ReportsUnderTest,
  caller: TestCaller,
  patchId: string,
): Promise<Patch> {
  const { patch } = await under.patches.getPatch({ patchId }, under.as(caller));
  if (!patch) throw new Error('no patch was answered');
  return patch;
}

/** A request of a management run, for review. */
export function wishOf(incidentId: string, managementData: JsonObject) {
  return {
    ...{ id: newId(), incidentId, managementData, mode: PatchMode.REVIEW },
    ...{ jobId: prefixedId('job_', newId()), queryId: prefixedId('qry_', newId()) },
    ...{ agentId: 'agent-task-assigner', agentVersion: 1, reason: 'as asked' },
    references: [incidentId],
    at: timestampFromDate(new Date()),
  };
}

/** Makes a patch as a management run does. */
export async function proposed(
  under: ReportsUnderTest,
  caller: TestCaller,
  wish: ReturnType<typeof wishOf>,
): Promise<Patch> {
  const { patch } = await under.patches.makePatch(wish, under.asRun(caller, wish.incidentId, 'management'));
  if (!patch) throw new Error('no patch was made');
  return patch;
}
