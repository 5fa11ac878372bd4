// Circuit breakers of all processes through REST: seen and forced by admins, in each of two gateways and in the services behind them, and what
// callers and the health of the platform are told meanwhile.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningGateway, startGateway } from '../../gateway/app.ts';
import { readGatewayConfig } from '../../gateway/config.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { createRawClient, type RawAnswer, type RawClient } from './raw-client.ts';
import { startTestMesh, type TestMesh, withoutRates } from './test-mesh.ts';

interface OfProcess {
  readonly process_id: string;
  readonly service: string;
  readonly state: string;
  readonly forced: boolean;
}

interface BreakerDocument {
  readonly service: string;
  readonly status: string;
  readonly state: string;
  readonly processes: readonly OfProcess[];
}

interface BreakerList {
  readonly status: string;
  readonly complete: boolean;
  readonly circuit_breakers: readonly BreakerDocument[];
}

interface HealthDocument {
  readonly status: string;
  readonly circuit_breakers: Readonly<Record<string, { readonly status: string; readonly state: string }>>;
}

const never = new AbortController().signal;
const base = '/circuit-breakers';

let mesh: TestMesh;
let second: RunningGateway;
let admin: RawClient;
let throughSecond: RawClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  const { registry, reports, sessions, orchestrator } = mesh.addresses;
  second = await startGateway(
    readGatewayConfig({
      ...withoutRates,
      ...{ PORT: '0', REGISTRY_TARGET: registry, REPORTS_TARGET: reports, SESSIONS_TARGET: sessions },
      ...{ ORCHESTRATOR_TARGET: orchestrator, AUTH_DEV_ISSUER: mesh.issuerKeyPath, LOG_LEVEL: 'silent' },
      GATEWAY_SIGNING_KEY: JSON.stringify(mesh.signingKeys.gateway.privateJwk),
    }),
  );
  admin = await mesh.raw('acme', 'alice');
  const token = await mesh.token('acme', 'alice');
  throughSecond = createRawClient({ gatewayUrl: `http://${second.address}`, token });
}, 60_000);
afterAll(async () => {
  await second?.close();
  await mesh?.close();
});

/** The body of a success. Refusals are looked at too, so all goes by the raw client. */
async function read<T>(client: RawClient, path: string): Promise<T> {
  const { status, body } = await client('GET', path);
  expect([path, status]).toEqual([path, 200]);
  return body as T;
}

const breaker = (name: string) => read<BreakerDocument>(admin, `${base}/${encodeURIComponent(name)}`);

async function health(): Promise<HealthDocument> {
  const answer = await fetch(`http://${second.address}/health`);
  return (await answer.json()) as HealthDocument;
}

/** Forces a state and answers the breaker once every process has it. */
async function forced(name: string, state: string): Promise<BreakerDocument> {
  const { status } = await admin('POST', `${base}/${name}/force-state?state=${state}`);
  expect(status).toBe(200);
  const wanted = state.replace('-', '_');
  const all = ({ processes }: BreakerDocument) => processes.every((each) => each.state === wanted);
  return pollUntil(() => breaker(name), all, never);
}

const listReports = (client: RawClient): Promise<RawAnswer> => client('GET', '/reports');

describe('circuit breakers', () => {
  it('are listed with every process that has them', async () => {
    const whole = ({ circuit_breakers: all }: BreakerList) =>
      all.some(({ service, processes }) => service === 'reports' && processes.length === 4);
    const list = () => read<BreakerList>(admin, `${base}/health`);
    const { status, complete, circuit_breakers: all } = await pollUntil(list, whole, never);
    expect([status, complete]).toEqual(['healthy', true]);
    const services = Object.fromEntries(
      all.map(({ service, processes }) => [service, processes.map((each) => each.service)]),
    );
    expect(services).toMatchObject({
      registry: ['agents', 'gateway', 'gateway', 'orchestrator'],
      reports: ['agents', 'gateway', 'gateway', 'orchestrator'],
      sessions: ['gateway', 'gateway', 'orchestrator'],
      agents: ['orchestrator'],
      orchestrator: ['gateway', 'gateway'],
    });
    expect(services.database).toEqual(['orchestrator', 'registry']);
  });

  it('forced open refuse calls in every process with 503 and the time to wait, until they are forced closed', async () => {
    const open = await forced('reports', 'open');
    expect(open).toMatchObject({ status: 'degraded', state: 'open' });
    expect(open.processes.map(({ service, forced: isForced }) => [service, isForced])).toEqual([
      ['agents', true],
      ['gateway', true],
      ['gateway', true],
      ['orchestrator', true],
    ]);
    for (const client of [admin, throughSecond]) {
      const refused = await listReports(client);
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(30);
    }
    const told = await health();
    expect(told.status).toBe('degraded');
    expect(told.circuit_breakers.reports).toEqual({ status: 'degraded', state: 'open' });
    expect(told.circuit_breakers.registry).toEqual({ status: 'healthy', state: 'closed' });

    await forced('reports', 'closed');
    for (const client of [admin, throughSecond]) expect((await listReports(client)).status).toBe(200);
  });

  it('forced half open are a warning, and close by themselves after three answers', async () => {
    await forced('reports', 'half-open');
    expect(await health()).toMatchObject({
      status: 'healthy',
      circuit_breakers: { reports: { status: 'warning', state: 'half_open' } },
    });
    const states = [];
    for (let calls = 0; calls < 3; calls += 1) states.push((await listReports(throughSecond)).status);
    expect(states).toEqual([200, 200, 200]);
    const isClosed = ({ processes }: BreakerDocument) => processes.some(({ state }) => state === 'closed');
    const { processes, status } = await pollUntil(() => breaker('reports'), isClosed, never);
    expect(status).toBe('warning');
    const closed = processes.filter(({ state }) => state === 'closed');
    expect(closed).toMatchObject([{ service: 'gateway', forced: false }]);
    await forced('reports', 'closed');
  });

  it('of the registry are closed again through a gateway that calls it no more', async () => {
    await forced('registry', 'open');
    expect((await admin('GET', '/agents')).status).toBe(503);
    await forced('registry', 'closed');
    expect((await admin('GET', '/agents')).status).toBe(200);
  });

  it('are audited when they are forced', async () => {
    const path = '/audit?entity_type=circuit_breaker&entity_id=registry';
    const { entries } = await read<{ entries: readonly { message: string }[] }>(admin, path);
    expect(entries.map(({ message }) => message)).toEqual([
      'Forced the circuit breaker to be closed',
      'Forced the circuit breaker to be open',
    ]);
  });

  it('are for admins, by known names and known states', async () => {
    const editor = await mesh.raw('acme', 'edgar', ['editor']);
    expect((await editor('GET', `${base}/health`)).status).toBe(403);
    expect((await editor('POST', `${base}/reports/force-state?state=open`)).status).toBe(403);
    expect((await admin('POST', `${base}/nobody/force-state?state=open`)).status).toBe(404);
    expect((await admin('POST', `${base}/reports/force-state?state=ajar`)).status).toBe(400);
    expect((await admin('POST', `${base}/reports/force-state`)).status).toBe(400);
    expect((await admin('GET', `${base}/nobody`)).status).toBe(404);
  });
});
