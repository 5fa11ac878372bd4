// Lists by page number and by cursor, with the index and without it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { ListReportsResponse } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import {
  newCaller,
  newSubmission,
  type ReportsUnderTest,
  startReportsForTest,
  type TestSubmission,
} from '../app.for-test.ts';

const caller = newCaller();
const domains = ['civic_complaints', 'crop_disease'];
const longText = '\u{1F525}'.repeat(300);
const submissions = Array.from({ length: 25 }, (_, at) =>
  newSubmission({
    createdAt: new Date(Date.UTC(2025, 0, 1, 0, 0, at)),
    domainId: domains[at % 2] ?? '',
    rawText: longText,
  }),
);
const newestFirst = submissions.toReversed();
const ofDomain = newestFirst.filter(({ domainId }) => domainId === domains[0]);
const idsOf = (list: readonly TestSubmission[]): string[] => list.map(({ incidentId }) => incidentId);

let under: ReportsUnderTest;

interface Filter {
  readonly domainId?: string;
  readonly status?: string;
}

async function list(filter: Filter, page: object): Promise<ListReportsResponse> {
  return under.reports.listReports({ ...filter, page }, under.as(caller));
}

async function walk(filter: Filter, limit: number): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  let cursor = '';
  for (let pages = 1; ; pages += 1) {
    const answer = await list(filter, { limit, cursor });
    ids.push(...answer.reports.map(({ incidentId }) => incidentId));
    cursor = answer.page?.nextCursor ?? '';
    if (cursor === '') return { ids, pages };
  }
}

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
  for (const submission of submissions) await under.submit(caller, submission);
}, 60_000);

afterAll(async () => {
  await under.stop();
}, 30_000);

describe('a list of reports', () => {
  it('has numbered pages with a total, newest first', async () => {
    const { reports, page } = await list({}, { page: 2, limit: 10 });
    expect(reports.map(({ incidentId }) => incidentId)).toEqual(idsOf(newestFirst.slice(10, 20)));
    expect(page).toMatchObject({ page: 2, limit: 10, total: 25n, totalAtLeast: false });
    const last = await list({}, { page: 3, limit: 10 });
    expect([last.reports.length, last.page?.nextCursor]).toEqual([5, '']);
  });

  it('cuts the text to 200 characters, none of them in half', async () => {
    const [report] = (await list({}, { limit: 1 })).reports;
    expect(report?.rawText).toBe('\u{1F525}'.repeat(200));
  });

  it('is walked by cursor from end to end, and stands while reports arrive', async () => {
    expect(await walk({}, 10)).toEqual({ ids: idsOf(newestFirst), pages: 3 });
    const filter = { domainId: domains[0] ?? '' };
    expect(await walk(filter, 5)).toEqual({ ids: idsOf(ofDomain), pages: 3 });
    const first = await list(filter, { limit: 5 });
    const stranger = newSubmission({ domainId: 'arriving_domain', createdAt: new Date() });
    await under.submit(caller, stranger);
    const second = await list(filter, { limit: 5, cursor: first.page?.nextCursor });
    expect(second.reports.map(({ incidentId }) => incidentId)).toEqual(idsOf(ofDomain.slice(5, 10)));
    expect(second.page?.page).toBe(0);
  });

  it('is narrowed by status', async () => {
    const filter = { domainId: domains[0] ?? '', status: 'processing' };
    expect((await list(filter, {})).page?.total).toBe(BigInt(ofDomain.length));
    expect((await list({ status: 'closed' }, {})).page).toMatchObject({ total: 0n, nextCursor: '' });
  });

  it('refuses a cursor beside a page, of other filters or altered, and a page out of reach', async () => {
    const { page } = await list({ domainId: domains[0] ?? '' }, { limit: 5 });
    const cursor = page?.nextCursor ?? '';
    const refused = [
      list({ domainId: domains[0] ?? '' }, { cursor, page: 2 }),
      list({ domainId: domains[1] ?? '' }, { cursor }),
      list({ domainId: domains[0] ?? '', status: 'closed' }, { cursor }),
      list({ domainId: domains[0] ?? '' }, { cursor: `${cursor.slice(0, -2)}xx` }),
      list({}, { page: 101, limit: 100 }),
    ];
    const faults = await Promise.all(refused.map(faultOf));
    expect(faults.map(({ violations }) => violations[0]?.field)).toEqual([
      ...['page', 'cursor', 'cursor', 'cursor', 'page'],
    ]);
  });

  it('goes on by cursor for one domain while the index is away, even from a cursor of the index', async () => {
    const filter = { domainId: domains[0] ?? '' };
    const before = await list(filter, { limit: 5 });
    await under.letIntoPostgres(false);
    try {
      const { ids, pages } = await walk(filter, 5);
      expect({ ids, pages }).toEqual({ ids: idsOf(ofDomain), pages: 3 });
      const next = await list(filter, { limit: 5, cursor: before.page?.nextCursor });
      expect(next.reports.map(({ incidentId }) => incidentId)).toEqual(idsOf(ofDomain.slice(5, 10)));
      expect(next.reports[0]?.rawText).toBe('\u{1F525}'.repeat(200));
      expect(next.page?.total).toBeUndefined();
      for (const away of [list({}, {}), list({ ...filter, status: 'x' }, {}), list(filter, { page: 2 })]) {
        expect((await faultOf(away)).reason).toBe('unavailable');
      }
    } finally {
      await under.letIntoPostgres(true);
    }
  }, 60_000);
});
