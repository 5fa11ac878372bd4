// Data: places and counts of a domain's reports.
import assert from 'node:assert/strict';
import { v7 } from 'uuid';
import { refused, refusedRaw } from '../answers.ts';
import { makeDomain, removeReportLater } from '../sample.ts';
import { type Category, httpTest, type TestContext, waits } from '../suite.ts';
import { waitFor } from '../wait.ts';

const geo = '/api/v1/data/geo';
const aggregated = '/api/v1/data/aggregated';

/** Reports as they are imported: where, and of what kind. The last has no place. */
const samples = [
  { at: [-71.05, 42.35], kind: 'light' },
  { at: [-71.051, 42.351], kind: 'light' },
  { at: [179.9, -17], kind: 'water' },
  { at: undefined, kind: 'light' },
] as const;

/** A domain whose reports are those, all of them found by questions. */
function filledDomain(t: TestContext): Promise<string> {
  return t.shared('data', async () => {
    const domain_id = await makeDomain(t);
    const lines = samples.map(({ at, kind }) => {
      const place = at && { geo_location: { type: 'Point', coordinates: at } };
      const incident_id = `inc_${v7().replaceAll('-', '')}`;
      return JSON.stringify({
        incident_id,
        domain_id,
        text: `About ${kind}`,
        ingestion_data: { kind, ...place },
      });
    });
    const told = await Array.fromAsync(t.as('editor').batch(lines, { isImport: true }));
    for (const { incident_id } of told) if (incident_id) removeReportLater(t, incident_id);
    assert.deepEqual(
      told.map(({ status }) => status),
      samples.map(() => 'imported'),
      JSON.stringify(told[0]),
    );
    const query = { domain_id, group_by: 'status' };
    await waitFor({
      what: 'That imported reports are counted',
      read: () => t.as('viewer').get(aggregated, { query }),
      isDone: ({ total }) => total === samples.length,
      timeoutMs: waits.report,
      signal: t.signal,
    });
    return domain_id;
  });
}

async function longitudes(
  t: TestContext,
  query: Readonly<Record<string, string>>,
): Promise<readonly unknown[]> {
  const domain_id = await filledDomain(t);
  const answer = await t.as('viewer').get(geo, { query: { domain_id, ...query } });
  assert.equal(answer.type, 'FeatureCollection');
  const found = answer.features.map(({ geometry }) => Number(geometry.coordinates[0]));
  return found.toSorted((a, b) => a - b);
}

/** data-1 to data-6 of the specification. */
export const dataTests: Category = {
  name: 'data',
  proves: '6.1–6.5',
  isDeployed: false,
  tests: [
    httpTest(['data-1', 'geo with bounds', 'critical'], async (t) => {
      assert.deepEqual(await longitudes(t, { bounds: '-72,42,-71,43' }), [-71.051, -71.05]);
      assert.deepEqual(await longitudes(t, { bounds: '179,-18,-179,-16' }), [179.9]);
      assert.deepEqual(await longitudes(t, { bounds: '0,0,1,1' }), []);
    }),
    httpTest(['data-2', 'aggregated'], async (t) => {
      const query = { domain_id: await filledDomain(t), group_by: 'ingestion_data.kind' };
      const counts = await t.as('viewer').get(aggregated, { query });
      assert.ok('aggregations' in counts);
      assert.deepEqual(counts.aggregations, [
        { key: 'light', count: 3 },
        { key: 'water', count: 1 },
      ]);
      assert.equal(counts.total, 4);
    }),
    httpTest(['data-3', 'bad group_by 400'], async (t) => {
      const domainId = await filledDomain(t);
      for (const path of ['raw_text', 'ingestion_data', "x'; drop table reports"]) {
        const place = `${aggregated}?domain_id=${domainId}&group_by=${encodeURIComponent(path)}`;
        await refusedRaw(t.as('viewer'), ['GET', place], { status: 400, field: 'group_by' });
      }
      await refusedRaw(t.as('viewer'), ['GET', `${aggregated}?domain_id=${domainId}`], { status: 400 });
    }),
    httpTest(['data-4', 'no bounds'], async (t) => {
      assert.deepEqual(await longitudes(t, {}), [-71.051, -71.05, 179.9]);
    }),
    httpTest(['data-5', 'unknown domain 404'], async (t) => {
      const viewer = t.as('viewer');
      const domain_id = 'no_such_domain';
      await refused(viewer.get(geo, { query: { domain_id } }), 404);
      await refused(viewer.get(aggregated, { query: { domain_id, group_by: 'status' } }), 404);
      const foreign = { domain_id: await filledDomain(t) };
      await refused(t.as('other-tenant').get(geo, { query: foreign }), 404);
    }),
    httpTest(['data-6', 'radius, polygon'], async (t) => {
      assert.deepEqual(await longitudes(t, { near: '-71.05,42.35', radius_km: '0.05' }), [-71.05]);
      assert.deepEqual(await longitudes(t, { near: '-71.05,42.35' }), [-71.051, -71.05]);
      assert.deepEqual(await longitudes(t, { polygon: '-72,42;-71,42;-71,43;-72,43' }), [-71.051, -71.05]);
      const both = `${geo}?domain_id=${await filledDomain(t)}&near=0,0&bounds=0,0,1,1`;
      await refusedRaw(t.as('viewer'), ['GET', both], { status: 400 });
    }),
  ],
};
