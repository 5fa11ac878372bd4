#!/usr/bin/env node
// `npm run -s create-stores`: makes the tables in DynamoDB and the bucket of images, and turns on what protects them. It touches no PostgreSQL.
import { readConfig } from '../foundation/config/reader.ts';
import type { TableSettings } from '../foundation/dynamodb/table-settings.ts';
import { type EnsuredTable, ensureTables } from '../foundation/dynamodb/tables.ts';
import { readArguments } from '../local/terminal/arguments.ts';
import { UsageError } from '../local/terminal/run-command.ts';
import { prepareBucket } from '../services/reports/store/object-bucket.ts';
import { reportsTables } from '../services/reports/store/tables.ts';
import { sessionsTables } from '../services/sessions/store/tables.ts';
import { printJson, runDatabaseCommand } from './database/command-line.ts';
import { type BucketPlace, openBucketClient, readBucketPlace } from './stores/bucket-settings.ts';
import {
  openDynamodb,
  readDynamodbPlace,
  readReportsPlace,
  readSessionsPlace,
} from './stores/store-settings.ts';

const leftOut = ['expiry', 'point-in-time-recovery', 'deletion-protection', 'bucket'] as const;
const tagMax = 40;

const usage = `Usage: npm run -s create-stores -- [--kms-key ARN] [--tag NAME=VALUE …] [--without WORD …]

Makes what is missing of the tables of reports, patches, sessions, messages and query jobs (paid by request, encrypted) and of the bucket of
images (private, encrypted, versioned, without old uploads), and turns on expiry of items, point-in-time recovery and protection against
deletion. Repeating it is safe; nothing is ever turned off or removed. Prints what it did as JSON and ends with 0, or with 1.

  --kms-key  encrypts with this key of yours; without it, with keys that AWS owns
  --tag      a tag for every table; may be repeated
  --without  one of ${leftOut.join(', ')}: leaves it alone, as for an emulator that lacks it; may be repeated

Settings: DYNAMODB_ENDPOINT, AWS_REGION, REPORTS_TABLE, PATCHES_TABLE, SESSIONS_TABLE, MESSAGES_TABLE, QUERY_JOBS_TABLE, OBJECTS_BUCKET (required),
OBJECTS_ENDPOINT, OBJECTS_ACCESS_KEY_ID, OBJECTS_SECRET_ACCESS_KEY, CORS_ORIGINS (sites whose pages may upload images)`;

interface Choices {
  readonly kmsKey: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly without: ReadonlySet<string>;
}

function readChoices(args: readonly string[]): Choices {
  const values = readArguments(args, {
    'kms-key': { type: 'string' },
    tag: { type: 'string', multiple: true, default: [] },
    without: { type: 'string', multiple: true, default: [] },
  });
  const { 'kms-key': kmsKey, tag = [], without = [] } = values;
  const unknown = without.find((word) => !leftOut.some((known) => known === word));
  if (unknown !== undefined)
    throw new UsageError(`--without must be one of ${leftOut.join(', ')}, not "${unknown}"`);
  if (kmsKey !== undefined && !/^arn:[^:]+:kms:[^:]+:\d+:key\/.+$/.test(kmsKey))
    throw new UsageError('--kms-key must be the ARN of a key (arn:aws:kms:…:key/…)');
  return { kmsKey, tags: readTags(tag), without: new Set(without) };
}

function readTags(tags: readonly string[]): Record<string, string> {
  if (tags.length > tagMax) throw new UsageError(`At most ${tagMax} tags can be given`);
  return Object.fromEntries(
    tags.map((tag) => {
      const [, name, value] = /^([^=]{1,128})=(.{0,256})$/.exec(tag) ?? [];
      if (name === undefined || value === undefined)
        throw new UsageError(`--tag must be NAME=VALUE, not "${tag}"`);
      return [name, value];
    }),
  );
}

function tableSettings({ kmsKey, tags, without }: Choices): TableSettings {
  return {
    expiry: !without.has('expiry'),
    pointInTimeRecovery: !without.has('point-in-time-recovery'),
    deletionProtection: !without.has('deletion-protection'),
    encryptionKey: kmsKey,
    tags,
  };
}

function readSettings(withBucket: boolean) {
  return readConfig(process.env, (read) => ({
    dynamodb: readDynamodbPlace(read),
    names: { ...readReportsPlace(read), ...readSessionsPlace(read) },
    bucket: withBucket ? readBucketPlace(read) : undefined,
    corsOrigins: read.optional.list('CORS_ORIGINS'),
  }));
}

type Settings = ReturnType<typeof readSettings>;

async function createTables(
  { dynamodb, names }: Settings,
  choices: Choices,
): Promise<readonly EnsuredTable[]> {
  const client = openDynamodb(dynamodb);
  try {
    const definitions = [...reportsTables(names), ...sessionsTables(names)];
    return await ensureTables(client, definitions, tableSettings(choices));
  } finally {
    client.destroy();
  }
}

async function createBucket(
  place: BucketPlace,
  { corsOrigins }: Settings,
  { kmsKey }: Choices,
): Promise<object> {
  const client = openBucketClient(place);
  try {
    const { created, leftOut } = await prepareBucket(client, place.bucket, { corsOrigins, kmsKeyId: kmsKey });
    return { name: place.bucket, created, ...(leftOut.length > 0 ? { left_out: leftOut } : {}) };
  } finally {
    client.destroy();
  }
}

await runDatabaseCommand({
  usage,
  run: async (args) => {
    const choices = readChoices(args);
    const settings = readSettings(!choices.without.has('bucket'));
    const tables = await createTables(settings, choices);
    const bucket = settings.bucket && (await createBucket(settings.bucket, settings, choices));
    printJson({ tables, bucket });
    return 0;
  },
});
