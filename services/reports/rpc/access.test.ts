// Who may call what: every RPC of the service by everybody who could try. An RPC without an entry fails here.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { CallOptions } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { ImageService } from '../../../proto/gen/domainflow/reports/v1/image_service_pb.js';
import { TimeBucket } from '../../../proto/gen/domainflow/reports/v1/index_entry_pb.js';
import { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { PatchMode } from '../../../proto/gen/domainflow/reports/v1/patch_pb.js';
import { PatchService } from '../../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { newCaller, newSubmission, type ReportsUnderTest, startReportsForTest } from '../app.for-test.ts';
import { sampleImages } from '../core/sample-images.for-test.ts';

const owner = newCaller();
const stranger = newCaller();
const submission = newSubmission();
const { incidentId, domainId } = submission;
const other = newSubmission();
const doomed = newSubmission();
/** Created here alone, by two tenants. */
const arriving = newSubmission();
const filter = { domainId };
const now = timestampFromDate(new Date());
const png = sampleImages['image/png'];
/** A run that repeats the one of the owner's report. */
const newerJobId = prefixedId('job_', newId());
const patchIds: string[] = [];

let under: ReportsUnderTest;

/** Who calls, and how; `target` is the report that a call of the entry would write. */
const callers: Readonly<Record<string, (entry: Entry) => CallOptions>> = {
  nobody: () => ({ timeoutMs: 10_000 }),
  service: () => under.asService(),
  stranger: () => under.as(stranger),
  viewer: () => under.as(owner, 'viewer'),
  'run of another class': ({ target = incidentId }) => under.asRun(owner, target, 'query'),
  'run with another target': ({ capability }) => under.asRun(owner, other.incidentId, capability),
  'run without a target': ({ capability }) => under.asRun(owner, '', capability),
  'run of another tenant': ({ target = incidentId, capability }) => under.asRun(stranger, target, capability),
  ingestion: ({ target = incidentId }) => under.asRun(owner, target, 'ingestion'),
  management: ({ target = incidentId }) => under.asRun(owner, target, 'management'),
  editor: () => under.as(owner, 'editor'),
  deletion: ({ target = incidentId }) => under.asRun(owner, target, 'deletion'),
};
const people = ['stranger', 'viewer', 'editor'];
const runs = [
  'run of another class',
  'run with another target',
  'run without a target',
  'run of another tenant',
];
const principals = [...people, ...runs, 'ingestion', 'management', 'deletion'];

/** One RPC. Who is not named as allowed or as finding nothing is refused. */
interface Entry {
  readonly call: (options: CallOptions) => Promise<unknown>;
  readonly allowed: readonly string[];
  readonly findsNothing?: readonly string[];
  /** The report that it writes [that of the owner]. */
  readonly target?: string;
  /** Class of the runs with a wrong target [ingestion]. */
  readonly capability?: string;
}

const reading = { allowed: principals };
const foreign = ['stranger', 'run of another tenant'];
const readingOne = { allowed: principals.filter((name) => !foreign.includes(name)), findsNothing: foreign };
/** What a person changes in the tenant of its own. */
const editing = { allowed: ['editor', 'stranger'] };
/** What a person changes of the owner's. */
const editingOne = { allowed: ['editor'], findsNothing: ['stranger'] };

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

const reportEntries: Readonly<Record<keyof typeof ReportService.method, Entry>> = {
  createReport: {
    call: (options) => under.reports.createReport(creation(), options),
    allowed: ['ingestion', 'run of another tenant'],
    target: arriving.incidentId,
  },
  getReport: { call: (options) => under.reports.getReport({ incidentId }, options), ...readingOne },
  listReports: { call: (options) => under.reports.listReports({}, options), ...reading },
  applyIngestion: {
    call: (options) => {
      const outcome = { incidentId, jobId: submission.jobId, succeeded: true, at: now };
      return under.reports.applyIngestion(outcome, options);
    },
    allowed: ['ingestion', 'run of another tenant'],
  },
  reopenReport: {
    call: (options) => {
      const earlierJobId = submission.jobId;
      return under.reports.reopenReport({ incidentId, earlierJobId, jobId: newerJobId, at: now }, options);
    },
    allowed: ['ingestion'],
    findsNothing: ['run of another tenant'],
  },
  updateReport: {
    call: (options) => under.reports.updateReport({ incidentId, status: newId() }, options),
    ...editingOne,
  },
  deleteReport: {
    call: (options) => under.reports.deleteReport({ incidentId: doomed.incidentId }, options),
    allowed: ['deletion', 'run of another tenant'],
    target: doomed.incidentId,
    capability: 'deletion',
  },
  purgeReport: {
    call: (options) => under.reports.purgeReport({ incidentId: doomed.incidentId }, options),
    allowed: ['deletion', 'run of another tenant'],
    target: doomed.incidentId,
    capability: 'deletion',
  },
  importReports: {
    call: (options) => under.reports.importReports({ reports: [{ domainId, rawText: 'A' }] }, options),
    ...editing,
  },
  exportReports: { call: (options) => drain(under.reports.exportReports({}, options)), ...reading },
  listUnsettled: { call: (options) => under.reports.listUnsettled({ before: now }, options), ...reading },
};

const patchEntries: Readonly<Record<keyof typeof PatchService.method, Entry>> = {
  makePatch: {
    call: (options) => under.patches.makePatch(wish('made'), options),
    allowed: ['management'],
    findsNothing: ['run of another tenant'],
    capability: 'management',
  },
  getPatch: {
    call: (options) => under.patches.getPatch({ patchId: patchIds[0] ?? '' }, options),
    ...readingOne,
  },
  listPatches: { call: (options) => under.patches.listPatches({}, options), ...reading },
  applyPatch: {
    call: (options) => under.patches.applyPatch({ patchId: patchIds[0] ?? '' }, options),
    ...editingOne,
  },
  rejectPatch: {
    call: (options) => under.patches.rejectPatch({ patchId: patchIds[1] ?? '' }, options),
    ...editingOne,
  },
  revertPatch: {
    call: (options) => under.patches.revertPatch({ patchId: patchIds[2] ?? '' }, options),
    ...editingOne,
  },
};

const imageEntries: Readonly<Record<keyof typeof ImageService.method, Entry>> = {
  createUpload: {
    call: (options) => under.images.createUpload({ contentType: 'image/png', sizeBytes: 9n }, options),
    ...editing,
  },
  putImage: {
    call: (options) => under.images.putImage({ contentType: 'image/png', data: png }, options),
    ...editing,
  },
  checkImages: { call: (options) => under.images.checkImages({ images: [] }, options), ...editing },
};

const indexEntries: Readonly<Record<keyof typeof IndexService.method, Entry>> = {
  retrieve: { call: (options) => under.index.retrieve({ filter }, options), ...reading },
  aggregate: { call: (options) => under.index.aggregate({ filter, groupBy: 'status' }, options), ...reading },
  countOverTime: {
    call: (options) => under.index.countOverTime({ filter, bucket: TimeBucket.DAY }, options),
    ...reading,
  },
  listPoints: { call: (options) => under.index.listPoints({ filter }, options), ...reading },
  clusterPoints: { call: (options) => under.index.clusterPoints({ filter }, options), ...reading },
  verifyReferences: {
    call: (options) => under.index.verifyReferences({ domainId, incidentIds: [incidentId] }, options),
    ...reading,
  },
  getDataRevision: { call: (options) => under.index.getDataRevision({ domainId }, options), ...reading },
};

function creation() {
  const { incidentId: _incidentId, createdAt, ...rest } = arriving;
  return { ...rest, source: 'web', createdAt: timestampFromDate(createdAt) };
}

function wish(key: string) {
  const change = { incidentId, managementData: { [key]: 'x' }, mode: PatchMode.REVIEW };
  const run = { jobId: prefixedId('job_', newId()), queryId: prefixedId('qry_', newId()) };
  return { id: newId(), ...change, ...run, agentId: 'agent', agentVersion: 1, at: now };
}

function expectedOf(name: string, { allowed, findsNothing = [] }: Entry): string {
  if (name === 'nobody' || name === 'service') return 'unauthenticated';
  if (findsNothing.includes(name)) return 'not_found';
  return allowed.includes(name) ? 'ok' : 'permission_denied';
}

async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Fault) return error.reason;
    throw error;
  }
  return 'ok';
}

beforeAll(async () => {
  under = await startReportsForTest();
  for (const each of [submission, other, doomed]) await under.submit(owner, each);
  const run = under.asRun(owner, incidentId, 'management');
  for (const key of ['a', 'b', 'c']) {
    const { patch } = await under.patches.makePatch(wish(key), run);
    patchIds.push(patch?.patchId ?? '');
  }
  await under.patches.applyPatch({ patchId: patchIds[2] ?? '' }, under.as(owner));
}, 60_000);

afterAll(async () => {
  await under.stop();
}, 30_000);

const services = [
  { service: ReportService, entries: reportEntries },
  { service: PatchService, entries: patchEntries },
  { service: ImageService, entries: imageEntries },
  { service: IndexService, entries: indexEntries },
].map(({ service, entries }) => ({ service, entries: entries as Readonly<Record<string, Entry>> }));

describe('the service', () => {
  it.each(services)('says of every RPC of $service.name who may call it', ({ service, entries }) => {
    expect(Object.keys(entries).sort()).toEqual(Object.keys(service.method).sort());
  });

  describe.each(services)('$service.name', ({ entries }) => {
    it.each(Object.entries(entries))('lets those call %s who may, and no others', async (_name, entry) => {
      const answers: Record<string, string> = {};
      const expected: Record<string, string> = {};
      for (const [name, options] of Object.entries(callers)) {
        expected[name] = expectedOf(name, entry);
        answers[name] = await reasonOf(entry.call(options(entry)));
      }
      expect(answers).toEqual(expected);
    });
  });
});
