#!/usr/bin/env node
// `npm run -s import-legacy`: makes reports of the rows that the platform before this one left. It may be repeated, and changes no such row.
import { monotonicMs, systemClock } from '../foundation/clock.ts';
import { readConfig } from '../foundation/config/reader.ts';
import { isUuid } from '../foundation/ids/ids.ts';
import { readArguments } from '../local/terminal/arguments.ts';
import { UsageError } from '../local/terminal/run-command.ts';
import { createDynamodbStore } from '../services/reports/store/dynamodb-store.ts';
import { withAdminClient } from './database/admin-client.ts';
import { readAdmin } from './database/admin-settings.ts';
import { printJson, runDatabaseCommand } from './database/command-line.ts';
import { importIncidents, type LegacyCounts, type LegacyDeps } from './legacy/import-incidents.ts';
import { recordImage } from './legacy/legacy-images.ts';
import { readLegacyIncidents } from './legacy/legacy-rows.ts';
import { startProgressLine } from './reindex/progress-line.ts';
import { openBucketClient, readBucketPlace } from './stores/bucket-settings.ts';
import { openDynamodb, readDynamodbPlace, readReportsPlace } from './stores/store-settings.ts';

const usage = `Usage: npm run -s import-legacy -- [--tenant UUID] [--dry-run]

Makes a report of each row of registry.incidents, with the images that registry.image_evidence names. The report's id follows from the row, so
that repeating imports what is new and changes nothing else. Rows that no report can be made of are named with everything that is wrong.
Prints counts as JSON; ends with 0, or with 1 when a row was refused or a store did not answer.

  --tenant   only rows of this tenant
  --dry-run  stores nothing, and says what it would do

Settings: ADMIN_DATABASE_URL, or what may stand for it (see db-init), of a role that row-level security does not bind; DYNAMODB_ENDPOINT,
AWS_REGION, REPORTS_TABLE, TENANT_WRITE_SHARDS; with OBJECTS_BUCKET (and OBJECTS_ENDPOINT, OBJECTS_ACCESS_KEY_ID, OBJECTS_SECRET_ACCESS_KEY)
it is looked whether images are there, else all are recorded as unverified`;

interface Choices {
  readonly tenantId: string | undefined;
  readonly dryRun: boolean;
}

function readChoices(args: readonly string[]): Choices {
  const { tenant, 'dry-run': dryRun } = readArguments(args, {
    tenant: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
  });
  if (tenant !== undefined && !isUuid(tenant)) throw new UsageError('--tenant must be a UUID');
  return { tenantId: tenant, dryRun };
}

function readSettings() {
  return readConfig(process.env, (read) => ({
    admin: readAdmin(read),
    dynamodb: readDynamodbPlace(read),
    place: readReportsPlace(read),
    bucket: read.given('OBJECTS_BUCKET') ? readBucketPlace(read) : undefined,
  }));
}

const write = (line: string): void => void process.stderr.write(line);

async function importLegacy({ tenantId, dryRun }: Choices): Promise<LegacyCounts> {
  const { dynamodb, place, bucket, admin } = readSettings();
  const client = openDynamodb(dynamodb);
  const own = bucket && { client: openBucketClient(bucket), bucket: bucket.bucket };
  const store = createDynamodbStore({ client, table: place.reports, shards: place.shards });
  const line = startProgressLine({ name: 'import-legacy', clock: monotonicMs, write });
  const deps: LegacyDeps = {
    nowMs: systemClock(),
    create: store.create,
    isTaken: async (key) => ((await store.find(key)) ?? (await store.findTombstone(key))) !== undefined,
    recordImage: (image) => recordImage(own, image),
    dryRun,
    tell: (counts) => line.tell(counts.imported + counts.present + counts.refused, { ...counts }),
    complain: ({ id }, problems) =>
      write(`${id}: ${problems.map(({ field, reason }) => `${field} ${reason}`).join('; ')}\n`),
  };
  try {
    return await withAdminClient(admin, (postgres) =>
      importIncidents(deps, readLegacyIncidents(postgres, tenantId)),
    );
  } finally {
    client.destroy();
    own?.client.destroy();
  }
}

await runDatabaseCommand({
  usage,
  run: async (args) => {
    const choices = readChoices(args);
    const counts = await importLegacy(choices);
    printJson({ dry_run: choices.dryRun, ...counts });
    return counts.refused === 0 ? 0 : 1;
  },
});
