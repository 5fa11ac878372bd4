// The sample domain: all agents of the platform in its playbooks, without edges.
import type { AgentClass } from '../../core/agent.ts';
import type { StoredPlaybook } from '../playbook-json.ts';
import { builtinAgents } from './builtin-agents.ts';

/** `civic_complaints`. */
export const sampleDomain = {
  domainId: 'civic_complaints',
  domainName: 'Civic Complaints',
  description: 'Complaints of citizens about streets, safety, the environment and public services.',
  playbooks: {
    ingestion: playbookOf('ingestion'),
    query: playbookOf('query'),
    management: playbookOf('management'),
  },
} as const;

function playbookOf(agentClass: AgentClass): StoredPlaybook {
  const nodes = builtinAgents
    .filter((agent) => agent.agentClass === agentClass)
    .map(({ agentId }) => agentId);
  return { agent_execution_graph: { nodes, edges: [] }, settings: {} };
}
