// Questions to the index against plain answers over the same documents: values, measures, spans of time, cells of a map, parts of lists.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import type { GeoPoint } from '../core/geo.ts';
import type { Figure, Group } from '../core/group-by.ts';
import type { FieldMatch, IndexFilter, ListPosition, TimeBucket } from '../core/index-query.ts';
import type { IndexRow } from '../core/index-row.ts';
import { type IndexUnderTest, startIndexForTest, testDomain, testRow } from './report-index.for-test.ts';

const tenantId = randomUUID();
const rowsCount = 250;
const startMs = Date.UTC(2025, 0, 1);
const yearMs = 365 * 86_400_000;
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const scalar: fc.Arbitrary<JsonValue> = fc.constantFrom<JsonValue>(
  ...['a', 'b', '1', 'true', 'straße', '\u{1F525}', '', 1, 2, -0.5, 1e6, true, false, null],
);
const documents: fc.Arbitrary<JsonObject> = fc
  .record({
    kind: fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.constant({ x: 1 }), fc.constant([['a']])),
    deep: fc.oneof(
      fc.record({ er: fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })) }),
      fc.constant([{ er: 'a' }]),
    ),
    size: fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.constantFrom<JsonValue>('7', null, [1]),
    ),
  })
  .map((record): JsonObject => JSON.parse(JSON.stringify(record)));
const places = fc.oneof(
  fc.record({
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  }),
  fc.record({
    longitude: fc.constantFrom(-180, 180, 179.999, -179.999, 10.1, 10.11),
    latitude: fc.constantFrom(-90, 90, 0.1, 50.1, 50.11),
  }),
);
const rowArbitrary = fc
  .record({
    atMs: fc.integer({ min: startMs, max: startMs + yearMs }),
    eventMs: maybe(fc.integer({ min: startMs - yearMs, max: startMs + yearMs })),
    status: fc.constantFrom('completed', 'closed', 'ünbekannt'),
    source: fc.constantFrom('web', 'phone'),
    createdBy: fc.constantFrom('u1', 'u2'),
    place: maybe(places),
    ingestion: documents,
    managementData: documents,
  })
  .map(({ eventMs, place, ingestion, ...row }) => {
    const ingestionData: JsonObject = {
      ...ingestion,
      ...(place && { geo_location: { type: 'Point', coordinates: [place.longitude, place.latitude] } }),
      ...(eventMs !== undefined && { timestamp: new Date(eventMs).toISOString() }),
    };
    return testRow({ tenantId, ...row, ingestionData });
  });
const rows = fc.sample(rowArbitrary, { seed: 20_250_102, numRuns: rowsCount });
const newestFirst = rows.toSorted(
  (a, b) => b.createdAt.localeCompare(a.createdAt) || (a.incidentId < b.incidentId ? 1 : -1),
);

const paths = [
  'status',
  'source',
  'created_by',
  'ingestion_data.kind',
  'ingestion_data.deep.er',
  'management_data.kind',
];
const match: fc.Arbitrary<FieldMatch> = fc
  .tuple(fc.constantFrom(...paths), scalar, fc.constantFrom('completed', 'web', 'u1', 'ünbekannt'))
  .map(([path, value, word]) => ({ path, value: path.includes('.') ? value : word }))
  .filter(({ value }) => value !== null);
const time = fc.integer({ min: startMs, max: startMs + yearMs }).map((ms) => new Date(ms).toISOString());
const filters: fc.Arbitrary<IndexFilter> = fc.record({
  domainId: fc.constant(testDomain),
  status: maybe(fc.constantFrom('completed', 'closed')),
  from: maybe(time),
  to: maybe(time),
  matches: fc.array(match, { maxLength: 2 }),
});

let under: IndexUnderTest;

beforeAll(async () => {
  under = await startIndexForTest();
  await under.index.upsertMany(rows);
}, 60_000);

afterAll(async () => {
  await under.stop();
}, 30_000);

function valueAt(row: IndexRow, path: string): JsonValue | undefined {
  const { status, source, createdBy: created_by, ingestionData: ingestion_data } = row;
  const whole: JsonObject = {
    status,
    source,
    created_by,
    ingestion_data,
    management_data: row.managementData,
  };
  return path
    .split('.')
    .reduce<JsonValue | undefined>((value, key) => (isJsonObject(value) ? value[key] : undefined), whole);
}

function elementsAt(row: IndexRow, path: string): readonly JsonValue[] {
  const value = valueAt(row, path);
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function matches(row: IndexRow, filter: IndexFilter): boolean {
  return (
    (!filter.status || row.status === filter.status) &&
    (!filter.from || row.createdAt >= filter.from) &&
    (!filter.to || row.createdAt < filter.to) &&
    (filter.matches ?? []).every(({ path, value }) => elementsAt(row, path).includes(value))
  );
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function groupsOf(found: readonly IndexRow[], path: string): Map<string, IndexRow[]> {
  const groups = new Map<string, IndexRow[]>();
  for (const row of found) {
    for (const element of elementsAt(row, path)) {
      if (typeof element === 'object') continue;
      groups.set(String(element), [...(groups.get(String(element)) ?? []), row]);
    }
  }
  return groups;
}

function figureOf(figure: Figure, found: readonly IndexRow[], path: string): number | undefined {
  const numbers = found.map((row) => valueAt(row, path)).filter((value) => typeof value === 'number');
  if (numbers.length === 0) return undefined;
  const sum = numbers.reduce((total, number) => total + number, 0);
  return { avg: sum / numbers.length, sum, min: Math.min(...numbers), max: Math.max(...numbers) }[figure];
}

describe('a filter by values', () => {
  it('finds the reports that have them, a list by its elements, a text apart from a number', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        const expected = newestFirst.filter((row) => matches(row, filter));
        found += expected.length;
        const answer = await under.index.retrieve(tenantId, { filter, limit: rowsCount, snippets: false });
        expect(answer.entries.map(({ incidentId }) => incidentId)).toEqual(
          expected.map(({ incidentId }) => incidentId),
        );
        expect([answer.total, answer.totalAtLeast]).toEqual([expected.length, false]);
      }),
      { seed: 21, numRuns: 300 },
    );
    expect(found).toBeGreaterThan(1_000);
  }, 60_000);
});

describe('groups', () => {
  it('are counted and measured as by hand', async () => {
    const query = fc.record({
      filter: filters,
      path: fc.constantFrom(...paths),
      figure: fc.constantFrom<Figure>('avg', 'sum', 'min', 'max'),
      measured: fc.constantFrom('ingestion_data.size', 'management_data.size', 'ingestion_data.none'),
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ filter, path, figure, measured }) => {
        const measure = { figure, path: measured.split('.') };
        const by = { path: path.split('.'), limit: 100 };
        const found = rows.filter((row) => matches(row, filter));
        const expected = [...groupsOf(found, path)]
          .map(([key, members]) => ({ key, count: members.length, members }))
          .sort((a, b) => b.count - a.count || byBytes(a.key, b.key));
        const plain = expected.map(({ key, count }): Group => ({ key, count }));
        const total = plain.reduce((sum, { count }) => sum + count, 0);
        expect(await under.index.aggregate(tenantId, filter, by)).toEqual({ groups: plain, total });
        const { groups } = await under.index.aggregate(tenantId, filter, { ...by, measure });
        expect(groups.map(({ key, count }) => ({ key, count }))).toEqual(plain);
        for (const [at, { members }] of expected.entries()) {
          const value = figureOf(figure, members, measured);
          if (value === undefined) expect(groups[at]).not.toHaveProperty('value');
          else expect(groups[at]?.value).toBeCloseTo(value, 4);
        }
      }),
      { seed: 22, numRuns: 200 },
    );
  }, 60_000);

  it('beyond the limit measure nothing', async () => {
    const measure = { figure: 'sum' as const, path: ['ingestion_data', 'size'] };
    const query = { path: ['status'], limit: 1, measure };
    const { groups } = await under.index.aggregate(tenantId, { domainId: testDomain }, query);
    expect(groups.map(({ key, value }) => [key, typeof value])).toEqual(
      [
        ['completed', 'number'],
        ['other', 'undefined'],
      ].map(([key, type]) => [key === 'completed' ? groups[0]?.key : key, type]),
    );
  });
});

/** What the clock of the zone shows, as the milliseconds of a clock in UTC that shows the same. */
function clockOf(zone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  return (ms) => {
    const parts = Object.fromEntries(
      format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
}

function spanOf(bucket: TimeBucket, shown: number): string {
  const date = new Date(shown);
  if (bucket === 'month') return date.toISOString().slice(0, 7);
  if (bucket === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

/** The first quarter of an hour that lies in the same span as the moment, found by stepping back. */
function startOf(bucket: TimeBucket, ms: number, clock: (ms: number) => number): number {
  const quarterMs = 15 * 60_000;
  let at = Math.floor(ms / quarterMs) * quarterMs;
  if (bucket === 'hour') {
    while (new Date(clock(at)).getUTCMinutes() !== 0) at -= quarterMs;
    return at;
  }
  const span = spanOf(bucket, clock(ms));
  for (const step of [86_400_000, 3_600_000, quarterMs]) {
    while (spanOf(bucket, clock(at - step)) === span) at -= step;
  }
  return at;
}

const zones = [
  'UTC',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Havana',
  'Asia/Beirut',
  'Pacific/Chatham',
];
const bucketNames: readonly TimeBucket[] = ['hour', 'day', 'week', 'month'];

describe('spans of time', () => {
  it.each(zones)(
    'begin where the calendar of %s says, and hold what lies between',
    async (timeZone) => {
      const clock = clockOf(timeZone);
      for (const bucket of bucketNames) {
        for (const [byEventTime, filter] of [
          [false, { domainId: testDomain }],
          [true, { domainId: testDomain }],
          [false, { domainId: testDomain, status: 'completed' }],
        ] as const) {
          const found = rows.filter((row) => matches(row, filter));
          const moments = found.flatMap(({ createdAt, eventAt }) =>
            byEventTime ? (eventAt ?? []) : createdAt,
          );
          const counts = new Map<number, number>();
          for (const moment of moments) {
            const start = startOf(bucket, Date.parse(moment), clock);
            counts.set(start, (counts.get(start) ?? 0) + 1);
          }
          const query = { filter, bucket, timeZone, byEventTime };
          const answer = await under.index.countOverTime(tenantId, query);
          expect(answer.counts.map(({ start, count }) => [start.getTime(), count])).toEqual(
            [...counts].sort(([a], [b]) => a - b),
          );
          expect(answer.total).toBe(moments.length);
        }
      }
    },
    60_000,
  );

  it('begin with the first of two midnights, after a midnight that is passed over, and on full hours alone', async () => {
    const moments = async (timeZone: string, bucket: TimeBucket, times: readonly string[]) => {
      const tenant = randomUUID();
      await under.index.upsertMany(times.map((at) => testRow({ tenantId: tenant, atMs: Date.parse(at) })));
      const query = { filter: { domainId: testDomain }, bucket, timeZone, byEventTime: false };
      const plain = await under.index.countOverTime(tenant, query);
      const filtered = await under.index.countOverTime(tenant, {
        ...query,
        filter: { domainId: testDomain, from: '1990-01-01T00:00:00.000Z' },
      });
      expect(filtered).toEqual(plain);
      return plain.counts.map(({ start, count }) => [start.toISOString().slice(0, 16), count]);
    };
    // In Havana the clock is set from 1:00 back to 0:00, at 5:00 UTC.
    expect(await moments('America/Havana', 'day', ['2025-11-02T04:30:00Z', '2025-11-02T05:30:00Z'])).toEqual([
      ['2025-11-02T04:00', 2],
    ]);
    // In Beirut the clock is set from 0:00 to 1:00, at 22:00 UTC.
    expect(await moments('Asia/Beirut', 'day', ['2025-03-29T21:59:00Z', '2025-03-29T22:01:00Z'])).toEqual([
      ['2025-03-28T22:00', 1],
      ['2025-03-29T22:00', 1],
    ]);
    // On Lord Howe Island the clock is set from 2:00 back to 1:30, at 15:00 UTC.
    const night = ['2025-04-05T14:10:00Z', '2025-04-05T15:10:00Z', '2025-04-05T15:40:00Z'];
    expect(await moments('Australia/Lord_Howe', 'hour', night)).toEqual([
      ['2025-04-05T14:00', 2],
      ['2025-04-05T15:30', 1],
    ]);
  });

  it('of a zone that the database does not know are refused', async () => {
    const query = { filter: { domainId: testDomain }, bucket: 'day' as const, byEventTime: false };
    const refused = under.index.countOverTime(tenantId, { ...query, timeZone: 'Mars/Base' });
    await expect(refused).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [{ field: 'time_zone' }],
    });
  });

  it('are counted over ages too, where only those with a report can be looked at', async () => {
    const tenant = randomUUID();
    const ages = ['0001-06-01T10:20:00.000Z', '2025-06-01T10:20:00.000Z', '9999-06-01T10:20:00.000Z'];
    await under.index.upsertMany(
      ages.map((timestamp) => testRow({ tenantId: tenant, ingestionData: { timestamp } })),
    );
    const query = { filter: { domainId: testDomain }, timeZone: 'UTC', byEventTime: true };
    const { counts, total } = await under.index.countOverTime(tenant, { ...query, bucket: 'hour' });
    expect(counts.map(({ start }) => start.toISOString())).toEqual(
      ages.map((at) => at.replace(':20:', ':00:')),
    );
    expect(total).toBe(3);
  });
});

describe('clusters', () => {
  const cellOf = ({ longitude, latitude }: GeoPoint, zoom: number): string => {
    const cells = 2 ** (zoom + 2);
    const north = Math.max(-89, Math.min(89, latitude)) * (Math.PI / 180);
    const row = Math.floor(((1 - Math.asinh(Math.tan(north)) / Math.PI) / 2) * cells);
    const column = Math.floor((((longitude === 180 ? -180 : longitude) + 180) / 360) * cells);
    return `${column} ${Math.max(0, Math.min(cells - 1, row))}`;
  };

  it('are the cells of the map with their mean place, largest first', async () => {
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 0, max: 20 }), async (filter, zoom) => {
        const found = rows.filter((row) => matches(row, filter)).flatMap(({ place }) => place ?? []);
        const cells = Map.groupBy(found, (place) => cellOf(place, zoom));
        const { clusters, total } = await under.index.clusters(tenantId, filter, zoom);
        expect(total).toBe(found.length);
        const counts = clusters.map(({ count }) => count);
        expect(counts).toEqual([...cells.values()].map(({ length }) => length).sort((a, b) => b - a));
        for (const { point, count } of clusters) {
          const members = cells.get(cellOf(point, zoom)) ?? [];
          const mean = (pick: (place: GeoPoint) => number): number =>
            members.reduce((sum, place) => sum + pick(place), 0) / members.length;
          expect(members).toHaveLength(count);
          expect(point.longitude).toBeCloseTo(
            mean(({ longitude }) => (longitude === 180 ? -180 : longitude)),
            6,
          );
          expect(point.latitude).toBeCloseTo(
            mean(({ latitude }) => latitude),
            6,
          );
        }
      }),
      { seed: 23, numRuns: 100 },
    );
  }, 60_000);
});

describe('lists', () => {
  it('walked in parts, by time and filters, are the whole list in order', async () => {
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 5, max: 90 }), async (filter, limit) => {
        const expected = newestFirst.filter((row) => matches(row, filter));
        const placed = expected.filter(({ place }) => place);
        const walked: ListPosition[] = [];
        for (let after: ListPosition | undefined; ; after = walked.at(-1)) {
          const part = await under.index.points(tenantId, { filter, after, limit });
          expect(part.total).toBe(after ? undefined : placed.length);
          walked.push(...part.points);
          if (part.points.length < limit) break;
        }
        expect(walked.map(({ incidentId }) => incidentId)).toEqual(
          placed.map(({ incidentId }) => incidentId),
        );
        const { matches: _, ...page } = filter;
        const listed = newestFirst.filter((row) => matches(row, page));
        const ids: string[] = [];
        for (let offset = 0; offset <= listed.length; offset += limit) {
          const { entries, total } = await under.index.list(tenantId, { ...page, offset, limit });
          expect(total).toBe(listed.length);
          ids.push(...entries.map(({ incidentId }) => incidentId));
        }
        expect(ids).toEqual(listed.map(({ incidentId }) => incidentId));
      }),
      { seed: 24, numRuns: 60 },
    );
  }, 60_000);
});
