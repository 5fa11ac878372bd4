// What decides what a plan does, as one hash: its graph, its settings and all that its agents say. Versions, times and who wrote what have no
// part in it, so that what was measured is recognised when it is published, and when it comes back by a rollback.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import { agentDocument } from './agent-document.ts';
import type { Plan, PlanWork } from './plan.ts';

/** SHA-256 of the content, 64 hex digits; empty without a plan. */
export function planContentHash(plan: Plan | undefined): string {
  if (!plan) return '';
  const { playbook, settings } = plan;
  const nodes = plan.nodes.map(({ nodeId, implicit, parents, work }) => ({
    nodeId,
    implicit,
    parents,
    work: workContent(work),
  }));
  return createHash('sha256').update(canonicalJson({ playbook, settings, nodes })).digest('hex');
}

function workContent(work: PlanWork): object {
  if (work.kind !== 'agent') return work;
  const { agent } = work;
  return { kind: 'agent', agentId: agent.agentId, agentClass: agent.agentClass, ...agentDocument(agent) };
}
