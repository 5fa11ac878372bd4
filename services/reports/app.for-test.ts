// The reports service with both databases, for tests: real stores, a real socket, and callers of any tenant. Production does not import it.
import { randomUUID } from 'node:crypto';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type CallOptions, type Client, createClient } from '@connectrpc/connect';
import pg from 'pg';
import { systemClock } from '../../foundation/clock.ts';
import { readDatabaseConfig } from '../../foundation/config/database-config.ts';
import { readConfig } from '../../foundation/config/reader.ts';
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { ensureTables } from '../../foundation/dynamodb/tables.ts';
import {
  createRequestTokenMint,
  createRunTokenMint,
  createServiceTokenMint,
} from '../../foundation/identity/mesh-issuers.ts';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { newId, prefixedId } from '../../foundation/ids/ids.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import { createMeshTransport } from '../../foundation/rpc/mesh-transport.ts';
import type { RunningService } from '../../foundation/rpc/rpc-service.ts';
import { quietTelemetry } from '../../foundation/telemetry/quiet-telemetry.for-test.ts';
import { startLocalDynamodb } from '../../local/databases/dynamodb.ts';
import { startTestDatabases } from '../../local/databases/test-databases.ts';
import { type LocalObjects, startLocalObjects } from '../../local/objects/object-server.ts';
import { ImageService } from '../../proto/gen/domainflow/reports/v1/image_service_pb.js';
import { IndexService } from '../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { PatchService } from '../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { ReportService } from '../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { startReports } from './app.ts';
import { prepareReportsDatabase } from './store/schema.ts';
import { reportsTables } from './store/tables.ts';

const callTimeoutMs = 10_000;

/** Someone who calls the service. */
export interface TestCaller {
  readonly tenantId: string;
  readonly userId: string;
}

/** A submission made for a test. */
export interface TestSubmission {
  readonly id: string;
  readonly incidentId: string;
  readonly jobId: string;
  readonly domainId: string;
  readonly rawText: string;
  readonly createdAt: Date;
}

/** The service under test. */
export interface ReportsUnderTest {
  readonly service: RunningService;
  readonly reports: Client<typeof ReportService>;
  readonly images: Client<typeof ImageService>;
  readonly patches: Client<typeof PatchService>;
  readonly index: Client<typeof IndexService>;
  readonly dynamodbEndpoint: string;
  /** The object store of the service. */
  readonly objects: LocalObjects;
  /** Call options of a person with a role [editor]. */
  as(caller: TestCaller, role?: string): CallOptions;
  /** Call options of a service that speaks for itself. */
  asService(): CallOptions;
  /** Call options of a run that may write the target. */
  asRun(caller: TestCaller, writeTarget: string, capability?: string): CallOptions;
  /** Creates the report of a submission. */
  submit(caller: TestCaller, submission: TestSubmission): Promise<void>;
  /** Lets nobody into PostgreSQL and ends all sessions, or lets them in again. */
  letIntoPostgres(open: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** A user of a new tenant. */
export function newCaller(): TestCaller {
  return { tenantId: randomUUID(), userId: randomUUID() };
}

/** A new submission, changed as given. */
export function newSubmission(changes: Partial<Omit<TestSubmission, 'incidentId'>> = {}): TestSubmission {
  const id = changes.id ?? newId();
  return {
    jobId: prefixedId('job_', newId()),
    domainId: 'civic_complaints',
    rawText: 'A pothole on Main Street',
    createdAt: new Date(),
    ...changes,
    id,
    incidentId: prefixedId('inc_', id),
  };
}

/** How the service differs from the usual. */
export interface TestWiring {
  /** Stands between the service and DynamoDB: given the real address, answers the one that the service is told. */
  readonly dynamodbThrough?: (endpoint: string) => Promise<string>;
}

/** Starts databases and service. Call `stop` in `afterAll`. */
export async function startReportsForTest(wiring: TestWiring = {}): Promise<ReportsUnderTest> {
  const { databases, dynamodb, objects, stop: stopStores } = await startStores();
  const adminUrl = await databases.createDatabase('reports_test');
  const { databaseUrl } = await prepareReportsDatabase({ adminUrl, appPassword: 'reports-test' });
  await makeTables(dynamodb.endpoint);
  const [gatewayKey, runKey] = await Promise.all([generateSigningKey(), generateSigningKey()]);
  const service = await startReports({
    host: '127.0.0.1',
    port: 0,
    meshKeys: { gateway: [gatewayKey.publicJwk], orchestrator: [runKey.publicJwk] },
    breakers: {},
    telemetry: quietTelemetry,
    database: readConfig({ DATABASE_URL: databaseUrl, DB_POOL_SIZE: '5' }, readDatabaseConfig),
    dynamodbEndpoint: await (wiring.dynamodbThrough ?? straight)(dynamodb.endpoint),
    awsRegion: 'local',
    reportsTable: 'Reports',
    patchesTable: 'Patches',
    tenantWriteShards: 1,
    objects: { ...objects, publicEndpoint: objects.endpoint, credentials: objects },
    pageTokenKey: 'page-token-key-of-the-reports-tests',
  });
  const { tracer } = service.telemetry;
  const transport = createMeshTransport({ target: service.address, tracer, clock: systemClock });
  const people = createRequestTokenMint(gatewayKey.privateJwk, systemClock);
  const runs = createRunTokenMint(runKey.privateJwk, systemClock);
  const reports = createClient(ReportService, transport);
  const principal = (caller: TestCaller, role = 'editor') => ({
    ...caller,
    username: 'someone',
    roles: [role],
  });
  const as = (caller: TestCaller, role?: string) =>
    callWith({ token: people.mint(principal(caller, role)), timeoutMs: callTimeoutMs });
  const ownToken = createServiceTokenMint('gateway', gatewayKey.privateJwk, systemClock);
  const asRun = (caller: TestCaller, writeTarget: string, capability = 'ingestion') => {
    const run = { runId: prefixedId('job_', newId()), capability, writeTarget };
    return callWith({ token: runs.mint({ ...principal(caller), run }), timeoutMs: callTimeoutMs });
  };
  return {
    ...{ service, reports, as, asRun },
    asService: () => callWith({ token: ownToken(), timeoutMs: callTimeoutMs }),
    images: createClient(ImageService, transport),
    patches: createClient(PatchService, transport),
    index: createClient(IndexService, transport),
    objects,
    dynamodbEndpoint: dynamodb.endpoint,
    async submit(caller, { incidentId, createdAt, ...submission }) {
      const request = { ...submission, source: 'web', createdAt: timestampFromDate(createdAt) };
      await reports.createReport(request, asRun(caller, incidentId));
    },
    letIntoPostgres: (open) => setDoor(adminUrl, open),
    async stop() {
      transport.close();
      await service.close();
      await stopStores();
    },
  };
}

async function startStores() {
  const starts = [startTestDatabases(), startLocalDynamodb({}), startLocalObjects()] as const;
  const [databases, dynamodb, objects] = await Promise.all(starts);
  const stop = async (): Promise<void> => {
    await Promise.all([databases, dynamodb, objects].map((store) => store.stop()));
  };
  return { databases, dynamodb, objects, stop };
}

async function straight(endpoint: string): Promise<string> {
  return endpoint;
}

async function makeTables(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
  const client = createDocumentClient({ endpoint, region: 'local', credentials, requestTimeoutMs: 5_000 });
  await ensureTables(client, reportsTables({ reports: 'Reports', patches: 'Patches' }));
  client.destroy();
}

async function setDoor(adminUrl: string, open: boolean): Promise<void> {
  const database = new URL(adminUrl).pathname.slice(1);
  const client = new pg.Client({
    connectionString: Object.assign(new URL(adminUrl), { pathname: '/postgres' }).toString(),
  });
  await client.connect();
  await client.query(`alter database ${database} with allow_connections ${open}`);
  if (!open) {
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
      database,
    ]);
  }
  await client.end();
}
