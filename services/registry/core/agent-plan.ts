// The plan of one agent: what a playbook that lists it alone would run.
import type { Agent } from './agent.ts';
import { dependencyAgentsMax } from './dependency-graph.ts';
import { judgePlan, type Plan } from './plan.ts';
import type { Playbook } from './playbook.ts';

/** The agent with all it depends on, in the order of a run; it belongs to no domain. Undefined for a cycle or more than 2,000 of them. */
export function planOfAgent(agent: Agent, needed: ReadonlyMap<string, Agent>): Plan | undefined {
  const { agentId, agentClass } = agent;
  const alone: Playbook = { nodes: [{ kind: 'agent', id: agentId }], edges: [], settings: {} };
  const playbooks = { ingestion: alone, query: alone, management: alone };
  const verdict = judgePlan({
    domain: { domainId: '', version: 0, playbooks },
    playbook: agentClass,
    agents: new Map(needed).set(agentId, agent),
    tasksMax: dependencyAgentsMax + 1,
  });
  return 'plan' in verdict ? verdict.plan : undefined;
}
