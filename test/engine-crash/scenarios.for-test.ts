// Runs that together pass through everything that can happen to an execution, and at which of their moments the process is killed.
import { createHash, randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { newId } from '../../foundation/ids/ids.ts';
import { AgentRuntime, AgentSettingsSchema } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { ApprovalNodeSchema, FailurePolicy } from '../../proto/gen/domainflow/registry/v1/domain_pb.js';
import type { Plan } from '../../proto/gen/domainflow/registry/v1/plan_pb.js';
import type { AttemptEnd } from '../../services/orchestrator/clients/invoke-agent.ts';
import type { Command } from '../../services/orchestrator/core/decision/decision.ts';
import { newRecord } from '../../services/orchestrator/core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../../services/orchestrator/core/execution-record.ts';
import { repeatJob } from '../../services/orchestrator/core/job-input.ts';
import { jobIdOf } from '../../services/orchestrator/core/public-id.ts';
import { workerEnded } from '../../services/orchestrator/core/work/work-run.for-test.ts';
import { answered, faulted } from '../../services/orchestrator/engine/engine.for-test.ts';
import { type Graph, planMessageOf } from '../../services/orchestrator/engine/pinned-plan.for-test.ts';
import { pinPlan } from '../../services/orchestrator/engine/pinned-plan.ts';
import { cancelledEnd, type RunningAttempt } from './agents.for-test.ts';
import { hasEvent, type SeenExecution } from './journal-follow.for-test.ts';
import type { CrashPoint } from './replica-messages.for-test.ts';

/** Where a scenario is played. */
export interface Stage {
  readonly records: readonly ExecutionRecord[];
  /** Starts the nth execution [0] as a caller does: once it is accepted it is not started again, whatever happens to the process. */
  start(at?: number): Promise<void>;
  /** Resolves once an execution [0] fits. */
  until(fits: (seen: SeenExecution) => boolean, at?: number): Promise<void>;
  /** Stores a command for the first execution and brings it to the replica that runs. */
  command(command: Command): Promise<void>;
  /** Lets attempts end that wait for it. */
  release(): void;
  /** Ends the replica that runs by SIGTERM. */
  shutDown(): void;
}

/** A kind of run. */
export interface Scenario {
  readonly name: string;
  /** A new tenant's executions. */
  readonly records: () => readonly ExecutionRecord[];
  /** What agents do; absent answers at once. */
  readonly perform?: (attempt: RunningAttempt, released: Promise<void>) => Promise<AttemptEnd>;
  readonly play: (stage: Stage) => Promise<void>;
  /** The moments before and after which it is killed. Each is about what no scenario before it has. */
  readonly sites: readonly string[];
  /** Where the process has died already before it comes there. */
  readonly before?: readonly CrashPoint[];
  /** True when agents are lost together with the process. */
  readonly losesAgents?: boolean;
  /** True when the process is told to end, so that it does also when it is not killed. */
  readonly shutsDown?: boolean;
}

const by = randomUUID();
const startOnly = ({ start }: Stage): Promise<void> => start();

function recordOf(plan: Plan, changes: Partial<ExecutionRecord> = {}): ExecutionRecord {
  return newRecord({ plan: pinPlan(plan), ...changes });
}

/** The plan with the node made an approval. */
function asking(graph: Graph, nodeId: string): Plan {
  const plan = planMessageOf(graph);
  for (const node of plan.nodes) {
    if (node.nodeId !== nodeId) continue;
    node.kind = { case: 'approval', value: create(ApprovalNodeSchema, { id: nodeId, prompt: 'Go on?' }) };
  }
  return plan;
}

/** The plan with the agent of a node on workers. */
function onWorkers(graph: Graph, ...nodeIds: readonly string[]): Plan {
  const plan = planMessageOf(graph);
  for (const node of plan.nodes) {
    if (!nodeIds.includes(node.nodeId) || node.kind.case !== 'agent') continue;
    node.kind.value.settings = create(AgentSettingsSchema, { runtime: AgentRuntime.WORKER });
  }
  const hash = createHash('sha256')
    .update(`on workers: ${nodeIds.join(' ')} of ${plan.hash}`)
    .digest('hex');
  return { ...plan, hash };
}

/** The plan with outputs that serve other runs. */
function keeping(graph: Graph): Plan {
  const plan = planMessageOf(graph);
  for (const { kind } of plan.nodes) {
    if (kind.case === 'agent') kind.value.settings = create(AgentSettingsSchema, { cacheTtlS: 60 });
  }
  return plan;
}

/** Nodes of this name are found in the cache. */
export const knownNode = 'known';

const isParked = ({ row }: SeenExecution): boolean => row?.isParked === true;

/** In this order. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a report whose agent calls a tool',
    records: () => [
      recordOf(planMessageOf({ read: [], place: ['read'], kind: ['read'], judge: ['place', 'kind'] })),
    ],
    perform: async ({ nodeId, tell }) => {
      if (nodeId === 'place') {
        const call = { toolName: 'geocode', number: 1 };
        tell({ type: 'tool_called', ...call });
        tell({ type: 'tool_ended', ...call, durationMs: 3, errorCode: '' });
      }
      return answered(nodeId);
    },
    play: startOnly,
    sites: [
      ...['recorded', 'place', 'started', 'task_started', 'invoke', 'tool_called'],
      ...['tool_ended', 'task_succeeded'],
      ...['finishing', 'effects_planned', 'apply', 'ended'],
    ],
  },
  {
    name: 'a command that finds out first what it changes',
    records: () => [recordOf(planMessageOf({ plan: [] }), { kind: 'management' })],
    play: startOnly,
    sites: ['prepare', 'effects_planned', 'apply'],
  },
  {
    name: 'a report one of whose agents fails for good',
    records: () => {
      const settings = { failurePolicy: FailurePolicy.CONTINUE };
      return [recordOf(planMessageOf({ bad: [], below: ['bad'], good: [] }, settings))];
    },
    perform: async ({ nodeId }) =>
      nodeId === 'bad' ? faulted({ code: 'output_invalid', message: 'Nonsense' }) : answered(nodeId),
    play: startOnly,
    sites: ['task_failed', 'task_skipped'],
  },
  {
    name: 'a report whose agent is tried again',
    records: () => [recordOf(planMessageOf({ flaky: [] }))],
    perform: async ({ nodeId, attempt }) =>
      attempt === 1 ? faulted({ code: 'model_error', message: 'Try again' }) : answered(nodeId),
    play: startOnly,
    sites: ['retry_scheduled'],
  },
  {
    name: 'a report that a person has to approve',
    records: () => [recordOf(asking({ draft: [], ask: ['draft'], send: ['ask'] }, 'ask'))],
    play: async ({ start, until, command }) => {
      await start();
      await until((seen) => hasEvent(seen, 'approval_requested') && isParked(seen));
      await command({ type: 'decide_approval', by, nodeId: 'ask', approved: true, comment: 'Yes' });
    },
    sites: ['approval_requested', 'command found', 'parked claimed', 'approval_decided', 'command decided'],
  },
  {
    name: 'a report one of whose agents runs on a worker',
    records: () => [recordOf(onWorkers({ read: [], judge: ['read'], write: ['judge'] }, 'judge'))],
    play: async ({ start, until, command }) => {
      await start();
      await until((seen) => hasEvent(seen, 'task_offered') && isParked(seen));
      await command(workerEnded('judge', 1));
    },
    sites: ['task_offered'],
  },
  {
    name: 'a report one of whose agents fails while others wait for a worker',
    records: () => [recordOf(onWorkers({ read: [], judge: [], write: [] }, 'judge', 'write'))],
    perform: async (_, released) => {
      await released;
      return faulted({ code: 'output_invalid', message: 'Nonsense' });
    },
    play: async ({ start, until, release }) => {
      await start();
      await until((seen) => hasEvent(seen, 'task_offered'));
      release();
    },
    sites: ['task_withdrawn'],
  },
  {
    name: 'a report that is paused and goes on',
    records: () => [recordOf(planMessageOf({ first: [], second: ['first'] }))],
    perform: async ({ nodeId }, released) => {
      if (nodeId === 'first') await released;
      return answered(nodeId);
    },
    play: async ({ start, until, command, release }) => {
      await start();
      await until((seen) => hasEvent(seen, 'task_started'));
      await command({ type: 'pause', by });
      await until((seen) => hasEvent(seen, 'paused'));
      release();
      await until((seen) => hasEvent(seen, 'task_succeeded') && isParked(seen));
      await command({ type: 'resume', by });
    },
    sites: ['paused', 'parked', 'resumed'],
  },
  {
    name: 'a report that is cancelled',
    records: () => [recordOf(planMessageOf({ slow: [], never: ['slow'] }))],
    perform: ({ cancelled }) =>
      new Promise((resolve) => {
        if (cancelled.aborted) resolve(cancelledEnd);
        cancelled.addEventListener('abort', () => resolve(cancelledEnd));
      }),
    play: async ({ start, until, command }) => {
      await start();
      await until((seen) => hasEvent(seen, 'task_started'));
      await command({ type: 'cancel', by, because: 'No longer needed' });
    },
    sites: ['cancel_requested', 'task_cancelled'],
  },
  {
    name: 'a report whose agents were lost with its process',
    records: () => [recordOf(planMessageOf({ only: [] }))],
    play: startOnly,
    before: [{ site: 'invoke', when: 'after' }],
    losesAgents: true,
    sites: ['attempt_uncertain'],
  },
  {
    name: 'a report that an earlier one has an output for, and leaves one',
    records: () => [recordOf(keeping({ [knownNode]: [], unknown: [knownNode] }))],
    play: startOnly,
    sites: ['look_up', 'output kept'],
  },
  {
    name: 'a report that waits for another of its tenant',
    records: () => {
      const first = recordOf(planMessageOf({ first: [] }));
      return [first, recordOf(planMessageOf({ second: [] }), { tenantId: first.tenantId })];
    },
    perform: async ({ nodeId }, released) => {
      if (nodeId === 'first') await released;
      return answered(nodeId);
    },
    play: async ({ start, until, release }) => {
      await start(0);
      await until((seen) => hasEvent(seen, 'task_started'));
      await start(1);
      // A new process may find the second one before it has taken up the first.
      await until(({ row }) => row?.isQueued === true || row?.completedAtMs !== undefined, 1);
      release();
    },
    sites: ['queued', 'queue claimed'],
  },
  {
    name: 'a report that is approved while another of its tenant runs',
    records: () => {
      const first = recordOf(asking({ ask: [], send: ['ask'] }, 'ask'));
      return [first, recordOf(planMessageOf({ other: [] }), { tenantId: first.tenantId })];
    },
    perform: async ({ nodeId }, released) => {
      if (nodeId === 'other') await released;
      return answered(nodeId);
    },
    play: async ({ start, until, command, release }) => {
      await start(0);
      await until((seen) => hasEvent(seen, 'approval_requested') && isParked(seen));
      await start(1);
      await until((seen) => hasEvent(seen, 'task_started'), 1);
      await command({ type: 'decide_approval', by, nodeId: 'ask', approved: true, comment: 'Yes' });
      await until(({ row }) => row?.isQueued === true || row?.completedAtMs !== undefined);
      release();
    },
    sites: ['placed'],
  },
  {
    name: 'a report that repeats an earlier one',
    records: () => {
      const first = recordOf(planMessageOf({ first: [], second: ['first'] }));
      const { tenantId, plan, id: rerunOf } = first;
      const repeats = { earlierJobId: jobIdOf(rerunOf), reused: ['first'] };
      const input = repeatJob(first.input, { repeats, answerId: newId() });
      return [first, newRecord({ tenantId, plan, rerunOf, input })];
    },
    play: async ({ start, until }) => {
      await start(0);
      await until((seen) => hasEvent(seen, 'ended'));
      await start(1);
    },
    sites: ['task_reused'],
  },
  {
    name: 'a report whose process was killed once already',
    records: () => [recordOf(planMessageOf({ first: [], second: ['first'] }))],
    play: startOnly,
    before: [{ site: 'task_succeeded', when: 'after' }],
    sites: ['orphans claimed', 'loaded'],
  },
  {
    name: 'a report whose process shuts down',
    records: () => [recordOf(planMessageOf({ first: [], second: ['first'] }))],
    perform: async ({ nodeId }, released) => {
      if (nodeId === 'first') await released;
      return answered(nodeId);
    },
    play: async ({ start, until, release, shutDown }) => {
      await start();
      await until((seen) => hasEvent(seen, 'task_started'));
      shutDown();
      release();
    },
    shutsDown: true,
    sites: ['handed back'],
  },
];
