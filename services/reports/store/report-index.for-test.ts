// The report index over an empty database, for tests, and rows to put into it. Production does not import it.
import pg from 'pg';
import { newIdAt, prefixedId } from '../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { createPostgres } from '../../../foundation/postgres/pool.ts';
import { startTestDatabases } from '../../../local/databases/test-databases.ts';
import { type IndexRow, indexRowOf } from '../core/index-row.ts';
import { submittedReport } from '../core/report.ts';
import { createPostgresIndex } from './postgres-index.ts';
import { prepareReportsDatabase } from './schema.ts';
import type { ReportIndex } from './store.ts';

/** The domain of rows that name none. */
export const testDomain = 'civic_complaints';

/** An index under test. */
export interface IndexUnderTest {
  readonly index: ReportIndex;
  /** A connection of an administrator. */
  readonly admin: pg.Client;
  stop(): Promise<void>;
}

/** Starts PostgreSQL and the index. Call `stop` in `afterAll`. */
export async function startIndexForTest(): Promise<IndexUnderTest> {
  const databases = await startTestDatabases();
  const adminUrl = await databases.createDatabase('report_index');
  const { databaseUrl } = await prepareReportsDatabase({ adminUrl, appPassword: 'p' });
  const postgres = createPostgres({
    url: databaseUrl,
    applicationName: 'test',
    sizeMax: 6,
    acquireTimeoutMs: 10_000,
    onError: () => undefined,
  });
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  return {
    index: createPostgresIndex(postgres),
    admin,
    async stop() {
      await Promise.all([postgres.close(), admin.end()]);
      await databases.stop();
    },
  };
}

/** What a row is made of; the rest is the same for all. */
export interface TestRow {
  readonly tenantId: string;
  readonly domainId?: string;
  readonly rawText?: string;
  readonly status?: string;
  readonly source?: string;
  readonly createdBy?: string;
  readonly atMs?: number;
  readonly version?: number;
  readonly ingestionData?: JsonObject;
  readonly managementData?: JsonObject;
}

/** A row of a new report. */
export function testRow(row: TestRow): IndexRow {
  const { atMs = Date.UTC(2025, 0, 1), version = 1, ingestionData, managementData } = row;
  const report = submittedReport({
    tenantId: row.tenantId,
    id: newIdAt(atMs),
    domainId: row.domainId ?? testDomain,
    rawText: row.rawText ?? 'A flood',
    source: row.source ?? 'web',
    jobId: prefixedId('job_', newIdAt(atMs)),
    createdAt: new Date(atMs).toISOString(),
    createdBy: row.createdBy ?? 'someone',
  });
  const findings = ingestionData && { ingestionData, provenance: {}, conflicts: [] };
  return indexRowOf({ ...report, version, status: row.status ?? report.status, findings, managementData });
}
