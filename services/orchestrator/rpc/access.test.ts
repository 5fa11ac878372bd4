// Every RPC of the service that is answered once, called by everybody who could call it: which of them it answers and how it refuses the others. An RPC that
// is added to a service without its row here fails.
import { randomUUID } from 'node:crypto';
import type { DescMethodUnary } from '@bufbuild/protobuf';
import type { CallOptions } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { ApprovalService } from '../../../proto/gen/domainflow/orchestrator/v1/approval_service_pb.js';
import { ControlService } from '../../../proto/gen/domainflow/orchestrator/v1/control_service_pb.js';
import { DeletionService } from '../../../proto/gen/domainflow/orchestrator/v1/deletion_service_pb.js';
import { EstimateService } from '../../../proto/gen/domainflow/orchestrator/v1/estimate_service_pb.js';
import { ExecutionService } from '../../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { GateService } from '../../../proto/gen/domainflow/orchestrator/v1/gate_service_pb.js';
import { RateService } from '../../../proto/gen/domainflow/orchestrator/v1/rate_service_pb.js';
import { ReplicaService } from '../../../proto/gen/domainflow/orchestrator/v1/replica_service_pb.js';
import { RerunMode } from '../../../proto/gen/domainflow/orchestrator/v1/rerun_pb.js';
import { WorkerService } from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { executionIdOf } from '../core/public-id.ts';
import { planMessageOf } from '../engine/pinned-plan.for-test.ts';
import { ask, keyOf, planWithApprovals } from './control.for-test.ts';
import { objectOf, reasonOf } from './deletions.for-test.ts';

const callers = [
  'its owner',
  'no token',
  'another tenant',
  'another user',
  'a viewer',
  'a run',
  'an agent',
  'a service for itself',
  'the gateway for itself',
] as const;
type Caller = (typeof callers)[number];
type Expected = Readonly<Record<Caller, string>>;

const refusedUnknown = {
  'no token': 'unauthenticated',
  'a service for itself': 'unauthenticated',
  'the gateway for itself': 'unauthenticated',
} as const;
const refusedRuns = { 'a run': 'permission_denied', 'an agent': 'permission_denied' } as const;
/** What only services may call for themselves. */
const refusedPeople = {
  'no token': 'unauthenticated',
  'its owner': 'permission_denied',
  'another tenant': 'permission_denied',
  'another user': 'permission_denied',
  'a viewer': 'permission_denied',
  ...refusedRuns,
} as const;
const open = {
  ...refusedUnknown,
  'its owner': 'ok',
  'another tenant': 'ok',
  'another user': 'ok',
  'a viewer': 'ok',
  ...refusedRuns,
} as const;
const own = {
  ...refusedUnknown,
  'its owner': 'ok',
  'another tenant': 'not_found',
  'another user': 'permission_denied',
  'a viewer': 'ok',
  ...refusedRuns,
} as const;

/** Gates are for admins, of whom each may see and end those of the others. */
const editorsMayNot = {
  'its owner': 'permission_denied',
  'another user': 'permission_denied',
  'a viewer': 'permission_denied',
} as const;
const ofTenant = { ...own, 'another user': 'ok' } as const;

/** What a call is about: something new of the owner for each call. */
type RequestFor = (owner: Principal) => Record<string, unknown> | Promise<Record<string, unknown>>;

const rows: Readonly<Record<string, { readonly request: RequestFor; readonly expected: Expected }>> = {
  'ExecutionService.startIngestion': {
    request: () => ({ domainId: 'city', text: 'A pothole', source: 'web' }),
    expected: { ...open, 'a viewer': 'permission_denied' },
  },
  'ExecutionService.startQuery': {
    request: (owner) => ({
      sessionId: objectOf(app, 'session', owner),
      domainId: 'city',
      question: 'How many?',
    }),
    expected: own,
  },
  'EstimateService.estimatePlaybook': {
    request: () => ({ domainId: 'city', playbook: AgentClass.INGESTION, count: 10 }),
    expected: { ...open, 'a viewer': 'permission_denied' },
  },
  'ExecutionService.getExecution': {
    request: async (owner) => {
      const sessionId = objectOf(app, 'session', owner);
      const question = { sessionId, domainId: 'city', question: 'How many?' };
      const { jobId } = await app.executions.startQuery(question, app.as(owner));
      await app.watch.seen({ id: executionIdOf(jobId) ?? '' }, 'ended');
      return { jobId };
    },
    expected: own,
  },
  'ExecutionService.listExecutions': { request: () => ({}), expected: open },
  'ControlService.cancelExecution': {
    request: async (owner) => ({ jobId: await askedBy(owner, 'gate') }),
    expected: own,
  },
  'ControlService.pauseExecution': {
    request: async (owner) => ({ jobId: await askedBy(owner, 'gate') }),
    expected: { ...own, 'a viewer': 'permission_denied' },
  },
  'ControlService.resumeExecution': {
    request: async (owner) => {
      const jobId = await askedBy(owner, 'gate');
      await app.control.pauseExecution({ jobId }, app.as(owner));
      return { jobId };
    },
    expected: { ...own, 'a viewer': 'permission_denied' },
  },
  'ControlService.rerunExecution': {
    request: async (owner) => ({ jobId: await askedBy(owner, 'city'), mode: RerunMode.ALL }),
    expected: { ...own, 'a viewer': 'permission_denied' },
  },
  'ApprovalService.listApprovals': { request: () => ({}), expected: open },
  'ApprovalService.getApproval': {
    request: async (owner) => ({ jobId: await askedBy(owner, 'gate'), taskId: 'approval-a' }),
    // Another user who may decide it sees it.
    expected: { ...own, 'another user': 'ok' },
  },
  'ApprovalService.decideApproval': {
    request: async (owner) => ({ jobId: await askedBy(owner, 'gate'), taskId: 'approval-a', approve: true }),
    expected: { ...own, 'another user': 'ok', 'a viewer': 'permission_denied' },
  },
  'ReplicaService.nudge': {
    request: ({ tenantId }) => ({ tenantId, executionId: randomUUID() }),
    expected: {
      ...refusedPeople,
      'a service for itself': 'ok',
      'the gateway for itself': 'permission_denied',
    },
  },
  'RateService.settleRates': {
    request: ({ tenantId }) => ({
      uses: [{ tenantId, caller: 'user:one', uncounted: 1, windowSeconds: 60 }],
    }),
    expected: {
      ...refusedPeople,
      'a service for itself': 'permission_denied',
      'the gateway for itself': 'ok',
    },
  },
  'GateService.startGate': {
    request: () => ({ domainId: 'city', goldenSet: 'basics', candidate: { version: 1 } }),
    expected: { ...open, ...editorsMayNot },
  },
  'GateService.getGate': { request: gateOf, expected: ofTenant },
  'GateService.cancelGate': { request: gateOf, expected: { ...ofTenant, ...editorsMayNot } },
  'WorkerService.registerWorker': {
    request: () => ({ worker: { type: 'detector', name: 'North', protocol: 'pull' } }),
    expected: { ...open, ...editorsMayNot },
  },
  'WorkerService.listWorkers': { request: () => ({}), expected: open },
  'WorkerService.getWorker': { request: workerOf, expected: ofTenant },
  'WorkerService.heartbeat': { request: workerOf, expected: { ...ofTenant, ...editorsMayNot } },
  'WorkerService.updateWorker': {
    request: async (owner) => ({ ...(await workerOf(owner)), worker: { name: 'South' } }),
    expected: { ...ofTenant, ...editorsMayNot },
  },
  'WorkerService.removeWorker': { request: workerOf, expected: { ...ofTenant, ...editorsMayNot } },
  'WorkerService.bulkUpdateWorkers': {
    request: async (owner) => ({ operation: 1, workerIds: [(await workerOf(owner)).workerId] }),
    // Of another tenant's worker it is told that there is none.
    expected: { ...open, ...editorsMayNot },
  },
  'WorkerService.getWorkStatistics': { request: () => ({}), expected: open },
  'WorkerService.getDatabaseHealth': { request: () => ({}), expected: open },
  'WorkerService.listServiceHealth': { request: () => ({}), expected: open },
  'WorkerService.getEventExport': { request: () => ({}), expected: open },
  'DeletionService.deleteReport': {
    request: (owner) => ({ incidentId: objectOf(app, 'report', owner) }),
    expected: { ...own, 'a viewer': 'permission_denied' },
  },
  'DeletionService.deleteSession': {
    request: (owner) => ({ sessionId: objectOf(app, 'session', owner) }),
    expected: own,
  },
  'DeletionService.deleteQuery': {
    request: (owner) => ({ queryId: objectOf(app, 'query', owner) }),
    expected: own,
  },
};

/** The run of a question of this person, as far as it gets by itself: to its end, or to the approval of the domain `gate`. */
async function askedBy(owner: Principal, domainId: 'city' | 'gate'): Promise<string> {
  const { jobId } = await ask(app, owner, domainId);
  await app.watch.seen(keyOf(jobId), domainId === 'city' ? 'ended' : 'approval_requested');
  return jobId;
}

/** A worker of an admin of this person's tenant. */
async function workerOf({ tenantId }: Principal): Promise<{ workerId: string }> {
  const worker = { type: 'detector', name: 'North', protocol: 'pull' };
  const registered = await app.workers.registerWorker(
    { worker },
    app.as(newPerson({ tenantId, roles: ['admin'] })),
  );
  return { workerId: registered.worker?.id ?? '' };
}

/** A gate of an admin of this person's tenant. */
async function gateOf({ tenantId }: Principal): Promise<{ domainId: string; gateId: string }> {
  const asked = { domainId: 'city', goldenSet: 'basics', candidate: { version: 1 } };
  const { gate } = await app.gates.startGate(asked, app.as(newPerson({ tenantId, roles: ['admin'] })));
  return { domainId: 'city', gateId: gate?.gateId ?? '' };
}

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'access');
  app.neighbours.plans.set('candidate', planMessageOf({ only: [] }));
  app.neighbours.goldenSets.set('basics', {
    rows: [{ input: { question: 'How many?' }, expected: { answer: '7' } }],
  });
  app.neighbours.plans.set('gate', planWithApprovals({ 'approval-a': [] }));
}, 30_000);
afterAll(async () => {
  await app.close();
  await databases.stop();
});

const services = [
  ExecutionService,
  ControlService,
  ApprovalService,
  RateService,
  ReplicaService,
  DeletionService,
  EstimateService,
  GateService,
  WorkerService,
];
const methods = services.flatMap((service) =>
  Object.values(service.method)
    .filter(({ methodKind }) => methodKind === 'unary')
    .map((method) => [`${service.name}.${method.localName}`, method] as const),
);

function optionsOf(caller: Caller, owner: Principal): CallOptions {
  const { tenantId } = owner;
  const run = { runId: randomUUID(), capability: 'deletion', writeTarget: randomUUID() };
  const all: Record<Caller, () => CallOptions> = {
    'its owner': () => app.as(owner),
    'no token': () => ({ timeoutMs: 15_000 }),
    'another tenant': () => app.as(newPerson({ roles: ['admin'] })),
    'another user': () => app.as(newPerson({ tenantId })),
    'a viewer': () => app.as({ ...owner, roles: ['viewer'] }),
    'a run': () => app.asRun(owner, run),
    'an agent': () => app.asAgent(owner, run),
    'a service for itself': () => app.asService(),
    'the gateway for itself': () => app.asGateway(),
  };
  return all[caller]();
}

async function call(
  method: DescMethodUnary,
  request: Record<string, unknown>,
  options: CallOptions,
): Promise<string> {
  const { signal, timeoutMs, headers, contextValues } = options;
  const answer = app.transport.unary(method, signal, timeoutMs, headers, request, contextValues);
  return (await reasonOf(answer)) ?? 'ok';
}

describe('every RPC', () => {
  it('has a row of expectations, and no row is of none', () => {
    expect(Object.keys(rows).toSorted()).toEqual(methods.map(([name]) => name).toSorted());
  });

  it.each(methods.flatMap(([name, method]) => callers.map((caller) => [name, caller, method] as const)))(
    '%s answers %s as it must',
    async (name, caller, method) => {
      const row = rows[name];
      const owner = newPerson();
      const request = (await row?.request(owner)) ?? {};
      const answered = await call(method as DescMethodUnary, request, optionsOf(caller, owner));
      expect(answered).toBe(row?.expected[caller]);
    },
  );
});
