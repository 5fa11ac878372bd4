// The report index at its RPCs: what requests may say, what answers hold, and cursors.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { AggregateRequest_Measure_Function as MeasureFunction } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import {
  newCaller,
  newSubmission,
  type ReportsUnderTest,
  startReportsForTest,
  type TestSubmission,
} from '../app.for-test.ts';

const caller = newCaller();
const dayMs = 86_400_000;
const startMs = Date.UTC(2025, 0, 1);
const domainId = 'civic_complaints';
const filter = { domainId };
const submissions = Array.from({ length: 12 }, (_, at) =>
  newSubmission({
    createdAt: new Date(startMs + at * dayMs),
    rawText: at % 2 ? 'A deep pothole\u{E000}s and \u{E001}potholes on Main Street' : 'A broken lamp',
  }),
);
const newestFirst = submissions.toReversed();
const idsOf = (list: readonly TestSubmission[]): string[] => list.map(({ incidentId }) => incidentId);

let under: ReportsUnderTest;

async function finish(submission: TestSubmission, ingestionData: JsonObject): Promise<void> {
  const { incidentId, jobId, createdAt } = submission;
  const outcome = { incidentId, jobId, succeeded: true, ingestionData, at: timestampFromDate(createdAt) };
  await under.reports.applyIngestion(outcome, under.asRun(caller, incidentId));
}

async function faultOf(call: Promise<unknown>): Promise<Fault> {
  const error = await call.then(
    () => new Error('the call was answered'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Fault) return error;
  throw error;
}

const text = (value: string) => ({ kind: { case: 'stringValue' as const, value } });

beforeAll(async () => {
  under = await startReportsForTest();
  for (const [at, submission] of submissions.entries()) {
    await under.submit(caller, submission);
    const geo_location = { type: 'Point', coordinates: [10 + at / 1_000, 50] };
    await finish(submission, {
      geo_location,
      kind: at % 2 ? 'hole' : 'light',
      size: at,
      tags: ['all', `t${at % 3}`],
    });
  }
}, 60_000);

afterAll(async () => {
  await under.stop();
}, 30_000);

describe('a search', () => {
  it('answers the words around its matches, marked, and nothing that looks like a mark', async () => {
    const request = { filter: { ...filter, text: 'pothole' }, snippets: true };
    const { entries, total, totalAtLeast } = await under.index.retrieve(request, under.as(caller));
    expect([entries.length, total, totalAtLeast]).toEqual([6, 6n, false]);
    for (const { snippet } of entries) {
      expect(snippet).toMatch(/^deep \u{E000}potholes\u{E001} and \u{E000}potholes\u{E001} on Main Street/u);
    }
    const plain = await under.index.retrieve({ ...request, snippets: false }, under.as(caller));
    expect(plain.entries.map(({ snippet }) => snippet)).toEqual(Array(6).fill(''));
    const wordless = await under.index.retrieve({ filter, snippets: true }, under.as(caller));
    expect(wordless.entries[0]).toMatchObject({
      snippet: '',
      source: 'web',
      ingestionData: { kind: 'hole' },
    });
  });

  it('finds values of keys, and elements of lists', async () => {
    const matches = [
      { path: 'ingestion_data.kind', value: text('hole') },
      { path: 'ingestion_data.tags', value: text('t1') },
    ];
    const { entries } = await under.index.retrieve({ filter: { ...filter, matches } }, under.as(caller));
    const expected = newestFirst.filter((_, at) => (11 - at) % 2 === 1 && (11 - at) % 3 === 1);
    expect(entries.map(({ incidentId }) => incidentId)).toEqual(idsOf(expected));
  });

  it('is told everything that is wrong with it at once', async () => {
    const broken = {
      domainId: 'No Domain',
      status: 'a\0',
      area: { case: 'circle' as const, value: {} },
      from: { seconds: 10n ** 15n, nanos: 0 },
      matches: [
        { path: 'raw_text', value: text('x') },
        { path: 'status', value: { kind: { case: 'numberValue' as const, value: 1 } } },
        { path: 'ingestion_data.a', value: { kind: { case: 'numberValue' as const, value: Number.NaN } } },
        { path: 'ingestion_data.a' },
      ],
    };
    const ofFilter = [
      ...['filter.circle.centre', 'filter.domain_id', 'filter.from', 'filter.matches[0].path'],
      ...['filter.matches[1].value', 'filter.matches[2].value', 'filter.matches[3].value', 'filter.status'],
    ];
    const measure = { function: MeasureFunction.UNSPECIFIED, path: 'status' };
    const calls: [Promise<unknown>, string[]][] = [
      [under.index.retrieve({ filter: broken }, under.as(caller)), []],
      [
        under.index.aggregate({ filter: broken, groupBy: 'x', measure }, under.as(caller)),
        ['group_by', 'measure.function', 'measure.path'],
      ],
      [
        under.index.countOverTime({ filter: broken, timeZone: 'x' }, under.as(caller)),
        ['bucket', 'time_zone'],
      ],
      [under.index.clusterPoints({ filter: broken, zoom: 21 }, under.as(caller)), ['zoom']],
    ];
    const faults = await Promise.all(calls.map(([call]) => faultOf(call)));
    for (const [at, { violations }] of faults.entries()) {
      const others = calls[at]?.[1] ?? [];
      expect(violations.map(({ field }) => field).sort()).toEqual([...ofFilter, ...others].sort());
    }
    const eleven = Array.from({ length: 11 }, () => ({ path: 'status', value: text('x') }));
    const many = await faultOf(
      under.index.retrieve({ filter: { ...filter, matches: eleven } }, under.as(caller)),
    );
    expect(many.violations.map(({ field }) => field)).toEqual(['filter.matches']);
  });
});

describe('groups', () => {
  it('carry a measure, and what is beyond the limit none', async () => {
    const measure = { function: MeasureFunction.AVG, path: 'ingestion_data.size' };
    const request = { filter, groupBy: 'ingestion_data.tags', measure, limit: 2 };
    const { groups, total } = await under.index.aggregate(request, under.as(caller));
    expect(groups.map(({ key, count, value }) => [key, count, value])).toEqual([
      ['all', 12n, 5.5],
      ['t0', 4n, 4.5],
      ['other', 8n, undefined],
    ]);
    expect(total).toBe(24n);
    const plain = await under.index.aggregate({ filter, groupBy: 'ingestion_data.kind' }, under.as(caller));
    expect(plain.groups.map(({ value }) => value)).toEqual([undefined, undefined]);
  });
});

describe('places', () => {
  it('come in parts, the total with the first, and a cursor holds for its own question alone', async () => {
    const first = await under.index.listPoints({ filter, limit: 5 }, under.as(caller));
    expect([first.total, first.features.length]).toEqual([12n, 5]);
    const newer = newSubmission({ createdAt: new Date(startMs + 100 * dayMs), domainId });
    await under.submit(caller, newer);
    const walked = first.features.map(({ incidentId }) => incidentId);
    for (let cursor = first.nextCursor; cursor !== ''; ) {
      const part = await under.index.listPoints({ filter, limit: 5, cursor }, under.as(caller));
      expect(part.total).toBe(0n);
      walked.push(...part.features.map(({ incidentId }) => incidentId));
      cursor = part.nextCursor;
    }
    expect(walked).toEqual(idsOf(newestFirst));
    const cursor = first.nextCursor;
    const refused = [
      under.index.listPoints({ filter: { ...filter, status: 'completed' }, cursor }, under.as(caller)),
      under.index.listPoints({ filter, cursor }, under.as(newCaller())),
      under.index.listPoints({ filter, cursor: `${cursor.slice(0, -2)}xx` }, under.as(caller)),
    ];
    const faults = await Promise.all(refused.map(faultOf));
    expect(faults.map(({ violations }) => violations[0]?.field)).toEqual(['cursor', 'cursor', 'cursor']);
  });

  it('are counted in cells', async () => {
    const { clusters, total } = await under.index.clusterPoints({ filter, zoom: 0 }, under.as(caller));
    expect([clusters.length, clusters[0]?.count, total]).toEqual([1, 12n, 12n]);
    expect(clusters[0]?.point?.longitude).toBeCloseTo(10.0055, 6);
  });
});

describe('a list', () => {
  it('is narrowed by time, and its cursor holds for that time alone', async () => {
    const from = timestampFromDate(new Date(startMs + 2 * dayMs));
    const to = timestampFromDate(new Date(startMs + 8 * dayMs));
    const page = { limit: 4 };
    const first = await under.reports.listReports({ domainId, from, to, page }, under.as(caller));
    expect(first.reports.map(({ incidentId }) => incidentId)).toEqual(
      idsOf(submissions.slice(4, 8).toReversed()),
    );
    expect(first.page?.total).toBe(6n);
    const cursor = first.page?.nextCursor ?? '';
    const second = await under.reports.listReports(
      { domainId, from, to, page: { cursor } },
      under.as(caller),
    );
    expect(second.reports.map(({ incidentId }) => incidentId)).toEqual(
      idsOf(submissions.slice(2, 4).toReversed()),
    );
    const other = under.reports.listReports({ domainId, from, page: { cursor } }, under.as(caller));
    expect((await faultOf(other)).violations[0]?.field).toBe('cursor');
    const outOfTime = { seconds: 10n ** 15n, nanos: 0 };
    const wrong = under.reports.listReports(
      { domainId: 'X', from: outOfTime, to: outOfTime },
      under.as(caller),
    );
    const fields = (await faultOf(wrong)).violations.map(({ field }) => field);
    expect(fields).toEqual(['domain_id', 'from', 'to']);
  });

  it('by time is not answered from the documents while the index is away', async () => {
    const from = timestampFromDate(new Date(startMs));
    await under.letIntoPostgres(false);
    try {
      const away = under.reports.listReports({ domainId, from }, under.as(caller));
      expect((await faultOf(away)).reason).toBe('unavailable');
    } finally {
      await under.letIntoPostgres(true);
    }
  });
});
