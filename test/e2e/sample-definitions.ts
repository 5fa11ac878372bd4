// Definitions that tests create through REST, and their documents as far as the tests read them.
import { bodyOf, type RestClient } from '../../local/rest-client.ts';

/** A violated rule. */
export interface DetailDocument {
  readonly field: string;
  readonly reason: string;
}

/** A warning of a save. */
export interface WarningDocument {
  readonly domain_id: string | null;
  readonly playbook: string;
  readonly path: string;
  readonly code: string;
  readonly text: string;
}

/** A plan of a run. */
export interface PlanDocument {
  readonly nodes: readonly { readonly node_id: string; readonly implicit: boolean }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/** A definition that was judged; `Plan` is one plan, or one for each playbook. */
export interface JudgementDocument<Plan> {
  readonly valid: boolean;
  readonly details: readonly DetailDocument[];
  readonly warnings: readonly WarningDocument[];
  readonly plan: Plan;
}

/** An agent. */
export interface AgentDocument {
  readonly agent_id: string;
  readonly agent_name: string;
  readonly version: number;
  readonly enabled: boolean;
  readonly system_prompt: string;
  readonly description: string | null;
  readonly created_by_me: boolean;
  readonly dependency_graph: {
    readonly nodes: readonly { readonly id: string; readonly label: string }[];
    readonly edges: readonly { readonly from: string; readonly to: string }[];
  };
  readonly warnings?: readonly WarningDocument[];
}

/** A domain. */
export interface DomainDocument {
  readonly domain_id: string;
  readonly domain_name: string;
  readonly description: string | null;
  readonly version: number;
  readonly query_playbook: unknown;
  readonly warnings?: readonly WarningDocument[];
}

/** What differs between two versions. */
export interface DiffDocument {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[];
}

/** A refusal. */
export interface RefusalDocument {
  readonly status: number;
  readonly detail: string;
  readonly details: readonly DetailDocument[];
  readonly used_by?: readonly string[];
  readonly code?: string;
}

/** A query agent that keeps all rules; `more` is laid over it. */
export function agentDocument(more: object = {}): object {
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
  nodes: readonly unknown[],
  edges: readonly (readonly [string, string])[] = [],
): object {
  return { agent_execution_graph: { nodes, edges: edges.map(([from, to]) => ({ from, to })) }, settings: {} };
}

/** A domain whose playbooks hold one agent of the platform each; `more` is laid over it. */
export function domainDocument(domainId: string, more: object = {}): object {
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
export function toolDocument(toolName: string, more: object = {}): object {
  return {
    tool_name: toolName,
    tool_type: 'external_api',
    endpoint: 'https://weather.example.com/v1',
    auth_method: 'none',
    effect: 'read',
    ...more,
  };
}

/** Creates an agent and answers its id. */
export async function createAgent(api: RestClient, more: object = {}): Promise<string> {
  const created = await api.post<AgentDocument>('/api/v1/agents', agentDocument(more));
  return bodyOf(created, 201, 'Creating an agent').agent_id;
}

/** Creates a domain and answers what the creation answers. */
export async function createDomain(
  api: RestClient,
  domainId: string,
  more: object = {},
): Promise<DomainDocument> {
  const created = await api.post<DomainDocument>('/api/v1/domains', domainDocument(domainId, more));
  return bodyOf(created, 201, 'Creating a domain');
}

/** Creates a tool. */
export async function createTool(api: RestClient, toolName: string, more: object = {}): Promise<void> {
  bodyOf(await api.post('/api/v1/tools', toolDocument(toolName, more)), 201, 'Creating a tool');
}
