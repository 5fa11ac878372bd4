// Imports and exports over a real socket: what was exported can be imported again, and each report is judged on its own.

import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import { pause } from '../../../local/pause.for-test.ts';
import {
  type ImportedReport,
  ImportedReportSchema,
  type Report,
} from '../../../proto/gen/domainflow/reports/v1/report_pb.js';
import {
  newCaller,
  newSubmission,
  type ReportsUnderTest,
  startReportsForTest,
  type TestCaller,
} from '../app.for-test.ts';

const domainId = 'civic_complaints';

let under: ReportsUnderTest;

beforeAll(async () => {
  under = await startReportsForTest();
}, 60_000);

afterAll(async () => {
  await under.stop();
}, 30_000);

type Imported = Partial<Omit<ImportedReport, '$typeName'>>;

async function importAll(caller: TestCaller, reports: readonly Imported[]) {
  const messages = reports.map((report) =>
    create(ImportedReportSchema, { domainId, rawText: 'A pothole', ingestionData: {}, ...report }),
  );
  return (await under.reports.importReports({ reports: messages }, under.as(caller))).results;
}

async function exported(caller: TestCaller, request: object = {}): Promise<Report[]> {
  const reports: Report[] = [];
  for await (const part of under.reports.exportReports(request, under.as(caller)))
    reports.push(...part.reports);
  return reports;
}

async function faultOf(call: Promise<unknown>): Promise<Fault> {
  const error = await call.then(
    () => new Error('the call was answered'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Fault) return error;
  throw error;
}

const idsOf = (reports: readonly { readonly incidentId: string }[]): string[] =>
  reports.map(({ incidentId }) => incidentId);
const at = (day: number) => timestampFromDate(new Date(Date.UTC(2025, 0, day)));

describe('an import', () => {
  it('stores finished reports that can be read, listed and searched at once', async () => {
    const caller = newCaller();
    const imports = Array.from({ length: 100 }, (_, day) => ({
      rawText: `Report ${day}`,
      ingestionData: { urgency: day % 2 === 0 ? 'low' : 'high' },
      managementData: { assignee: 'ann', history: [{ status: 'open' }] },
      createdAt: at(day + 1),
    }));
    const results = await importAll(caller, imports);
    expect(results.map(({ existed, violations }) => [existed, violations.length])).toEqual(
      imports.map(() => [false, 0]),
    );
    const incidentId = results[1]?.incidentId ?? '';
    const { report } = await under.reports.getReport({ incidentId }, under.as(caller));
    expect(report).toMatchObject({ ...imports[1], status: 'completed', source: 'import', jobId: '' });
    const { page } = await under.reports.listReports({}, under.as(caller));
    expect(page?.total).toBe(100n);
    const filter = { domainId };
    const byUrgency = { filter, groupBy: 'ingestion_data.urgency' };
    expect((await under.index.aggregate(byUrgency, under.as(caller))).total).toBe(100n);
  });

  it('changes nothing when it is repeated, also not what was changed since', async () => {
    const caller = newCaller();
    const { incidentId } = newSubmission();
    await importAll(caller, [{ incidentId }]);
    await under.reports.updateReport({ incidentId, status: 'closed' }, under.as(caller));
    const [again] = await importAll(caller, [{ incidentId, rawText: 'Another' }]);
    expect(again).toMatchObject({ incidentId, existed: true, violations: [] });
    const { report } = await under.reports.getReport({ incidentId }, under.as(caller));
    expect(report).toMatchObject({ rawText: 'A pothole', status: 'closed' });
  });

  it('stores the good ones beside those that break rules, and says of each what is wrong', async () => {
    const caller = newCaller();
    const tooLate = { seconds: 10n ** 15n, nanos: 0 };
    const results = await importAll(caller, [
      { rawText: '', domainId: '' },
      { rawText: 'Fine' },
      { createdAt: { $typeName: 'google.protobuf.Timestamp', ...tooLate } },
      { ingestionData: { text: 'x'.repeat(380 * 1024) } },
      { status: 'processing' },
    ]);
    expect(results.map(({ violations }) => violations.map(({ field }) => field))).toEqual([
      ['domain_id', 'raw_text'],
      [],
      ['created_at'],
      ['ingestion_data'],
      ['status'],
    ]);
    expect(results.map(({ incidentId }) => incidentId !== '')).toEqual([false, true, false, false, false]);
    expect(idsOf(await exported(caller))).toEqual([results[1]?.incidentId]);
  });

  it('stores one report for an id that it names twice', async () => {
    const caller = newCaller();
    const { incidentId } = newSubmission();
    const results = await importAll(caller, [{ incidentId }, { incidentId, rawText: 'Another' }]);
    expect(results.map(({ existed }) => existed).sort()).toEqual([false, true]);
    expect(await exported(caller)).toHaveLength(1);
  });

  it('is refused as a whole beyond 100 reports', async () => {
    const many = Array.from({ length: 101 }, () => ({}));
    const fault = await faultOf(importAll(newCaller(), many));
    expect([fault.reason, fault.violations[0]?.field]).toEqual(['invalid_argument', 'reports']);
  });

  it('is stored while the index is away, and found there once it is back', async () => {
    const caller = newCaller();
    await under.letIntoPostgres(false);
    const results = await importAll(caller, [{}, {}, {}]);
    expect(results.filter(({ incidentId }) => incidentId !== '')).toHaveLength(3);
    await under.letIntoPostgres(true);
    const request = { domainId, incidentIds: idsOf(results) };
    const found = async () =>
      (await under.index.verifyReferences(request, under.as(caller)).catch(() => ({ entries: [] }))).entries;
    // The test's own time limit bounds the looks.
    while ((await found()).length < 3) await pause();
  }, 30_000);
});

describe('an export', () => {
  it('holds whole documents that can be imported again', async () => {
    const [from, to] = [newCaller(), newCaller()];
    const imports = Array.from({ length: 150 }, (_, day) => ({
      domainId: day % 3 === 0 ? 'crop_disease' : domainId,
      rawText: `Report ${day} \u{1F525}`,
      source: 'phone',
      status: day % 2 === 0 ? 'open' : 'closed',
      ingestionData: { day, place: { type: 'Point', coordinates: [13.4, 52.5] }, tags: ['a', null] },
      managementData: { assignee: 'ann', history: [{ status: 'open' }] },
      confidence: 0.9,
      createdAt: at(day + 1),
    }));
    await importAll(from, imports.slice(0, 100));
    await importAll(from, imports.slice(100));
    const documents = await exported(from);
    expect(documents).toHaveLength(150);
    const results = await importAll(
      to,
      documents.slice(0, 100).map(({ $typeName: _, ...rest }) => rest),
    );
    expect(results.every(({ existed, violations }) => !existed && violations.length === 0)).toBe(true);
    const known = ({ createdBy: _by, updatedAt: _at, ...report }: Report) => report;
    expect((await exported(to)).map(known)).toEqual(documents.slice(0, 100).map(known));
  }, 30_000);

  it('goes by domain, and within each by time', async () => {
    const caller = newCaller();
    const days = [3, 1, 2, 5, 4];
    const imports = ['b_domain', 'a_domain'].flatMap((each) =>
      days.map((day) => ({ domainId: each, createdAt: at(day) })),
    );
    await importAll(caller, imports);
    const order = (await exported(caller)).map((report) => [
      report.domainId,
      new Date(Number(report.createdAt?.seconds) * 1_000).getUTCDate(),
    ]);
    expect(order).toEqual(
      ['a_domain', 'b_domain'].flatMap((each) => [1, 2, 3, 4, 5].map((day) => [each, day])),
    );
  });

  it('is narrowed by domain, status and time, in any combination', async () => {
    const caller = newCaller();
    const imports = Array.from({ length: 40 }, (_, n) => ({
      domainId: n % 2 === 0 ? domainId : 'crop_disease',
      status: n % 4 < 2 ? 'open' : 'closed',
      createdAt: at((n % 10) + 1),
    }));
    const ids = idsOf(await importAll(caller, imports));
    const filters: [object, (n: number) => boolean][] = [
      [{ domainId }, (n) => n % 2 === 0],
      [{ status: 'open' }, (n) => n % 4 < 2],
      [{ from: at(3), to: at(5) }, (n) => n % 10 === 2 || n % 10 === 3],
      [{ domainId, from: at(3), to: at(6) }, (n) => n % 2 === 0 && n % 10 >= 2 && n % 10 <= 4],
      [{ domainId, status: 'open', to: at(5) }, (n) => n % 4 === 0 && n % 10 <= 3],
      [{ domainId: 'none' }, () => false],
    ];
    for (const [request, matches] of filters) {
      const expected = ids.filter((_, n) => matches(n));
      expect(idsOf(await exported(caller, request)).sort()).toEqual(expected.sort());
    }
  });

  it('is refused for everything that is wrong with it', async () => {
    const late = { seconds: 10n ** 15n, nanos: 0 };
    const fault = await faultOf(
      exported(newCaller(), { domainId: 'No', status: '\0', from: late, to: late }),
    );
    expect(fault.reason).toBe('invalid_argument');
    expect(fault.violations.map(({ field }) => field)).toEqual(['domain_id', 'status', 'from', 'to']);
  });
});
