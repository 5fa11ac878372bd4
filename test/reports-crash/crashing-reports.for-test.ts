// A reports service in a process of its own that can be killed at any of its writes and started again, and a way past it to what is stored.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@connectrpc/connect';
import { trace } from '@opentelemetry/api';
import { systemClock } from '../../foundation/clock.ts';
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { ensureTables } from '../../foundation/dynamodb/tables.ts';
import { createRequestTokenMint, createRunTokenMint } from '../../foundation/identity/mesh-issuers.ts';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { newId, prefixedId } from '../../foundation/ids/ids.ts';
import { createPostgres } from '../../foundation/postgres/pool.ts';
import type { ClosableTransport } from '../../foundation/rpc/balanced-transport.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import { createMeshTransport } from '../../foundation/rpc/mesh-transport.ts';
import { startOwnTestDatabases } from '../../local/databases/test-databases.ts';
import { type StartedProcess, startServiceProcess } from '../../local/mesh/service-process.ts';
import { pause } from '../../local/pause.for-test.ts';
import { PatchService } from '../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { ReportService } from '../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { createPostgresIndex } from '../../services/reports/store/postgres-index.ts';
import { prepareReportsDatabase } from '../../services/reports/store/schema.ts';
import { reportsTables } from '../../services/reports/store/tables.ts';
import { startDynamodbProxy } from './dynamodb-proxy.for-test.ts';
import { startIndexProxy } from './index-proxy.for-test.ts';
import type { RunningReports } from './running-reports.for-test.ts';
import { readStored, type StoredReports } from './stored-state.for-test.ts';
import type { ReadyWrite } from './write-operations.for-test.ts';
import { type CrashPoint, createWriteSteps, type WriteSteps } from './write-steps.for-test.ts';

const callTimeoutMs = 8_000;
/** How long the sweep may take for what a call has left to it, in milliseconds. */
const sweptMsMax = 15_000;
const tables = { reports: 'Reports', patches: 'Patches' };

/** Whose reports they are. */
export const caller = {
  tenantId: '01890a5d-ac96-774b-bcce-b302099a8057',
  userId: '01890a5d-ac96-774b-bcce-b302099a8058',
  username: 'someone',
  roles: ['editor'],
};

/** The service with its stores. */
export interface CrashingReports {
  /** What is stored, read past the service. */
  readonly stored: StoredReports;
  running(): RunningReports;
  /**
   * Does a report's write until the process is killed at the point, and starts the service again. The name of what was written there;
   * undefined when nothing was left to write before the point was reached, and then the service runs on.
   */
  crashed(point: CrashPoint, write: ReadyWrite): Promise<string | undefined>;
  stop(): Promise<void>;
}

type SigningKey = Awaited<ReturnType<typeof generateSigningKey>>;

interface Keys {
  readonly gateway: SigningKey;
  readonly run: SigningKey;
}

interface Process {
  readonly service: StartedProcess;
  readonly transport: ClosableTransport;
  readonly clients: RunningReports;
}

/** Starts databases, proxies and the service. Call `stop` at the end. */
export async function startCrashingReports(): Promise<CrashingReports> {
  const databases = await startOwnTestDatabases();
  const logDir = await mkdtemp(join(tmpdir(), 'reports-crash-'));
  const adminUrl = await databases.createDatabase('crashing');
  const { databaseUrl } = await prepareReportsDatabase({ adminUrl, appPassword: 'reports-test' });
  const client = createDocumentClient({
    endpoint: databases.dynamoEndpoint,
    region: 'local',
    requestTimeoutMs: 5_000,
  });
  await ensureTables(client, reportsTables(tables));
  const options = { applicationName: 'crash test', sizeMax: 2, acquireTimeoutMs: 5_000 };
  const postgres = createPostgres({ url: databaseUrl, ...options });
  const steps = createWriteSteps();
  const [dynamodb, index] = await Promise.all([
    startDynamodbProxy(databases.dynamoEndpoint, steps),
    startIndexProxy(databaseUrl, steps),
  ]);
  const [gateway, run] = await Promise.all([generateSigningKey(), generateSigningKey()]);
  const env = environment({ gateway, run }, { databaseUrl: index.url, endpoint: dynamodb.endpoint });
  const start = () => startProcess({ gateway, run }, { env, logDir });
  let current = await start();
  const stored: StoredReports = {
    ...{ client, tables, index: createPostgresIndex(postgres), tenantId: caller.tenantId },
  };
  return {
    stored,
    running: () => current.clients,
    async crashed(point, { incidentId, act }) {
      const killed = Promise.withResolvers<void>();
      steps.begin(incidentId, point, () => {
        process.kill(current.service.pid, 'SIGKILL');
        killed.resolve();
      });
      const worked = act().catch((error: unknown) => {
        if (!steps.isDead()) throw error;
      });
      await Promise.race([killed.promise, worked]);
      await untilNothingIsLeft(steps, stored, incidentId);
      const died = steps.isDead() ? steps.seen()[point.step] : undefined;
      if (died !== undefined) {
        current.transport.close();
        await current.service.close();
        await worked;
      }
      steps.begin(incidentId); // what a dead process has sent before is not passed on either
      if (died !== undefined) current = await start();
      return died;
    },
    async stop() {
      current.transport.close();
      await current.service.close();
      await Promise.all([dynamodb.close(), index.close(), postgres.close()]);
      client.destroy();
      await databases.stop();
      await rm(logDir, { recursive: true, force: true });
    },
  };
}

// On a busy machine the sweep does what the call left, and the process may die of that.
async function untilNothingIsLeft(
  steps: WriteSteps,
  stored: StoredReports,
  incidentId: string,
): Promise<void> {
  const until = performance.now() + sweptMsMax;
  while (!steps.isDead()) {
    const { disagreement } = await readStored(stored, incidentId);
    if (disagreement === undefined) return;
    if (performance.now() > until) throw new Error(`The call has ended, and ${disagreement}`);
    await pause();
  }
}

function environment(
  { gateway, run }: Keys,
  { databaseUrl, endpoint }: { readonly databaseUrl: string; readonly endpoint: string },
): Record<string, string> {
  return {
    MESH_KEYS: JSON.stringify({ gateway: [gateway.publicJwk], orchestrator: [run.publicJwk] }),
    DATABASE_URL: databaseUrl,
    DYNAMODB_ENDPOINT: endpoint,
    PAGE_TOKEN_KEY: 'page-token-key-of-the-crash-tests',
    // Nothing here has images.
    OBJECTS_BUCKET: 'images',
    OBJECTS_ENDPOINT: 'http://127.0.0.1:1',
    OBJECTS_ACCESS_KEY_ID: 'none',
    OBJECTS_SECRET_ACCESS_KEY: 'none',
    LOG_LEVEL: 'silent',
  };
}

async function startProcess(
  keys: Keys,
  { env, logDir }: { readonly env: Record<string, string>; readonly logDir: string },
): Promise<Process> {
  const service = await startServiceProcess({ name: 'reports', env, logDir, onDeath: () => undefined });
  const tracer = trace.getTracer('crash test');
  const transport = createMeshTransport({ target: service.address, tracer, clock: systemClock });
  const people = createRequestTokenMint(keys.gateway.privateJwk, systemClock);
  const runs = createRunTokenMint(keys.run.privateJwk, systemClock);
  const clients: RunningReports = {
    reports: createClient(ReportService, transport),
    patches: createClient(PatchService, transport),
    asPerson: () => callWith({ token: people.mint(caller), timeoutMs: callTimeoutMs }),
    asRun: (capability, writeTarget) => {
      const run = { runId: prefixedId('job_', newId()), capability, writeTarget };
      return callWith({ token: runs.mint({ ...caller, run }), timeoutMs: callTimeoutMs });
    },
  };
  return { service, transport, clients };
}
