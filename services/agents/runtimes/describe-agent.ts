// Finds out on what an agent runs: by the deployment's settings, and by what the registry says of its tools.

import { type AgentBasis, agentBasis, type DeploymentBasis, type GrantedTool } from '../core/agent-basis.ts';
import type { Invocation } from '../core/invocation.ts';
import { readToolDefinition } from '../tools/tool-definitions.ts';
import { type RegistryReach, readGrants } from '../tools/tool-grants.ts';

/** An agent, as far as it matters on what it runs. */
export type DescribedAgent = Pick<Invocation, 'agentId' | 'runtime' | 'model' | 'tools'>;

/** The basis of an agent, as far as this reach knows. Faults of the registry pass through. */
export type DescribeAgent = (agent: DescribedAgent, registry: RegistryReach) => Promise<AgentBasis>;

/** Describes agents of this deployment. */
export function createDescribeAgent(deployment: DeploymentBasis): DescribeAgent {
  return async (agent, registry) => {
    const granted = agent.tools.length === 0 ? [] : await grantedTools(agent, registry);
    return agentBasis({ agent, granted, deployment });
  };
}

/** Describes by what the registry says now, whatever is kept: for an answer that is kept elsewhere until the registry tells of a change. */
export type DescribeAnew = (
  agent: DescribedAgent,
  asker: Pick<RegistryReach, 'tenantId' | 'callOptions'>,
) => Promise<AgentBasis>;

/** Asks the registry with each description. */
export function createDescribeAnew(describe: DescribeAgent, clients: RegistryReach['clients']): DescribeAnew {
  const kept: RegistryReach['kept'] = { get: (_key, { load }) => load() };
  return (agent, asker) => describe(agent, { ...asker, clients, kept });
}

async function grantedTools(
  { agentId, tools }: DescribedAgent,
  registry: RegistryReach,
): Promise<GrantedTool[]> {
  const grants = await readGrants(agentId, registry);
  const listed = [...new Set(tools)].flatMap((name) => {
    const grant = grants.get(name);
    return grant ? [{ name, ...grant }] : [];
  });
  return Promise.all(
    listed.map(async ({ name, grantedAt, isBuiltin }) => {
      const tool = isBuiltin ? undefined : await readToolDefinition({ agentId, name }, registry);
      return { name, grantedAt, state: tool ? `${tool.id} ${tool.changedAt}` : '' };
    }),
  );
}
