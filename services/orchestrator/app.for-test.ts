// The orchestrator for its own tests: the real service on a real database, between neighbours of a few lines.
import { randomUUID } from 'node:crypto';
import { type CallOptions, type Client, createClient, type Transport } from '@connectrpc/connect';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { systemClock } from '../../foundation/clock.ts';
import {
  createAgentTokenMint,
  createRequestTokenMint,
  createRunTokenMint,
  createServiceTokenMint,
} from '../../foundation/identity/mesh-issuers.ts';
import type { Principal, RunScope } from '../../foundation/identity/principal.ts';
import { generateSigningKey, type SigningKeyPair } from '../../foundation/identity/signing-key.ts';
import type { TokenMint } from '../../foundation/identity/token-mint.ts';
import type { ClosableTransport } from '../../foundation/rpc/balanced-transport.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import { createMeshTransport } from '../../foundation/rpc/mesh-transport.ts';
import type { Metrics } from '../../foundation/telemetry/metrics.ts';
import type { TestDatabases } from '../../local/databases/test-databases.ts';
import { ApprovalService } from '../../proto/gen/domainflow/orchestrator/v1/approval_service_pb.js';
import { ControlService } from '../../proto/gen/domainflow/orchestrator/v1/control_service_pb.js';
import { DeletionService } from '../../proto/gen/domainflow/orchestrator/v1/deletion_service_pb.js';
import { ExecutionService } from '../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { GateService } from '../../proto/gen/domainflow/orchestrator/v1/gate_service_pb.js';
import { TaskService } from '../../proto/gen/domainflow/orchestrator/v1/task_service_pb.js';
import { WorkerService } from '../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import { WorkflowService } from '../../proto/gen/domainflow/orchestrator/v1/workflow_service_pb.js';
import { startOrchestrator } from './app.ts';
import { type Neighbours, startNeighbours } from './clients/neighbours.for-test.ts';
import { readOrchestratorConfig } from './config.ts';
import { planMessageOf } from './engine/pinned-plan.for-test.ts';
import { type JournalWatch, watchJournal } from './store/journal-watch.for-test.ts';
import { openTestStores, type TestStores } from './store/stores.for-test.ts';

/** A running orchestrator with everything a test needs. */
export interface TestOrchestrator {
  readonly executions: Client<typeof ExecutionService>;
  readonly deletions: Client<typeof DeletionService>;
  readonly control: Client<typeof ControlService>;
  readonly approvals: Client<typeof ApprovalService>;
  readonly gates: Client<typeof GateService>;
  readonly workers: Client<typeof WorkerService>;
  readonly tasks: Client<typeof TaskService>;
  readonly workflows: Client<typeof WorkflowService>;
  /** The domain `city` has a plan of two agents, `first` and then `second`. */
  readonly neighbours: Neighbours;
  readonly stores: TestStores;
  readonly watch: JournalWatch;
  /** Mints the tokens of runs, as the service does. */
  readonly runs: TokenMint;
  /** What another replica of the same service is configured with. */
  readonly settings: Readonly<Record<string, string>>;
  readonly metrics: Metrics;
  readonly transport: Transport;
  /** A transport to another replica; its user closes it. */
  transportTo(address: string): ClosableTransport;
  /** Call options of a person. */
  as(person: Principal): CallOptions;
  /** Call options of a run for a person. */
  asRun(person: Principal, run: RunScope): CallOptions;
  /** Call options of the agents service for a run. */
  asAgent(person: Principal, run: RunScope): CallOptions;
  /** Call options of the orchestrator itself, for no tenant. */
  asService(): CallOptions;
  /** Call options of the gateway itself, for no tenant. */
  asGateway(): CallOptions;
  close(): Promise<void>;
}

const callTimeoutMs = 15_000;

/** A new person; without a tenant, of a new one. */
export function newPerson(changes: Partial<Principal> = {}): Principal {
  const ids = { tenantId: randomUUID(), userId: randomUUID() };
  return { ...ids, username: 'somebody', roles: ['editor'], ...changes };
}

/** A new person who administers a tenant; see {@link newPerson}. */
export function newAdmin(changes: Partial<Principal> = {}): Principal {
  return newPerson({ roles: ['admin'], ...changes });
}

function transportTo(target: string): ClosableTransport {
  const tracer = new ProxyTracerProvider().getTracer('test');
  return createMeshTransport({ target, tracer, clock: systemClock });
}

function clientsOf(transport: Transport) {
  return {
    executions: createClient(ExecutionService, transport),
    deletions: createClient(DeletionService, transport),
    control: createClient(ControlService, transport),
    approvals: createClient(ApprovalService, transport),
    gates: createClient(GateService, transport),
    workers: createClient(WorkerService, transport),
    tasks: createClient(TaskService, transport),
    workflows: createClient(WorkflowService, transport),
  };
}

type Keys = readonly [SigningKeyPair, SigningKeyPair, SigningKeyPair];

/** Call options of everybody who may call: with the keys of the gateway, the orchestrator and the agents service. */
function callersOf([gateway, orchestrator, agent]: Keys, runs: TokenMint) {
  const people = createRequestTokenMint(gateway.privateJwk, systemClock);
  const agents = createAgentTokenMint(agent.privateJwk, systemClock);
  const itself = createServiceTokenMint('orchestrator', orchestrator.privateJwk, systemClock);
  const gatewayItself = createServiceTokenMint('gateway', gateway.privateJwk, systemClock);
  const withToken = (token: string) => callWith({ token, timeoutMs: callTimeoutMs });
  return {
    as: (person: Principal) => withToken(people.mint(person)),
    asRun: (person: Principal, run: RunScope) => withToken(runs.mint({ ...person, run })),
    asAgent: (person: Principal, run: RunScope) => withToken(agents.mint({ ...person, run })),
    asService: () => withToken(itself()),
    asGateway: () => withToken(gatewayItself()),
  };
}

/** What a test may put in the place of what is usual. */
export interface TestOrchestratorOptions {
  /** Settings beside the usual ones; absent for none. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Starts an agents service in the place of the neighbour's few lines; absent for those. */
  readonly startAgents?: (given: GivenToAgents) => Promise<StartedService>;
}

/** What the agents service of a mesh is given. */
export interface GivenToAgents {
  readonly meshKeys: string;
  readonly signingKey: string;
  readonly targets: Neighbours['targets'];
}

/** A service that runs. */
export interface StartedService {
  readonly address: string;
  close(): Promise<void>;
}

/** Starts the service on a new database of this name. */
export async function startTestOrchestrator(
  databases: TestDatabases,
  name: string,
  { settings: more = {}, startAgents }: TestOrchestratorOptions = {},
): Promise<TestOrchestrator> {
  const keys = await Promise.all([generateSigningKey(), generateSigningKey(), generateSigningKey()]);
  const [gateway, orchestrator, agent] = keys;
  const meshKeys = JSON.stringify({
    gateway: [gateway.publicJwk],
    orchestrator: [orchestrator.publicJwk],
    agents: [agent.publicJwk],
  });
  const neighbours = await startNeighbours(meshKeys);
  neighbours.plans.set('city', planMessageOf({ first: [], second: ['first'] }));
  const stores = await openTestStores(databases, name);
  const watch = await watchJournal(stores.urls.admin);
  const { registry, reports, sessions, agents } = neighbours.targets;
  const signingKey = JSON.stringify(agent.privateJwk);
  const ownAgents = await startAgents?.({ meshKeys, signingKey, targets: neighbours.targets });
  const settings = {
    MESH_KEYS: meshKeys,
    DATABASE_URL: stores.urls.app,
    ENGINE_DATABASE_URL: stores.urls.engine,
    RUN_SIGNING_KEY: JSON.stringify(orchestrator.privateJwk),
    REPLICA_NAME: 'replica-0',
    PAGE_TOKEN_KEY: 'a key for tests that is long enough',
    REGISTRY_TARGET: registry,
    REPORTS_TARGET: reports,
    SESSIONS_TARGET: sessions,
    AGENTS_TARGET: ownAgents?.address ?? agents,
    LOG_LEVEL: 'silent',
    ...more,
  };
  const service = await startOrchestrator(readOrchestratorConfig(settings));
  const transport = transportTo(service.address);
  const runs = createRunTokenMint(orchestrator.privateJwk, systemClock);
  return {
    ...{ settings, transport, transportTo, metrics: service.telemetry.metrics },
    ...clientsOf(transport),
    ...{ neighbours, stores, watch, runs },
    ...callersOf(keys, runs),
    close: async () => {
      transport.close();
      await service.close();
      await ownAgents?.close();
      await neighbours.close();
      await watch.close();
      await stores.close();
    },
  };
}
