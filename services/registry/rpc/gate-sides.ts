// The two plans that a gate compares: of what is published, and of what would be.
import { type Agent, agentClasses } from '../core/agent.ts';
import type { Domain } from '../core/domain.ts';
import { listedAgents } from '../core/domain-verdict.ts';
import type { GoldenPlaybook } from '../core/golden-set.ts';
import type { DefinitionLimits } from '../core/limits.ts';
import { judgePlan, type Plan } from '../core/plan.ts';
import { agentsJudgedMax } from '../core/saved-playbooks.ts';
import type { DefinitionFacts } from '../store/store.ts';

/** What is published and what would be. */
export interface ToCompare {
  readonly before: Domain;
  /** The domain as it would be; the same where an agent changes. */
  readonly after: Domain;
  /** The agent as it would be; absent where the domain changes. */
  readonly agentAfter?: Agent;
}

/** Both plans of a playbook; undefined for one that cannot be compiled. */
export interface ComparedPlans {
  readonly present: Plan | undefined;
  readonly candidate: Plan | undefined;
}

/** Compiles the plans of a playbook on both sides. */
export type PlansOf = (playbook: GoldenPlaybook) => ComparedPlans;

/** Reads in one statement what all playbooks of both sides need. */
export async function comparePlans(
  facts: DefinitionFacts,
  { before, after, agentAfter }: ToCompare,
  { planTasksMax: tasksMax }: DefinitionLimits,
): Promise<PlansOf> {
  const listed = [before, after].flatMap(({ playbooks }) =>
    agentClasses.flatMap((one) => listedAgents(playbooks[one])),
  );
  const needed = new Set([...listed, ...(agentAfter?.agentDependencies ?? [])]);
  const agents = await facts.agentsWithDependencies([...needed], agentsJudgedMax);
  const changed = agentAfter ? new Map(agents).set(agentAfter.agentId, agentAfter) : agents;
  // Of more agents than are read some would count as deleted.
  if (agents.size > agentsJudgedMax) return () => ({ present: undefined, candidate: undefined });
  return (playbook) => {
    const present = judgePlan({ domain: before, playbook, agents, tasksMax });
    const candidate = judgePlan({ domain: after, playbook, agents: changed, tasksMax });
    return {
      present: 'plan' in present ? present.plan : undefined,
      candidate: 'plan' in candidate ? candidate.plan : undefined,
    };
  };
}
