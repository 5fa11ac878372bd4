// Every RPC of the service, called by another tenant, and with requests that break its rules.
import type { DescMethod } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Idempotency, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import { TimeBucket } from '../../../proto/gen/domainflow/reports/v1/index_entry_pb.js';
import { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { PatchService } from '../../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import {
  newCaller,
  newSubmission,
  type ReportsUnderTest,
  startReportsForTest,
  type TestCaller,
} from '../app.for-test.ts';

const owner = newCaller();
const stranger = newCaller();
const submission = newSubmission({ createdAt: new Date(Date.UTC(2025, 0, 1)) });
const { incidentId, jobId, domainId } = submission;
const now = timestampFromDate(new Date());
const filter = { domainId };

let under: ReportsUnderTest;
let patchId = '';

/** What a caller sees of the owner's one report: how many results each RPC answers, or why it refuses. */
const reads: Readonly<Record<string, (caller: TestCaller) => Promise<number>>> = {
  getReport: async (caller) =>
    (await under.reports.getReport({ incidentId }, under.as(caller))).report ? 1 : 0,
  listReports: async (caller) => (await under.reports.listReports({}, under.as(caller))).reports.length,
  exportReports: async (caller) => {
    let count = 0;
    for await (const { reports } of under.reports.exportReports({}, under.as(caller)))
      count += reports.length;
    return count;
  },
  getPatch: async (caller) => ((await under.patches.getPatch({ patchId }, under.as(caller))).patch ? 1 : 0),
  listPatches: async (caller) => (await under.patches.listPatches({}, under.as(caller))).patches.length,
  listUnsettled: async (caller) =>
    (await under.reports.listUnsettled({ before: now }, under.as(caller))).reports.length,
  retrieve: async (caller) => (await under.index.retrieve({ filter }, under.as(caller))).entries.length,
  aggregate: async (caller) =>
    Number((await under.index.aggregate({ filter, groupBy: 'status' }, under.as(caller))).total),
  countOverTime: async (caller) =>
    Number((await under.index.countOverTime({ filter, bucket: TimeBucket.DAY }, under.as(caller))).total),
  listPoints: async (caller) => (await under.index.listPoints({ filter }, under.as(caller))).features.length,
  clusterPoints: async (caller) =>
    (await under.index.clusterPoints({ filter }, under.as(caller))).clusters.length,
  verifyReferences: async (caller) => {
    const request = { domainId, incidentIds: [incidentId] };
    return (await under.index.verifyReferences(request, under.as(caller))).entries.length;
  },
  getDataRevision: async (caller) =>
    (await under.index.getDataRevision({ domainId }, under.as(caller))).revision === '0' ? 0 : 1,
};

async function faultOf(call: Promise<unknown>): Promise<Fault> {
  const error = await call.then(
    () => new Error('the call was answered'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Fault) return error;
  throw error;
}

beforeAll(async () => {
  under = await startReportsForTest();
  await under.submit(owner, submission);
  const ingestionData = { geo_location: { type: 'Point', coordinates: [13.4, 52.5] } };
  const outcome = { incidentId, jobId, succeeded: true, ingestionData, at: now };
  await under.reports.applyIngestion(outcome, under.asRun(owner, incidentId));
  const update = { incidentId, managementData: { assignee: 'ann' } };
  patchId = (await under.reports.updateReport(update, under.as(owner))).patchId;
  await under.submit(
    owner,
    newSubmission({ createdAt: new Date(Date.UTC(2025, 0, 2)), domainId: 'other_domain' }),
  );
}, 60_000);

afterAll(async () => {
  await under.stop();
}, 30_000);

describe('another tenant', () => {
  it('is tried on every RPC that reads', () => {
    const methods = [ReportService, PatchService, IndexService].flatMap((service) =>
      Object.values<DescMethod>(service.method),
    );
    const reading = methods.filter(({ idempotency }) => idempotency === Idempotency.NO_SIDE_EFFECTS);
    expect(Object.keys(reads).sort()).toEqual(reading.map(({ localName }) => localName).sort());
  });

  it.each(Object.entries(reads))(
    'sees nothing through %s, where the owner sees something',
    async (name, read) => {
      expect(await read(owner)).toBeGreaterThan(0);
      if (name === 'getReport' || name === 'getPatch')
        expect((await faultOf(read(stranger))).reason).toBe('not_found');
      else expect(await read(stranger)).toBe(0);
    },
  );

  it('cannot tell a foreign report from one that never was or from an id of the wrong form', async () => {
    const ids = [incidentId, newSubmission().incidentId, 'inc_1', '', `${incidentId}#`];
    const faults = await Promise.all(
      ids.map((id) => faultOf(under.reports.getReport({ incidentId: id }, under.as(stranger)))),
    );
    expect(new Set(faults.map(({ reason, message }) => `${reason} ${message}`)).size).toBe(1);
  });

  it('creates a report of its own under the same id and leaves the foreign one as it is', async () => {
    const other = { ...submission, rawText: 'Mine' };
    await under.submit(stranger, other);
    const outcome = { incidentId, jobId, succeeded: false, at: now };
    const run = under.asRun(stranger, incidentId);
    expect((await under.reports.applyIngestion(outcome, run)).applied).toBe(true);
    const { report } = await under.reports.getReport({ incidentId }, under.as(owner));
    expect(report).toMatchObject({ rawText: submission.rawText, status: 'completed', version: 3n });
  });

  it('cannot use the cursor of a list of the owner', async () => {
    const { page } = await under.reports.listReports({ page: { limit: 1 } }, under.as(owner));
    const cursor = page?.nextCursor ?? '';
    expect(cursor).not.toBe('');
    const foreign = under.reports.listReports({ page: { cursor } }, under.as(stranger));
    expect((await faultOf(foreign)).violations[0]?.field).toBe('cursor');
  });
});

describe('a question to the index', () => {
  const point = { longitude: 0, latitude: 0 };
  const bounds = (west: number, south: number, east: number, north: number) => ({
    ...filter,
    area: { case: 'bounds' as const, value: { west, south, east, north } },
  });
  const circle = (radiusKm: number) => ({
    ...filter,
    area: { case: 'circle' as const, value: { centre: point, radiusKm } },
  });
  const polygon = (count: number) => ({
    ...filter,
    area: { case: 'polygon' as const, value: { points: Array.from({ length: count }, () => point) } },
  });

  it('is refused when it breaks a rule, with the field that does', async () => {
    const refused: [string, Promise<unknown>][] = [
      ['filter', under.index.retrieve({}, under.as(owner))],
      ['filter.domain_id', under.index.retrieve({ filter: {} }, under.as(owner))],
      ['filter.text', under.index.retrieve({ filter: { ...filter, text: 'a\0b' } }, under.as(owner))],
      ['filter.bounds', under.index.retrieve({ filter: bounds(0, 10, 1, 0) }, under.as(owner))],
      ['filter.bounds', under.index.retrieve({ filter: bounds(Number.NaN, 0, 1, 1) }, under.as(owner))],
      ['filter.circle', under.index.retrieve({ filter: circle(-1) }, under.as(owner))],
      ['filter.polygon', under.index.listPoints({ filter: polygon(2) }, under.as(owner))],
      ['filter.polygon', under.index.listPoints({ filter: polygon(101) }, under.as(owner))],
      ['group_by', under.index.aggregate({ filter, groupBy: 'raw_text' }, under.as(owner))],
      ['group_by', under.index.aggregate({ filter, groupBy: 'ingestion_data' }, under.as(owner))],
      ['bucket', under.index.countOverTime({ filter }, under.as(owner))],
    ];
    for (const timeZone of ['Mars/Base', '+05:30', "UTC'--"]) {
      const request = { filter, bucket: TimeBucket.DAY, timeZone };
      refused.push(['time_zone', under.index.countOverTime(request, under.as(owner))]);
    }
    for (const [field, call] of refused) {
      const fault = await faultOf(call);
      expect([fault.reason, fault.violations[0]?.field]).toEqual(['invalid_argument', field]);
    }
  });

  it('takes a circle of 10 km where no radius is given', async () => {
    const at = (latitude: number) => ({
      ...filter,
      area: { case: 'circle' as const, value: { centre: { longitude: 13.4, latitude }, radiusKm: 0 } },
    });
    const near = await under.index.retrieve({ filter: at(52.58) }, under.as(owner));
    const far = await under.index.retrieve({ filter: at(52.6) }, under.as(owner));
    expect([near.entries.length, far.entries.length]).toEqual([1, 0]);
  });
});

describe('references', () => {
  it('are answered in the order asked for, each once, of the one domain alone', async () => {
    const second = newSubmission();
    await under.submit(owner, second);
    const foreign = newSubmission();
    await under.submit(stranger, foreign);
    const otherDomain = newSubmission({ domainId: 'other_domain' });
    await under.submit(owner, otherDomain);
    const asked = [second, foreign, { incidentId: 'x' }, submission, otherDomain, newSubmission(), second];
    const incidentIds = asked.map((one) => one.incidentId);
    const { entries } = await under.index.verifyReferences({ domainId, incidentIds }, under.as(owner));
    expect(entries.map((entry) => entry.incidentId)).toEqual([second.incidentId, incidentId]);
    expect(entries[1]?.location).toMatchObject({ longitude: 13.4, latitude: 52.5 });
  });
});
