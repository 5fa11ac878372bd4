// Random plans: graphs of agents, approvals and agents that are gone, under both policies, with limits that a history reaches.
import { create } from '@bufbuild/protobuf';
import { type Agent, AgentSchema } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import {
  createRunPlan,
  type PlannedApproval,
  type PlannedTask,
  type TaskLimits,
} from '../../services/orchestrator/core/run-plan.ts';
import type { PlannedWork } from '../../services/orchestrator/core/work/planned-work.ts';
import type { OpenedPlan } from '../../services/orchestrator/engine/pinned-plan.ts';
import type { Random } from './random.ts';

/** Nodes of one plan at most. */
export const nodesMax = 12;

/** What a plan may hold. */
export interface PlanTaste {
  /** Whether runs may come to wait without an owner. */
  readonly parks: boolean;
  /** Whether some of its agents run on workers. */
  readonly works: boolean;
}

/** Makes plans. */
export type MakePlan = (random: Random, taste: PlanTaste) => OpenedPlan;

const sizes = [1, 2, 3, 3, 4, 4, 5, 6, 8, nodesMax];

/** Makes plans; equal agents of different plans are one. */
export function createPlanMaker(): MakePlan {
  const agents = Array.from({ length: nodesMax }, (_, at) => agentOf(`n${at}`));
  return (random, { parks, works }) => {
    const parentsMax = random.pick([0, 1, 3, 3, 3]);
    const tasks = Array.from({ length: random.pick(sizes) }, (_, at) =>
      taskOf(random, { at, parentsMax, parks, works }),
    );
    const run = createRunPlan({
      domainId: 'city',
      domainVersion: 1,
      tasks,
      failurePolicy: random.pick(['fail_fast', 'continue'] as const),
      executionTimeoutMs: random.pick([15_000, 40_000, 120_000, Number.POSITIVE_INFINITY]),
    });
    return { run, agents: new Map(agents.map((agent) => [agent.agentId, agent])) };
  };
}

const someWork: PlannedWork = { type: 'custom', requiredCapabilities: [], priority: 2 };

function agentOf(agentId: string): Agent {
  return create(AgentSchema, { agentId, agentName: `${agentId} Agent`, version: 1 });
}

interface Place extends PlanTaste {
  /** In the plan, from 0. */
  readonly at: number;
  readonly parentsMax: number;
}

function taskOf(random: Random, { at, parentsMax, parks, works }: Place): PlannedTask {
  const nodeId = `n${at}`;
  const kind = random.below(100);
  const parents = new Set<string>();
  for (let more = at === 0 ? 0 : random.between(0, parentsMax); more > 0; more -= 1)
    parents.add(`n${random.below(at)}`);
  const approval = parks && kind < 12 ? { approval: approvalOf(random) } : {};
  const work = works && kind >= 20 && kind < 80 ? { work: someWork } : {};
  const unavailable = kind === 99 ? { unavailable: 'agent_missing' } : {};
  return {
    ...{ taskId: `task_${at + 1}`, nodeId, agentId: nodeId, agentName: `${nodeId} Agent`, agentVersion: 1 },
    ...{ implicit: false, parents: [...parents], inputKeys: [], outputKeys: ['answer'] },
    cacheTtlMs: kind >= 85 && kind < 97 ? random.pick([2_000, 60_000]) : 0,
    limits: limitsOf(random, parks),
    ...approval,
    ...work,
    ...unavailable,
  };
}

// A wait for a retry may be long enough for a run to be parked.
function limitsOf(random: Random, parks: boolean): TaskLimits {
  return {
    retriesMax: parks ? random.below(4) : random.below(2),
    attemptTimeoutMs: random.pick([2_000, 6_000, 15_000]),
    totalTimeoutMs: random.pick([5_000, 20_000, 90_000]),
  };
}

function approvalOf(random: Random): PlannedApproval {
  return {
    prompt: 'Go on?',
    roles: ['editor'],
    timeoutMs: random.pick([4_000, 18_000, 40_000]),
    onTimeout: random.pick(['approve', 'reject'] as const),
  };
}
