// The writes of reports and patches that are cut off: each brings a new report to where the write begins, and can be repeated as callers do.
import type { JsonObject } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { newId, prefixedId } from '../../foundation/ids/ids.ts';
import { PatchMode } from '../../proto/gen/domainflow/reports/v1/patch_pb.js';
import type { RunningReports } from './running-reports.for-test.ts';

/** The running service, which is another one after a crash. */
export type Running = () => RunningReports;

/** One write, ready to be done to a report of its own. */
export interface ReadyWrite {
  readonly incidentId: string;
  /** Repeating it after a success changes nothing more. */
  act(): Promise<unknown>;
}

/** A kind of write. */
export interface WriteOperation {
  readonly name: string;
  /** True where another kind writes the same in the same order. */
  readonly isLikeOthers?: boolean;
  prepare(running: Running): Promise<ReadyWrite>;
}

interface NewReport {
  readonly id: string;
  readonly incidentId: string;
  readonly jobId: string;
}

const at = timestampFromDate(new Date('2025-05-05T05:05:05Z'));
const managementData: JsonObject = { crew: { name: 'North' }, cost: 12 };

function newReport(): NewReport {
  const id = newId();
  return { id, incidentId: prefixedId('inc_', id), jobId: prefixedId('job_', newId()) };
}

function create(running: Running, { id, incidentId, jobId }: NewReport): Promise<unknown> {
  const { reports, asRun } = running();
  const text = { domainId: 'parks', rawText: 'A tree fell', source: 'web', createdAt: at };
  return reports.createReport({ id, jobId, ...text }, asRun('ingestion', incidentId));
}

function apply(running: Running, { incidentId, jobId }: NewReport): Promise<unknown> {
  const { reports, asRun } = running();
  const findings = { ingestionData: { kind: 'tree' }, confidence: 0.9 };
  const outcome = { incidentId, jobId, succeeded: true, ...findings, at };
  return reports.applyIngestion(outcome, asRun('ingestion', incidentId));
}

function update(running: Running, { incidentId }: NewReport): Promise<{ readonly patchId: string }> {
  const { reports, asPerson } = running();
  return reports.updateReport({ incidentId, status: 'assigned', managementData }, asPerson());
}

interface Make {
  readonly id: string;
  readonly mode: PatchMode;
}

function make(running: Running, { incidentId, jobId }: NewReport, { id, mode }: Make): Promise<unknown> {
  const { patches, asRun } = running();
  const origin = { jobId, queryId: prefixedId('qry_', newId()), agentId: 'agent-one', agentVersion: 1 };
  const request = { id, incidentId, status: 'planned', managementData, mode, reason: 'Why not', at };
  return patches.makePatch({ ...request, ...stable(origin, id) }, asRun('management', incidentId));
}

// A repeated call says the same as the first one.
function stable<T extends { queryId: string }>(origin: T, id: string): T {
  return { ...origin, queryId: prefixedId('qry_', id) };
}

async function created(running: Running): Promise<NewReport> {
  const report = newReport();
  await create(running, report);
  return report;
}

async function applied(running: Running): Promise<NewReport> {
  const report = await created(running);
  await apply(running, report);
  return report;
}

/** A report with a patch that was proposed. */
async function proposed(running: Running): Promise<NewReport & { readonly patchId: string }> {
  const report = await applied(running);
  const id = newId();
  await make(running, report, { id, mode: PatchMode.REVIEW });
  return { ...report, patchId: prefixedId('patch_', id) };
}

function making(mode: PatchMode): WriteOperation['prepare'] {
  return async (running) => {
    const report = await applied(running);
    const id = newId();
    return { ...report, act: () => make(running, report, { id, mode }) };
  };
}

/** Every kind of write that spans document, patches and index. */
export const writeOperations: readonly WriteOperation[] = [
  {
    name: 'creating a report',
    prepare: async (running) => {
      const report = newReport();
      return { ...report, act: () => create(running, report) };
    },
  },
  {
    name: 'applying the findings of a run',
    prepare: async (running) => {
      const report = await created(running);
      return { ...report, act: () => apply(running, report) };
    },
  },
  {
    name: 'a change by a person',
    prepare: async (running) => {
      const report = await applied(running);
      return { ...report, act: () => update(running, report) };
    },
  },
  { name: 'proposing a patch', isLikeOthers: true, prepare: making(PatchMode.REVIEW) },
  { name: 'making a patch that applies at once', isLikeOthers: true, prepare: making(PatchMode.AUTO) },
  {
    name: 'applying a patch',
    prepare: async (running) => {
      const report = await proposed(running);
      const { patchId } = report;
      const request = { patchId, requestId: 'apply' };
      return { ...report, act: () => running().patches.applyPatch(request, running().asPerson()) };
    },
  },
  {
    name: 'rejecting a patch',
    isLikeOthers: true,
    prepare: async (running) => {
      const report = await proposed(running);
      const { patchId } = report;
      const request = { patchId, requestId: 'reject' };
      return { ...report, act: () => running().patches.rejectPatch(request, running().asPerson()) };
    },
  },
  {
    name: 'reverting a patch',
    isLikeOthers: true,
    prepare: async (running) => {
      const report = await applied(running);
      const { patchId } = await update(running, report);
      const request = { patchId, reason: 'A mistake', requestId: 'revert' };
      return { ...report, act: () => running().patches.revertPatch(request, running().asPerson()) };
    },
  },
  {
    name: 'deleting a report',
    prepare: async (running) => {
      const report = await applied(running);
      const { incidentId } = report;
      const act = () =>
        running().reports.deleteReport({ incidentId }, running().asRun('deletion', incidentId));
      return { ...report, act };
    },
  },
];
