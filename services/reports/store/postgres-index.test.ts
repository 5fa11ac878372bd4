// The index's functions against a plain filter over the same rows, with data and questions from a seed.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { createPostgres, type Postgres } from '../../../foundation/postgres/pool.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type Area, earthRadiusKm, type GeoPoint, roundDegrees } from '../core/geo.ts';
import type { IndexFilter } from '../core/index-query.ts';
import { type IndexRow, indexRowOf } from '../core/index-row.ts';
import { type Report, submittedReport } from '../core/report.ts';
import { createPostgresIndex } from './postgres-index.ts';
import { prepareReportsDatabase } from './schema.ts';
import type { ReportIndex } from './store.ts';

const domainId = 'civic_complaints';
const tenantId = randomUUID();
const vocabulary = ['pothole', 'bridge', 'lamp', 'flood', 'garbage', 'fire'];
const statuses = ['processing', 'completed', 'assigned'];
const dayMs = 86_400_000;
const startMs = Date.UTC(2025, 0, 1);
const rowsMax = 250;

let databases: TestDatabases;
let postgres: Postgres;
let index: ReportIndex;

const degrees = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true }).map(roundDegrees);
const point = fc.record({
  longitude: fc.oneof(degrees(180), fc.constantFrom(-180, 180, 179.9, -179.9)),
  latitude: degrees(90),
});

const report = fc
  .record({
    words: fc.subarray(vocabulary, { minLength: 1 }),
    status: fc.constantFrom(...statuses),
    atMs: fc.integer({ min: startMs, max: startMs + 90 * dayMs }),
    place: fc.option(point, { nil: undefined }),
    urgency: fc.constantFrom('low', 'urgent', null, 3, true),
    tags: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
  })
  .map(({ words, status, atMs, place, urgency, tags }): Report => {
    const createdAt = new Date(atMs).toISOString();
    const coordinates = place && [place.longitude, place.latitude];
    return {
      ...submittedReport({
        ...{ tenantId, id: newId(), domainId, rawText: words.join(' '), source: 'web', createdAt },
        ...{ jobId: prefixedId('job_', newId()), createdBy: 'someone' },
      }),
      status,
      findings: {
        ingestionData: {
          urgency,
          tags,
          ...(coordinates && { geo_location: { type: 'Point', coordinates } }),
        },
        provenance: {},
        conflicts: [],
      },
    };
  });

const within = (limit: number, value: number): number =>
  roundDegrees(Math.max(-limit, Math.min(limit, value)));

const polygon = fc
  .record({
    centre: point,
    corners: fc.array(
      fc.record({
        turn: fc.double({ min: 0, max: 1, noNaN: true }),
        reach: fc.double({ min: 1, max: 60, noNaN: true }),
      }),
      {
        minLength: 3,
        maxLength: 12,
      },
    ),
  })
  .map(({ centre, corners }): Area => {
    // Edges between corners in order of their direction from a centre never cross, and none passes a place of the data.
    const sorted = corners.toSorted((a, b) => a.turn - b.turn);
    const points = sorted.map(({ turn, reach }) => ({
      longitude: within(179.5, centre.longitude + 0.123_456 + reach * Math.cos(turn * 2 * Math.PI)),
      latitude: within(89.5, centre.latitude + 0.234_567 + reach * Math.sin(turn * 2 * Math.PI)),
    }));
    return { kind: 'polygon', points };
  });

const bounds = fc.tuple(point, point).map(([a, b]): Area => {
  const [south, north] = a.latitude <= b.latitude ? [a.latitude, b.latitude] : [b.latitude, a.latitude];
  return { kind: 'bounds', box: { west: a.longitude, east: b.longitude, south, north } };
});

const circle = fc
  .record({ centre: point, radiusKm: fc.double({ min: 1, max: 20_000, noNaN: true }) })
  .map((value): Area => ({ kind: 'circle', ...value }));

const time = fc.integer({ min: startMs, max: startMs + 90 * dayMs }).map((ms) => new Date(ms).toISOString());
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

interface Question {
  readonly needed: readonly string[];
  readonly excluded: string | undefined;
  readonly filter: IndexFilter;
}

const question = fc
  .record({
    needed: fc.subarray(vocabulary, { maxLength: 2 }),
    excluded: maybe(fc.constantFrom(...vocabulary)),
    status: maybe(fc.constantFrom(...statuses)),
    from: maybe(time),
    to: maybe(time),
    area: maybe(fc.oneof(bounds, circle, polygon)),
  })
  .map(({ needed, excluded, ...rest }): Question => {
    const text = [...needed, ...(excluded ? [`-${excluded}`] : [])].join(' ');
    return { needed, excluded, filter: { domainId, text, ...rest } };
  });

function distanceKm(a: GeoPoint, b: GeoPoint): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const half = (degrees: number): number => Math.sin(radians(degrees) / 2) ** 2;
  const part =
    half(b.latitude - a.latitude) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(b.longitude - a.longitude);
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(part)));
}

function isInPolygon({ longitude: x, latitude: y }: GeoPoint, points: readonly GeoPoint[]): boolean {
  let inside = false;
  for (const [at, { longitude: x1, latitude: y1 }] of points.entries()) {
    const { longitude: x2, latitude: y2 } = points.at(at - 1) as GeoPoint;
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

function isInArea(place: GeoPoint | undefined, area: Area | undefined): boolean {
  if (!area) return true;
  if (!place) return false;
  if (area.kind === 'circle') return distanceKm(place, area.centre) <= area.radiusKm;
  if (area.kind === 'polygon') return isInPolygon(place, area.points);
  const { west, east, south, north } = area.box;
  const { longitude, latitude } = place;
  const inWidth =
    west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east;
  return inWidth && latitude >= south && latitude <= north;
}

function matches(row: IndexRow, { needed, excluded, filter }: Question): boolean {
  const words = row.summary.split(' ');
  return (
    needed.every((word) => words.includes(word)) &&
    !(excluded && words.includes(excluded)) &&
    (!filter.status || row.status === filter.status) &&
    (!filter.from || row.createdAt >= filter.from) &&
    (!filter.to || row.createdAt < filter.to) &&
    isInArea(row.place, filter.area)
  );
}

function tally(keys: readonly string[]): { key: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const groups = [...counts].map(([key, count]) => ({ key, count }));
  return groups.sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
}

const rows = fc.sample(report, { seed: 20_250_101, numRuns: rowsMax }).map(indexRowOf);
const newestFirst = (a: IndexRow, b: IndexRow): number =>
  b.createdAt.localeCompare(a.createdAt) || (a.incidentId < b.incidentId ? 1 : -1);

beforeAll(async () => {
  databases = await startTestDatabases();
  const adminUrl = await databases.createDatabase('report_index');
  const { databaseUrl } = await prepareReportsDatabase({ adminUrl, appPassword: 'p' });
  postgres = createPostgres({
    url: databaseUrl,
    applicationName: 'test',
    sizeMax: 4,
    acquireTimeoutMs: 5_000,
    onError: () => undefined,
  });
  index = createPostgresIndex(postgres);
  await Promise.all(rows.map((row) => index.upsert(row)));
}, 60_000);

afterAll(async () => {
  await postgres.close();
  await databases.stop();
});

describe('the report index', () => {
  it('answers what a plain filter over the same reports answers', async () => {
    await fc.assert(
      fc.asyncProperty(question, async (asked) => {
        const expected = rows.filter((row) => matches(row, asked)).sort(newestFirst);
        const { entries, total } = await index.retrieve(tenantId, {
          filter: asked.filter,
          limit: rowsMax,
          snippets: false,
        });
        expect(entries.map((entry) => entry.incidentId).sort()).toEqual(
          expected.map((row) => row.incidentId).sort(),
        );
        expect(total).toBe(expected.length);
        const placed = expected.filter((row) => row.place);
        const { points, total: placedTotal } = await index.points(tenantId, {
          filter: asked.filter,
          limit: rowsMax,
        });
        expect(points.map(({ incidentId, place }) => ({ incidentId, place }))).toEqual(
          placed.map(({ incidentId, place }) => ({ incidentId, place })),
        );
        expect(placedTotal).toBe(placed.length);
      }),
      { seed: 7, numRuns: 300 },
    );
  }, 60_000);

  it('counts what a plain tally counts, a list once for each element, no null', async () => {
    await fc.assert(
      fc.asyncProperty(question, async (asked) => {
        const found = rows.filter((row) => matches(row, asked));
        const { filter } = asked;
        const count = (path: readonly string[]) => index.aggregate(tenantId, filter, { path, limit: 100 });
        expect((await count(['status'])).groups).toEqual(tally(found.map((row) => row.status)));
        const urgencies = found.flatMap(({ ingestionData: { urgency } }) =>
          urgency === null ? [] : [String(urgency)],
        );
        expect((await count(['ingestion_data', 'urgency'])).groups).toEqual(tally(urgencies));
        const tags = found.flatMap((row) => row.ingestionData.tags as string[]);
        expect(await count(['ingestion_data', 'tags'])).toEqual({ groups: tally(tags), total: tags.length });
        expect(await count(['management_data', 'none'])).toEqual({ groups: [], total: 0 });
        const days = await index.countOverTime(tenantId, {
          ...{ filter, bucket: 'day', timeZone: 'UTC', byEventTime: false },
        });
        const byDay = tally(found.map((row) => row.createdAt.slice(0, 10))).sort((a, b) =>
          a.key < b.key ? -1 : 1,
        );
        expect(
          days.counts.map(({ start, count: n }) => ({ key: start.toISOString().slice(0, 10), count: n })),
        ).toEqual(byDay);
        expect(days.total).toBe(found.length);
      }),
      { seed: 8, numRuns: 100 },
    );
  }, 60_000);

  it('takes points on an edge or a corner of an area as inside, and both sides of the antimeridian as one place', async () => {
    const tenant = randomUUID();
    const [sample] = rows;
    if (!sample) throw new Error('no rows');
    const put = async (longitude: number, latitude: number): Promise<string> => {
      const incidentId = prefixedId('inc_', newId());
      await index.upsert({ ...sample, tenantId: tenant, incidentId, place: { longitude, latitude } });
      return incidentId;
    };
    const corner = await put(10, 10);
    const edge = await put(15, 10);
    const [west, east, pole] = [await put(-180, 0), await put(180, 0), await put(77, 90)];
    const found = async (area: Area): Promise<string[]> => {
      const query = { filter: { domainId, area }, limit: 10, snippets: false };
      return (await index.retrieve(tenant, query)).entries.map(({ incidentId }) => incidentId).sort();
    };
    const at = (longitude: number, latitude: number): GeoPoint => ({ longitude, latitude });
    const square = [at(10, 10), at(20, 10), at(20, 20), at(10, 20)];
    expect(await found({ kind: 'polygon', points: square })).toEqual([corner, edge].sort());
    const box = { west: 10, south: 10, east: 15, north: 10 };
    expect(await found({ kind: 'bounds', box })).toEqual([corner, edge].sort());
    const across = { west: 179, south: -1, east: -179, north: 1 };
    expect(await found({ kind: 'bounds', box: across })).toEqual([west, east].sort());
    const beyond = [at(179, -1), at(-179, -1), at(-179, 1), at(179, 1)];
    for (const points of [beyond, beyond.toReversed(), [...beyond.slice(2), ...beyond.slice(0, 2)]]) {
      expect(await found({ kind: 'polygon', points })).toEqual([west, east].sort());
    }
    expect(await found({ kind: 'circle', centre: at(180, 0), radiusKm: 1 })).toEqual([west, east].sort());
    expect(await found({ kind: 'circle', centre: at(-100, 89.99), radiusKm: 2 })).toEqual([pole]);
  });

  it('sums the groups beyond the limit under other', async () => {
    const all = await index.aggregate(tenantId, { domainId }, { path: ['status'], limit: 100 });
    const cut = await index.aggregate(tenantId, { domainId }, { path: ['status'], limit: 1 });
    const [first] = all.groups;
    expect(cut).toEqual({
      groups: [first, { key: 'other', count: rowsMax - (first?.count ?? 0) }],
      total: rowsMax,
    });
  });

  it('ranks by fit, takes a choice of words, and lists the newest for a text without words to search for', async () => {
    const { entries } = await index.retrieve(tenantId, {
      filter: { domainId, text: 'lamp or fire' },
      limit: rowsMax,
      snippets: false,
    });
    expect(entries).toHaveLength(rows.filter(({ summary }) => /lamp|fire/.test(summary)).length);
    const ranks = entries.map(({ rank }) => rank);
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
    const { entries: newest } = await index.retrieve(tenantId, {
      filter: { domainId, text: 'what is the' },
      limit: 5,
      snippets: false,
    });
    const expected = rows.toSorted(newestFirst).slice(0, 5);
    expect(newest.map(({ incidentId }) => incidentId)).toEqual(expected.map(({ incidentId }) => incidentId));
  });

  it('begins a day where the time zone does', async () => {
    const tenant = randomUUID();
    const [sample] = rows;
    if (!sample) throw new Error('no rows');
    const moments = ['2025-03-30T22:30:00.000Z', '2025-03-31T21:30:00.000Z'];
    for (const eventAt of moments) {
      const incidentId = prefixedId('inc_', newId());
      await index.upsert({ ...sample, tenantId: tenant, incidentId, eventAt });
    }
    const query = { filter: { domainId }, bucket: 'day' as const, byEventTime: true };
    const berlin = await index.countOverTime(tenant, { ...query, timeZone: 'Europe/Berlin' });
    expect(berlin.counts).toEqual([{ start: new Date('2025-03-30T22:00:00.000Z'), count: 2 }]);
    expect((await index.countOverTime(tenant, { ...query, timeZone: 'UTC' })).counts).toHaveLength(2);
  });

  it('keeps the newest version, whatever order versions arrive in', async () => {
    const tenant = randomUUID();
    const [sample] = rows;
    if (!sample) throw new Error('no rows');
    for (const version of [2, 3, 1]) {
      await index.upsert({ ...sample, tenantId: tenant, version, status: `at ${version}` });
    }
    const [entry] = await index.verify(tenant, domainId, [sample.incidentId]);
    expect(entry?.status).toBe('at 3');
  });
});
