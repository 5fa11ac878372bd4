// Rows of the report index as its functions answer them.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { Statement } from '../../../foundation/postgres/statement.ts';
import type { IndexEntry } from '../core/index-query.ts';

/** `reports.index_entry`. */
export interface EntryRow {
  readonly incident_id: string;
  readonly report_id: string;
  readonly domain_id: string;
  readonly status: string;
  readonly source: string;
  readonly created_by: string;
  readonly created_at: Date;
  readonly summary: string;
  readonly ingestion_data: JsonObject;
  readonly management_data: JsonObject;
  readonly longitude: number | null;
  readonly latitude: number | null;
  readonly rank: number;
  readonly snippet: string;
  /** The same in every row; null where matches are not counted. */
  readonly total: string | null;
  /** The same in every row; true when there are more than were counted. */
  readonly total_at_least: boolean;
}

/** The rows of one statement under the tenant. */
export async function readRows<Row>(
  postgres: Postgres,
  tenantId: string,
  statement: Statement,
): Promise<readonly Row[]> {
  return postgres.tenantRead(tenantId, async (client) => (await client.query<Row>(statement)).rows);
}

/** The report of a row. */
export function entryOf(tenantId: string, row: EntryRow): IndexEntry {
  const { longitude, latitude } = row;
  return {
    tenantId,
    incidentId: row.incident_id,
    id: row.report_id,
    domainId: row.domain_id,
    status: row.status,
    source: row.source,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    summary: row.summary,
    ingestionData: row.ingestion_data,
    managementData: row.management_data,
    place: longitude === null || latitude === null ? undefined : { longitude, latitude },
    rank: row.rank,
    snippet: row.snippet,
  };
}
