// The agents service for its own tests: over a real socket, between a registry and a reports service that are real servers with answers
// written by hand. They note who asked them what.
import { create, type JsonObject, type MessageInitShape } from '@bufbuild/protobuf';
import { type Client, createClient, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import { systemClock } from '../../foundation/clock.ts';
import type { ServiceConfig } from '../../foundation/config/service-config.ts';
import { Fault } from '../../foundation/fault/fault.ts';
import {
  createRequestTokenMint,
  createRunTokenMint,
  createServiceTokenMint,
  type MeshIssuer,
} from '../../foundation/identity/mesh-issuers.ts';
import type { Principal } from '../../foundation/identity/principal.ts';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import type { TokenMint } from '../../foundation/identity/token-mint.ts';
import { newId } from '../../foundation/ids/ids.ts';
import type { Network } from '../../foundation/net/address.ts';
import { callWith, principalOf } from '../../foundation/rpc/caller.ts';
import { createMeshTransport } from '../../foundation/rpc/mesh-transport.ts';
import { type RunningService, startRpcService } from '../../foundation/rpc/rpc-service.ts';
import { quietTelemetry } from '../../foundation/telemetry/quiet-telemetry.for-test.ts';
import {
  AgentRuntimeService,
  type DescribeAgentResponse,
  type InvokeRequestSchema,
  type InvokeResponse,
} from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import type { InvocationState } from '../../proto/gen/domainflow/agents/v1/invocation_pb.js';
import {
  type CheckWorkerRequestSchema,
  type CheckWorkerResponse,
  WorkerCheckService,
} from '../../proto/gen/domainflow/agents/v1/worker_check_service_pb.js';
import { AgentSchema } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import {
  ChangeService,
  type WatchChangesResponseSchema,
} from '../../proto/gen/domainflow/registry/v1/change_service_pb.js';
import type { TenantSettingsSchema } from '../../proto/gen/domainflow/registry/v1/tenant_pb.js';
import { TenantService } from '../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { ToolEffect } from '../../proto/gen/domainflow/registry/v1/tool_pb.js';
import { ToolAccessService } from '../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import { UsageService } from '../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import { IndexService } from '../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { ReportService } from '../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { type ReplaceRuntimes, startAgents } from './app.ts';
import type { AgentsConfig } from './config.ts';
import type { BuiltinRuntime } from './core/invocation.ts';
import type { ModelSettings } from './core/model/model-settings.ts';

/** A call that a neighbour was asked. */
export interface SeenCall {
  readonly method: string;
  readonly principal: Principal;
  /** Empty for calls that name none. */
  readonly domainId: string;
  /** Time that the caller left, in milliseconds. */
  readonly timeoutMs: number;
}

/** An attempt to make; parts that are absent have a default. */
export interface Attempt {
  readonly request: MessageInitShape<typeof InvokeRequestSchema>;
  /** Class of the run; absent for that of the agent's name. */
  readonly capability?: string;
  /** Run of the token; absent for the usual one. */
  readonly runId?: string;
  /** Object that the run may write; absent for none. */
  readonly writeTarget?: string;
  /** Tenant of the run; absent for the person's. */
  readonly tenantId?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** The service under test. */
export interface AgentsUnderTest {
  readonly client: Client<typeof AgentRuntimeService>;
  readonly seen: readonly SeenCall[];
  /** The person whom every run works for. */
  readonly person: Principal;
  /** Opens the stream of an attempt under a run token; each attempt is another task unless its request names one. */
  open(attempt: Attempt): AsyncIterable<InvokeResponse>;
  /** Reads the stream of an attempt to its end. */
  invoke(attempt: Attempt): Promise<InvokeResponse['event'][]>;
  /** Asks on what the agent of an attempt would run, under a run token. */
  describe(attempt: Attempt): Promise<DescribeAgentResponse>;
  /** Cancels an attempt under a run token. */
  cancel(attempt: Attempt): Promise<InvocationState>;
  /** What the service measured, as Prometheus reads it. */
  metrics(): Promise<string>;
  /** Asks after a worker, as the orchestrator itself unless another speaks. */
  checkWorker(
    request: MessageInitShape<typeof CheckWorkerRequestSchema>,
    as?: MeshIssuer,
  ): Promise<CheckWorkerResponse>;
  /** Call options of the person, without a run. */
  asPerson(): ReturnType<typeof callWith>;
  /** Cuts the connection to the service; later calls have a new one. */
  loseConnection(): void;
  /** Stops the service, as a signal to its process does. */
  stop(): Promise<void>;
  /** Stops the reports service; afterwards nobody listens there. */
  stopReports(): Promise<void>;
  /** Stops the registry likewise. */
  stopRegistry(): Promise<void>;
  close(): Promise<void>;
}

/** What is around the service: its neighbours' answers, its limits and its runtimes. */
export interface Neighbours {
  /** Stands in the place of the service's own runtimes; absent for those. */
  readonly runtimes?: ReplaceRuntimes;
  /** Attempts that may run at the same time; absent for many. */
  readonly invocationsMax?: number;
  /** Absent for none. */
  readonly models?: ModelSettings;
  readonly builtinRuntime?: BuiltinRuntime;
  /** AWS services behind tools; absent for none. */
  readonly aws?: Pick<AgentsConfig, 'location' | 'comprehend'>;
  /** Where workers and tools may be on private addresses; absent for nowhere. */
  readonly workerNetworks?: readonly Network[];
  /** The ledger; absent for one that allows every call. */
  readonly usage?: Partial<ServiceImpl<typeof UsageService>>;
  /** Reports as documents; absent for none. */
  readonly reports?: Partial<ServiceImpl<typeof ReportService>>;
  readonly settings?: MessageInitShape<typeof TenantSettingsSchema>;
  readonly index?: Partial<ServiceImpl<typeof IndexService>>;
  /** What an agent was granted; absent for all tools that ask the reports. */
  readonly granted?: (agentId: string, tenantId: string) => readonly string[];
  /** News of changes; absent for a registry that never tells any, so that nothing is kept. */
  readonly news?: (gone: AbortSignal) => AsyncIterable<MessageInitShape<typeof WatchChangesResponseSchema>>;
}

const timeoutMsDefault = 20_000;

/** Settings without a provider. */
export const noModels: ModelSettings = {
  ...{ provider: 'none', providers: [], prices: {} },
  ...{ callTimeoutMs: 5_000, callsMax: 10 },
};

const firstAttempt = { jobId: 'job_1', attempt: 1 };

/** An agent of the platform with these tools and output keys of any type. */
export function builtinAgent(agentId: string, tools: readonly string[], keys: readonly string[]) {
  const outputSchema: JsonObject = Object.fromEntries(keys.map((key) => [key, {}]));
  const agentName = agentId.split('-').slice(2).join(' ');
  return create(AgentSchema, { agentId, agentName, isInbuilt: true, tools: [...tools], outputSchema });
}

/** Starts the service and its neighbours. Call `close` at the end. */
export async function startAgentsForTest(neighbours: Neighbours = {}): Promise<AgentsUnderTest> {
  const [gateway, orchestrator, own] = await Promise.all([
    generateSigningKey(),
    generateSigningKey(),
    generateSigningKey(),
  ]);
  const config: ServiceConfig = {
    host: '127.0.0.1',
    port: 0,
    meshKeys: {
      gateway: [gateway.publicJwk],
      orchestrator: [orchestrator.publicJwk],
      agents: [own.publicJwk],
    },
    breakers: {},
    telemetry: quietTelemetry,
  };
  const seen: SeenCall[] = [];
  const registry = await startRegistry(config, neighbours, seen);
  const reports = await startReports(config, neighbours, seen);
  const targets = { registry: registry.address, reports: reports.address };
  const settings = { ...config, ...settingsOf(neighbours), targets, signingKey: own.privateJwk };
  const service = await startAgents(settings, neighbours.runtimes);
  const connection = connectTo(service);
  const { client } = connection;
  const people = createRequestTokenMint(gateway.privateJwk, systemClock);
  const person = { tenantId: newId(), userId: newId(), username: 'someone', roles: ['editor'] };
  const callOf = callsOf(person, createRunTokenMint(orchestrator.privateJwk, systemClock));
  let tasks = 0;
  const open = (attempt: Attempt) => {
    tasks += 1;
    const identified = { ...firstAttempt, taskId: `task_${tasks}`, domainId: 'civic_complaints' };
    return client().invoke({ ...identified, ...attempt.request }, callOf(attempt));
  };
  return {
    ...{ seen, person, open, client: client() },
    invoke: async (attempt) => (await Array.fromAsync(open(attempt))).map(({ event }) => event),
    describe: ({ request: { jobId = 'job_1', agent }, ...of }) =>
      client().describeAgent({ jobId, ...(agent ? { agent } : {}) }, callOf({ request: {}, ...of })),
    cancel: async (attempt) => {
      const { jobId, taskId = '', attempt: number } = { ...firstAttempt, ...attempt.request };
      return (await client().cancelInvocation({ jobId, taskId, attempt: number }, callOf(attempt))).found;
    },
    metrics: () => service.telemetry.metrics.metrics(),
    checkWorker: (request, as = 'orchestrator') => {
      const key = { gateway, orchestrator, agents: own }[as].privateJwk;
      const token = createServiceTokenMint(as, key, systemClock)();
      return connection.checks().checkWorker(request, callWith({ token, timeoutMs: timeoutMsDefault }));
    },
    asPerson: () => callWith({ token: people.mint(person), timeoutMs: timeoutMsDefault }),
    loseConnection: connection.lose,
    stop: () => service.close(),
    stopReports: () => reports.close(),
    stopRegistry: () => registry.close(),
    close: async () => {
      connection.close();
      for (const one of [service, reports, registry]) await one.close();
    },
  };
}

/** What the service is set to, beside where it listens and whom it trusts. */
function settingsOf({
  invocationsMax = 100,
  models = noModels,
  builtinRuntime = 'builtin',
  aws = {},
  workerNetworks = [],
}: Neighbours) {
  return { invocationsMax, models, builtinRuntime, workerNetworks, ...aws };
}

function connectTo({ address, telemetry }: RunningService) {
  const connect = () =>
    createMeshTransport({ target: address, tracer: telemetry.tracer, clock: systemClock });
  let transport = connect();
  return {
    client: () => createClient(AgentRuntimeService, transport),
    checks: () => createClient(WorkerCheckService, transport),
    lose: () => {
      transport.close();
      transport = connect();
    },
    close: () => transport.close(),
  };
}

function callsOf(person: Principal, runs: TokenMint): (attempt: Attempt) => ReturnType<typeof callWith> {
  return ({ request, capability, tenantId, timeoutMs = timeoutMsDefault, signal, ...of }) => {
    const ofAgent = request.agent?.agentId?.split('-')[1] ?? '';
    const run = {
      runId: of.runId ?? 'job_1',
      capability: capability ?? ofAgent,
      writeTarget: of.writeTarget ?? '',
    };
    const token = runs.mint({ ...person, ...(tenantId && { tenantId }), run });
    return callWith({ token, timeoutMs, ...(signal && { signal }) });
  };
}

function note(seen: SeenCall[], method: string, context: HandlerContext, domainId = ''): void {
  seen.push({
    method,
    principal: principalOf(context),
    domainId,
    timeoutMs: context.timeoutMs() ?? Infinity,
  });
}

const reportTools = ['retrieval_api', 'aggregation_api', 'analytics_api', 'spatial_api'];

function startRegistry(config: ServiceConfig, neighbours: Neighbours, seen: SeenCall[]) {
  const { settings, granted = () => reportTools, news = silence, usage = allowEveryCall } = neighbours;
  return startNeighbour('registry', config, (draining) => ({
    services: [ChangeService, TenantService, ToolAccessService, UsageService],
    routes: (router) => {
      router.service(ChangeService, {
        watchChanges: (_request, { signal }) => news(AbortSignal.any([signal, draining])),
      });
      router.service(ToolAccessService, {
        listToolAccess: ({ agentId }, context) => {
          note(seen, 'listToolAccess', context);
          const { tenantId } = principalOf(context);
          return { permissions: granted(agentId, tenantId).map((toolName) => ({ agentId, toolName })) };
        },
        verifyToolAccess: ({ agentId, toolName }, context) => {
          note(seen, 'verifyToolAccess', context);
          if (granted(agentId, principalOf(context).tenantId).includes(toolName)) {
            return { tool: { toolName, isBuiltin: true, effect: ToolEffect.READ } };
          }
          const violations = [{ field: 'tool_name', reason: 'permission_denied' }];
          throw new Fault('permission_denied', 'Not granted', { violations });
        },
      });
      router.service(UsageService, usage);
      router.service(TenantService, {
        getTenantSettings: (_request, context) => {
          note(seen, 'getTenantSettings', context);
          return { settings: settings ?? {} };
        },
      });
    },
  }));
}

const allowEveryCall: Partial<ServiceImpl<typeof UsageService>> = {
  reserveCall: ({ reservationId }) => ({ reservationId }),
  settleCall: () => ({}),
};

async function* silence(gone: AbortSignal): AsyncGenerator<never> {
  if (!gone.aborted) await new Promise((resolve) => gone.addEventListener('abort', resolve));
}

function startReports(config: ServiceConfig, { index, reports = {} }: Neighbours, seen: SeenCall[]) {
  const answers: ServiceImpl<typeof IndexService> = {
    retrieve: () => ({ entries: [], total: 0n }),
    aggregate: () => ({ groups: [], total: 0n }),
    countOverTime: () => ({ buckets: [], total: 0n }),
    listPoints: () => ({ features: [], total: 0n }),
    clusterPoints: () => ({ clusters: [], total: 0n }),
    verifyReferences: () => ({ entries: [] }),
    getDataRevision: () => ({ revision: '0' }),
    ...index,
  };
  return startNeighbour('reports', config, () => ({
    services: [IndexService, ReportService],
    routes: (router) =>
      void router.service(ReportService, reports).service(IndexService, {
        ...answers,
        retrieve: (request, context) => {
          note(seen, 'retrieve', context, request.filter?.domainId);
          return answers.retrieve(request, context);
        },
        aggregate: (request, context) => {
          note(seen, 'aggregate', context, request.filter?.domainId);
          return answers.aggregate(request, context);
        },
        countOverTime: (request, context) => {
          note(seen, 'countOverTime', context, request.filter?.domainId);
          return answers.countOverTime(request, context);
        },
        listPoints: (request, context) => {
          note(seen, 'listPoints', context, request.filter?.domainId);
          return answers.listPoints(request, context);
        },
      }),
  }));
}

type NeighbourParts = Pick<
  Awaited<ReturnType<Parameters<typeof startRpcService>[0]['build']>>,
  'services' | 'routes'
>;

function startNeighbour(
  name: string,
  config: ServiceConfig,
  parts: (draining: AbortSignal) => NeighbourParts,
): Promise<RunningService> {
  return startRpcService({ name, config, build: ({ draining }) => ({ stores: {}, ...parts(draining) }) });
}
