// Plans of lone tasks and workflows: a text of its own form, under the hash of its content, that needs no domain and no agents.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../../foundation/json/canonical-json.ts';
import type { JsonObject } from '../../../../foundation/json/json.ts';
import type { PinnedText } from '../execution-record.ts';
import { createRunPlan, type FailurePolicy, type RunPlan, type TaskLimits } from '../run-plan.ts';
import type { PlannedWork } from './planned-work.ts';

/** The node of a lone task. */
export const loneNodeId = 'task';

/** A graph of tasks for workers. */
export interface WorkGraph {
  readonly failurePolicy: FailurePolicy;
  /** In plan order: every parent stands before its dependents. */
  readonly tasks: readonly WorkNode[];
}

/** One task of such a graph. */
export interface WorkNode extends Omit<PlannedWork, 'failsUncertain'>, TaskLimits {
  /** Unique in the graph. */
  readonly nodeId: string;
  readonly name: string;
  /** nodeIds whose results it is given. */
  readonly parents: readonly string[];
}

interface StoredWork {
  readonly form: 'work';
  readonly failure_policy: FailurePolicy;
  readonly tasks: readonly StoredTask[];
}

interface StoredTask {
  readonly node_id: string;
  readonly name: string;
  readonly type: string;
  readonly parents: readonly string[];
  readonly required_capabilities: readonly string[];
  readonly priority: number;
  readonly retries_max: number;
  readonly attempt_timeout_ms: number;
  readonly total_timeout_ms: number;
}

/** The graph as it is stored. The same graph has the same hash. */
export function pinWork({ failurePolicy, tasks }: WorkGraph): PinnedText {
  const stored: StoredWork = { form: 'work', failure_policy: failurePolicy, tasks: tasks.map(storedTask) };
  const text = canonicalJson(stored as unknown as JsonObject);
  return { hash: createHash('sha256').update(text).digest('hex'), text };
}

function storedTask(task: WorkNode): StoredTask {
  return {
    node_id: task.nodeId,
    name: task.name,
    type: task.type,
    parents: task.parents,
    required_capabilities: task.requiredCapabilities,
    priority: task.priority,
    retries_max: task.retriesMax,
    attempt_timeout_ms: task.attemptTimeoutMs,
    total_timeout_ms: task.totalTimeoutMs,
  };
}

/** The graph of a stored text as it is run; undefined for texts of another form. Throws when a parent does not stand before its dependent. */
export function openWork({ text }: Pick<PinnedText, 'text'>): RunPlan | undefined {
  if (!text.includes('"form":"work"')) return undefined; // plans of playbooks are large: they are parsed once, by who knows them
  const stored = JSON.parse(text) as Partial<StoredWork>;
  if (stored.form !== 'work' || !stored.tasks) return undefined;
  return createRunPlan({
    domainId: '',
    domainVersion: 0,
    failurePolicy: stored.failure_policy ?? 'fail_fast',
    executionTimeoutMs: Number.POSITIVE_INFINITY,
    tasks: stored.tasks.map((task, at) => ({
      taskId: `task_${at + 1}`,
      nodeId: task.node_id,
      agentId: task.node_id,
      agentName: task.name,
      agentVersion: 0,
      implicit: false,
      parents: task.parents,
      inputKeys: [],
      outputKeys: [],
      anyOutput: true,
      work: {
        type: task.type,
        requiredCapabilities: task.required_capabilities,
        priority: task.priority,
      },
      cacheTtlMs: 0,
      limits: {
        retriesMax: task.retries_max,
        attemptTimeoutMs: task.attempt_timeout_ms,
        totalTimeoutMs: task.total_timeout_ms,
      },
    })),
  });
}
