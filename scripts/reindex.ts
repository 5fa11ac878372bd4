#!/usr/bin/env node
// `npm run -s reindex`: brings the report index to what the documents say. It may run beside the service, and writes no document.
import { monotonicMs } from '../foundation/clock.ts';
import { readDatabaseConfig } from '../foundation/config/database-config.ts';
import { readConfig } from '../foundation/config/reader.ts';
import { isUuid } from '../foundation/ids/ids.ts';
import { resolveDatabaseUrl } from '../foundation/postgres/database-url.ts';
import { createPostgres, type Postgres } from '../foundation/postgres/pool.ts';
import { readArguments } from '../local/terminal/arguments.ts';
import { UsageError } from '../local/terminal/run-command.ts';
import { isDomainId } from '../services/reports/core/report-problems.ts';
import { createDynamodbStore } from '../services/reports/store/dynamodb-store.ts';
import { createPostgresIndex } from '../services/reports/store/postgres-index.ts';
import type { ReportIndex } from '../services/reports/store/store.ts';
import { printJson, runDatabaseCommand } from './database/command-line.ts';
import { failureSentence } from './database/failure-sentence.ts';
import { readHeldDocuments } from './reindex/held-documents.ts';
import { openProgressFile, type ReindexCounts } from './reindex/progress-file.ts';
import { startProgressLine } from './reindex/progress-line.ts';
import { type RebuiltIndex, reindexReports } from './reindex/reindex-reports.ts';
import { type ReportScope, reportLanes } from './reindex/report-lanes.ts';
import { openDynamodb, readDynamodbPlace, readReportsPlace } from './stores/store-settings.ts';

const segmentsMax = 64;
const statementTimeoutMs = 60_000;

const usage = `Usage: npm run -s reindex -- [--tenant UUID [--domain ID]] [--segments N] [--progress FILE]

Writes every report over its row of the report index, then removes rows whose document is gone, of each tenant that was met. Rows that are
newer stay. Prints counts as JSON; ends with 0, or with 1 when a report could not be indexed or a store did not answer.

  --tenant    only reports of this tenant; it is compared also when none of its documents are left
  --domain    only reports of this domain
  --segments  parts that all reports are read in at the same time, 1 to ${segmentsMax} [4]
  --progress  a file that keeps how far the run has come: the same command goes on there after it was ended

Settings: those of the reports service for PostgreSQL (DATABASE_URL or what may stand for it), DYNAMODB_ENDPOINT, AWS_REGION, REPORTS_TABLE
and TENANT_WRITE_SHARDS`;

interface Choices {
  readonly scope: ReportScope;
  readonly segments: number;
  readonly progress: string | undefined;
}

function readChoices(args: readonly string[]): Choices {
  const text = { type: 'string' } as const;
  const options = { tenant: text, domain: text, segments: text, progress: text };
  const { tenant: tenantId, domain: domainId, segments = '4', progress } = readArguments(args, options);
  if (tenantId !== undefined && !isUuid(tenantId)) throw new UsageError('--tenant must be a UUID');
  if (domainId !== undefined && !isDomainId(domainId))
    throw new UsageError('--domain must be the id of a domain');
  if (domainId !== undefined && tenantId === undefined) throw new UsageError('--domain needs --tenant');
  const count = /^\d{1,2}$/.test(segments) ? Number(segments) : 0;
  if (count < 1 || count > segmentsMax) throw new UsageError(`--segments must be 1 to ${segmentsMax}`);
  return { scope: { tenantId: tenantId?.toLowerCase(), domainId }, segments: count, progress };
}

function openIndex(postgres: Postgres): RebuiltIndex {
  const index: ReportIndex = createPostgresIndex(postgres);
  return {
    replaceMany: (rows) => index.replaceMany(rows),
    remove: (gone) => index.remove(gone),
    idsAfter: (tenantId, after, limit) => index.idsAfter(tenantId, after, limit),
    inDomain: async (tenantId, domainId, ids) =>
      (await index.verify(tenantId, domainId, ids)).map(({ incidentId }) => incidentId),
  };
}

async function reindex({ scope, segments, progress }: Choices): Promise<ReindexCounts> {
  const settings = readConfig(process.env, (read) => ({
    dynamodb: readDynamodbPlace(read),
    place: readReportsPlace(read),
    database: readDatabaseConfig(read),
  }));
  const { source, tls, pool } = settings.database;
  const { reports: table, shards } = settings.place;
  const client = openDynamodb(settings.dynamodb);
  const postgres = createPostgres({
    url: () => resolveDatabaseUrl(source, tls),
    applicationName: 'domainflow reindex',
    sizeMax: segments,
    acquireTimeoutMs: pool.acquireTimeoutMs,
    statementTimeoutMs,
  });
  const { findMany } = createDynamodbStore({ client, table, shards });
  const write = (line: string) => void process.stderr.write(line);
  const line = startProgressLine({ name: 'reindex', clock: monotonicMs, write });
  try {
    const lanes = reportLanes({ client, table, shards, segments, findMany }, scope);
    const counts = await reindexReports(
      {
        ...{ lanes, index: openIndex(postgres), file: openProgressFile(progress) },
        held: (keys) => readHeldDocuments({ client, table }, keys),
        tell: (counts) => line.tell(counts.reports, { ...counts }),
        complain: ({ tenantId, incidentId }, error) =>
          write(`${tenantId} ${incidentId}: ${failureSentence(error)}\n`),
      },
      scope,
    );
    const { seconds, perSecond } = line.rate(counts.reports);
    printJson({ ...counts, seconds, reports_per_second: perSecond });
    return counts;
  } finally {
    client.destroy();
    await postgres.close();
  }
}

await runDatabaseCommand({
  usage,
  run: async (args) => ((await reindex(readChoices(args))).failed === 0 ? 0 : 1),
});
