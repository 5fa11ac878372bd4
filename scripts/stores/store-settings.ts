// Where the documents are, for commands: read from the same settings as the services read, under the same names and defaults.
import type { Readers } from '../../foundation/config/reader.ts';
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { writeShardsMax } from '../../foundation/dynamodb/write-shards.ts';

const requestTimeoutMs = 30_000;
const attemptsMax = 8;
const tableName = { lengthMin: 3, lengthMax: 255 };

/** How DynamoDB is reached. */
export interface DynamodbPlace {
  /** `DYNAMODB_ENDPOINT`; absent means AWS's own of the region. */
  readonly endpoint: string | undefined;
  /** `AWS_REGION` [us-east-1]. */
  readonly region: string;
}

/** What is known of the reports' tables. */
export interface ReportsPlace {
  /** `REPORTS_TABLE` [Reports]. */
  readonly reports: string;
  /** `PATCHES_TABLE` [Patches]. */
  readonly patches: string;
  /** `TENANT_WRITE_SHARDS` [1]. */
  readonly shards: number;
}

/** Names of the sessions service's tables. */
export interface SessionsPlace {
  /** `SESSIONS_TABLE` [Sessions]. */
  readonly sessions: string;
  /** `MESSAGES_TABLE` [Messages]. */
  readonly messages: string;
  /** `QUERY_JOBS_TABLE` [QueryJobs]. */
  readonly queryJobs: string;
}

/** Reads how DynamoDB is reached. */
export function readDynamodbPlace(read: Readers): DynamodbPlace {
  return {
    endpoint: read.optional.url('DYNAMODB_ENDPOINT', { protocols: ['http:', 'https:'] }),
    region: read.text('AWS_REGION', { default: 'us-east-1' }),
  };
}

/** Reads what is known of the reports' tables. */
export function readReportsPlace(read: Readers): ReportsPlace {
  return {
    reports: read.text('REPORTS_TABLE', { ...tableName, default: 'Reports' }),
    patches: read.text('PATCHES_TABLE', { ...tableName, default: 'Patches' }),
    shards: read.integer('TENANT_WRITE_SHARDS', { min: 1, max: writeShardsMax, default: 1 }),
  };
}

/** Reads the names of the sessions service's tables. */
export function readSessionsPlace(read: Readers): SessionsPlace {
  return {
    sessions: read.text('SESSIONS_TABLE', { ...tableName, default: 'Sessions' }),
    messages: read.text('MESSAGES_TABLE', { ...tableName, default: 'Messages' }),
    queryJobs: read.text('QUERY_JOBS_TABLE', { ...tableName, default: 'QueryJobs' }),
  };
}

/** A client that waits longer and tries more often than a service's: nobody waits for a command. */
export function openDynamodb({ endpoint, region }: DynamodbPlace): ReturnType<typeof createDocumentClient> {
  return createDocumentClient({ endpoint, region, requestTimeoutMs, attemptsMax });
}
