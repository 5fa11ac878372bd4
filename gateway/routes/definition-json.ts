// What agents and domains have in common as definitions, as the API shows it: warnings, plans, judgements and differences.
import { toJson } from '@bufbuild/protobuf';
import { type Value, ValueSchema } from '@bufbuild/protobuf/wkt';
import type { FieldViolation } from '../../proto/gen/domainflow/common/v1/fault_pb.js';
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type {
  DefinitionChange,
  DefinitionWarning,
} from '../../proto/gen/domainflow/registry/v1/definition_pb.js';
import type { Plan, PlanNode } from '../../proto/gen/domainflow/registry/v1/plan_pb.js';
import { enumWord } from './enum-words.ts';

/** Warnings of a save or a judgement; `domain_id` is null where they are about no saved domain. */
export function warningsJson(warnings: readonly DefinitionWarning[]): readonly object[] {
  return warnings.map(({ domainId, playbook, path, code, text }) => ({
    domain_id: domainId || null,
    playbook: enumWord(AgentClass, playbook),
    path,
    code,
    text,
  }));
}

/** What a judgement says beside its plan. */
export interface Judgement {
  readonly violations: readonly FieldViolation[];
  readonly warnings: readonly DefinitionWarning[];
}

/** A judgement; `plan` is shown as it stands. */
export function judgementJson({ violations, warnings }: Judgement, plan: object | null): object {
  return {
    valid: violations.length === 0,
    details: violations.map(({ field, reason }) => ({ field, reason })),
    warnings: warningsJson(warnings),
    plan,
  };
}

/** What would run, in the order of a run; null without a plan. */
export function planJson(plan: Plan | undefined): object | null {
  if (!plan) return null;
  return {
    nodes: plan.nodes.map(planNodeJson),
    edges: plan.nodes.flatMap(({ nodeId, parents }) => parents.map((from) => ({ from, to: nodeId }))),
    hash: plan.hash,
  };
}

function planNodeJson({ nodeId, implicit, kind }: PlanNode): object {
  const agent = kind.case === 'agent' ? kind.value : undefined;
  return {
    node_id: nodeId,
    kind: kind.case ?? null,
    agent_name: agent?.agentName ?? null,
    agent_version: agent?.version ?? null,
    implicit,
    ...(kind.case === 'unavailable' ? { error_code: kind.value.errorCode } : {}),
  };
}

/** The differences between two versions. */
export interface Differences {
  readonly changes: readonly DefinitionChange[];
  readonly fromVersion: number;
  readonly toVersion: number;
}

/** Differences as they are shown; a change lacks `before` or `after` where the version had no such value. */
export function differencesJson({ changes, fromVersion, toVersion }: Differences): object {
  return {
    changes: changes.map(({ path, before, after }) => ({
      path,
      ...(before ? { before: valueJson(before) } : {}),
      ...(after ? { after: valueJson(after) } : {}),
    })),
    from: fromVersion,
    to: toVersion,
  };
}

function valueJson(value: Value): unknown {
  return toJson(ValueSchema, value);
}
