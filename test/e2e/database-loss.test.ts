// PostgreSQL is killed while people work and started again on the same port: documents are read on, everything else is refused honestly, and
// the mesh comes back by itself. What DynamoDB's loss means is not asked here.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { type ApiClient, createClient } from '../../clients/api/api-client.ts';
import { ApiError } from '../../clients/api/api-error.ts';
import { systemClock } from '../../foundation/clock.ts';
import { createMeshClient } from '../../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../../foundation/rpc/mesh-transport.ts';
import { ensureFolder } from '../../local/checkout.ts';
import { type LocalPostgres, startLocalPostgres } from '../../local/databases/postgres.ts';
import { readLockFile } from '../../local/databases/postgres-lock-file.ts';
import { pollUntil, sampleDomain } from '../../local/demo/demo-run.ts';
import { type Mesh, startMesh } from '../../local/mesh.ts';
import { mintToken } from '../../local/terminal/mint-token.ts';
import { Health, HealthCheckResponse_ServingStatus } from '../../proto/gen/grpc/health/v1/health_pb.js';
import { refused } from './answers.ts';
import { finishReport, openSession, reportOnceEnded, withoutRates } from './test-mesh.ts';

const acceptedPerPhase = 8;
const lanes = 4;
const never = new AbortController().signal;

let dataDir: string;
let mesh: Mesh;
let restarted: LocalPostgres | undefined;
let api: ApiClient;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'domainflow-loss-'));
  await ensureFolder(dataDir);
  const issuerKeyPath = join(dataDir, 'issuer.json');
  mesh = await startMesh({
    port: 0,
    dataDir,
    mode: 'in-process',
    issuerKeyPath,
    gatewaySettings: withoutRates,
  });
  const token = await mintToken({ tenant: 'acme', user: 'alice', roles: ['admin'], keyPath: issuerKeyPath });
  api = createClient({ baseUrl: mesh.gatewayUrl, credential: token, retriesMax: 0 });
}, 60_000);

afterAll(async () => {
  await mesh?.close();
  await restarted?.stop();
  await rm(dataDir, { recursive: true, force: true });
}, 60_000);

async function killPostgres(): Promise<void> {
  const lock = await readLockFile(join(dataDir, 'postgres'));
  process.kill(lock?.pid ?? Number.NaN, 'SIGKILL');
}

function startPostgres(): Promise<LocalPostgres> {
  return startLocalPostgres({ dataDir, port: Number(new URL(mesh.databases.adminUrl).port) });
}

interface Load {
  readonly accepted: string[];
  /** Submissions that were refused with 503 and a time to come back. */
  refused: number;
  /** Everything else that was answered. */
  readonly wrong: unknown[];
  stop(): Promise<void>;
}

function submitUntilStopped(): Load {
  let stopped = false;
  const load = { accepted: [] as string[], refused: 0, wrong: [] as unknown[] };
  const lane = async (): Promise<void> => {
    while (!stopped) {
      const text = 'Two street lights are out on Main Street since Monday';
      const body = { domain_id: sampleDomain, text };
      const answer = await api.post('/api/v1/reports', { body }).catch((error: unknown) => ({ error }));
      if ('incident_id' in answer) load.accepted.push(answer.incident_id);
      else if (isHonest(answer.error)) load.refused += 1;
      else load.wrong.push(answer.error);
    }
  };
  const running = Promise.all(Array.from({ length: lanes }, lane));
  const stop = async (): Promise<void> => {
    stopped = true;
    await running;
  };
  return Object.assign(load, { stop });
}

function isHonest(error: unknown): boolean {
  return error instanceof ApiError && error.status === 503 && (error.retryAfterMs ?? 0) >= 1_000;
}

/** Resolves when the load has got there, or has been answered something wrong. */
async function until(load: Load, holds: () => boolean): Promise<void> {
  const read = async () => holds() || load.wrong.length > 0;
  await pollUntil(read, (isOver) => isOver, never);
}

/** The gateway keeps what it has learnt of its neighbours for 30 s, so it is asked only once they know it themselves. */
async function untilNoticed(name: 'registry' | 'orchestrator'): Promise<void> {
  const tracer = trace.getTracer('test'); // writes nothing
  const transport = createMeshTransport({ target: mesh.addresses[name], tracer, clock: systemClock });
  const { check } = createMeshClient(Health, transport);
  const { NOT_SERVING } = HealthCheckResponse_ServingStatus;
  await pollUntil(
    () => check({}, { timeoutMs: 2_000 }),
    ({ status }) => status === NOT_SERVING,
    never,
  );
  transport.close();
}

/** What the services wrote at level error, each sentence once. */
async function errorsLogged(): Promise<readonly string[]> {
  const services = ['registry', 'reports', 'sessions', 'agents', 'orchestrator', 'gateway'];
  const texts = await Promise.all(services.map((name) => readFile(join(mesh.logDir, `${name}.log`), 'utf8')));
  const lines = texts.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line));
  return [...new Set(lines.filter(({ level }) => level === 'error').map(({ msg }) => String(msg)))];
}

describe('a mesh that loses PostgreSQL', () => {
  it('reads documents on, refuses honestly, comes back by itself and loses nothing it accepted', async () => {
    const { report } = await finishReport(api, 'A pothole on Elm Street has been there for a week');
    const sessionId = await openSession(api);
    const load = submitUntilStopped();
    await until(load, () => load.accepted.length >= acceptedPerPhase);

    await killPostgres();
    const before503 = load.refused;
    await until(load, () => load.refused >= before503 + lanes);
    const path = { incident_id: report.incident_id, session_id: sessionId };
    expect(await api.get('/api/v1/reports/{incident_id}', { path })).toMatchObject(report);
    expect((await api.get('/api/v1/sessions')).sessions).toMatchObject([{ session_id: sessionId }]);
    expect(await api.get('/api/v1/sessions/{session_id}', { path })).toMatchObject({ session_id: sessionId });
    expect(isHonest(await refused(api.get('/api/v1/agents')))).toBe(true);
    await Promise.all([untilNoticed('registry'), untilNoticed('orchestrator')]);
    expect(await api.get('/health')).toMatchObject({
      status: 'degraded',
      components: { registry: { status: 'unhealthy' }, sessions: { status: 'healthy' } },
    });
    expect(await api.get('/health/ready')).toEqual({ status: 'ready' });

    restarted = await startPostgres();
    const before = load.accepted.length;
    await until(load, () => load.accepted.length >= before + acceptedPerPhase);
    await load.stop();
    expect(load.wrong).toEqual([]);
    expect((await api.get('/api/v1/agents')).agents.length).toBeGreaterThan(0);
    const ended = await Promise.all(load.accepted.map((id) => reportOnceEnded(api, id)));
    expect(ended.map(({ status }) => status)).toEqual(load.accepted.map(() => 'completed'));
    expect(await errorsLogged()).toEqual(['The database is away']);
  }, 90_000);
});
