// The plan of a shadow run: the registry's, with what would falsify or hold up a measurement taken out of it. Outputs of other runs are not
// used, since they cost nothing and take no time; nobody is asked for an approval, and what follows one is not told of it.
import { createHash } from 'node:crypto';
import { create, toJson } from '@bufbuild/protobuf';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { JsonValue } from '../../../foundation/json/json.ts';
import { AgentSchema, AgentSettingsSchema } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import {
  type Plan,
  type PlanNode,
  PlanNodeSchema,
  PlanSchema,
} from '../../../proto/gen/domainflow/registry/v1/plan_pb.js';
import type { GatePlan } from '../core/gate.ts';

/** The plan as a shadow run pins it. A candidate has no version of its own, so that only its text is its name. */
export function shadowPlan(plan: Plan): GatePlan {
  const approvals = new Set(
    plan.nodes.flatMap(({ nodeId, kind }) => (kind.case === 'approval' ? [nodeId] : [])),
  );
  const nodes = plan.nodes
    .filter(({ nodeId }) => !approvals.has(nodeId))
    .map((node) => shadowNode(node, approvals));
  const shadow = create(PlanSchema, { ...plan, nodes, hash: '' });
  const text = canonicalJson(toJson(PlanSchema, shadow) as JsonValue);
  const hash = createHash('sha256').update(text).digest('hex');
  return { domainVersion: plan.domainVersion, pinned: { hash, text } };
}

function shadowNode(node: PlanNode, approvals: ReadonlySet<string>): PlanNode {
  const parents = node.parents.filter((parent) => !approvals.has(parent));
  const { kind } = node;
  if (kind.case !== 'agent') return create(PlanNodeSchema, { ...node, parents });
  const settings = { ...(kind.value.settings ?? create(AgentSettingsSchema)), cacheTtlS: 0 };
  const value = create(AgentSchema, { ...kind.value, settings });
  return create(PlanNodeSchema, { ...node, parents, kind: { case: 'agent', value } });
}
