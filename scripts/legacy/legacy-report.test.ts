// What an incident becomes: its id, its place, and that places of PostGIS are read as PostGIS writes them.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { idTimeMs, isUuid } from '../../foundation/ids/ids.ts';
import type { JsonValue } from '../../foundation/json/json.ts';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import {
  type DebianPostgres,
  describeOnDebianPostgis,
  startDebianPostgres,
} from '../../services/registry/store/debian-postgres.for-test.ts';
import { prepareRegistryDatabase } from '../../services/registry/store/schema.ts';
import { readEwkbPoint } from './ewkb-point.ts';
import { judgeIncident, legacyReportId } from './legacy-report.ts';
import { type LegacyIncident, readLegacyIncidents } from './legacy-rows.ts';

const tenantId = '01890a5d-ac96-774b-bcce-b302099a8057';
const point = { type: 'Point', coordinates: [-71.0589, 42.3601] };
const nowMs = Date.parse('2025-05-05T05:05:05Z');

function someIncident(changes: Partial<LegacyIncident> = {}): LegacyIncident {
  return {
    ...{ id: '4f9f7f4e-8a0e-4b6c-9d55-0d3bb28a53a1', tenantId, domainId: 'parks', rawText: 'A tree fell' },
    ...{ structuredData: null, location: null, createdBy: null, images: [] },
    createdAt: new Date('2019-03-04T05:06:07.089Z'),
    updatedAt: new Date('2019-03-05T00:00:00Z'),
    ...changes,
  };
}

function findingsOf(incident: LegacyIncident): JsonValue | undefined {
  const verdict = judgeIncident(incident, nowMs);
  if (verdict.kind === 'refused') throw new Error(JSON.stringify(verdict.problems));
  return verdict.report.findings?.ingestionData;
}

describe('the id of a legacy report', () => {
  it('is a UUIDv7 of its time and always the same', () => {
    const id = legacyReportId(tenantId, 'a', 1_551_675_967_089);
    expect(id).toBe('01694718-4671-70ef-ad41-20213b364072');
    expect([isUuid(id), id[14], '89ab'.includes(id[19] ?? ''), idTimeMs(id)]).toEqual([
      true,
      '7',
      true,
      1_551_675_967_089,
    ]);
  });

  it('differs between tenants, rows and times', () => {
    const ids = [
      legacyReportId(tenantId, 'a', 0),
      legacyReportId(tenantId, 'b', 0),
      legacyReportId('other', 'a', 0),
      legacyReportId(tenantId, 'a', 2 ** 48 - 1),
    ];
    expect(new Set(ids).size).toBe(4);
  });
});

describe('the place of a legacy report', () => {
  // POINT(-71.0589 42.3601) with SRID 4326, as `select location::text` writes it on a little-endian server.
  const boston = '0101000020E6100000006F8104C5C351C012A5BDC1172E4540';

  it('is that of the map where the findings know none', () => {
    expect(findingsOf(someIncident({ location: boston }))).toEqual({ geo_location: point });
    const empty = { geo_location: null, kind: 'tree' };
    expect(findingsOf(someIncident({ location: boston, structuredData: empty }))).toEqual({
      geo_location: point,
      kind: 'tree',
    });
  });

  it('is that of the findings where they know one', () => {
    const known = { geo_location: { type: 'Point', coordinates: [1, 2] } };
    expect(findingsOf(someIncident({ location: boston, structuredData: known }))).toEqual(known);
  });

  it('is unknown for an empty point, and refused for what is no point in degrees', () => {
    expect(
      findingsOf(someIncident({ location: '0101000020E6100000000000000000F87F000000000000F87F' })),
    ).toEqual({});
    const line = '0102000020E610000000000000';
    expect(judgeIncident(someIncident({ location: line }), nowMs)).toEqual({
      kind: 'refused',
      problems: [{ field: 'location', reason: 'is no point' }],
    });
    const metres = boston.replace('E6100000', '110F0000');
    expect(() => readEwkbPoint(metres)).toThrow('WGS 84');
  });
});

describeOnDebianPostgis("a legacy row's place in Debian's PostGIS", () => {
  let server: DebianPostgres;
  beforeAll(async () => {
    server = await startDebianPostgres();
  }, 60_000);
  afterAll(() => server?.stop());

  it('is read as PostGIS writes it', async () => {
    const url = await server.createDatabase('legacy');
    await prepareRegistryDatabase({ adminUrl: url, appPassword: 'registry-test', seed: false });
    const batch = await withOwnClient({ connectionString: url }, async (admin) => {
      await admin.query('insert into registry.tenants (id, tenant_name) values ($1, $2)', [
        tenantId,
        'Old town',
      ]);
      await admin.query(
        `insert into registry.incidents (tenant_id, domain_id, raw_text, created_at, location)
         values ($1, 'parks', 'A tree fell', '2020-01-01', 'SRID=4326;POINT(-71.0589 42.3601)')`,
        [tenantId],
      );
      return (await Array.fromAsync(readLegacyIncidents(admin, tenantId)))[0];
    });
    expect(batch?.map(findingsOf)).toEqual([{ geo_location: point }]);
  });
});
