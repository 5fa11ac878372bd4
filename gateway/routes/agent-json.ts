// Agents as the API shows them.
import type { Principal } from '../../foundation/identity/principal.ts';
import {
  type Agent,
  AgentClass,
  AgentRuntime,
  type AgentSettings,
  UncertainPolicy,
} from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { GetAgentResponse } from '../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { enumWord } from './enum-words.ts';
import { timeJson } from './time-json.ts';

/** The fields of an agent in a list. */
export function agentRow(agent: Agent, { userId }: Principal): object {
  return {
    agent_id: agent.agentId,
    agent_name: agent.agentName,
    agent_class: enumWord(AgentClass, agent.agentClass),
    enabled: agent.enabled,
    is_inbuilt: agent.isInbuilt,
    version: agent.version,
    created_at: timeJson(agent.createdAt),
    created_by_me: agent.createdBy === userId,
  };
}

/** What the creation of an agent answers. */
export function createdAgentJson(agent: Agent): object {
  return {
    agent_id: agent.agentId,
    agent_name: agent.agentName,
    agent_class: enumWord(AgentClass, agent.agentClass),
    version: agent.version,
    is_inbuilt: agent.isInbuilt,
    id: agent.id,
    created_at: timeJson(agent.createdAt),
    updated_at: timeJson(agent.updatedAt),
    created_by: agent.createdBy,
  };
}

/** What is shown of an agent's dependencies. */
export type ShownGraph = Pick<GetAgentResponse, 'nodes' | 'edges'>;

/** The whole agent with the graph of its dependencies. */
export function agentJson(agent: Agent, graph: ShownGraph, principal: Principal): object {
  return {
    ...agentRow(agent, principal),
    tenant_id: agent.tenantId,
    system_prompt: agent.systemPrompt,
    tools: agent.tools,
    agent_dependencies: agent.agentDependencies,
    max_output_keys: agent.maxOutputKeys,
    output_schema: agent.outputSchema ?? {},
    description: agent.description || null,
    settings: agent.settings ? settingsJson(agent.settings) : {},
    id: agent.id,
    updated_at: timeJson(agent.updatedAt),
    created_by: agent.createdBy,
    dependency_graph: {
      nodes: graph.nodes.map(({ id, label, agentClass }) => ({
        id,
        label,
        class: enumWord(AgentClass, agentClass),
      })),
      edges: graph.edges.map(({ from, to }) => ({ from, to })),
    },
  };
}

// Only what was set; what is absent has the platform's default.
function settingsJson(settings: AgentSettings): object {
  const given = {
    runtime: enumWord(AgentRuntime, settings.runtime),
    model: settings.model || null,
    on_uncertain: enumWord(UncertainPolicy, settings.onUncertain),
    temperature: settings.temperature,
    max_output_tokens: settings.maxOutputTokens,
    images: settings.images || null,
    input_keys: settings.inputKeys.length > 0 ? settings.inputKeys : null,
    cache_ttl_s: settings.cacheTtlS,
    max_retries: settings.maxRetries,
    attempt_timeout_s: settings.attemptTimeoutS,
    total_timeout_s: settings.totalTimeoutS,
    required_capabilities: settings.requiredCapabilities.length > 0 ? settings.requiredCapabilities : null,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
}
