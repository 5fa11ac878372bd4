// Reads registry.incidents with their registry.image_evidence, which the platform before this one wrote. It changes nothing there.
import type { ClientBase } from 'pg';
import { Fault } from '../../foundation/fault/fault.ts';
import type { JsonValue } from '../../foundation/json/json.ts';

const batchRows = 200;

/** Images that are read of one incident. */
export const legacyImagesMax = 50;

/** A row of image_evidence. */
export interface LegacyImage {
  readonly key: string | null;
  readonly bucket: string | null;
  readonly contentType: string | null;
  readonly sizeBytes: number | null;
}

/** A row of incidents with its images in the order of their upload: one more than `legacyImagesMax` at most. */
export interface LegacyIncident {
  readonly id: string;
  readonly tenantId: string | null;
  readonly domainId: string | null;
  readonly rawText: string | null;
  readonly structuredData: JsonValue;
  /** Hexadecimal EWKB; null where there is no place or no PostGIS. */
  readonly location: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly createdBy: string | null;
  readonly images: readonly LegacyImage[];
}

type IncidentRow = Omit<LegacyIncident, 'images'>;
type ImageRow = LegacyImage & { readonly incidentId: string };

const mayReadAll = 'select rolsuper or rolbypassrls as may from pg_roles where rolname = current_user';

const hasLocation = `select exists (
  select from information_schema.columns
  where table_schema = 'registry' and table_name = 'incidents' and column_name = 'location'
) as has`;

const selectImages = `select "incidentId", key, bucket, "contentType", "sizeBytes" from (
  select incident_id as "incidentId", s3_key as key, s3_bucket as bucket, content_type as "contentType",
    file_size_bytes as "sizeBytes", row_number() over (partition by incident_id order by uploaded_at, id) as at
  from registry.image_evidence where incident_id = any ($1::uuid[])
) as images where at <= $2 order by "incidentId", at`;

/**
 * All incidents, or those of a tenant, in batches of up to 200, as they were when the first was read. The connection is in a transaction
 * until the end. Fault `permission_denied` for a role that row-level security binds: it would see nothing.
 */
export async function* readLegacyIncidents(
  client: ClientBase,
  tenantId: string | undefined,
): AsyncGenerator<readonly LegacyIncident[]> {
  const { rows } = await client.query<{ readonly may: boolean }>(mayReadAll);
  if (!rows[0]?.may)
    throw new Fault('permission_denied', 'The admin must bypass row-level security to read all incidents');
  await client.query('begin isolation level repeatable read read only');
  // Between batches this connection is idle for as long as storing a batch takes.
  await client.query('set local idle_in_transaction_session_timeout = 0');
  try {
    await client.query(await declaration(client), [tenantId ?? null]);
    for (;;) {
      const batch = await client.query<IncidentRow>(`fetch ${batchRows} from legacy_incidents`);
      if (batch.rows.length === 0) return;
      yield await withImages(client, batch.rows);
    }
  } finally {
    await client.query('rollback').catch(() => undefined); // nothing was written; what went wrong says more
  }
}

async function declaration(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ readonly has: boolean }>(hasLocation);
  const location = rows[0]?.has ? 'location::text' : 'null::text';
  return `declare legacy_incidents no scroll cursor for
    select id, tenant_id as "tenantId", domain_id as "domainId", raw_text as "rawText",
      structured_data as "structuredData", ${location} as location, created_at as "createdAt",
      updated_at as "updatedAt", created_by as "createdBy"
    from registry.incidents where $1::uuid is null or tenant_id = $1
    order by tenant_id, id`;
}

async function withImages(client: ClientBase, rows: readonly IncidentRow[]): Promise<LegacyIncident[]> {
  const ids = rows.map(({ id }) => id);
  const images = await client.query<ImageRow>(selectImages, [ids, legacyImagesMax + 1]);
  const byIncident = Map.groupBy(images.rows, ({ incidentId }) => incidentId);
  return rows.map((row) => ({ ...row, images: byIncident.get(row.id) ?? [] }));
}
