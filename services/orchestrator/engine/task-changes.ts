// What a decision changes in the rows of tasks for workers. Tasks of playbooks have no rows before they are offered: they get theirs here, with
// all that a worker is told.
import { newId } from '../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Agent } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { Decision } from '../core/decision/decision.ts';
import { taskOf } from '../core/execution-state.ts';
import { jobOf } from '../core/job-input.ts';
import { jobIdOf } from '../core/public-id.ts';
import { taskInput } from '../core/task-input.ts';
import { usualPriority } from '../core/work/planned-work.ts';
import { type NewTaskRow, type TaskChange, taskChangesOf } from '../core/work/task-change.ts';
import { traceContext } from '../core/work/trace-context.ts';
import type { LiveExecution } from './live-execution.ts';

type Offering = Pick<LiveExecution, 'state' | 'execution' | 'agents'>;

/** The changes, in the order of the events. */
export function taskChanges(
  live: Offering,
  { events }: Pick<Decision, 'events'>,
  nowMs: number,
): TaskChange[] {
  const { state, agents } = live;
  if (!state.plan.hasWork) return [];
  return taskChangesOf(state, events, nowMs).flatMap((change): TaskChange[] => {
    if (change.type === 'held') return [change];
    const agent = agents.get(change.nodeId);
    if (!agent) return [change];
    if (change.type !== 'offered') return isRowless(live, change) ? [] : [change];
    return [change.attempt === 1 ? { ...change, row: newRow(live, change.nodeId, agent) } : change];
  });
}

// What was skipped was never offered, unless it was withdrawn.
function isRowless({ state }: Offering, change: Exclude<TaskChange, { type: 'held' | 'offered' }>): boolean {
  const isSkipped = change.type === 'ended' && change.status === 'skipped';
  return isSkipped && taskOf(state, change.nodeId).withdrawn === undefined;
}

function newRow({ state, execution }: Offering, nodeId: string, agent: Agent): NewTaskRow {
  const { work, limits } = taskOf(state, nodeId).planned;
  return {
    id: newId(),
    taskType: work?.type ?? '',
    name: agent.agentName,
    input: taskInput(state, nodeId, jobOf(execution.input).input),
    context: contextOf(execution, agent),
    priority: execution.priority ?? usualPriority,
    requiredCapabilities: work?.requiredCapabilities ?? [],
    ...limits,
    failsUncertain: work?.failsUncertain ?? false,
    createdBy: execution.principal.userId,
  };
}

function contextOf({ id, domainId, trace }: Offering['execution'], agent: Agent): JsonObject {
  return {
    ...traceContext(trace),
    job_id: jobIdOf(id),
    domain_id: domainId,
    agent_id: agent.agentId,
    agent_name: agent.agentName,
    agent_version: agent.version,
    system_prompt: agent.systemPrompt,
    output_schema: agent.outputSchema ?? {},
  };
}
