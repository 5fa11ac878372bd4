// Definitions that tests create through REST.
import type { ApiClient } from '../../clients/api/api-client.ts';
import type {
  CreatedDomain,
  NewAgent,
  NewDomain,
  NewPlaybook,
  NewTool,
  PlaybookGraph,
} from '../../clients/api/gen/api-types.ts';

/** A query agent that keeps all rules; `more` is laid over it. */
export function agentDocument(more: Partial<NewAgent> = {}): NewAgent {
  return {
    agent_name: 'Summariser',
    agent_class: 'query',
    system_prompt: 'Summarise what was asked.',
    output_schema: { type: 'object', properties: { summary: { type: 'string' } } },
    ...more,
  };
}

/** A playbook of these nodes; edges as pairs. */
export function playbook(
  nodes: PlaybookGraph['nodes'],
  edges: readonly (readonly [string, string])[] = [],
): NewPlaybook {
  return { agent_execution_graph: { nodes, edges: edges.map(([from, to]) => ({ from, to })) }, settings: {} };
}

/** A domain whose playbooks hold one agent of the platform each; `more` is laid over it. */
export function domainDocument(domainId: string, more: Partial<NewDomain> = {}): NewDomain {
  return {
    domain_id: domainId,
    domain_name: 'Road Works',
    ingestion_playbook: playbook(['builtin-ingestion-geo']),
    query_playbook: playbook(['builtin-query-what']),
    management_playbook: playbook(['builtin-management-status-updater']),
    ...more,
  };
}

/** A tool that keeps all rules; `more` is laid over it. */
export function toolDocument(toolName: string, more: Partial<NewTool> = {}): NewTool {
  return {
    tool_name: toolName,
    tool_type: 'external_api',
    endpoint: 'https://weather.example.com/v1',
    auth_method: 'none',
    effect: 'read',
    ...more,
  };
}

/** What a write of a definition has stored; an Error for one that only judged. */
export function stored<T extends object>(answer: T): Exclude<T, { readonly valid: boolean }> {
  if ('valid' in answer) throw new Error('The definition was judged and not stored');
  return answer as Exclude<T, { readonly valid: boolean }>;
}

/** What a write of a definition has judged; an Error for one that has stored it. */
export function judged<T extends object>(answer: T): Extract<T, { readonly valid: boolean }> {
  if (!('valid' in answer)) throw new Error('The definition was stored and not only judged');
  return answer as Extract<T, { readonly valid: boolean }>;
}

/** Creates an agent and answers its id. */
export async function createAgent(api: ApiClient, more: Partial<NewAgent> = {}): Promise<string> {
  return stored(await api.post('/api/v1/agents', { body: agentDocument(more) })).agent_id;
}

/** Creates a domain and answers what the creation answers. */
export async function createDomain(
  api: ApiClient,
  domainId: string,
  more: Partial<NewDomain> = {},
): Promise<CreatedDomain> {
  return stored(await api.post('/api/v1/domains', { body: domainDocument(domainId, more) }));
}

/** Creates a tool. */
export async function createTool(
  api: ApiClient,
  toolName: string,
  more: Partial<NewTool> = {},
): Promise<void> {
  await api.post('/api/v1/tools', { body: toolDocument(toolName, more) });
}

/** Lets an agent call a tool. */
export async function grantTool(api: ApiClient, agent_id: string, tool_name: string): Promise<void> {
  await api.post('/api/v1/tool-access/grant', { body: { agent_id, tool_name } });
}
