// Rows in bulk, tombstones, and counts that stay exact whatever is written, by many at once, between folds.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { IndexFilter } from '../core/index-query.ts';
import type { IndexRow } from '../core/index-row.ts';
import { type IndexUnderTest, startIndexForTest, testDomain, testRow } from './report-index.for-test.ts';

let under: IndexUnderTest;
const filter = { domainId: testDomain };

beforeAll(async () => {
  under = await startIndexForTest();
}, 60_000);

afterAll(async () => {
  await under.stop();
}, 30_000);

async function statuses(tenantId: string, rows: readonly IndexRow[]): Promise<Record<string, string>> {
  const ids = rows.map(({ incidentId }) => incidentId);
  const entries = await under.index.verify(tenantId, testDomain, ids);
  return Object.fromEntries(entries.map(({ incidentId, status }) => [incidentId, status]));
}

function groupsOf(tenantId: string, path: readonly string[], status?: string) {
  return under.index.aggregate(tenantId, { ...filter, status }, { path, limit: 1_000 });
}

async function foldAll(): Promise<void> {
  while ((await under.index.foldFacets()) > 0);
}

async function uncounted(tenantId: string): Promise<string[]> {
  const { rows } = await under.admin.query<{ path: string }>(
    'select path from reports.facets_uncounted where tenant_id = $1 order by path',
    [tenantId],
  );
  return rows.map(({ path }) => path);
}

describe('rows in bulk', () => {
  it('are taken over each by its version, the newest of an id that comes twice', async () => {
    const tenantId = randomUUID();
    const rows = Array.from({ length: 490 }, () => testRow({ tenantId, version: 2, status: 'new' }));
    const [first, second, third] = rows as [IndexRow, IndexRow, IndexRow];
    await under.index.upsertMany([{ ...first, version: 3, status: 'newer' }, second]);
    await under.index.upsertMany([
      { ...third, version: 1, status: 'old' },
      ...rows,
      { ...third, version: 1 },
    ]);
    const found = await statuses(tenantId, rows);
    expect(Object.keys(found)).toHaveLength(490);
    expect([first, second, third].map(({ incidentId }) => found[incidentId])).toEqual([
      'newer',
      'new',
      'new',
    ]);
  });

  it('of the version that the index holds change nothing, unless they are to replace it', async () => {
    const tenantId = randomUUID();
    const row = testRow({ tenantId, version: 2, status: 'first' });
    await under.index.upsert(row);
    await under.index.upsertMany([{ ...row, status: 'second' }]);
    expect(Object.values(await statuses(tenantId, [row]))).toEqual(['first']);
    await under.index.replaceMany([{ ...row, version: 1, status: 'third' }]);
    expect(Object.values(await statuses(tenantId, [row]))).toEqual(['first']);
    await under.index.replaceMany([{ ...row, status: 'fourth' }]);
    expect(Object.values(await statuses(tenantId, [row]))).toEqual(['fourth']);
  });

  it('are refused beyond 500, and of two tenants', async () => {
    const tenantId = randomUUID();
    const rows = Array.from({ length: 501 }, () => testRow({ tenantId }));
    await expect(under.index.upsertMany(rows)).rejects.toThrow(RangeError);
    const mixed = [testRow({ tenantId }), testRow({ tenantId: randomUUID() })];
    await expect(under.index.upsertMany(mixed)).rejects.toThrow(RangeError);
    expect(await statuses(tenantId, [...rows, ...mixed])).toEqual({});
  });

  it('are walked by id, without tombstones', async () => {
    const tenantId = randomUUID();
    const rows = Array.from({ length: 25 }, () => testRow({ tenantId, version: 4 }));
    await under.index.upsertMany(rows);
    const gone = rows[7] as IndexRow;
    await under.index.remove({ ...gone, version: 5 });
    const walked: { incidentId: string; version: number }[] = [];
    for (let cursor: string | undefined; ; cursor = walked.at(-1)?.incidentId) {
      const part = await under.index.idsAfter(tenantId, cursor, 10);
      walked.push(...part);
      if (part.length < 10) break;
    }
    const expected = rows.filter((row) => row !== gone).map(({ incidentId }) => ({ incidentId, version: 4 }));
    expect(walked).toEqual(expected.sort((a, b) => (a.incidentId < b.incidentId ? -1 : 1)));
  });
});

describe('a tombstone', () => {
  it('takes a report out, known or not, and keeps later writes of older versions out, until it is forgotten', async () => {
    const tenantId = randomUUID();
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    await under.index.forgetTombstones(soon);
    const [known, unknown] = [testRow({ tenantId, version: 2 }), testRow({ tenantId, version: 2 })];
    await under.index.upsert(known);
    for (const row of [known, unknown]) await under.index.remove({ ...row, version: 3 });
    await under.index.upsertMany([known, { ...unknown, version: 3 }]);
    await under.index.replaceMany([known, { ...unknown, version: 3 }]);
    expect(await statuses(tenantId, [known, unknown])).toEqual({});
    expect((await groupsOf(tenantId, ['status'])).total).toBe(0);
    expect((await under.index.list(tenantId, { ...filter, offset: 0, limit: 5 })).total).toBe(0);
    const { rows } = await under.admin.query(
      'select count(*) from reports.report_index where tenant_id = $1 and summary = $2 and search_text = $2',
      [tenantId, ''],
    );
    expect(rows).toEqual([{ count: '2' }]);
    await under.index.forgetTombstones(new Date(Date.now() - 3_600_000).toISOString());
    await under.index.upsert(known);
    expect(await statuses(tenantId, [known])).toEqual({});
    expect(await under.index.forgetTombstones(soon)).toBe(2);
    await under.index.upsert(known);
    expect(Object.keys(await statuses(tenantId, [known]))).toEqual([known.incidentId]);
  });

  it('of an older version than the index holds changes nothing', async () => {
    const tenantId = randomUUID();
    const row = testRow({ tenantId, version: 5 });
    await under.index.upsert(row);
    await under.index.remove({ ...row, version: 5 });
    expect(Object.keys(await statuses(tenantId, [row]))).toEqual([row.incidentId]);
  });
});

describe('counts', () => {
  const value = fc.constantFrom<string | number | boolean | null>(
    'a',
    'b',
    'A',
    '',
    1,
    1.5,
    true,
    null,
    'é\u{1F525}',
  );
  const data = fc.record(
    {
      kind: fc.oneof(value, fc.array(value, { maxLength: 4 })),
      deep: fc.record({ er: value, 'dot.ted': value, '': value }),
      list: fc.array(fc.record({ er: value }), { maxLength: 2 }),
    },
    { requiredKeys: [] },
  );
  const change = fc.record({
    at: fc.nat(11),
    what: fc.constantFrom('write', 'write', 'write', 'remove', 'fold'),
    status: fc.constantFrom('completed', 'closed'),
    ingestionData: data,
    managementData: data,
  });
  const paths = [
    'status',
    'source',
    'ingestion_data.kind',
    'ingestion_data.deep.er',
    'management_data.kind',
  ].map((path) => path.split('.'));

  it('that are kept are the counts of the rows after every change, and after folds between them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 25 }), async (changes) => {
        const tenantId = randomUUID();
        const rows = Array.from({ length: 12 }, () => testRow({ tenantId }));
        let version = 1;
        for (const { at, what, ...content } of changes) {
          version += 1;
          const { incidentId, id } = rows[at] as IndexRow;
          if (what === 'fold') await under.index.foldFacets();
          else if (what === 'remove') await under.index.remove({ tenantId, incidentId, version });
          else await under.index.upsert({ ...testRow({ tenantId, version, ...content }), incidentId, id });
        }
        for (const path of paths) {
          // Any filter makes the rows be read.
          const from = '2000-01-01T00:00:00.000Z';
          const read = await under.index.aggregate(tenantId, { ...filter, from }, { path, limit: 1_000 });
          expect(await groupsOf(tenantId, path)).toEqual(read);
        }
        expect(await uncounted(tenantId)).toEqual([]);
      }),
      { seed: 11, numRuns: 60 },
    );
  }, 60_000);

  it('are exact after many wrote the same rows at once while folds ran', async () => {
    const tenantId = randomUUID();
    const rows = Array.from({ length: 10 }, () => testRow({ tenantId }));
    let version = 1;
    const writer = async (number: number): Promise<void> => {
      for (let turn = 0; turn < 20; turn += 1) {
        version += 1;
        const kinds = { kind: `${(number + turn) % 3}` };
        const changed = rows.map((row) => ({
          ...row,
          version,
          status: `s${turn % 2}`,
          ingestionData: kinds,
        }));
        await under.index.upsertMany(turn % 2 ? changed : changed.toReversed());
        await under.index.foldFacets();
      }
    };
    await Promise.all([0, 1, 2, 3].map(writer));
    await foldAll();
    for (const path of [['status'], ['ingestion_data', 'kind']]) {
      const { groups, total } = await groupsOf(tenantId, path);
      expect(total).toBe(10);
      expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(10);
      const { rows: read } = await under.admin.query<{ key: string; count: string }>(
        `select ${path.length === 1 ? 'status' : "ingestion_data ->> 'kind'"} as key, count(*) as count
         from reports.report_index where tenant_id = $1 group by 1 order by 2 desc, 1`,
        [tenantId],
      );
      expect(groups).toEqual(read.map(({ key, count }) => ({ key, count: Number(count) })));
    }
  }, 60_000);

  it('are given up for a path with too many or too long values, and are right all the same', async () => {
    const tenantId = randomUUID();
    const perCall = 500;
    const values = 10_500;
    for (let made = 0; made < values; made += perCall) {
      const rows = Array.from({ length: perCall }, (_, at) =>
        testRow({
          tenantId,
          ingestionData: {
            serial: `${made + at}`,
            few: `${at % 2}`,
            long: at === 0 ? 'x'.repeat(600) : 'short',
          },
        }),
      );
      await under.index.upsertMany(rows);
    }
    expect(await uncounted(tenantId)).toEqual(['ingestion_data.long']);
    await foldAll();
    expect(await uncounted(tenantId)).toEqual(['ingestion_data.long', 'ingestion_data.serial']);
    const { rows } = await under.admin.query(
      "select 1 from reports.facet_counts where tenant_id = $1 and path like 'ingestion_data.%' and path <> $2",
      [tenantId, 'ingestion_data.few'],
    );
    expect(rows).toEqual([]);
    await under.index.upsert(testRow({ tenantId, ingestionData: { serial: '7', few: '1', long: 'short' } }));
    const serial = await groupsOf(tenantId, ['ingestion_data', 'serial']);
    expect([serial.total, serial.groups[0]]).toEqual([values + 1, { key: '7', count: 2 }]);
    expect((await groupsOf(tenantId, ['ingestion_data', 'few'])).groups).toEqual([
      { key: '1', count: values / 2 + 1 },
      { key: '0', count: values / 2 },
    ]);
    expect((await groupsOf(tenantId, ['ingestion_data', 'long'])).groups[0]).toEqual({
      ...{ key: 'short', count: values - values / perCall + 1 },
    });
  }, 60_000);

  it('of what is common end at 2,000 in a search, and what is older than the newest 2,000 matches is not ranked', async () => {
    const tenantId = randomUUID();
    const atMs = Date.UTC(2025, 0, 2);
    const ingestionData = { kind: 'much' };
    for (let made = 0; made < 2_000; made += 500) {
      const rawText = 'A flood in the long main street';
      const rows = Array.from({ length: 500 }, () => testRow({ tenantId, atMs, rawText, ingestionData }));
      await under.index.upsertMany(rows);
    }
    const kind = [{ path: 'ingestion_data.kind', value: 'much' }];
    const search = async (asked: IndexFilter) => {
      const query = { filter: { ...filter, ...asked }, limit: 1, snippets: false };
      const { entries, total, totalAtLeast } = await under.index.retrieve(tenantId, query);
      return { first: entries[0]?.incidentId, total, totalAtLeast };
    };
    const narrowed = [{ text: 'flood' }, { matches: kind }, { text: 'flood', matches: kind }];
    for (const asked of [{}, ...narrowed]) {
      expect(await search(asked)).toMatchObject({ total: 2_000, totalAtLeast: false });
    }
    const fitting = (at: number) => testRow({ tenantId, atMs: at, rawText: 'Flood', ingestionData });
    const [older, newer] = [fitting(atMs - 1), fitting(atMs + 1)];
    await under.index.upsert(older);
    expect(await search({})).toMatchObject({ total: 2_001, totalAtLeast: false });
    for (const asked of narrowed) {
      const answer = await search(asked);
      expect(answer).toMatchObject({ total: 2_000, totalAtLeast: true });
      expect(answer.first).not.toBe(older.incidentId);
    }
    await under.index.upsert(newer);
    expect((await search({ text: 'flood' })).first).toBe(newer.incidentId);
  }, 60_000);

  it('of what is rare are exact in a search, however many match', async () => {
    const tenantId = randomUUID();
    const rows = (count: number, rawText: string, atMs: number) =>
      Array.from({ length: count }, () => testRow({ tenantId, atMs, rawText }));
    for (let made = 0; made < 2_500; made += 500) {
      await under.index.upsertMany(rows(500, 'A flood', Date.UTC(2025, 0, 1)));
    }
    for (let made = 0; made < 1_000; made += 500) {
      await under.index.upsertMany(rows(500, 'A pothole', Date.UTC(2025, 0, 2)));
    }
    const query = { filter: { ...filter, text: 'flood' }, limit: 1, snippets: false };
    expect(await under.index.retrieve(tenantId, query)).toMatchObject({ total: 2_500, totalAtLeast: false });
  }, 60_000);

  it('of long paths are left out before they are put together', async () => {
    const tenantId = randomUUID();
    const branch = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`k${at}`, at]));
    const ingestionData = { ['k'.repeat(150)]: { ['l'.repeat(50)]: branch }, kind: 'tree' };
    await under.index.upsertMany([testRow({ tenantId, ingestionData })]);
    const { rows } = await under.admin.query<{ longest: number; paths: number }>(
      `select max(char_length(path)) as longest, count(distinct path)::int as paths
       from reports.facet_deltas where tenant_id = $1 and path like 'ingestion_data.%'`,
      [tenantId],
    );
    expect(rows).toEqual([{ longest: 'ingestion_data.kind'.length, paths: 1 }]);
  });

  it('make the totals of lists, of a domain or of all, by status or not', async () => {
    const tenantId = randomUUID();
    const make = (domainId: string, status: string) => testRow({ tenantId, domainId, status });
    await under.index.upsertMany([make('a', 'x'), make('a', 'y'), make('b', 'x'), make('b', 'x')]);
    const page = { offset: 0, limit: 1 };
    const totals = async () => [
      (await under.index.list(tenantId, page)).total,
      (await under.index.list(tenantId, { ...page, domainId: 'a' })).total,
      (await under.index.list(tenantId, { ...page, status: 'x' })).total,
      (await under.index.list(tenantId, { ...page, domainId: 'b', status: 'x' })).total,
      (await under.index.list(tenantId, { ...page, domainId: 'b', status: 'y' })).total,
    ];
    expect(await totals()).toEqual([4, 2, 3, 2, 0]);
    await foldAll();
    expect(await totals()).toEqual([4, 2, 3, 2, 0]);
  });
});
