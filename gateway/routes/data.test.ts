// Data: what is asked of the report index, and how its answers are shown.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { invalidArgument, notFound } from '../../foundation/fault/fault.ts';
import { TimeBucket } from '../../proto/gen/domainflow/reports/v1/index_entry_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

let at: TestGateway;
let token: string;
const asked: unknown[] = [];

beforeAll(async () => {
  at = await startGatewayForTest();
  token = await at.token({ roles: ['viewer'] });
});
afterAll(() => at.close());
beforeEach(() => {
  asked.length = 0;
  at.handlers.domains = {
    getDomain: ({ domainId }) => {
      if (domainId !== 'civic') throw notFound('domain');
      return { domain: { domainId } };
    },
  };
});

const feature = (properties: object) => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [-71, 42] },
  properties,
});
const point = { longitude: -71, latitude: 42 };

describe('/data/geo', () => {
  beforeEach(() => {
    at.handlers.index = {
      listPoints: ({ filter, limit, cursor }) => {
        asked.push({ area: filter?.area, limit, cursor });
        return { features: [{ incidentId: 'inc_1', point, status: 'open' }], total: 7n, nextCursor: 'more' };
      },
      clusterPoints: ({ filter, zoom }) => {
        asked.push({ area: filter?.area, zoom });
        return { clusters: [5n, 2n].map((count) => ({ point, count })), total: 7n };
      },
    };
  });

  it('shows where reports are, and the way to more', async () => {
    const features = [feature({ incident_id: 'inc_1', status: 'open' })];
    const { status, body } = await at.send('GET data/geo?domain_id=civic', { token });
    const shown = { type: 'FeatureCollection', features, next_cursor: 'more' };
    expect([status, body]).toEqual([200, { ...shown, total: 7 }]);
    const next = await at.send('GET data/geo?domain_id=civic&limit=0&cursor=more', { token });
    expect(next.body).toEqual(shown);
    const everywhere = { case: undefined };
    expect(asked).toEqual([
      { area: everywhere, limit: 10_000, cursor: '' },
      { area: everywhere, limit: 1, cursor: 'more' },
    ]);
  });

  it('shows clusters, the largest first', async () => {
    const { body } = await at.send('GET data/geo?domain_id=civic&cluster_zoom=0', { token });
    const features = [feature({ count: 5 }), feature({ count: 2 })];
    expect(body).toEqual({ type: 'FeatureCollection', features, total: 7, next_cursor: null });
    expect(asked).toEqual([{ area: { case: undefined }, zoom: 0 }]);
  });

  it.each([
    ['bounds=170,-1,-170,1', { case: 'bounds', value: { west: 170, south: -1, east: -170, north: 1 } }],
    [
      'near=1,2&radius_km=3',
      { case: 'circle', value: { centre: { longitude: 1, latitude: 2 }, radiusKm: 3 } },
    ],
    ['near=1,2', { case: 'circle', value: { radiusKm: 0 } }],
    ['polygon=0,0;1,0;1,1', { case: 'polygon', value: { points: [{}, { longitude: 1 }, { latitude: 1 }] } }],
  ])('asks for an area: %s', async (query, area) => {
    expect((await at.send(`GET data/geo?domain_id=civic&${query}`, { token })).status).toBe(200);
    expect((await at.send(`GET data/geo?domain_id=civic&cluster_zoom=20&${query}`, { token })).status).toBe(
      200,
    );
    expect(asked).toMatchObject([{ area }, { area, zoom: 20 }]);
  });

  it.each([
    ['', ['domain_id']],
    ['domain_id=Civic', ['domain_id']],
    ['domain_id=civic&limit=ten', ['limit']],
    ['domain_id=civic&bounds=1,2,3&near=1,2', ['near', 'bounds']],
    ['domain_id=civic&bounds=', ['bounds']],
    ['domain_id=civic&near=1,2&radius_km=0', ['radius_km']],
    ['domain_id=civic&cluster_zoom=21', ['cluster_zoom']],
    ['domain_id=civic&cluster_zoom=-1', ['cluster_zoom']],
    ['domain_id=civic&cluster_zoom=1.5', ['cluster_zoom']],
    ['domain_id=civic&cluster_zoom=1&cursor=c', ['cursor']],
    ['domain_id=civic&polygon=1,1&polygon=2,2', ['polygon']],
  ])('refuses ?%s naming all that is wrong', async (query, fields) => {
    const answer = await at.send(`GET data/geo?${query}`, { token });
    expect(answer.status).toBe(400);
    expect(problemOf(answer).details.map(({ field }) => field)).toEqual(fields);
    expect(asked).toEqual([]);
  });
});

describe('/data/aggregated', () => {
  beforeEach(() => {
    at.handlers.index = {
      aggregate: ({ filter, groupBy, limit }) => {
        asked.push([filter?.domainId, groupBy, limit]);
        return { groups: [{ key: 'open', count: 2n }], total: 2n };
      },
      countOverTime: ({ bucket, timeZone, byEventTime }) => {
        asked.push([bucket, timeZone, byEventTime]);
        const start = timestampFromDate(new Date('2026-03-01T00:00:00Z'));
        return { buckets: [{ start, count: 2n }], total: 2n };
      },
    };
  });

  it.each(['status', 'source', 'created_by', 'ingestion_data.severity', 'management_data.task_details.a b'])(
    'counts by %s',
    async (path) => {
      const query = `domain_id=civic&group_by=${encodeURIComponent(path)}`;
      const { status, body } = await at.send(`GET data/aggregated?${query}`, { token });
      expect([status, body]).toEqual([200, { aggregations: [{ key: 'open', count: 2 }], total: 2 }]);
      expect(asked).toEqual([['civic', path, 1_000]]);
    },
  );

  it.each([
    ['bucket=hour', [TimeBucket.HOUR, '', false]],
    ['bucket=week&time=created&time_zone=Asia/Kathmandu', [TimeBucket.WEEK, 'Asia/Kathmandu', false]],
    ['bucket=month&time=event', [TimeBucket.MONTH, '', true]],
  ])('counts over time: %s', async (query, wanted) => {
    const { body } = await at.send(`GET data/aggregated?domain_id=civic&${query}`, { token });
    expect(body).toEqual({ buckets: [{ start: '2026-03-01T00:00:00.000Z', count: 2 }], total: 2 });
    expect(asked).toEqual([wanted]);
  });

  it.each([
    ['', ['domain_id']],
    ['domain_id=civic', ['group_by']],
    ['domain_id=civic&group_by=raw_text', ['group_by']],
    ['domain_id=civic&group_by=ingestion_data.', ['group_by']],
    ['domain_id=civic&group_by=ingestion_data', ['group_by']],
    ['domain_id=civic&group_by=status&bucket=day', ['group_by']],
    ['domain_id=civic&group_by=status&time=event', ['time']],
    ['domain_id=civic&bucket=year', ['bucket']],
    ['domain_id=civic&bucket=day&time_zone=Mars&time=now', ['time_zone', 'time']],
  ])('refuses ?%s naming all that is wrong', async (query, fields) => {
    const answer = await at.send(`GET data/aggregated?${query}`, { token });
    expect(answer.status).toBe(400);
    expect(problemOf(answer).details.map(({ field }) => field)).toEqual(fields);
    expect(asked).toEqual([]);
  });

  it('passes on what the index says of a path', async () => {
    at.handlers.index = {
      aggregate: () => {
        throw invalidArgument([{ field: 'group_by', reason: 'has too many keys' }]);
      },
    };
    const answer = await at.send('GET data/aggregated?domain_id=civic&group_by=ingestion_data.a', { token });
    expect(problemOf(answer).details).toEqual([{ field: 'group_by', reason: 'has too many keys' }]);
  });
});

describe('data of a domain that does not exist', () => {
  it.each(['geo?', 'geo?cluster_zoom=3&', 'aggregated?group_by=status&', 'aggregated?bucket=day&'])(
    'is not found: %s',
    async (path) => {
      at.handlers.index = {};
      const answer = await at.send(`GET data/${path}domain_id=none`, { token });
      expect([answer.status, problemOf(answer).detail]).toEqual([404, 'No such domain']);
    },
  );
});
