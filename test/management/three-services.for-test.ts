// The services that the end of a management run writes to and reads from, as they are: registry, reports and sessions on real stores. There is
// no orchestrator among them: whoever tests is it.
import { randomUUID } from 'node:crypto';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { CallOptions } from '@connectrpc/connect';
import { trace } from '@opentelemetry/api';
import { systemClock } from '../../foundation/clock.ts';
import { createRequestTokenMint, createRunTokenMint } from '../../foundation/identity/mesh-issuers.ts';
import type { Principal } from '../../foundation/identity/principal.ts';
import { generateSigningKey, type SigningKeyPair } from '../../foundation/identity/signing-key.ts';
import { newId, prefixedId } from '../../foundation/ids/ids.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import { createMeshClient } from '../../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../../foundation/rpc/mesh-transport.ts';
import { startOwnTestDatabases } from '../../local/databases/test-databases.ts';
import { startServiceHere } from '../../local/mesh/in-process-service.ts';
import { randomSecrets } from '../../local/mesh/mesh-secrets.ts';
import { prepareTables } from '../../local/mesh/prepare-stores.ts';
import { serviceEnvironment } from '../../local/mesh/service-environment.ts';
import type { ServiceName } from '../../local/mesh/service-names.ts';
import { startLocalObjects } from '../../local/objects/object-server.ts';
import { TenantService } from '../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { createMeshClients, type MeshClients } from '../../services/orchestrator/clients/mesh-clients.ts';
import { createRunCalls, type RunCalls } from '../../services/orchestrator/clients/run-calls.ts';
import { prepareRegistryDatabase } from '../../services/registry/store/schema.ts';
import { prepareReportsDatabase } from '../../services/reports/store/schema.ts';

const callTimeoutMs = 20_000;

/** A report for a test. */
export interface NewReport {
  readonly domainId: string;
  readonly text: string;
  readonly ingestionData: JsonObject;
}

/** The running services, and what a test does with them. */
export interface ThreeServices {
  readonly clients: MeshClients;
  /** Calls of runs, as the orchestrator makes them. */
  readonly callsOf: RunCalls;
  /** Call options of a person. */
  as(person: Principal): CallOptions;
  /** An editor of a tenant, known to the registry; without one, of a new tenant. */
  newPerson(username: string, tenantId?: string): Promise<Principal>;
  /** A report that its ingestion has filled; answers its id. */
  newReport(person: Principal, report?: Partial<NewReport>): Promise<string>;
  /** Deletes a report, as its deletion does. */
  deleteReport(person: Principal, incidentId: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts them on databases of their own. */
export async function startThreeServices(): Promise<ThreeServices> {
  const [gatewayKey, runKey] = await Promise.all([generateSigningKey(), generateSigningKey()]);
  const running = await startServices({ gatewayKey, runKey });
  const { registry, reports, sessions } = running.targets;
  const tracer = trace.getTracer('test');
  const clients = createMeshClients({
    targets: { registry, reports, sessions, agents: sessions },
    tracer,
    clock: systemClock,
  });
  const toRegistry = createMeshTransport({ target: registry, tracer, clock: systemClock });
  const tenants = createMeshClient(TenantService, toRegistry);
  const people = createRequestTokenMint(gatewayKey.privateJwk, systemClock);
  const runs = createRunTokenMint(runKey.privateJwk, systemClock);
  const as = (person: Principal) => callWith({ token: people.mint(person), timeoutMs: callTimeoutMs });
  const asRun: RunOptions = (person, capability, writeTarget) => {
    const token = runs.mint({ ...person, run: { runId: 'test', capability, writeTarget } });
    return callWith({ token, timeoutMs: callTimeoutMs });
  };
  return {
    ...{ clients, as, callsOf: createRunCalls(runs) },
    newPerson: async (username, tenantId = randomUUID()) => {
      const person = { tenantId, userId: randomUUID(), username, roles: ['editor'] };
      const known = { tenantName: tenantId, createTenant: true, subject: person.userId, username };
      await tenants.ensurePrincipal(known, as(person));
      return person;
    },
    newReport: (person, report = {}) => newReport(clients, { person, report, asRun }),
    deleteReport: async (person, incidentId) => {
      await clients.reports.deleteReport({ incidentId }, asRun(person, 'deletion', incidentId));
    },
    close: async () => {
      clients.close();
      toRegistry.close();
      await running.close();
    },
  };
}

type RunOptions = (person: Principal, capability: string, writeTarget: string) => CallOptions;

interface ReportToMake {
  readonly person: Principal;
  readonly report: Partial<NewReport>;
  readonly asRun: RunOptions;
}

async function newReport(
  { reports }: MeshClients,
  { person, report: { domainId = 'city', text = 'A pothole', ingestionData = {} }, asRun }: ReportToMake,
): Promise<string> {
  const id = newId();
  const [incidentId, jobId] = [prefixedId('inc_', id), prefixedId('job_', newId())];
  const options = asRun(person, 'ingestion', incidentId);
  const at = timestampFromMs(Date.now());
  await reports.createReport({ id, domainId, rawText: text, source: 'web', jobId, createdAt: at }, options);
  await reports.applyIngestion({ incidentId, jobId, succeeded: true, ingestionData, at }, options);
  return incidentId;
}

interface Keys {
  readonly gatewayKey: SigningKeyPair;
  readonly runKey: SigningKeyPair;
}

async function startServices(keys: Keys) {
  const [databases, objects] = await Promise.all([startOwnTestDatabases(), startLocalObjects()]);
  const adminUrl = await databases.createDatabase('management_runs');
  const secrets = randomSecrets();
  const { registryPassword, reportsPassword } = secrets;
  await prepareRegistryDatabase({ adminUrl, appPassword: registryPassword });
  await prepareReportsDatabase({ adminUrl, appPassword: reportsPassword });
  await prepareTables(databases.dynamoEndpoint);
  const sources = {
    ...{
      port: 0,
      adminUrl,
      logDir: '',
      issuerKeyPath: '',
      tracesUrl: '',
      replicaName: 'test',
      objects,
      secrets,
    },
    ...{ dynamoEndpoint: databases.dynamoEndpoint, ...keys, agentsKey: await generateSigningKey() },
  };
  const start = (name: ServiceName) => startServiceHere(name, quiet(serviceEnvironment(name, sources, {})));
  const [registry, reports, sessions] = await Promise.all([
    start('registry'),
    start('reports'),
    start('sessions'),
  ]);
  return {
    targets: { registry: registry.address, reports: reports.address, sessions: sessions.address },
    close: async () => {
      await Promise.all([registry, reports, sessions].map((service) => service.close()));
      await Promise.all([databases.stop(), objects.stop()]);
    },
  };
}

function quiet(environment: Readonly<Record<string, string>>): Record<string, string> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: _traces, LOG_FILE: _log, ...settings } = environment;
  return { ...settings, LOG_LEVEL: 'silent' };
}
