// Data through the whole mesh: places, clusters and counts of a domain's reports, of one's own tenant alone.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AnswerOf } from '../../clients/api/api-calls.ts';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { CountReportsQuery, GetReportPlacesQuery } from '../../clients/api/gen/api-types.ts';
import { pollUntil, sampleDomain } from '../../local/demo/demo-run.ts';
import { refused } from './answers.ts';
import { createDomain } from './sample-definitions.ts';
import { startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const never = new AbortController().signal;
let mesh: TestMesh;
let editor: ApiClient;
let viewer: ApiClient;
let stranger: ApiClient;

/** Finished reports: where, about what, when they came, and when it happened. */
const reports = [
  { at: [-71.05, 42.35], kind: 'light', created: '2026-03-01T04:30:00Z', event: '2026-02-01T12:00:00Z' },
  { at: [-71.051, 42.351], kind: 'light', created: '2026-03-01T23:30:00Z', event: '2026-02-01T13:00:00Z' },
  { at: [179.9, -17], kind: 'water', created: '2026-03-09T00:00:00Z', event: '2026-02-09T00:00:00Z' },
  { at: [-179.9, -17], kind: 'water', created: '2026-04-01T00:00:00Z', event: '2026-02-10T00:00:00Z' },
  { at: undefined, kind: 'light', created: '2026-04-02T00:00:00Z', event: undefined },
] as const;

beforeAll(async () => {
  mesh = await startTestMesh();
  editor = await mesh.as('acme', 'edgar', ['editor']);
  viewer = await mesh.as('acme', 'vera', ['viewer']);
  stranger = await mesh.as('globex', 'greta');
  const lines = reports.map(({ at, kind, created, event }, index) =>
    JSON.stringify({
      incident_id: `inc_01890a5d0c0c7aaa8aaa0123456789a${index}`,
      domain_id: sampleDomain,
      text: `Report ${index}`,
      source: 'archive',
      created_at: created,
      ingestion_data: {
        kind,
        ...(at && { geo_location: { type: 'Point', coordinates: at } }),
        ...(event && { timestamp: event }),
      },
    }),
  );
  const told = await Array.fromAsync(editor.batch(lines, { isImport: true }));
  expect(told.map(({ status }) => status)).toEqual(reports.map(() => 'imported'));
  const count = async () => (await aggregated({ group_by: 'status' })).total;
  await pollUntil(count, (total) => total === reports.length, never);
});

afterAll(() => mesh?.close());

type Counts = AnswerOf<'/api/v1/data/aggregated', 'get'>;
type Places = AnswerOf<'/api/v1/data/geo', 'get'>;

function aggregated(query: Omit<CountReportsQuery, 'domain_id'>, client = viewer): Promise<Counts> {
  return client.get('/api/v1/data/aggregated', { query: { domain_id: sampleDomain, ...query } });
}

function places(query: Omit<GetReportPlacesQuery, 'domain_id'>, client = viewer): Promise<Places> {
  return client.get('/api/v1/data/geo', { query: { domain_id: sampleDomain, ...query } });
}

const longitudesOf = ({ features }: Places) =>
  features.map(({ geometry }) => geometry.coordinates[0] ?? Number.NaN).sort((a, b) => a - b);
const countsOf = ({ features }: Places) =>
  features.map(({ properties }) => ('count' in properties ? properties.count : undefined));
const idsOf = ({ features }: Places) =>
  features.map(({ properties }) => ('incident_id' in properties ? properties.incident_id : undefined));

describe('places', () => {
  it.each<readonly [string, Omit<GetReportPlacesQuery, 'domain_id'>, readonly number[]]>([
    ['everywhere', {}, [-179.9, -71.051, -71.05, 179.9]],
    ['in a box', { bounds: '-72,42,-71,43' }, [-71.051, -71.05]],
    ['in a box across the antimeridian', { bounds: '179,-18,-179,-16' }, [-179.9, 179.9]],
    ['in a circle', { near: '-71.05,42.35', radius_km: '0.05' }, [-71.05]],
    ['in a circle across the antimeridian', { near: '180,-17', radius_km: '20' }, [-179.9, 179.9]],
    ['in a polygon', { polygon: '-72,42;-71,42;-71,43;-72,43' }, [-71.051, -71.05]],
    ['where nothing is', { bounds: '0,0,1,1' }, []],
  ])('of reports are shown %s', async (_where, query, longitudes) => {
    expect(longitudesOf(await places(query))).toEqual(longitudes);
  });

  it('follow part by part', async () => {
    const first = await places({ limit: 3 });
    expect([first.features.length, first.total]).toEqual([3, 4]);
    const cursor = first.next_cursor ?? '';
    const rest = await places({ limit: 3, cursor });
    expect(rest.next_cursor).toBeNull();
    const ids = [...idsOf(first), ...idsOf(rest)];
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(4);
    expect((await refused(places({ cursor, bounds: '0,0,1,1' }))).status).toBe(400);
  });

  it('are counted by tile of a map', async () => {
    const far = await places({ cluster_zoom: 4 });
    expect(countsOf(far)).toEqual([2, 1, 1]);
    expect(far.total).toBe(4);
    const near = await places({ cluster_zoom: 20, bounds: '-72,42,-71,43' });
    expect(countsOf(near)).toEqual([1, 1]);
  });
});

describe('counts', () => {
  it('are by value, the greatest first', async () => {
    expect(await aggregated({ group_by: 'ingestion_data.kind' })).toEqual({
      aggregations: [
        { key: 'light', count: 3 },
        { key: 'water', count: 2 },
      ],
      total: 5,
    });
    expect(await aggregated({ group_by: 'source' })).toEqual({
      ...{ aggregations: [{ key: 'archive', count: 5 }], total: 5 },
    });
    expect(await aggregated({ group_by: 'management_data.none' })).toEqual({ aggregations: [], total: 0 });
  });

  it('are over time, in the calendar of a zone', async () => {
    const days = async (query: Omit<CountReportsQuery, 'domain_id'>) => {
      const counts = await aggregated(query);
      return 'buckets' in counts && counts.buckets.map(({ start, count }) => `${start} ${count}`);
    };
    expect(await days({ bucket: 'day' })).toEqual([
      '2026-03-01T00:00:00.000Z 2',
      '2026-03-09T00:00:00.000Z 1',
      '2026-04-01T00:00:00.000Z 1',
      '2026-04-02T00:00:00.000Z 1',
    ]);
    expect(await days({ bucket: 'month', time_zone: 'America/New_York' })).toEqual([
      '2026-02-01T05:00:00.000Z 1',
      '2026-03-01T05:00:00.000Z 3',
      '2026-04-01T04:00:00.000Z 1',
    ]);
    expect(await days({ bucket: 'week', time: 'event' })).toEqual([
      '2026-01-26T00:00:00.000Z 2',
      '2026-02-09T00:00:00.000Z 2',
    ]);
  });
});

describe('data', () => {
  it('of another tenant are nowhere', async () => {
    expect((await places({}, stranger)).features).toEqual([]);
    const counted = await aggregated({ group_by: 'status' }, stranger);
    expect(counted).toEqual({ aggregations: [], total: 0 });
  });

  it('of a domain that does not exist, or is of another tenant, are not found', async () => {
    await createDomain(editor, 'own_domain');
    for (const [client, domain] of [
      [viewer, 'none'],
      [stranger, 'own_domain'],
    ] as const) {
      const query = { domain_id: domain };
      for (const call of [
        client.get('/api/v1/data/geo', { query }),
        client.get('/api/v1/data/aggregated', { query: { ...query, group_by: 'status' } }),
      ]) {
        const { status, message } = await refused(call);
        expect([status, message]).toEqual([404, 'No such domain']);
      }
    }
    const own = { query: { domain_id: 'own_domain' } };
    expect((await viewer.get('/api/v1/data/geo', own)).features).toEqual([]);
  });
});
