// The registry's plan as an execution pins it: a text under its hash, read back into the graph that the engine decides over and the
// agents that it invokes.
import { fromJsonString, toJson } from '@bufbuild/protobuf';
import { createBoundedCache } from '../../../foundation/cache/bounded-cache.ts';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import { isJsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import {
  type Agent,
  AgentRuntime,
  UncertainPolicy,
} from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import {
  type ApprovalNode,
  FailurePolicy,
  TimeoutDecision,
} from '../../../proto/gen/domainflow/registry/v1/domain_pb.js';
import { type Plan, type PlanNode, PlanSchema } from '../../../proto/gen/domainflow/registry/v1/plan_pb.js';
import type { PinnedText } from '../core/execution-record.ts';
import {
  createRunPlan,
  defaultApprovalTimeoutMs,
  defaultExecutionTimeoutMs,
  defaultTaskLimits,
  type PlannedApproval,
  type PlannedTask,
  type RunPlan,
  type TaskLimits,
} from '../core/run-plan.ts';
import { usualPriority } from '../core/work/planned-work.ts';
import { openWork } from '../core/work/work-plan.ts';

/** An opened plan. */
export interface OpenedPlan {
  readonly run: RunPlan;
  /** By nodeId; nodes without an agent are absent. */
  readonly agents: ReadonlyMap<string, Agent>;
}

/** The plan as it is stored. */
export function pinPlan(plan: Plan): PinnedText {
  return { hash: plan.hash, text: canonicalJson(toJson(PlanSchema, plan) as JsonValue) };
}

/** Opens plans. */
export type OpenPlan = (pinned: PinnedText) => OpenedPlan;

/** How much the opened plans may weigh, in characters of their texts. */
const openedMax = 16 * 1024 * 1024;

/** Opens plans, each once as long as there is room: a plan is fixed by its hash. */
export function createOpenPlan(): OpenPlan {
  const opened = createBoundedCache<OpenedPlan & { readonly weight: number }>({
    weightMax: openedMax,
    weightOf: ({ weight }) => weight,
  });
  return (pinned) => {
    const kept = opened.get(pinned.hash);
    if (kept) return kept;
    const plan = { ...openPlan(pinned), weight: pinned.text.length };
    opened.set(pinned.hash, plan);
    return plan;
  };
}

/** The plan as it is run, of either form. */
export function openPlan(pinned: PinnedText): OpenedPlan {
  const work = openWork(pinned);
  return work ? { run: work, agents: new Map() } : openPlaybook(pinned);
}

function openPlaybook({ text }: PinnedText): OpenedPlan {
  const plan = fromJsonString(PlanSchema, text);
  const { settings } = plan;
  const run = createRunPlan({
    domainId: plan.domainId,
    domainVersion: plan.domainVersion,
    failurePolicy: settings?.failurePolicy === FailurePolicy.CONTINUE ? 'continue' : 'fail_fast',
    executionTimeoutMs: millis(settings?.executionTimeoutS) ?? defaultExecutionTimeoutMs,
    tasks: plan.nodes.map((node, at) => plannedTask(plan, node, at)),
  });
  const agents = plan.nodes.flatMap(({ nodeId, kind }): [string, Agent][] =>
    kind.case === 'agent' ? [[nodeId, kind.value]] : [],
  );
  return { run, agents: new Map(agents) };
}

function plannedTask(plan: Plan, { nodeId, implicit, parents, kind }: PlanNode, at: number): PlannedTask {
  const base = { taskId: `task_${at + 1}`, nodeId, implicit, parents };
  if (kind.case === 'agent') {
    const { agentId, agentName, version: agentVersion, settings } = kind.value;
    const inputKeys = settings?.inputKeys ?? [];
    const outputKeys = outputKeysOf(kind.value);
    return {
      ...base,
      agentId,
      agentName,
      agentVersion,
      inputKeys,
      ...categoryModelFor(outputKeys, plan),
      outputKeys,
      ...(mayCallTools(kind.value) ? { callsTools: true } : {}),
      ...workOf(kind.value),
      cacheTtlMs: cacheTtlOf(kind.value),
      limits: limitsOf(plan, kind.value),
    };
  }
  const nobody = {
    ...base,
    agentId: nodeId,
    agentName: nodeId,
    agentVersion: 0,
    inputKeys: [],
    cacheTtlMs: 0,
    limits: defaultTaskLimits,
  };
  if (kind.case === 'approval')
    return { ...nobody, outputKeys: approvalKeys, approval: approvalOf(kind.value) };
  if (kind.case !== 'unavailable') return { ...nobody, outputKeys: [], unavailable: 'agent_missing' };
  const { errorCode: unavailable, message } = kind.value;
  return {
    ...nobody,
    outputKeys: [],
    unavailable,
    ...(message === '' ? {} : { unavailableBecause: message }),
  };
}

/** The language model is no tool that is called. A worker calls its own, which nobody counts. */
function mayCallTools(agent: Agent): boolean {
  return !runsOnWorkers(agent) && agent.tools.some((tool) => tool !== 'bedrock');
}

function runsOnWorkers({ settings }: Agent): boolean {
  return settings?.runtime === AgentRuntime.WORKER;
}

/** The type of the tasks of agents that run on workers. */
const agentTaskType = 'custom';

function workOf(agent: Agent): Pick<PlannedTask, 'work'> {
  if (!runsOnWorkers(agent)) return {};
  const { requiredCapabilities = [], onUncertain } = agent.settings ?? {};
  const work = { type: agentTaskType, requiredCapabilities, priority: usualPriority };
  return { work: onUncertain === UncertainPolicy.FAIL ? { ...work, failsUncertain: true } : work };
}

const approvalKeys = ['approved', 'by', 'comment'];

function approvalOf({ prompt, roles, timeoutS, onTimeout }: ApprovalNode): PlannedApproval {
  return {
    prompt,
    roles: roles.length > 0 ? roles : ['editor', 'admin'],
    timeoutMs: millis(timeoutS) ?? defaultApprovalTimeoutMs,
    onTimeout: onTimeout === TimeoutDecision.APPROVE ? 'approve' : 'reject',
  };
}

/** An agent that fills the key `category` is told the playbook's model, whatever keys of the job's input it declares. */
function categoryModelFor(
  outputKeys: readonly string[],
  { settings }: Plan,
): Pick<PlannedTask, 'categoryModel'> {
  const categoryModel = settings?.categoryModel ?? '';
  return categoryModel !== '' && outputKeys.includes('category') ? { categoryModel } : {};
}

/** How long outputs of builtin agents serve other runs where the agent does not say, in milliseconds. */
const builtinCacheTtlMs = 3_600_000;

// What names no runtime is a skill of the platform where it is the platform's own. Whether it runs as one is asked when the task is due.
function cacheTtlOf(agent: Agent): number {
  const { settings, isInbuilt } = agent;
  if (runsOnWorkers(agent)) return 0; // on what a worker ran is known to nobody here
  if (settings?.cacheTtlS !== undefined) return settings.cacheTtlS * 1000;
  const runtime = settings?.runtime ?? AgentRuntime.UNSPECIFIED;
  const isBuiltin = runtime === AgentRuntime.UNSPECIFIED ? isInbuilt : runtime === AgentRuntime.BUILTIN;
  return isBuiltin ? builtinCacheTtlMs : 0;
}

// In JSON-Schema form the keys stand under `properties`, else they are the schema's own.
function outputKeysOf({ outputSchema }: Agent): string[] {
  const properties = outputSchema?.properties;
  return Object.keys(isJsonObject(properties) ? properties : (outputSchema ?? {}));
}

function limitsOf({ settings: playbook }: Plan, { settings: agent }: Agent): TaskLimits {
  const { retriesMax, attemptTimeoutMs, totalTimeoutMs } = defaultTaskLimits;
  return {
    retriesMax: agent?.maxRetries ?? playbook?.maxRetries ?? retriesMax,
    attemptTimeoutMs: millis(agent?.attemptTimeoutS ?? playbook?.attemptTimeoutS) ?? attemptTimeoutMs,
    totalTimeoutMs: millis(agent?.totalTimeoutS ?? playbook?.totalTimeoutS) ?? totalTimeoutMs,
  };
}

function millis(seconds: number | undefined): number | undefined {
  return seconds === undefined || seconds <= 0 ? undefined : seconds * 1000;
}
