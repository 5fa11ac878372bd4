// The orchestrator's neighbours for tests: real servers with a few lines behind them. Documents are kept as their services keep them:
// made once, applied once, by the run that may write them.
import { setTimeout as delay } from 'node:timers/promises';
import type { DescService, MessageInitShape } from '@bufbuild/protobuf';
import type { ConnectRouter, HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { readConfig } from '../../../foundation/config/reader.ts';
import { readServiceConfig } from '../../../foundation/config/service-config.ts';
import { Fault, invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import { prefixedId } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import { type RunningService, startRpcService } from '../../../foundation/rpc/rpc-service.ts';
import { AgentRuntimeService } from '../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { InvocationState } from '../../../proto/gen/domainflow/agents/v1/invocation_pb.js';
import { QuotedRuntime } from '../../../proto/gen/domainflow/agents/v1/quote_pb.js';
import { QuoteService } from '../../../proto/gen/domainflow/agents/v1/quote_service_pb.js';
import { type Agent, AgentRuntime } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { ChangeService } from '../../../proto/gen/domainflow/registry/v1/change_service_pb.js';
import { DomainService } from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { GoldenSetService } from '../../../proto/gen/domainflow/registry/v1/golden_set_service_pb.js';
import type { Plan } from '../../../proto/gen/domainflow/registry/v1/plan_pb.js';
import { TenantService } from '../../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { UsageService } from '../../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import { ImageService } from '../../../proto/gen/domainflow/reports/v1/image_service_pb.js';
import { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import type { ReportImage, ReportImageSchema } from '../../../proto/gen/domainflow/reports/v1/report_pb.js';
import { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { QueryJobService } from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import {
  type DeletionState,
  newDeletionState,
  queryJobDeletions,
  reportDeletions,
  sessionDeletions,
} from './deletions.for-test.ts';
import { type GateState, goldenSetService, newGateState } from './gates.for-test.ts';

/** A report or query job. */
export interface TestDocument {
  readonly tenantId: string;
  /** Who submitted it. */
  readonly userId: string;
  jobId: string;
  status: 'processing' | 'completed' | 'failed';
  error: string;
  /** ingestion_data of a report, summary of a query job. */
  result: unknown;
  /** Session of a query job. */
  readonly sessionId?: string;
  /** Evidence of a report, as it was placed. */
  readonly images?: readonly ReportImage[];
}

/** Whose session it is. */
export interface TestSession {
  readonly tenantId: string;
  readonly userId: string;
}

type Invoke = ServiceImpl<typeof AgentRuntimeService>['invoke'];

/** What lies behind the servers, in a test's hands. */
export interface NeighbourState extends DeletionState, GateState {
  /** By domain, for both playbooks; a domain without one does not exist. */
  readonly plans: Map<string, Plan>;
  /** What each ResolvePlan was answered with, in order. */
  readonly resolved: ('plan' | 'unchanged')[];
  /** By `inc_` or `qry_` id. */
  readonly documents: Map<string, TestDocument>;
  readonly sessions: Map<string, TestSession>;
  /** Uploads that CheckImages finds, by image URL. */
  readonly uploads: Map<string, MessageInitShape<typeof ReportImageSchema>>;
  /** Methods that do their work and then fail, as when a reply is lost. */
  readonly failing: Set<string>;
  /** How agents answer. */
  invoke: Invoke;
  /** On what an agent would run; where its settings say, unless a test says otherwise. */
  describe: (agent: Agent | undefined) => { runtime: AgentRuntime; fingerprint: string };
  /** Attempts that were cancelled, in order: job, task and attempt. */
  readonly cancelledAttempts: string[];
  /** What becomes of a cancel. */
  onCancel: () => Promise<InvocationState>;
  /** What placing a document waits for before it does its work. */
  beforePlace: () => Promise<void>;
  /** What reading a report waits for. */
  beforeRead: () => Promise<void>;
  /** What names the state of a domain's reports. */
  revisionOf: (domainId: string) => string;
  /** What names the state of a tenant's settings. */
  settingsOf: (tenantId: string) => string;
  /** Tenants of whose changed settings the registry tells, each watcher once. */
  readonly changed: string[];
  /** Tenants of whose changed grants it tells likewise. */
  readonly regranted: string[];
}

/** Running neighbours. */
export interface Neighbours extends NeighbourState {
  readonly targets: Readonly<Record<'registry' | 'reports' | 'sessions' | 'agents', string>>;
  /** Keeps the next document from being placed; resolves when somebody wants to place it. */
  holdPlace(letGo: Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** On what agents run that are described as usual. */
export const usualFingerprint = 'f'.repeat(64);

/** Answers at once with the agent's own name. */
export const answerAtOnce: Invoke = async function* ({ agent, tellFingerprint }) {
  const output = { answer: `${agent?.agentId} was here` };
  const fingerprint = tellFingerprint ? usualFingerprint : '';
  const value = { output, confidence: 0.9, reasoning: 'Because', runtime: 'builtin', fingerprint };
  yield { event: { case: 'result', value } };
};

function describeAsUsual(agent: Agent | undefined) {
  return { runtime: agent?.settings?.runtime || AgentRuntime.BUILTIN, fingerprint: usualFingerprint };
}

/** Answers likewise, but only when it is let go; a call that is aborted before ends without an answer. */
export function answerAfter(letGo: Promise<void>): Invoke {
  return async function* (request, context) {
    const aborted = new Promise((resolve) => context.signal.addEventListener('abort', resolve));
    await Promise.race([letGo, aborted]);
    yield* answerAtOnce(request, context);
  };
}

function domainService({ plans, resolved }: NeighbourState): Partial<ServiceImpl<typeof DomainService>> {
  return {
    resolvePlan: ({ domainId, knownHash }) => {
      const plan = plans.get(domainId);
      if (!plan) throw notFound('domain');
      // As the registry answers for dependencies that have become cyclic since the save.
      if (plan.nodes.length === 0) throw new Fault('failed_precondition', 'circular dependency: a -> b -> a');
      const unchanged = plan.hash === knownHash;
      resolved.push(unchanged ? 'unchanged' : 'plan');
      return unchanged ? { unchanged } : { plan };
    },
  };
}

type Placed = Pick<TestDocument, 'jobId' | 'images' | 'sessionId'>;

function place(state: NeighbourState, context: HandlerContext, subjectId: string, placed: Placed): void {
  const { tenantId, userId, run } = principalOf(context);
  if (run?.writeTarget !== subjectId) throw new Fault('permission_denied', 'Another document');
  if (state.gone.has(subjectId)) throw new Fault('already_exists', 'The id is taken');
  const { documents } = state;
  if (!documents.has(subjectId)) {
    const open = { status: 'processing', error: '', result: undefined } as const;
    documents.set(subjectId, { tenantId, userId, ...placed, ...open });
  }
  failIf(state, 'place');
}

function documentOf(state: NeighbourState, context: HandlerContext, subjectId: string): TestDocument {
  const document = state.documents.get(subjectId);
  if (document?.tenantId !== principalOf(context).tenantId) throw notFound('document');
  return document;
}

type Outcome = Pick<TestDocument, 'jobId' | 'error' | 'result'> & { readonly succeeded: boolean };

function apply(state: NeighbourState, context: HandlerContext, subjectId: string, outcome: Outcome) {
  const { tenantId, run } = principalOf(context);
  if (run?.writeTarget !== subjectId) throw new Fault('permission_denied', 'Another document');
  failIf(state, 'apply');
  failIf(state, `apply ${subjectId}`);
  const document = state.documents.get(subjectId);
  const applied =
    document?.tenantId === tenantId && document.jobId === outcome.jobId && document.status === 'processing';
  if (applied) {
    document.status = outcome.succeeded ? 'completed' : 'failed';
    document.error = outcome.error;
    document.result = outcome.result;
  }
  return { applied };
}

function remove({ documents, lastJobs }: NeighbourState, subjectId: string): void {
  const document = documents.get(subjectId);
  if (document) lastJobs.set(subjectId, document.jobId);
  documents.delete(subjectId);
}

type Reopening = Pick<TestDocument, 'jobId'> & { readonly earlierJobId: string };

function reopen(state: NeighbourState, context: HandlerContext, subjectId: string, wanted: Reopening): void {
  const { run } = principalOf(context);
  if (run?.writeTarget !== subjectId) throw new Fault('permission_denied', 'Another document');
  const document = documentOf(state, context, subjectId);
  if (document.jobId !== wanted.jobId) {
    if (document.jobId !== wanted.earlierJobId || document.status === 'processing') {
      throw new Fault('failed_precondition', 'The document belongs to another run');
    }
    document.jobId = wanted.jobId;
    document.status = 'processing';
  }
  failIf(state, 'place');
}

function failIf({ failing }: NeighbourState, method: string): void {
  if (failing.has(method)) throw new Fault('unavailable', 'The store is away');
}

function unsettled(state: NeighbourState, context: HandlerContext, prefix: string): [string, TestDocument][] {
  const { tenantId } = principalOf(context);
  failIf(state, `list ${tenantId}`);
  return [...state.documents].filter(
    ([id, document]) =>
      id.startsWith(prefix) && document.tenantId === tenantId && document.status === 'processing',
  );
}

function reportService(state: NeighbourState): Partial<ServiceImpl<typeof ReportService>> {
  return {
    ...reportDeletions(state, (id) => remove(state, id)),
    createReport: async ({ id, jobId, images }, context) => {
      await state.beforePlace();
      place(state, context, prefixedId('inc_', id), { jobId, images });
      return {};
    },
    reopenReport: async ({ incidentId, earlierJobId, jobId }, context) => {
      await state.beforePlace();
      reopen(state, context, incidentId, { earlierJobId, jobId });
      return {};
    },
    getReport: async ({ incidentId }, context) => {
      await state.beforeRead();
      const { userId: createdBy, jobId } = documentOf(state, context, incidentId);
      return { report: { incidentId, createdBy, jobId } };
    },
    applyIngestion: ({ incidentId, ingestionData, ...outcome }, context) =>
      apply(state, context, incidentId, { ...outcome, result: ingestionData }),
    listUnsettled: (_, context) => ({
      reports: unsettled(state, context, 'inc_').map(([incidentId, { jobId }]) => ({ incidentId, jobId })),
    }),
  };
}

function queryJobService(state: NeighbourState): Partial<ServiceImpl<typeof QueryJobService>> {
  return {
    ...queryJobDeletions(state, (id) => remove(state, id)),
    createQueryJob: async ({ id, jobId, sessionId }, context) => {
      await state.beforePlace();
      place(state, context, prefixedId('qry_', id), { jobId, sessionId });
      return {};
    },
    reopenQueryJob: async ({ queryId, earlierJobId, jobId }, context) => {
      await state.beforePlace();
      reopen(state, context, queryId, { earlierJobId, jobId });
      return {};
    },
    getQueryJob: ({ queryId }, context) => {
      const { userId, jobId } = documentOf(state, context, queryId);
      if (userId !== principalOf(context).userId) {
        throw new Fault('permission_denied', 'The query of another user');
      }
      return { job: { queryId, jobId } };
    },
    completeQueryJob: ({ queryId, jobId, succeeded, result }, context) =>
      apply(state, context, queryId, {
        jobId,
        succeeded,
        error: result?.error ?? '',
        result: result?.summary,
      }),
    listQueryJobs: ({ sessionId }, context) => ({
      jobs: unsettled(state, context, 'qry_')
        .filter(([, document]) => document.sessionId === sessionId)
        .map(([queryId, { jobId }]) => ({ queryId, jobId })),
    }),
    listUnsettled: (_, context) => ({
      jobs: unsettled(state, context, 'qry_').map(([queryId, { jobId, userId }]) => ({
        queryId,
        jobId,
        userId,
      })),
    }),
  };
}

// Signs of life, and the changes that a test tells.
async function* newsOf({ changed, regranted }: NeighbourState, gone: AbortSignal) {
  let [settings, grants] = [changed.length, regranted.length];
  while (!gone.aborted) {
    yield {};
    for (; settings < changed.length; settings += 1) yield newsOfTenant('tenant_settings', changed[settings]);
    for (; grants < regranted.length; grants += 1) yield newsOfTenant('tool_access', regranted[grants]);
    await delay(20, undefined, { signal: gone }).catch(() => undefined);
  }
}

function newsOfTenant(entityType: string, tenantId = '') {
  return { change: { tenantId, entityType, entityId: tenantId } };
}

function imageService({ uploads }: NeighbourState): Partial<ServiceImpl<typeof ImageService>> {
  return {
    checkImages: ({ images }, context) => {
      if (principalOf(context).run) throw new Fault('permission_denied', 'Images are checked for people');
      const missing = images.flatMap((url, at) => (uploads.has(url) ? [] : [`images[${at}]`]));
      if (missing.length > 0) {
        throw invalidArgument(missing.map((field) => ({ field, reason: 'is no upload' })));
      }
      return { images: images.map((url) => uploads.get(url) ?? {}) };
    },
  };
}

function sessionService(state: NeighbourState): Partial<ServiceImpl<typeof SessionService>> {
  const { sessions } = state;
  return {
    ...sessionDeletions(state, (id) => sessions.delete(id)),
    getSession: ({ sessionId }, context) => {
      const { tenantId, userId } = principalOf(context);
      const session = sessions.get(sessionId);
      if (session?.tenantId !== tenantId) throw notFound('session');
      if (session.userId !== userId) throw new Fault('permission_denied', 'The session of another user');
      return { session: { sessionId } };
    },
  };
}

function agentService(state: NeighbourState): Partial<ServiceImpl<typeof AgentRuntimeService>> {
  return {
    invoke: (request, context) => state.invoke(request, context),
    describeAgent: ({ agent }) => state.describe(agent),
    cancelInvocation: async ({ jobId, taskId, attempt }) => {
      state.cancelledAttempts.push(`${jobId}/${taskId}/${attempt}`);
      return { found: await state.onCancel() };
    },
  };
}

type Routes = (router: ConnectRouter, draining: AbortSignal) => ConnectRouter;

function startNeighbour(
  meshKeys: string,
  name: string,
  services: readonly DescService[],
  routes: Routes,
): Promise<RunningService> {
  const config = readConfig({ MESH_KEYS: meshKeys, LOG_LEVEL: 'silent' }, readServiceConfig);
  return startRpcService({
    ...{ name, config },
    build: ({ draining }) => ({ services, stores: {}, routes: (router) => void routes(router, draining) }),
  });
}

function startRegistry(meshKeys: string, state: NeighbourState): Promise<RunningService> {
  const services = [DomainService, GoldenSetService, TenantService, ChangeService, UsageService];
  return startNeighbour(meshKeys, 'registry', services, (router, draining) =>
    router
      .service(DomainService, domainService(state))
      .service(GoldenSetService, goldenSetService(state))
      .service(TenantService, {
        getTenantSettings: (_, context) => ({ revision: state.settingsOf(principalOf(context).tenantId) }),
      })
      .service(UsageService, {
        getUsage: () => ({}),
        getCallHistory: ({ agents }) => ({ agents: agents.map(() => ({})) }),
      })
      .service(ChangeService, {
        watchChanges: (_, { signal }) => newsOf(state, AbortSignal.any([signal, draining])),
      }),
  );
}

function newState(): NeighbourState {
  return {
    plans: new Map(),
    resolved: [],
    documents: new Map(),
    sessions: new Map(),
    uploads: new Map(),
    ...newDeletionState(),
    ...newGateState(),
    failing: new Set(),
    invoke: answerAtOnce,
    describe: describeAsUsual,
    cancelledAttempts: [],
    onCancel: async () => InvocationState.UNKNOWN,
    beforePlace: async () => undefined,
    beforeRead: async () => undefined,
    revisionOf: () => '0',
    settingsOf: () => '',
    changed: [],
    regranted: [],
  };
}

/** Starts all four. `meshKeys` are the public keys of both issuers as JSON. */
export async function startNeighbours(meshKeys: string): Promise<Neighbours> {
  const state = newState();
  const [registry, reports, sessions, agents] = await Promise.all([
    startRegistry(meshKeys, state),
    startNeighbour(meshKeys, 'reports', [ReportService, IndexService, ImageService], (router) =>
      router
        .service(ReportService, reportService(state))
        .service(ImageService, imageService(state))
        .service(IndexService, {
          verifyReferences: () => ({ entries: [] }),
          getDataRevision: ({ domainId }) => ({ revision: state.revisionOf(domainId) }),
        }),
    ),
    startNeighbour(meshKeys, 'sessions', [SessionService, QueryJobService], (router) =>
      router.service(SessionService, sessionService(state)).service(QueryJobService, queryJobService(state)),
    ),
    startNeighbour(meshKeys, 'agents', [AgentRuntimeService, QuoteService], (router) =>
      router.service(AgentRuntimeService, agentService(state)).service(QuoteService, {
        quoteAgents: ({ agents }) => ({ quotes: agents.map(() => ({ runtime: QuotedRuntime.BUILTIN })) }),
      }),
    ),
  ]);
  const targets = {
    registry: registry.address,
    reports: reports.address,
    sessions: sessions.address,
    agents: agents.address,
  };
  return Object.assign(state, {
    targets,
    holdPlace: (letGo: Promise<void>) =>
      new Promise<void>((placing) => {
        state.beforePlace = async () => {
          state.beforePlace = async () => undefined;
          placing();
          await letGo;
        };
      }),
    close: async () => {
      await Promise.all([registry, reports, sessions, agents].map((service) => service.close()));
    },
  });
}
