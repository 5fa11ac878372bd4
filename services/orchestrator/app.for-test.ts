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
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
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

function transportTo(target: string): ClosableTransport {
  const tracer = new ProxyTracerProvider().getTracer('test');
  return createMeshTransport({ target, tracer, clock: systemClock });
}

/** Starts the service on a new database of this name. */
export async function startTestOrchestrator(
  databases: TestDatabases,
  name: string,
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
    AGENTS_TARGET: agents,
    LOG_LEVEL: 'silent',
  };
  const service = await startOrchestrator(readOrchestratorConfig(settings));
  const transport = transportTo(service.address);
  const people = createRequestTokenMint(gateway.privateJwk, systemClock);
  const runs = createRunTokenMint(orchestrator.privateJwk, systemClock);
  const agentsMint = createAgentTokenMint(agent.privateJwk, systemClock);
  const itself = createServiceTokenMint('orchestrator', orchestrator.privateJwk, systemClock);
  const withToken = (token: string) => callWith({ token, timeoutMs: callTimeoutMs });
  return {
    ...{ settings, transport, transportTo, metrics: service.telemetry.metrics },
    executions: createClient(ExecutionService, transport),
    deletions: createClient(DeletionService, transport),
    control: createClient(ControlService, transport),
    approvals: createClient(ApprovalService, transport),
    gates: createClient(GateService, transport),
    ...{ neighbours, stores, watch, runs },
    as: (person) => withToken(people.mint(person)),
    asRun: (person, run) => withToken(runs.mint({ ...person, run })),
    asAgent: (person, run) => withToken(agentsMint.mint({ ...person, run })),
    asService: () => withToken(itself()),
    asGateway: () => withToken(createServiceTokenMint('gateway', gateway.privateJwk, systemClock)()),
    close: async () => {
      transport.close();
      await service.close();
      await neighbours.close();
      await watch.close();
      await stores.close();
    },
  };
}
