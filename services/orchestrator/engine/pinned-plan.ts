// The registry's plan as an execution pins it: a text under its hash, read back into the graph that the engine decides over and the
// agents that it invokes.
import { fromJsonString, toJson } from '@bufbuild/protobuf';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import { isJsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import type { Agent } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { FailurePolicy } from '../../../proto/gen/domainflow/registry/v1/domain_pb.js';
import { type Plan, type PlanNode, PlanSchema } from '../../../proto/gen/domainflow/registry/v1/plan_pb.js';
import type { PinnedText } from '../core/execution-record.ts';
import {
  defaultExecutionTimeoutMs,
  defaultTaskLimits,
  type PlannedTask,
  type RunPlan,
  type TaskLimits,
} from '../core/run-plan.ts';

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

/** The plan as it is run. */
export function openPlan({ text }: PinnedText): OpenedPlan {
  const plan = fromJsonString(PlanSchema, text);
  const { settings } = plan;
  const run: RunPlan = {
    domainId: plan.domainId,
    domainVersion: plan.domainVersion,
    failurePolicy: settings?.failurePolicy === FailurePolicy.CONTINUE ? 'continue' : 'fail_fast',
    executionTimeoutMs: millis(settings?.executionTimeoutS) ?? defaultExecutionTimeoutMs,
    tasks: plan.nodes.map((node, at) => plannedTask(plan, node, at)),
  };
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
      outputKeys,
      limits: limitsOf(plan, kind.value),
    };
  }
  const unavailable = kind.case === 'unavailable' ? kind.value.errorCode : 'approval_unsupported';
  const agent = { agentId: nodeId, agentName: nodeId, agentVersion: 0, inputKeys: [], outputKeys: [] };
  return { ...base, ...agent, unavailable, limits: defaultTaskLimits };
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
